// SET and REMOVE.
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/set_items.h"
#include "graph/query/executor/operators/write_frames.h"
#include "graph/query/executor/operators/write_operator.h"

namespace relata::query {
namespace {

class Set : public WriteOperator {
 public:
  Set(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : WriteOperator(plan, context, std::move(child)), plan_(std::get<SetPlan>(plan.op)) {}

 protected:
  // Row by row: a row sees what the rows before it set, as in `SET n.count = n.count + 1`.
  absl::Status Write(Batch& batch) override {
    RELATA_RETURN_IF_ERROR(frames_.Evaluate(*context_, plan_.options, batch));
    for (uint32_t row = 0; row < batch.rows; ++row) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_ASSIGN_OR_RETURN(const WriteFrame frame, frames_.Row(row));
      RELATA_RETURN_IF_ERROR(ApplySetItems(*context_, plan_.items, OneRow(batch, row), frame));
    }
    return absl::OkStatus();
  }

 private:
  const SetPlan& plan_;
  WriteFrames frames_;
};

}  // namespace

MadeOperator MakeSet(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Set>(plan, context, std::move(child));
}

}  // namespace relata::query
