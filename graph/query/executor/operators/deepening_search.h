#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/executor/operators/backward_distances.h"
#include "graph/query/executor/operators/trail_walk.h"

namespace relata::query {

// All walks by ascending length: one depth-first search for each length, which leaves out what
// cannot end in time at the wanted node, or at one of those that are still wanted. Little memory,
// whatever the number of walks. Used by one thread.
class DeepeningSearch {
 public:
  DeepeningSearch(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
                  ContextId time_context, BoundPathMode mode)
      : mode_(mode),
        walk_(filter, plan, context, time_context, mode),
        distances_(filter, plan, context),
        meter_(plan, context) {}

  // Walks of min to max relationships, to `to` or to any node.
  absl::Status Start(EntityId from, std::optional<EntityId> to, std::vector<Step> steps,
                     int64_t min, int64_t max);
  // Whether a walk of that length to that node is wanted. Where it is not, no longer one is either.
  using Wanted = std::function<bool(EntityId end, int64_t length)>;
  // Walks of min to max relationships to any node. It is asked which ones are wanted whenever the
  // search comes to another length; walks to others need not be given, and when none is left the
  // search is over.
  absl::Status StartToWanted(EntityId from, std::vector<Step> steps, int64_t min, int64_t max,
                             Wanted wanted);
  // Goes to the next walk; false: there is none.
  absl::StatusOr<bool> Next();

  const Datum::List& relationships() const { return walk_.relationships(); }
  EntityId end() const { return walk_.end(); }

 private:
  absl::Status StartLength();
  // Leaves out the ends that are not wanted any more.
  absl::Status NarrowEnds();

  const BoundPathMode mode_;
  TrailWalk walk_;
  BackwardDistances distances_;  // to the end, or to the nearest of those in ends_
  OperatorMeter meter_;
  Wanted wanted_;               // null: all ends, or `to_`
  std::vector<EntityId> ends_;  // wanted when it was asked last
  EntityId from_;
  std::optional<EntityId> to_;
  std::vector<Step> steps_;
  int64_t length_ = 0;
  int64_t max_ = 0;
  bool possible_ = true;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_DEEPENING_SEARCH_H_
