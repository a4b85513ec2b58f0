#include "graph/adjacency/lane_scan.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

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
    bool plain = array.single() && array.all_visible();
    counts.loops |= uint64_t{MayLoop(i)} << i;
    counts.safe_from = std::max(counts.safe_from, array.safe_from());
    counts.safe_to = std::min(counts.safe_to, array.safe_to());
    ForEachPart(
        array, found.changed, counts.since,
        [&](uint32_t begin, uint32_t end_of_run) { counts.counts[i] += end_of_run - begin; },
        [&](const ArrayChange& change) {
          plain = plain && change.facts.size() == 1 && change.facts[0].digest.visible();
          counts.safe_from = std::max(counts.safe_from, change.facts[0].valid.from.latest);
          counts.safe_to = std::min(counts.safe_to, change.facts[0].valid.to.earliest);
          ++counts.counts[i];
        });
    if (!plain) return std::nullopt;
    counts.some |= uint64_t{counts.counts[i] > 0} << i;
  }
  return counts;
}

const PageValues* LaneScan::LoadValues(uint64_t first, const PageCounts& counts,
                                       const PropertyColumns::Column& of) {
  const AdjacencyCache& cache = *snapshot_.adjacency_cache();
  const auto find = [&] { return cache.FindValues(lane_.type, lane_.outgoing, first, of); };
  const PageValues* values = find();
  if (values == nullptr && GatherValues(first, counts, of)) values = find();
  return values != nullptr && values->since <= snapshot_.version() ? values : nullptr;
}

bool LaneScan::GatherValues(uint64_t first, const PageCounts& counts,
                            const PropertyColumns::Column& of) {
  // Columns of the past do not live as long as what is beside a page.
  if (!snapshot_.store().at_head()) return false;
  Load(first);
  std::vector<uint64_t> facts;
  for (size_t i = 0; i < kPage; ++i) {
    if (counts.counts[i] == 0) continue;
    if (!known(i) || !has_array(i)) return false;
    Visit(i, [&](const auto& edge) { facts.push_back(edge.fact().value()); });
  }
  auto values = std::make_unique<PageValues>();
  values->of = &of;
  values->since = snapshot_.version();
  if (!of.GetCodes(facts, snapshot_.version(), &values->codes)) return false;
  snapshot_.adjacency_cache()->InstallValues(lane_.type, lane_.outgoing, first, std::move(values));
  return true;
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
