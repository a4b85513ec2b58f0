#ifndef RELATA_GRAPH_ANSWERS_REACHABILITY_H_
#define RELATA_GRAPH_ANSWERS_REACHABILITY_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// From which vertices an entity can be reached, and in how few hops: what a search for a wanted far
// end need not look at. Immutable once made.
class Reachability {
 public:
  // Walks backward from `end` over at most `max_hops` hops, level by level. A level that would be
  // large is not begun: what lies beyond it is taken to be within reach, so an answer stays exact.
  // `steps` are the steps of the walk forward. Spends one expansion a relationship.
  static absl::StatusOr<Reachability> Make(const Snapshot& snapshot, const ReadView& view,
                                           absl::Span<const Step> steps, EntityId end, int max_hops,
                                           Budget& budget);

  // Whether the end may be reached from `vertex` in at most `hops` hops (in 0 only from itself).
  bool Within(EntityId vertex, int hops) const;

 private:
  absl::flat_hash_map<EntityId, int> distance_;
  int known_hops_ = 0;  // vertices that are not in the map are farther than this
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_REACHABILITY_H_
