#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MEMORY_HOLDERS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MEMORY_HOLDERS_H_

#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// What an operator is called where memory runs out, as EXPLAIN calls it, what it holds, and what
// makes it hold less.
MemoryHolder HolderOf(const PlanOperator& op);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MEMORY_HOLDERS_H_
