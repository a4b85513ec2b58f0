#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_CYCLE_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_CYCLE_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// A shortest way from a node back to itself over relationships that are taken in either direction,
// none of them twice: breadth first, until two branches of the search tree meet. Looks at each node
// once, whether there is such a way or not. Used by one thread.
class ShortestCycle {
 public:
  ShortestCycle(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
                ContextId time_context)
      : filter_(*filter), meter_(plan, context), time_context_(time_context) {}

  // The relationships in the order of the walk, at most `max`; empty: there is no such way.
  // `steps`: of Direction::kEither.
  absl::StatusOr<std::vector<RelationshipRef>> Find(EntityId start, const std::vector<Step>& steps,
                                                    int64_t max);

 private:
  struct Mark {
    RelationshipRef way;    // by which it was found
    RelationshipId branch;  // the relationship at the start above it
    EntityId before;
    int64_t depth = 0;
  };
  // An edge between two branches.
  struct Meeting {
    EntityId from;
    EntityId to;
    RelationshipRef relationship;
    int64_t length = INT64_MAX;  // of the way that it closes
  };
  static constexpr size_t kPiece = 256;

  void Visit(EntityId start, EntityId vertex, const Edge& edge, std::vector<EntityId>* found);
  std::vector<RelationshipRef> WayTo(EntityId start, EntityId node) const;

  EdgeFilter& filter_;
  OperatorMeter meter_;
  const ContextId time_context_;
  absl::flat_hash_map<EntityId, Mark> marks_;
  Meeting best_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_CYCLE_H_
