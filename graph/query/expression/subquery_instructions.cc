// EXISTS, COUNT, COLLECT and pattern expressions: a plan that runs for each row, and stops as soon
// as the answer is known.
#include <utility>

#include "base/status_macros.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

// What one run of the plan gives.
class SubqueryAnswer {
 public:
  SubqueryAnswer(const SubqueryCode& code, QueryBudget* budget) : code_(code), hold_(budget) {}

  // False: known.
  absl::StatusOr<bool> Take(const Batch& batch) {
    rows_ += code_.weighted ? 0 : batch.rows;
    switch (code_.kind) {
      case BoundSubquery::Kind::kExists:
        return rows_ == 0;
      case BoundSubquery::Kind::kCount:
        for (size_t row = 0; code_.weighted && row < batch.rows; ++row) {
          rows_ += static_cast<size_t>(batch.columns[code_.output].Get(row).AsInt());
        }
        return true;
      case BoundSubquery::Kind::kFirst:
        if (batch.rows > 0) first_ = batch.columns[code_.output].Get(0);
        return rows_ == 0;
      case BoundSubquery::Kind::kCollect:
        break;
    }
    const Column& column = batch.columns[code_.output];
    RELATA_RETURN_IF_ERROR(hold_.Add(column.Bytes() + batch.rows * sizeof(Datum)));
    for (size_t row = 0; row < batch.rows; ++row) collected_.push_back(column.Get(row));
    return true;
  }

  absl::StatusOr<Datum> Finish() {
    switch (code_.kind) {
      case BoundSubquery::Kind::kExists:
        return Datum::Bool(rows_ > 0);
      case BoundSubquery::Kind::kCount:
        return Datum::Int(static_cast<int64_t>(rows_));
      case BoundSubquery::Kind::kFirst:
        return first_;
      case BoundSubquery::Kind::kCollect:
        break;
    }
    Datum list = Datum::Of(std::move(collected_));
    RELATA_RETURN_IF_ERROR(CheckNesting(list));
    return list;
  }

 private:
  const SubqueryCode& code_;
  MemoryHold hold_;
  size_t rows_ = 0;
  Datum first_;
  Datum::List collected_;
};

}  // namespace

absl::StatusOr<Column> RunSubquery(Frame& frame, const Instruction& in) {
  ExecutionContext& context = frame.context();
  if (context.run_plan == nullptr || context.budget == nullptr) {
    return absl::InternalError("a subquery cannot run here: the statement has no executor");
  }
  std::vector<Values> imports;
  bool constant = true;
  for (const Operand arg : in.args) {
    imports.push_back(frame.Get(arg));
    constant &= imports.back().constant;
  }
  std::vector<Datum> results(frame.rows());
  for (uint32_t row = 0; row < results.size(); ++row) {
    if (constant && row > 0) {
      results[row] = results[0];
      continue;
    }
    Batch argument;
    argument.rows = 1;
    for (const Values& import : imports) {
      argument.columns.push_back(import.column->Gather({static_cast<uint32_t>(import.at(row))}));
    }
    SubqueryAnswer answer(*in.subquery, context.budget);
    RELATA_RETURN_IF_ERROR(
        context.run_plan(*in.subquery->plan, &context, &argument,
                         [&](const Batch& batch) { return answer.Take(batch); }));
    RELATA_ASSIGN_OR_RETURN(results[row], answer.Finish());
  }
  return PackColumn(std::move(results));
}

}  // namespace relata::query
