#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SET_ITEMS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SET_ITEMS_H_

#include <vector>

#include "absl/status/status.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// Carries out the items of SET or REMOVE for one row, in order; each sees what the ones before it
// did. Errors carry the span of the item.
absl::Status ApplySetItems(ExecutionContext& context, const std::vector<SetItemPlan>& items,
                           const Batch& one_row, const WriteFrame& frame);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SET_ITEMS_H_
