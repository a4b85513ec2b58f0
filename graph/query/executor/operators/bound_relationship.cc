#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

class BoundRelationship : public RowExpander {
 public:
  BoundRelationship(const PlanNode& plan, ExecutionContext* context,
                    std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    NewColumns(std::get<BoundRelationshipPlan>(plan.op))),
        plan_(std::get<BoundRelationshipPlan>(plan.op)),
        excluded_(plan_.different_from) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    row_ = 0;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    if (!steps_) return false;
    for (; row_ < input.rows; ++row_) {
      if (writer.size() >= limit) return true;
      const Datum value = input.columns[plan_.relationship].Get(row_);
      if (value.kind() != Datum::Kind::kRelationship) continue;
      const RelationshipEnds& ends = value.AsRelationship().ends;
      if (!Fits(input, ends)) continue;
      if (plan_.direction != EdgeDirection::kIn) Give(input, ends.from, ends.to, writer);
      if (plan_.direction == EdgeDirection::kIn ||
          (plan_.direction == EdgeDirection::kEither && ends.from != ends.to)) {
        Give(input, ends.to, ends.from, writer);
      }
    }
    return false;
  }

 private:
  static std::vector<Column::Kind> NewColumns(const BoundRelationshipPlan& plan) {
    const size_t unknown = (plan.left ? 0 : 1) + (plan.right ? 0 : 1);
    return std::vector<Column::Kind>(unknown, Column::Kind::kNode);
  }

  bool Fits(const Batch& input, const RelationshipEnds& ends) {
    if (!plan_.different_from.empty()) {
      excluded_.Load(input, row_);
      if (excluded_.Contains(ends.id)) return false;
    }
    return FitsType(*steps_, ends.type);
  }

  // The row with the relationship lying so, where the known ends agree.
  void Give(const Batch& input, EntityId left, EntityId right, RowWriter& writer) {
    if (!Agrees(input, plan_.left, left) || !Agrees(input, plan_.right, right)) return;
    writer.Add(row_);
    size_t column = 0;
    if (!plan_.left) writer.column(column++).Append(NodeRef{left, plan_.context});
    if (!plan_.right) writer.column(column).Append(NodeRef{right, plan_.context});
  }

  bool Agrees(const Batch& input, std::optional<size_t> column, EntityId end) const {
    if (!column) return true;
    const std::optional<NodeRef> known = NodeAt(input.columns[*column], row_);
    return known && known->id == end;
  }

  const BoundRelationshipPlan& plan_;
  ExcludedIds excluded_;
  std::optional<std::vector<Step>> steps_;
  uint32_t row_ = 0;
};

}  // namespace

MadeOperator MakeBoundRelationship(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<BoundRelationship>(plan, context, std::move(child));
}

}  // namespace relata::query
