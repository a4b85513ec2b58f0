#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_SEARCH_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_SEARCH_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/adjacency/node_set.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/executor/operators/far_nodes.h"
#include "graph/query/executor/operators/level_ends.h"
#include "graph/query/executor/operators/trail_walk.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// The far nodes of a walk of which nothing else is asked for (VarExpandPlan::distinct_far), each
// once for each start: breadth first where the first visit counts (FarNodes), else level by level
// (LevelEnds), and by the walks themselves where neither can tell. Used by one thread; what it is
// made of must outlive it.
class FarSearch {
 public:
  // `plan`: of the operator that accounts for it. `walk`: what to search.
  FarSearch(const VarExpandPlan& walk, const PlanNode& plan, EdgeFilter* filter,
            OperatorMeter* meter, ExecutionContext* context);

  // `steps`: nullopt where no type of the walk exists. `into`: only this far node is wanted; others
  // may be given too.
  void Start(EntityId start, const std::optional<std::vector<Step>>& steps,
             std::optional<EntityId> into);
  // Appends more nodes, some at a time, perhaps none; false at the end, when nothing was appended.
  absl::StatusOr<bool> Next(std::vector<EntityId>* found);

 private:
  enum class Search { kNearest, kLevels, kWalks };
  static Search SearchFor(const VarExpandPlan& walk);
  // Walks looked at in one call.
  static constexpr size_t kPiece = 1024;
  absl::StatusOr<bool> NextOfWalks(std::vector<EntityId>* found);

  const VarExpandPlan& walk_plan_;
  const Search search_;
  FarNodes nearest_;
  LevelEnds levels_;
  TrailWalk walks_;
  NodeSet met_;  // by walks
  EntityId start_;
  bool only_start_ = false;  // it is the one node, and not given yet
  bool leads_somewhere_ = false;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_FAR_SEARCH_H_
