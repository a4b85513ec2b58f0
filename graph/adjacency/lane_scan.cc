#include "graph/adjacency/lane_scan.h"

#include <algorithm>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"

namespace relata {

absl::StatusOr<EntityId> EndOfEntities(const StoreSnapshot& store) {
  const VersionedScan scan(store, KeyRange::Prefix(TablePrefix(Table::kEntity)),
                           VersionedScan::Direction::kBackward);
  if (!scan.Valid()) {
    RELATA_RETURN_IF_ERROR(scan.status());
    return EntityId(1);
  }
  RELATA_ASSIGN_OR_RETURN(const EntityId last, DecodeEntityKey(scan.key()));
  return last.next();
}

bool LaneScan::MayLoop(size_t i) const {
  const AdjacencyCache::Found& found = found_.arrays[i];
  const PackedArray array(found.block, found.fact_distance);
  const uint32_t at = array.LowerBound(vertex(i), RelationshipId());
  if (at < array.size() && array.neighbour(at) == vertex(i)) return true;
  return found.changed != nullptr &&
         std::any_of(found.changed->changes.begin(), found.changed->changes.end(),
                     [&](const auto& change) { return change->neighbour == vertex(i); });
}

}  // namespace relata
