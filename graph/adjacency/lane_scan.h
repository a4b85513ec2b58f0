#ifndef RELATA_GRAPH_ADJACENCY_LANE_SCAN_H_
#define RELATA_GRAPH_ADJACENCY_LANE_SCAN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/adjacency/lanes.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// Above every entity of the snapshot. One seek.
absl::StatusOr<EntityId> EndOfEntities(const StoreSnapshot& store);

// The relationships of one type in one direction, of 64 consecutive entities after the other, as
// far as the cache knows them: for counts and aggregations over a whole type, which need no list of
// entities and look none of them up alone. What the cache does not know the caller reads with
// ForEachEdge, which makes it known. Used by one thread; `snapshot` must outlive it.
//   for (EntityId end = …; first < end; first += kPage) {
//     const AdjacencyCache::Pin pin(cache);
//     scan.Load(first);
//     for (i of [0, kPage)) if (scan.known(i) && scan.has_array(i)) scan.Visit(i, …);
//   }
class LaneScan {
 public:
  static constexpr uint64_t kPage = SlotTable::kPageSlots;

  LaneScan(const Snapshot& snapshot, TypeId type, bool outgoing, const ReadView& view)
      : snapshot_(snapshot),
        lane_{type, outgoing, /*skip_loops=*/false},
        walk_(snapshot, {}, view) {
    if (view.valid.kind == ValidTime::Kind::kInstant) instant_ = view.valid.from;
  }

  // Whether there can be anything to find: a cache, and a policy whose verdict needs no citation.
  bool usable() const { return snapshot_.adjacency_cache() != nullptr && walk_.decides(); }

  // How many edges each of the entities from `first` on has, a multiple of kPage, where that needs
  // no look at any; found out where it is not known yet. `end`: above every entity of the snapshot.
  // Null: use Load. Preconditions: as Load.
  const PageCounts* LoadCounts(uint64_t first, EntityId end);

  // What `of`, a column of facts, knows of the relationships that LoadCounts counted, entity by
  // entity; found out where it is not held beside the page yet. `counts`: what LoadCounts gave.
  // Null: use Load, and the column. Preconditions: as Load.
  const PageValues* LoadValues(uint64_t first, const PageCounts& counts,
                               const PropertyColumns::Column& of);

  // What is known of the entities from `first` on, a multiple of kPage. Preconditions: usable(),
  // and a Pin for as long as the calls below are made.
  void Load(uint64_t first) {
    first_ = first;
    AdjacencyCache& cache = *snapshot_.adjacency_cache();
    cache.FindPage(lane_.type, lane_.outgoing, first, snapshot_.version(), &found_);
    // What is not known is counted by those who then read it.
    cache.CountLookups(static_cast<uint64_t>(std::popcount(found_.known)), /*misses=*/0);
  }
  // Of the i-th entity: whether its array is all that it has, and whether there is one (else it has
  // no relationship).
  bool known(size_t i) const { return ((found_.known >> i) & 1) != 0; }
  bool has_array(size_t i) const { return found_.arrays[i].block != nullptr; }
  // Its edges, as the view shows them. Preconditions: known(i), has_array(i).
  uint64_t Count(size_t i) const { return walk_.CountFound(found_.arrays[i], vertex(i), lane_); }
  template <typename EdgeVisit>
  void Visit(size_t i, EdgeVisit&& visit) const {
    walk_.VisitFound(found_.arrays[i], vertex(i), lane_, std::forward<EdgeVisit>(visit));
  }
  // Whether one of them may be a loop. Logarithmic.
  bool MayLoop(size_t i) const;

 private:
  EntityId vertex(size_t i) const { return EntityId(first_ + i); }
  // Counts what Load gave. nullopt: an edge needs a look, or something is not known.
  std::optional<PageCounts> CountLoaded(EntityId end) const;
  // Installs them. False: something is not known.
  bool GatherValues(uint64_t first, const PageCounts& counts, const PropertyColumns::Column& of);

  const Snapshot& snapshot_;
  const Lane lane_;
  const EdgeWalk walk_;
  std::optional<Instant> instant_;  // of the view, where it is of one
  uint64_t first_ = 0;
  AdjacencyCache::FoundPage found_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_LANE_SCAN_H_
