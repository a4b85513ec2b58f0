#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHOW_ROWS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHOW_ROWS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// What SHOW lists, each row a map with all fields of its kind (absent: null), in a fixed order: by
// name, statements by their start. The schema is the one that the statement sees, its own changes
// included.
absl::StatusOr<std::vector<Datum::Map>> ShowRows(BoundShow::Kind kind, ExecutionContext& context);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHOW_ROWS_H_
