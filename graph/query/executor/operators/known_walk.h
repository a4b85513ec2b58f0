#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_KNOWN_WALK_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_KNOWN_WALK_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// Where a walk ends that takes the relationships of `list` from `start` in their order; nullopt
// where it is no walk as `plan` asks for. `steps`: those of the plan, nullopt where none exists.
absl::StatusOr<std::optional<EntityId>> FollowKnownWalk(
    const VarExpandPlan& plan, const Datum& list, EntityId start,
    const std::optional<std::vector<Step>>& steps, EdgeFilter* filter);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_KNOWN_WALK_H_
