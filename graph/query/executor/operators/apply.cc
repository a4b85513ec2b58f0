#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/apply_transactions.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

// Opens the right plan for each row of the left, or, batched, once for each batch.
class Apply : public RowExpander {
 public:
  Apply(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> left,
        std::unique_ptr<Operator> right)
      : RowExpander(plan, context, std::move(left), NewColumns(std::get<ApplyPlan>(plan.op))),
        plan_(std::get<ApplyPlan>(plan.op)),
        right_(std::move(right)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    opened_ = false;
    if (!plan_.batched) return absl::OkStatus();
    // Argument: the tag, then the columns.
    argument_.columns.clear();
    argument_.rows = input.rows;
    Column& tags = argument_.columns.emplace_back(Column::Kind::kInt);
    tags.Resize(input.rows);
    std::iota(tags.mutable_ints().begin(), tags.mutable_ints().end(), 0);
    for (const size_t column : plan_.arguments) argument_.columns.push_back(input.columns[column]);
    return right_->Open(&argument_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    if (plan_.batched) return ProduceBatched(input, limit, writer);
    while (row_ < input.rows) {
      if (writer.Full(limit)) return true;
      if (!opened_) RELATA_RETURN_IF_ERROR(OpenRow(input));
      RELATA_ASSIGN_OR_RETURN(const bool more, right_->Next(&result_));
      if (more) {
        RELATA_RETURN_IF_ERROR(meter_.Work(1));
        if (plan_.kind != ApplyPlan::Kind::kUnit && result_.rows > 0) GiveRows(writer);
        continue;
      }
      if (plan_.kind == ApplyPlan::Kind::kUnit) writer.Add(row_);
      if (plan_.kind == ApplyPlan::Kind::kOptional && !matched_) GiveNulls(row_, writer);
      ++row_;
      opened_ = false;
    }
    return false;
  }

 private:
  static std::vector<Column::Kind> NewColumns(const ApplyPlan& plan) {
    return std::vector<Column::Kind>(plan.kind == ApplyPlan::Kind::kUnit ? 0 : plan.kept.size(),
                                     Column::Kind::kDatum);
  }

  absl::Status OpenRow(const Batch& input) {
    argument_.columns.clear();
    argument_.rows = 1;
    for (const size_t column : plan_.arguments) {
      argument_.columns.push_back(input.columns[column].Gather({row_}));
    }
    opened_ = true;
    matched_ = false;
    return right_->Open(&argument_);
  }

  void GiveRows(RowWriter& writer) {
    matched_ = true;
    for (size_t i = 0; i < result_.rows; ++i) writer.Add(row_);
    for (size_t i = 0; i < plan_.kept.size(); ++i) {
      CountKept(plan_.kept[i], writer);
      writer.column(i).AppendAll(result_.columns[plan_.kept[i]]);
    }
  }

  // What the subquery gave in that column; packed values are small.
  void CountKept(size_t column, RowWriter& writer) const {
    const Column& kept = result_.columns[column];
    if (kept.kind() == Column::Kind::kDatum) writer.Count(kept.Bytes());
  }

  void GiveNulls(uint32_t row, RowWriter& writer) {
    writer.Add(row);
    for (size_t i = 0; i < plan_.kept.size(); ++i) writer.column(i).AppendNull();
  }

  // Right keeps the order of its rows, so tags come ascending; `row_` is the next input row without
  // a result so far.
  absl::StatusOr<bool> ProduceBatched(const Batch& input, size_t limit, RowWriter& writer) {
    while (!writer.Full(limit)) {
      RELATA_ASSIGN_OR_RETURN(const bool more, right_->Next(&result_));
      RELATA_RETURN_IF_ERROR(meter_.Work(result_.rows + 1));
      if (!more) {
        GiveUnmatched(static_cast<uint32_t>(input.rows), writer);
        return false;
      }
      if (plan_.kind != ApplyPlan::Kind::kUnit && result_.rows > 0) GiveTagged(writer);
    }
    return true;
  }

  void GiveTagged(RowWriter& writer) {
    for (const size_t column : plan_.kept) CountKept(column, writer);
    const Column& tags = result_.columns[plan_.tag];
    std::vector<uint32_t> part;
    const auto flush = [this, &part, &writer] {
      for (size_t k = 0; k < plan_.kept.size(); ++k) {
        writer.column(k).AppendGathered(result_.columns[plan_.kept[k]], part);
      }
      part.clear();
    };
    for (uint32_t i = 0; i < result_.rows; ++i) {
      const uint32_t tag = static_cast<uint32_t>(tags.Get(i).AsInt());
      if (tag > row_ && plan_.kind == ApplyPlan::Kind::kOptional) {
        flush();
        GiveUnmatched(tag, writer);
      }
      row_ = std::max(row_, tag + 1);
      writer.Add(tag);
      part.push_back(i);
    }
    flush();
  }

  // Rows before `end` that had no result.
  void GiveUnmatched(uint32_t end, RowWriter& writer) {
    for (; row_ < end; ++row_) {
      if (plan_.kind == ApplyPlan::Kind::kOptional) GiveNulls(row_, writer);
      if (plan_.kind == ApplyPlan::Kind::kUnit) writer.Add(row_);
    }
  }

  const ApplyPlan& plan_;
  const std::unique_ptr<Operator> right_;
  uint32_t row_ = 0;
  bool opened_ = false;
  bool matched_ = false;
  Batch argument_;
  Batch result_;
};

}  // namespace

MadeOperator MakeApply(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> left, MakeOperator(*plan.children[0], context));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> right,
                          MakeOperator(*plan.children[1], context));
  if (std::get<ApplyPlan>(plan.op).in_transactions) {
    return MakeApplyTransactions(plan, context, std::move(left), std::move(right));
  }
  return std::make_unique<Apply>(plan, context, std::move(left), std::move(right));
}

}  // namespace relata::query
