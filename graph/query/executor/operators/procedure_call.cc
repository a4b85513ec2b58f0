#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/procedures/procedure.h"

namespace relata::query {
namespace {

// Calls the procedure for each row and holds what it gives until it is passed on. A procedure that
// writes has run for all rows of the child before the first row is given.
class ProcedureCallOperator : public RowExpander {
 public:
  ProcedureCallOperator(const PlanNode& plan, ExecutionContext* context,
                        std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    std::vector<Column::Kind>(std::get<ProcedureCallPlan>(plan.op).fields.size(),
                                              Column::Kind::kDatum)),
        plan_(std::get<ProcedureCallPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    called_ = false;
    args_.resize(plan_.args.size());
    for (size_t i = 0; i < args_.size(); ++i) {
      RELATA_RETURN_IF_ERROR(plan_.args[i].Evaluate(*context_, input, &args_[i]));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, called_ = false) {
      if (writer.size() >= limit) return true;
      if (!called_) RELATA_RETURN_IF_ERROR(Call());
      for (; next_ < results_.size() && writer.size() < limit; ++next_) {
        writer.Add(row_);
        for (size_t i = 0; i < plan_.fields.size(); ++i) {
          writer.column(i).Append(results_[next_][i]);
        }
      }
      if (next_ < results_.size()) return true;
    }
    return false;
  }

 private:
  // Sets `results_` to the wanted outputs of each row.
  absl::Status Call() {
    called_ = true;
    results_.clear();
    next_ = 0;
    std::vector<Datum> args;
    for (const Column& column : args_) args.push_back(column.Get(row_));
    // A procedure without outputs leaves the row as it is.
    if (plan_.procedure->outputs.empty()) {
      RELATA_RETURN_IF_ERROR(WithReason(plan_.procedure->call(
          *context_, args,
          RowSink([](const std::vector<Datum>&) -> absl::StatusOr<bool> { return true; }, {}))));
      results_.emplace_back();
      return absl::OkStatus();
    }
    size_t held = 0;
    const auto keep = [this, &held](const std::vector<Datum>& row) -> absl::StatusOr<bool> {
      std::vector<Datum> wanted;
      wanted.reserve(plan_.fields.size());
      for (const size_t field : plan_.fields) wanted.push_back(row[field]);
      held += sizeof(std::vector<Datum>) + wanted.size() * sizeof(Datum);
      for (const Datum& value : wanted) held += value.HeapBytes();
      results_.push_back(std::move(wanted));
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_RETURN_IF_ERROR(meter_.Hold(held));
      return true;
    };
    RELATA_RETURN_IF_ERROR(
        WithReason(plan_.procedure->call(*context_, args, RowSink(keep, plan_.fields))));
    if (results_.empty() && plan_.optional) results_.emplace_back(plan_.fields.size());
    return absl::OkStatus();
  }

  // A procedure that was stopped only says so; the statement knows whether it has used up its time.
  absl::Status WithReason(absl::Status status) const {
    if (absl::IsCancelled(status) && context_->database->clock()->MonotonicMicros() >=
                                         context_->options->deadline_monotonic_us) {
      return absl::DeadlineExceededError(
          "the statement has used up its time in a procedure; narrow it, or give it a later "
          "deadline");
    }
    return status;
  }

  const ProcedureCallPlan& plan_;
  std::vector<Column> args_;
  uint32_t row_ = 0;
  bool called_ = false;
  std::vector<std::vector<Datum>> results_;  // of the row at hand
  size_t next_ = 0;
};

// Runs its inner operator to the end before it gives a row.
class RunToEnd : public Operator {
 public:
  RunToEnd(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> inner)
      : meter_(plan, context), inner_(std::move(inner)) {}

  absl::Status Open(const Batch* argument) override {
    batches_.clear();
    next_ = 0;
    gathered_ = false;
    return inner_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (!gathered_) {
      Batch batch;
      RELATA_ASSIGN_OR_RETURN(const bool more, inner_->Next(&batch));
      gathered_ = !more;
      RELATA_RETURN_IF_ERROR(meter_.HoldMore(measure_.Add(batch)));
      if (more) batches_.push_back(std::move(batch));
    }
    if (next_ == batches_.size()) return false;
    *out = std::move(batches_[next_++]);
    return true;
  }

 private:
  OperatorMeter meter_;
  const std::unique_ptr<Operator> inner_;
  BatchMeasure measure_;
  std::vector<Batch> batches_;
  size_t next_ = 0;
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeProcedureCall(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  const bool writes = std::get<ProcedureCallPlan>(plan.op).procedure->writes;
  std::unique_ptr<Operator> call =
      std::make_unique<ProcedureCallOperator>(plan, context, std::move(child));
  if (!writes) return call;
  return std::make_unique<RunToEnd>(plan, context, std::move(call));
}

}  // namespace relata::query
