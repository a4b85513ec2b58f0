#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

class Filter : public Operator {
 public:
  Filter(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<FilterPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override { return child_->Open(argument); }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(out));
      if (!more) return false;
      RELATA_RETURN_IF_ERROR(meter_.Work(out->rows + 1));
      if (out->rows == 0) continue;
      RELATA_RETURN_IF_ERROR(plan_.condition.Select(*context_, *out, &selected_));
      if (selected_.empty()) continue;
      out->Keep(selected_);
      return true;
    }
  }

 private:
  const FilterPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  std::vector<uint32_t> selected_;
};

}  // namespace

MadeOperator MakeFilter(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<Filter>(plan, context, std::move(child));
}

}  // namespace relata::query
