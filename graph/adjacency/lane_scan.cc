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

const PageCounts* LaneScan::LoadCounts(uint64_t first, EntityId end) {
  if (!instant_) return nullptr;
  AdjacencyCache& cache = *snapshot_.adjacency_cache();
  const PageCounts* counts = cache.FindCounts(lane_.type, lane_.outgoing, first);
  if (counts == nullptr) {
    Load(first);
    std::optional<PageCounts> counted = CountLoaded(end);
    if (!counted) return nullptr;
    cache.InstallCounts(lane_.type, lane_.outgoing, first, *counted);
    counts = cache.FindCounts(lane_.type, lane_.outgoing, first);
  }
  return counts != nullptr && counts->Hold(snapshot_.version(), *instant_) ? counts : nullptr;
}

std::optional<PageCounts> LaneScan::CountLoaded(EntityId end) const {
  PageCounts counts;
  counts.since = snapshot_.version();
  for (size_t i = 0; i < kPage; ++i) {
    // Where there is no entity there is nothing to count until a commit says so.
    if (!vertex(i).valid() || vertex(i) >= end) continue;
    if (!known(i)) return std::nullopt;
    const AdjacencyCache::Found& found = found_.arrays[i];
    if (found.block == nullptr) continue;
    const PackedArray array(found.block, found.fact_distance);
    if (found.changed != nullptr || !array.single() || !array.all_visible()) return std::nullopt;
    counts.counts[i] = array.size();
    counts.loops |= uint64_t{MayLoop(i)} << i;
    counts.safe_from = std::max(counts.safe_from, array.safe_from());
    counts.safe_to = std::min(counts.safe_to, array.safe_to());
  }
  return counts;
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
