#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_NODES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_NODES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// Which nodes walks from a start reach, each once, without enumerating the walks: breadth first, a
// level at a time, in pieces. A shortest walk to another node repeats nothing, so the set is the
// same for every path mode. Whether a walk leads back to the start is found by a cycle through it:
// two branches of the search tree that meet. Used by one thread.
class FarNodes {
 public:
  // Walks of min (0 or 1) to `max` relationships, all of which `filter` lets pass. `walk`: a
  // relationship may be taken twice.
  FarNodes(EdgeFilter* filter, OperatorMeter* meter, int64_t min, int64_t max, bool either,
           BoundPathMode mode)
      : filter_(*filter), meter_(*meter), min_(min), max_(max), either_(either), mode_(mode) {}

  void Start(EntityId start, std::vector<Step> steps);
  // Appends more nodes, some at a time; false at the end.
  absl::StatusOr<bool> Next(std::vector<EntityId>* found);

 private:
  struct Mark {
    RelationshipId tree;    // by which it was found
    RelationshipId branch;  // the tree's relationship at the start above it
    int64_t depth = 0;
  };
  // Vertices expanded in one call.
  static constexpr size_t kPiece = 256;

  // What is looked at of an edge.
  struct Hop {
    EntityId neighbour;
    RelationshipId relationship;
  };
  void Visit(EntityId vertex, const Mark& mark, const Hop& edge, std::vector<EntityId>* found);
  // Whether this edge, between nodes known already, closes a cycle through the start.
  bool Closes(EntityId vertex, const Mark& mark, const Hop& edge, const Mark& far) const;

  EdgeFilter& filter_;
  OperatorMeter& meter_;
  const int64_t min_;
  const int64_t max_;
  const bool either_;
  const BoundPathMode mode_;
  EntityId start_;
  std::vector<Step> steps_;
  bool start_given_ = false;
  int64_t depth_ = 0;  // of the frontier
  std::vector<EntityId> frontier_;
  size_t next_ = 0;  // of the frontier, not expanded yet
  std::vector<EntityId> next_frontier_;
  absl::flat_hash_map<EntityId, Mark> marks_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_NODES_H_
