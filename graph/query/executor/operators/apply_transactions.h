#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_APPLY_TRANSACTIONS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_APPLY_TRANSACTIONS_H_

#include <memory>

#include "graph/query/executor/operators/makers.h"

namespace relata::query {

// CALL { } IN TRANSACTIONS: runs `right` for so many rows of `left` at a time, commits, and gives
// the rows of the batch after that. Of a batch that failed (ON ERROR CONTINUE or BREAK) each row of
// left comes once, with nulls; after a BREAK so do all that follow. CANCELLED, DEADLINE_EXCEEDED
// and RESOURCE_EXHAUSTED always end the statement. FAILED_PRECONDITION where the statement runs
// inside a transaction.
MadeOperator MakeApplyTransactions(const PlanNode& plan, ExecutionContext* context,
                                   std::unique_ptr<Operator> left, std::unique_ptr<Operator> right);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_APPLY_TRANSACTIONS_H_
