#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

class EmptyResult : public Operator {
 public:
  EmptyResult(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : meter_(plan, context), child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override { return child_->Open(argument); }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(out));
      if (!more) break;
      RELATA_RETURN_IF_ERROR(meter_.Work(out->rows + 1));
    }
    out->columns.clear();
    out->rows = 0;
    return false;
  }

 private:
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
};

}  // namespace

MadeOperator MakeEmptyResult(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<EmptyResult>(plan, context, std::move(child));
}

}  // namespace relata::query
