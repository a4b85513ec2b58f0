#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/write_frames.h"
#include "graph/query/executor/operators/write_operator.h"

namespace relata::query {
namespace {

class Delete : public WriteOperator {
 public:
  Delete(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : WriteOperator(plan, context, std::move(child)), plan_(std::get<DeletePlan>(plan.op)) {}

 protected:
  // What is to go is named by all rows before any of it goes.
  absl::Status Write(Batch& batch) override {
    RELATA_RETURN_IF_ERROR(frames_.Evaluate(*context_, plan_.options, batch));
    std::vector<Column> columns(plan_.exprs.size());
    for (size_t i = 0; i < columns.size(); ++i) {
      RELATA_RETURN_IF_ERROR(plan_.exprs[i].Evaluate(*context_, batch, &columns[i]));
    }
    for (size_t row = 0; row < batch.rows; ++row) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      std::vector<Datum> named;
      named.reserve(columns.size());
      for (const Column& column : columns) named.push_back(column.Get(row));
      RELATA_RETURN_IF_ERROR(meter_.HoldMore(named.size() * sizeof(Datum) +
                                             (frames_.plain() ? 0 : sizeof(framed_.front()))));
      if (frames_.plain()) {
        for (Datum& entity : named) plain_.push_back(std::move(entity));
      } else {
        RELATA_ASSIGN_OR_RETURN(WriteFrame frame, frames_.Row(row));
        framed_.emplace_back(std::move(named), std::move(frame));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FinishClause() override {
    const auto framed = std::exchange(framed_, {});
    for (const auto& [entities, frame] : framed) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_RETURN_IF_ERROR(context_->writer->Delete(entities, plan_.detach, frame));
    }
    return context_->writer->Delete(std::exchange(plain_, {}), plan_.detach, WriteFrame());
  }

 private:
  const DeletePlan& plan_;
  WriteFrames frames_;
  std::vector<Datum> plain_;
  std::vector<std::pair<std::vector<Datum>, WriteFrame>> framed_;
};

}  // namespace

MadeOperator MakeDelete(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Delete>(plan, context, std::move(child));
}

}  // namespace relata::query
