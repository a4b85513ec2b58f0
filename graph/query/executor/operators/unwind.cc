#include <cstdint>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

Column::Kind PackedKindOf(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kBool:
      return Column::Kind::kBool;
    case Datum::Kind::kInt:
      return Column::Kind::kInt;
    case Datum::Kind::kFloat:
      return Column::Kind::kFloat;
    case Datum::Kind::kNode:
      return Column::Kind::kNode;
    case Datum::Kind::kRelationship:
      return Column::Kind::kRelationship;
    default:
      return Column::Kind::kDatum;
  }
}

// The numbers of range(from, to, step) that are left. A step may lead past what an Integer can be:
// then there is none left.
struct NumberRange {
  int64_t next = 0;
  int64_t to = 0;
  int64_t step = 1;
  bool done = false;
  int64_t taken = 0;

  bool empty() const { return done || (step > 0 ? next > to : next < to); }
  int64_t Take() {
    const int64_t number = next;
    done = __builtin_add_overflow(next, step, &next);
    ++taken;
    return number;
  }
};

class Unwind : public RowExpander {
 public:
  Unwind(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), Kinds(std::get<UnwindPlan>(plan.op))),
        plan_(std::get<UnwindPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    element_ = 0;
    ranges_.clear();
    if (!plan_.range_from.empty()) RELATA_RETURN_IF_ERROR(FindRanges(input));
    if (!ranges_.empty()) return absl::OkStatus();
    return plan_.list.Evaluate(*context_, input, &lists_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, element_ = 0) {
      if (writer.size() >= limit) return true;
      if (!ranges_.empty()) {
        NumberRange& range = ranges_[row_];
        while (!range.empty() && writer.size() < limit) {
          const int64_t position = range.taken;
          Give(Datum::Int(range.Take()), position, writer);
        }
        if (!range.empty()) return true;
        continue;
      }
      if (lists_.IsNull(row_)) continue;
      const Datum value = lists_.Get(row_);
      if (!value.is_list()) {
        Give(value, 0, writer);
        continue;
      }
      const Datum::List& list = value.AsList();
      for (; element_ < list.size() && writer.size() < limit; ++element_) {
        Give(list[element_], static_cast<int64_t>(element_), writer);
      }
      if (element_ < list.size()) return true;
    }
    return false;
  }

 private:
  // Leaves `ranges_` empty where an argument is not what range() takes: it says so itself.
  absl::Status FindRanges(const Batch& input) {
    Column from;
    Column to;
    Column step;
    RELATA_RETURN_IF_ERROR(plan_.range_from.Evaluate(*context_, input, &from));
    RELATA_RETURN_IF_ERROR(plan_.range_to.Evaluate(*context_, input, &to));
    const bool steps = !plan_.range_step.empty();
    if (steps) RELATA_RETURN_IF_ERROR(plan_.range_step.Evaluate(*context_, input, &step));
    for (size_t row = 0; row < input.rows; ++row) {
      const Datum first = from.Get(row);
      const Datum last = to.Get(row);
      const Datum by = steps ? step.Get(row) : Datum::Int(1);
      const bool numbers = first.kind() == Datum::Kind::kInt && last.kind() == Datum::Kind::kInt &&
                           by.kind() == Datum::Kind::kInt && by.AsInt() != 0;
      if (!numbers) {
        ranges_.clear();
        return absl::OkStatus();
      }
      ranges_.push_back({first.AsInt(), last.AsInt(), by.AsInt(), false});
    }
    return absl::OkStatus();
  }

  static std::vector<Column::Kind> Kinds(const UnwindPlan& plan) {
    std::vector<Column::Kind> kinds = {Column::Kind::kDatum};
    if (plan.first_position) kinds.push_back(Column::Kind::kInt);
    return kinds;
  }

  // `position` counts from 0.
  void Give(const Datum& value, int64_t position, RowWriter& writer) {
    Column& column = writer.column(0);
    // The first element decides; others turn the column into data where they do not fit.
    if (writer.size() == 0) column = Column(PackedKindOf(value));
    writer.Add(row_);
    column.Append(value);
    if (plan_.first_position) writer.column(1).Append(Datum::Int(*plan_.first_position + position));
  }

  const UnwindPlan& plan_;
  std::vector<NumberRange> ranges_;  // by row; empty: lists_ instead
  Column lists_;
  uint32_t row_ = 0;
  size_t element_ = 0;
};

}  // namespace

MadeOperator MakeUnwind(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Unwind>(plan, context, std::move(child));
}

}  // namespace relata::query
