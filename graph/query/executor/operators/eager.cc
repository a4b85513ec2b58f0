#include <deque>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

class Eager : public Operator {
 public:
  Eager(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : meter_(plan, context), child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override {
    batches_.clear();
    measure_.Clear();
    gathered_ = false;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) RELATA_RETURN_IF_ERROR(GatherAll());
    gathered_ = true;
    if (batches_.empty()) {
      RELATA_RETURN_IF_ERROR(meter_.Hold(0));
      return false;
    }
    *out = std::move(batches_.front());
    batches_.pop_front();
    RELATA_RETURN_IF_ERROR(meter_.Work(out->rows));
    return true;
  }

 private:
  absl::Status GatherAll() {
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(meter_.HoldMore(measure_.Add(input)));
      batches_.push_back(std::exchange(input, Batch()));
    }
  }

  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  BatchMeasure measure_;
  std::deque<Batch> batches_;
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeEager(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<Eager>(plan, context, std::move(child));
}

}  // namespace relata::query
