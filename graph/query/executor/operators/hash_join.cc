#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/row_table.h"

namespace relata::query {
namespace {

// Holds the right side, its rows chained by key, and looks up each row of the left.
class HashJoin : public RowExpander {
 public:
  HashJoin(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> left,
           std::unique_ptr<Operator> right)
      : RowExpander(plan, context, std::move(left), NewColumns(plan)),
        plan_(std::get<HashJoinPlan>(plan.op)),
        right_(std::move(right)),
        keys_(plan_.right_keys.size()) {}

  absl::Status Open(const Batch* argument) override {
    argument_ = argument;
    built_ = false;
    return RowExpander::Open(argument);
  }

 protected:
  absl::Status Begin(const Batch& input) override {
    if (!built_) RELATA_RETURN_IF_ERROR(Build());
    built_ = true;
    row_ = 0;
    std::vector<const Column*> keys;
    for (const size_t column : plan_.left_keys) keys.push_back(&input.columns[column]);
    if (keys.empty()) {
      numbers_.assign(input.rows, heads_.empty() ? RowTable::kNone : 0);
    } else {
      keys_.Find(keys, input.rows, &numbers_);
    }
    // Nulls are in no chain: rows with one were not added.
    match_ = Head(0);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    std::vector<uint32_t> matches;
    bool more = false;
    while (row_ < input.rows) {
      if (writer.size() >= limit) {
        more = true;
        break;
      }
      if (match_ == RowTable::kNone) {
        ++row_;
        match_ = row_ < input.rows ? Head(row_) : RowTable::kNone;
        continue;
      }
      writer.Add(row_);
      matches.push_back(match_);
      match_ = next_[match_];
    }
    if (matches.empty()) return more;
    for (size_t i = 0; i < plan_.kept.size(); ++i) {
      writer.column(i).AppendGathered(rows_.columns[plan_.kept[i]], matches);
    }
    return more;
  }

 private:
  static std::vector<Column::Kind> NewColumns(const PlanNode& plan) {
    return std::vector<Column::Kind>(std::get<HashJoinPlan>(plan.op).kept.size(),
                                     Column::Kind::kDatum);
  }

  // The first row of the right that goes with a row of the input.
  uint32_t Head(uint32_t row) const {
    return numbers_[row] == RowTable::kNone ? RowTable::kNone : heads_[numbers_[row]];
  }

  absl::Status Build() {
    rows_ = Batch();
    keys_.Clear();
    heads_.clear();
    tails_.clear();
    next_.clear();
    BatchMeasure measure;
    size_t held = 0;
    RELATA_RETURN_IF_ERROR(right_->Open(argument_));
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, right_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      DropNullKeys(&input);
      if (input.rows == 0) continue;
      held += measure.Add(input);
      Chain(input);
      if (rows_.columns.empty()) rows_.columns.resize(input.columns.size());
      for (size_t i = 0; i < input.columns.size(); ++i) {
        rows_.columns[i].AppendAll(input.columns[i]);
      }
      rows_.rows += input.rows;
      RELATA_RETURN_IF_ERROR(meter_.Hold(held + keys_.Bytes() + 3 * sizeof(uint32_t) * rows_.rows));
    }
  }

  void DropNullKeys(Batch* input) const {
    std::vector<uint32_t> kept;
    for (uint32_t row = 0; row < input->rows; ++row) {
      bool null = false;
      for (const size_t key : plan_.right_keys) null = null || input->columns[key].IsNull(row);
      if (!null) kept.push_back(row);
    }
    input->Keep(kept);
  }

  // Adds rows to the chains of their keys, at the ends.
  void Chain(const Batch& input) {
    std::vector<const Column*> keys;
    for (const size_t column : plan_.right_keys) keys.push_back(&input.columns[column]);
    std::vector<uint32_t> numbers(input.rows, 0);
    if (!keys.empty()) keys_.FindOrAdd(keys, input.rows, &numbers);
    for (const uint32_t number : numbers) {
      const uint32_t row = static_cast<uint32_t>(next_.size());
      next_.push_back(RowTable::kNone);
      if (number == heads_.size()) {
        heads_.push_back(row);
        tails_.push_back(row);
      } else {
        next_[tails_[number]] = row;
        tails_[number] = row;
      }
    }
  }

  const HashJoinPlan& plan_;
  const std::unique_ptr<Operator> right_;
  const Batch* argument_ = nullptr;
  bool built_ = false;
  // The right side. Rows of one key are a chain in their order.
  Batch rows_;
  RowTable keys_;
  std::vector<uint32_t> heads_;  // by number of the key
  std::vector<uint32_t> tails_;
  std::vector<uint32_t> next_;  // by row
  // The input at hand.
  std::vector<uint32_t> numbers_;
  uint32_t row_ = 0;
  uint32_t match_ = RowTable::kNone;  // the next row of the right for `row_`
};

}  // namespace

MadeOperator MakeHashJoin(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> left, MakeOperator(*plan.children[0], context));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> right,
                          MakeOperator(*plan.children[1], context));
  return std::make_unique<HashJoin>(plan, context, std::move(left), std::move(right));
}

}  // namespace relata::query
