#include "graph/query/executor/operators/apply_transactions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/row_count.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

using OnError = BoundSubqueryCall::OnError;

// Rows of one transaction where the statement does not say.
constexpr int64_t kDefaultRows = 1000;

bool EndsStatement(const absl::Status& status) {
  return status.code() == absl::StatusCode::kCancelled ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kResourceExhausted;
}

class ApplyTransactions : public Operator {
 public:
  ApplyTransactions(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> left,
                    std::unique_ptr<Operator> right)
      : plan_(std::get<ApplyPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        left_(std::move(left)),
        right_(std::move(right)),
        writer_(NewColumns(plan_)) {}

  absl::Status Open(const Batch* argument) override {
    if (!context_->commit_batch || !context_->rollback_batch) {
      return absl::FailedPreconditionError(
          "CALL { … } IN TRANSACTIONS commits by itself: run the statement on its own, not inside "
          "a "
          "transaction");
    }
    RELATA_ASSIGN_OR_RETURN(
        rows_each_, EvaluateRowCount(plan_.batch_rows, "OF … ROWS", kDefaultRows, *context_));
    if (rows_each_ == 0) {
      return ArgumentError("NumberOutOfRange", "OF … ROWS takes a number above zero");
    }
    broken_ = false;
    transactions_ = 0;
    row_ = 0;
    input_ = Batch();
    return left_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    RELATA_ASSIGN_OR_RETURN(const bool any, TakeRows());
    if (!any) return false;
    Status status;
    if (!broken_) RELATA_RETURN_IF_ERROR(RunBatch(&status));
    if (!status.committed) GiveNulls();
    writer_.Emit(batch_, out);
    if (plan_.status) AddStatus(status, out);
    return true;
  }

 private:
  struct Status {
    bool started = false;
    bool committed = false;
    std::string message;
  };

  static std::vector<Column::Kind> NewColumns(const ApplyPlan& plan) {
    return std::vector<Column::Kind>(plan.kind == ApplyPlan::Kind::kUnit ? 0 : plan.kept.size(),
                                     Column::Kind::kDatum);
  }

  // Moves the rows of the next transaction into `batch_`; false where there are none.
  absl::StatusOr<bool> TakeRows() {
    batch_ = Batch();
    const size_t wanted = static_cast<size_t>(rows_each_);
    while (batch_.rows < wanted) {
      if (row_ == input_.rows) {
        RELATA_ASSIGN_OR_RETURN(const bool more, left_->Next(&input_));
        row_ = 0;
        if (!more) {
          input_ = Batch();
          break;
        }
        RELATA_RETURN_IF_ERROR(meter_.Work(input_.rows + 1));
        continue;
      }
      const size_t end = std::min(input_.rows, row_ + wanted - batch_.rows);
      std::vector<uint32_t> rows;
      for (; row_ < end; ++row_) rows.push_back(static_cast<uint32_t>(row_));
      batch_.columns.resize(input_.columns.size());
      for (size_t i = 0; i < input_.columns.size(); ++i) {
        batch_.columns[i].AppendGathered(input_.columns[i], rows);
      }
      batch_.rows += rows.size();
    }
    RELATA_RETURN_IF_ERROR(meter_.Hold(batch_.Bytes()));
    return batch_.rows > 0;
  }

  absl::Status RunBatch(Status* status) {
    ++transactions_;
    status->started = true;
    absl::Status run = RunRows();
    if (run.ok()) run = context_->commit_batch();
    if (run.ok()) {
      status->committed = true;
      return run;
    }
    if (plan_.on_error == OnError::kFail || EndsStatement(run)) return run;
    status->message = std::string(run.message());
    broken_ = plan_.on_error == OnError::kBreak;
    writer_.Clear();
    return context_->rollback_batch();
  }

  absl::Status RunRows() {
    Batch argument;
    Batch result;
    BatchMeasure measure;
    for (uint32_t row = 0; row < batch_.rows; ++row) {
      argument.columns.clear();
      argument.rows = 1;
      for (const size_t column : plan_.arguments) {
        argument.columns.push_back(batch_.columns[column].Gather({row}));
      }
      RELATA_RETURN_IF_ERROR(right_->Open(&argument));
      bool matched = false;
      while (true) {
        RELATA_ASSIGN_OR_RETURN(const bool more, right_->Next(&result));
        if (!more) break;
        RELATA_RETURN_IF_ERROR(meter_.Work(result.rows + 1));
        if (plan_.kind == ApplyPlan::Kind::kUnit || result.rows == 0) continue;
        matched = true;
        for (size_t i = 0; i < result.rows; ++i) writer_.Add(row);
        for (size_t i = 0; i < plan_.kept.size(); ++i) {
          RELATA_RETURN_IF_ERROR(meter_.HoldMore(measure.Add(result.columns[plan_.kept[i]])));
          writer_.column(i).AppendAll(result.columns[plan_.kept[i]]);
        }
      }
      if (plan_.kind == ApplyPlan::Kind::kUnit ||
          (plan_.kind == ApplyPlan::Kind::kOptional && !matched)) {
        GiveNull(row);
      }
    }
    return absl::OkStatus();
  }

  void GiveNull(uint32_t row) {
    writer_.Add(row);
    if (plan_.kind == ApplyPlan::Kind::kUnit) return;
    for (size_t i = 0; i < plan_.kept.size(); ++i) writer_.column(i).AppendNull();
  }
  void GiveNulls() {
    for (uint32_t row = 0; row < batch_.rows; ++row) GiveNull(row);
  }

  void AddStatus(const Status& status, Batch* out) const {
    const Datum map = Datum::SortedMap(
        {{"started", Datum::Bool(status.started)},
         {"committed", Datum::Bool(status.committed)},
         {"transactionId",
          status.started ? Datum::String(absl::StrCat("batch-", transactions_)) : Datum()},
         {"errorMessage", status.message.empty() ? Datum() : Datum::String(status.message)}});
    Column column(Column::Kind::kDatum);
    for (size_t row = 0; row < out->rows; ++row) column.Append(map);
    out->columns.push_back(std::move(column));
  }

  const ApplyPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> left_;
  const std::unique_ptr<Operator> right_;
  RowWriter writer_;
  int64_t rows_each_ = kDefaultRows;
  int64_t transactions_ = 0;
  bool broken_ = false;
  Batch input_;
  size_t row_ = 0;  // of input_, not taken yet
  Batch batch_;     // the rows of one transaction
};

}  // namespace

MadeOperator MakeApplyTransactions(const PlanNode& plan, ExecutionContext* context,
                                   std::unique_ptr<Operator> left,
                                   std::unique_ptr<Operator> right) {
  return std::make_unique<ApplyTransactions>(plan, context, std::move(left), std::move(right));
}

}  // namespace relata::query
