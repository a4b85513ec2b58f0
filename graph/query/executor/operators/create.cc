#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_creator.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/write_operator.h"

namespace relata::query {
namespace {

class Create : public WriteOperator {
 public:
  Create(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : WriteOperator(plan, context, std::move(child)),
        plan_(std::get<CreatePlan>(plan.op)),
        creator_(plan_, /*merge=*/false) {}

 protected:
  absl::Status Write(Batch& batch) override {
    RELATA_RETURN_IF_ERROR(creator_.Begin(*context_, plan_.options, batch));
    std::vector<Column> created = creator_.NewColumns();
    for (uint32_t row = 0; row < batch.rows; ++row) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_RETURN_IF_ERROR(creator_.Create(*context_, batch, row, &created));
    }
    for (Column& column : created) batch.columns.push_back(std::move(column));
    return absl::OkStatus();
  }

 private:
  const CreatePlan& plan_;
  RowCreator creator_;
};

}  // namespace

MadeOperator MakeCreate(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Create>(plan, context, std::move(child));
}

}  // namespace relata::query
