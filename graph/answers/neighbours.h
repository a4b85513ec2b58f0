#ifndef RELATA_GRAPH_ANSWERS_NEIGHBOURS_H_
#define RELATA_GRAPH_ANSWERS_NEIGHBOURS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// One relationship of an entity at an instant, or one fact of it in a window or ALL.
struct Neighbour {
  RelationshipEnds ends;
  EntityId entity;
  bool outgoing = true;
  Fact fact;
  Belief belief;
};
// Place in the order (type, out before in, neighbour, relationship, fact's rank).
struct NeighbourCursor {
  TypeId type;
  bool outgoing = true;
  EntityId entity;
  RelationshipId relationship;
  FactId fact;
};
struct NeighbourPage {
  std::vector<Neighbour> rows;
  std::optional<NeighbourCursor> next;
};
// At most `limit` rows after `after` (null: from the first). NOT_FOUND where the entity does not
// exist, INVALID_ARGUMENT where there is no step. Cost: what the page holds and what the view hides
// before it, not the degree.
absl::StatusOr<NeighbourPage> ListNeighbours(const Snapshot& snapshot, const ReadView& view,
                                             EntityId entity, const std::vector<Step>& steps,
                                             const NeighbourCursor* after, size_t limit);

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_NEIGHBOURS_H_
