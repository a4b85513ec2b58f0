#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATOR_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATOR_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// A running operator: gives its output batch by batch. Owned by its parent; used by one thread at a
// time.
class Operator {
 public:
  virtual ~Operator() = default;
  // Starts over; `argument` (may be null: one row without columns) is what the ArgumentPlan below
  // it gives, and must live until the next Open. Called before the first Next and again for each
  // row of an enclosing Apply.
  virtual absl::Status Open(const Batch* argument) = 0;
  // Replaces `out` with the next rows, up to about context.batch_rows of them, with the columns of
  // the plan node's layout; false at the end. A batch may be empty before the end.
  virtual absl::StatusOr<bool> Next(Batch* out) = 0;
};

// The operators of a plan. `plan` and `context` must outlive it. PROFILE wraps each in a counter.
absl::StatusOr<std::unique_ptr<Operator>> MakeOperator(const PlanNode& plan,
                                                       ExecutionContext* context);

// One maker a kind of plan, by subject: executor/operators/<subject>.cc.
using OperatorMaker = absl::StatusOr<std::unique_ptr<Operator>> (*)(const PlanNode& plan,
                                                                    ExecutionContext* context);

// Runs a plan whose Argument is one row, to the end: for subqueries in expressions. `sink` false:
// stop.
absl::Status RunPlan(const PlanNode& plan, ExecutionContext* context, const Batch* argument,
                     const std::function<absl::StatusOr<bool>(const Batch&)>& sink);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATOR_H_
