#include <algorithm>

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

class Unwind : public RowExpander {
 public:
  Unwind(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kDatum}),
        plan_(std::get<UnwindPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    element_ = 0;
    return plan_.list.Evaluate(*context_, input, &lists_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, element_ = 0) {
      if (writer.size() >= limit) return true;
      if (lists_.IsNull(row_)) continue;
      const Datum value = lists_.Get(row_);
      if (!value.is_list()) {
        Give(value, writer);
        continue;
      }
      const Datum::List& list = value.AsList();
      for (; element_ < list.size() && writer.size() < limit; ++element_) {
        Give(list[element_], writer);
      }
      if (element_ < list.size()) return true;
    }
    return false;
  }

 private:
  void Give(const Datum& value, RowWriter& writer) {
    Column& column = writer.column(0);
    // The first element decides; others turn the column into data where they do not fit.
    if (writer.size() == 0) column = Column(PackedKindOf(value));
    writer.Add(row_);
    column.Append(value);
  }

  const UnwindPlan& plan_;
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
