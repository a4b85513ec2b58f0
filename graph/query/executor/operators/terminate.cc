#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/running_statements.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

class Terminate : public RowExpander {
 public:
  Terminate(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kDatum, Column::Kind::kDatum}),
        plan_(std::get<TerminatePlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    ids_.resize(plan_.ids.size());
    for (size_t i = 0; i < ids_.size(); ++i) {
      RELATA_RETURN_IF_ERROR(plan_.ids[i].Evaluate(*context_, input, &ids_[i]));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_) {
      if (writer.size() >= limit) return true;
      for (const Column& ids : ids_) {
        const Datum value = ids.Get(row_);
        const Datum::List list = value.is_list() ? value.AsList() : Datum::List{value};
        for (const Datum& id : list) RELATA_RETURN_IF_ERROR(End(id, writer));
      }
    }
    return false;
  }

 private:
  absl::Status End(const Datum& id, RowWriter& writer) {
    if (!id.is_string()) {
      return TypeError("InvalidArgumentType",
                       absl::StrCat("TERMINATE TRANSACTIONS takes ids as strings, as SHOW "
                                    "TRANSACTIONS lists them, not ",
                                    TypeName(id)));
    }
    const bool ended = context_->running->Terminate(id.AsString());
    writer.Add(row_);
    writer.column(0).Append(id);
    writer.column(1).Append(Datum::String(
        absl::string_view(ended ? "Transaction terminated." : "Transaction not found.")));
    return absl::OkStatus();
  }

  const TerminatePlan& plan_;
  std::vector<Column> ids_;
  uint32_t row_ = 0;
};

}  // namespace

MadeOperator MakeTerminate(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Terminate>(plan, context, std::move(child));
}

}  // namespace relata::query
