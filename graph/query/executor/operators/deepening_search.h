#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/executor/operators/backward_distances.h"
#include "graph/query/executor/operators/trail_walk.h"

namespace relata::query {

// All walks by ascending length: one depth-first search for each length, which leaves out what
// cannot end in time at the wanted node. Little memory, whatever the number of walks. Used by one
// thread.
class DeepeningSearch {
 public:
  DeepeningSearch(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
                  ContextId time_context, BoundPathMode mode)
      : walk_(filter, plan, context, time_context, mode), distances_(filter, plan, context) {}

  // Walks of min to max relationships, to `to` or to any node.
  absl::Status Start(EntityId from, std::optional<EntityId> to, std::vector<Step> steps,
                     int64_t min, int64_t max);
  // Goes to the next walk; false: there is none.
  absl::StatusOr<bool> Next();

  const Datum::List& relationships() const { return walk_.relationships(); }
  EntityId end() const { return walk_.end(); }

 private:
  void StartLength();

  TrailWalk walk_;
  BackwardDistances distances_;
  EntityId from_;
  std::optional<EntityId> to_;
  std::vector<Step> steps_;
  int64_t length_ = 0;
  int64_t max_ = 0;
  bool possible_ = true;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_
