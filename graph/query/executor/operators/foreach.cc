#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/write_operator.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

class Foreach : public WriteOperator {
 public:
  Foreach(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child,
          std::unique_ptr<Operator> body)
      : WriteOperator(plan, context, std::move(child)),
        plan_(std::get<ForeachPlan>(plan.op)),
        body_(std::move(body)) {}

 protected:
  // The whole body for one element, then for the next.
  absl::Status Write(Batch& batch) override {
    Column lists;
    RELATA_RETURN_IF_ERROR(plan_.list.Evaluate(*context_, batch, &lists));
    for (uint32_t row = 0; row < batch.rows; ++row) {
      const Datum list = lists.Get(row);
      if (list.is_null()) continue;
      if (!list.is_list()) {
        return TypeError("InvalidArgumentType",
                         absl::StrCat("FOREACH goes over a List, not over a ", TypeName(list)));
      }
      Batch argument = OneRow(batch, row);
      argument.columns.emplace_back();
      for (const Datum& element : list.AsList()) {
        RELATA_RETURN_IF_ERROR(meter_.Work(1));
        Column one;
        one.Append(element);
        argument.columns.back() = std::move(one);
        RELATA_RETURN_IF_ERROR(RunBody(argument));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status RunBody(const Batch& argument) {
    RELATA_RETURN_IF_ERROR(body_->Open(&argument));
    Batch dropped;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, body_->Next(&dropped));
      if (!more) return absl::OkStatus();
    }
  }

  const ForeachPlan& plan_;
  const std::unique_ptr<Operator> body_;
};

}  // namespace

MadeOperator MakeForeach(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> body, MakeOperator(*plan.children[1], context));
  return std::make_unique<Foreach>(plan, context, std::move(child), std::move(body));
}

}  // namespace relata::query
