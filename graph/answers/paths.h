#ifndef RELATA_GRAPH_ANSWERS_PATHS_H_
#define RELATA_GRAPH_ANSWERS_PATHS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

struct PathRequest {
  EntityId start;
  EntityId end;
  std::vector<Step> steps;  // at least one
  int max_hops = 0;         // 0: no limit
};
struct PathHop {
  RelationshipEnds ends;
  EntityId to;
  Fact fact;
};
struct PathAnswer {
  // nullopt: no path. Empty: start is end. Of several shortest ones the one with the lowest
  // relationship ids, hop by hop.
  std::optional<std::vector<PathHop>> path;
  bool cut = false;
  bool reproducible = true;
};

// A shortest path, searched from both ends. view.valid must be an instant (INVALID_ARGUMENT).
// NOT_FOUND: start or end does not exist.
absl::StatusOr<PathAnswer> ShortestPath(const Snapshot& snapshot, const ReadView& view,
                                        const PathRequest& request, Budget& budget);

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_PATHS_H_
