#include "base/status_macros.h"
#include "graph/query/executor/operator.h"

namespace relata::query {

absl::Status RunPlan(const PlanNode& plan, ExecutionContext* context, const Batch* argument,
                     const std::function<absl::StatusOr<bool>(const Batch&)>& sink) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Operator> root, MakeOperator(plan, context));
  RELATA_RETURN_IF_ERROR(root->Open(argument));
  Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, root->Next(&batch));
    if (!more) return absl::OkStatus();
    if (batch.rows == 0) continue;
    RELATA_ASSIGN_OR_RETURN(const bool wanted, sink(batch));
    if (!wanted) return absl::OkStatus();
  }
}

}  // namespace relata::query
