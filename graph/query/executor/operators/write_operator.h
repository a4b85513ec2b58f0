#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_OPERATOR_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_OPERATOR_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/executor/operator.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {

// Base of operators that write: they read their child to its end, write batch by batch in order,
// and then give the rows. So a clause never reads what it writes itself.
class WriteOperator : public Operator {
 public:
  WriteOperator(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : context_(context), meter_(plan, context), child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override;
  absl::StatusOr<bool> Next(Batch* out) override;

 protected:
  // Writes what the rows say and makes them the operator's output. Not called without rows.
  virtual absl::Status Write(Batch& batch) = 0;
  // After the last of them.
  virtual absl::Status FinishClause() { return absl::OkStatus(); }

  ExecutionContext* const context_;
  OperatorMeter meter_;

 private:
  absl::Status Gather();

  const std::unique_ptr<Operator> child_;
  std::deque<Batch> batches_;
  bool written_ = false;
};

// One row of a batch, with all its columns.
Batch OneRow(const Batch& batch, uint32_t row);
// A name or a list of names of labels, computed by the query. TypeError.
absl::Status AppendNames(const Datum& value, std::vector<std::string>* names);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_OPERATOR_H_
