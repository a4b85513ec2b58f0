#include "graph/query/executor/operators/set_items.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/write_operator.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

absl::StatusOr<Datum> Single(ExecutionContext& context, const Expression& expr,
                             const Batch& one_row) {
  if (!expr) return Datum();
  Column column;
  RELATA_RETURN_IF_ERROR(expr.Evaluate(context, one_row, &column));
  return column.Get(0);
}

absl::Status ApplyLabels(ExecutionContext& context, const SetItemPlan& item, const Datum& target,
                         const Batch& one_row) {
  std::vector<std::string> labels = item.labels;
  for (const Expression& name : item.dynamic_labels) {
    RELATA_ASSIGN_OR_RETURN(const Datum computed, Single(context, name, one_row));
    RELATA_RETURN_IF_ERROR(AppendNames(computed, &labels));
  }
  if (item.remove) return context.writer->ChangeLabels(target, {}, labels);
  return context.writer->ChangeLabels(target, labels, {});
}

absl::Status ApplyItem(ExecutionContext& context, const SetItemPlan& item, const Batch& one_row,
                       const WriteFrame& frame) {
  RELATA_ASSIGN_OR_RETURN(const Datum target, Single(context, item.target, one_row));
  if (target.is_null()) return absl::OkStatus();
  if (item.kind == BoundSetItem::Kind::kLabels) return ApplyLabels(context, item, target, one_row);
  RELATA_ASSIGN_OR_RETURN(const Datum value, Single(context, item.value, one_row));
  std::string property = item.property;
  switch (item.kind) {
    case BoundSetItem::Kind::kReplace:
    case BoundSetItem::Kind::kMerge:
      return context.writer->SetProperties(target, value, item.kind == BoundSetItem::Kind::kReplace,
                                           frame);
    case BoundSetItem::Kind::kDynamicProperty: {
      RELATA_ASSIGN_OR_RETURN(const Datum key, Single(context, item.key, one_row));
      if (!key.is_string()) {
        return TypeError("InvalidArgumentType",
                         absl::StrCat("a property is named by a String, not by a ", TypeName(key)));
      }
      property = std::string(key.AsString());
      break;
    }
    default:
      break;
  }
  return context.writer->SetProperty(target, property, value, frame);
}

}  // namespace

absl::Status ApplySetItems(ExecutionContext& context, const std::vector<SetItemPlan>& items,
                           const Batch& one_row, const WriteFrame& frame) {
  for (const SetItemPlan& item : items) {
    const absl::Status status = ApplyItem(context, item, one_row, frame);
    if (!status.ok()) return WithSpan(status, item.span);
  }
  return absl::OkStatus();
}

}  // namespace relata::query
