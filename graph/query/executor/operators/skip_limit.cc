#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_count.h"

namespace relata::query {
namespace {

class SkipLimit : public Operator {
 public:
  SkipLimit(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<SkipLimitPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override {
    RELATA_ASSIGN_OR_RETURN(to_skip_, EvaluateRowCount(plan_.skip, "SKIP", 0, *context_));
    RELATA_ASSIGN_OR_RETURN(
        left_,
        EvaluateRowCount(plan_.limit, "LIMIT", std::numeric_limits<int64_t>::max(), *context_));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (left_ > 0 || plan_.exhaust) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(out));
      if (!more) break;
      RELATA_RETURN_IF_ERROR(meter_.Work(out->rows + 1));
      Trim(out);
      if (out->rows > 0) return true;
    }
    out->Clear();
    return false;
  }

 private:
  // Leaves the rows that are wanted, and counts them.
  void Trim(Batch* out) {
    const int64_t rows = static_cast<int64_t>(out->rows);
    const int64_t skipped = std::min(rows, to_skip_);
    const int64_t kept = std::min(rows - skipped, left_);
    to_skip_ -= skipped;
    left_ -= kept;
    if (kept == rows) return;
    if (skipped == 0) {
      for (Column& column : out->columns) column.Truncate(static_cast<size_t>(kept));
      out->rows = static_cast<size_t>(kept);
      return;
    }
    std::vector<uint32_t> rows_kept(static_cast<size_t>(kept));
    std::iota(rows_kept.begin(), rows_kept.end(), static_cast<uint32_t>(skipped));
    out->Keep(rows_kept);
  }

  const SkipLimitPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  int64_t to_skip_ = 0;
  int64_t left_ = 0;
};

}  // namespace

MadeOperator MakeSkipLimit(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<SkipLimit>(plan, context, std::move(child));
}

}  // namespace relata::query
