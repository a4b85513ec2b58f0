#include <algorithm>
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

// The kind that packs values of these types.
Column::Kind KindOf(TypeSet type) {
  switch (type & ~types::kNull) {
    case types::kBool:
      return Column::Kind::kBool;
    case types::kInt:
      return Column::Kind::kInt;
    case types::kFloat:
      return Column::Kind::kFloat;
    case types::kNode:
      return Column::Kind::kNode;
    case types::kRelationship:
      return Column::Kind::kRelationship;
    default:
      return Column::Kind::kDatum;
  }
}

std::vector<Column::Kind> KindsOf(const ProcedureCallPlan& plan) {
  std::vector<Column::Kind> kinds;
  kinds.reserve(plan.fields.size());
  for (const size_t field : plan.fields) {
    kinds.push_back(KindOf(plan.procedure->outputs[field].type));
  }
  return kinds;
}

// The wanted outputs of a call, in columns.
class Results {
 public:
  explicit Results(const std::vector<Column::Kind>& kinds) {
    columns_.reserve(kinds.size());
    for (const Column::Kind kind : kinds) columns_.emplace_back(kind);
  }

  size_t size() const { return rows_; }
  void Clear() {
    rows_ = 0;
    for (Column& column : columns_) column.Clear();
  }
  // Adds those of a row's values that are wanted; returns about how many bytes they hold.
  size_t Add(absl::Span<const size_t> fields, absl::Span<const Datum> row) {
    size_t bytes = fields.size() * sizeof(Datum);
    for (size_t i = 0; i < fields.size(); ++i) {
      const Datum& value = row[fields[i]];
      bytes += value.HeapBytes();
      columns_[i].Append(value);
    }
    ++rows_;
    return bytes;
  }
  void AddNulls() {
    for (Column& column : columns_) column.AppendNull();
    ++rows_;
  }
  // Appends rows [begin, end), which are not asked for again, to those of `source`.
  void MoveTo(size_t begin, size_t end, uint32_t source, RowWriter& writer) {
    const bool whole = begin == 0 && end == rows_ && writer.size() == 0;
    for (size_t i = begin; i < end; ++i) writer.Add(source);
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (whole) {
        std::swap(writer.column(i), columns_[i]);
        continue;
      }
      for (size_t row = begin; row < end; ++row) writer.column(i).AppendFrom(columns_[i], row);
    }
  }

 private:
  std::vector<Column> columns_;
  size_t rows_ = 0;
};

// Calls the procedure for each row and holds what it gives until it is passed on. A procedure that
// writes has run for all rows of the child before the first row is given.
class ProcedureCallOperator : public RowExpander {
 public:
  ProcedureCallOperator(const PlanNode& plan, ExecutionContext* context,
                        std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), KindsOf(std::get<ProcedureCallPlan>(plan.op))),
        plan_(std::get<ProcedureCallPlan>(plan.op)),
        results_(KindsOf(plan_)) {}

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
      const size_t end = std::min(results_.size(), next_ + (limit - writer.size()));
      results_.MoveTo(next_, end, row_, writer);
      next_ = end;
      if (next_ < results_.size()) return true;
    }
    return false;
  }

 private:
  // Sets `results_` to the wanted outputs of each row.
  absl::Status Call() {
    called_ = true;
    results_.Clear();
    next_ = 0;
    std::vector<Datum> args;
    for (const Column& column : args_) args.push_back(column.Get(row_));
    // A procedure without outputs leaves the row as it is.
    if (plan_.procedure->outputs.empty()) {
      RELATA_RETURN_IF_ERROR(WithReason(plan_.procedure->call(
          *context_, args,
          RowSink([](absl::Span<const Datum>) -> absl::StatusOr<bool> { return true; }, {}))));
      results_.AddNulls();
      return absl::OkStatus();
    }
    size_t held = 0;
    const auto keep = [this, &held](absl::Span<const Datum> row) -> absl::StatusOr<bool> {
      held += results_.Add(plan_.fields, row);
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_RETURN_IF_ERROR(meter_.Hold(held));
      return true;
    };
    RELATA_RETURN_IF_ERROR(
        WithReason(plan_.procedure->call(*context_, args, RowSink(keep, plan_.fields))));
    if (results_.size() == 0 && plan_.optional) results_.AddNulls();
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
  Results results_;  // of the row at hand
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
