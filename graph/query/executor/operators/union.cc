#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

// Gives the rows of its parts one after the other.
class Union : public Operator {
 public:
  Union(const PlanNode& plan, ExecutionContext* context,
        std::vector<std::unique_ptr<Operator>> parts)
      : plan_(std::get<UnionPlan>(plan.op)), meter_(plan, context), parts_(std::move(parts)) {}

  absl::Status Open(const Batch* argument) override {
    argument_ = argument;
    part_ = 0;
    return parts_.empty() ? absl::OkStatus() : parts_[0]->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (part_ < parts_.size()) {
      RELATA_ASSIGN_OR_RETURN(const bool more, parts_[part_]->Next(&input_));
      if (more) {
        RELATA_RETURN_IF_ERROR(meter_.Work(input_.rows + 1));
        if (input_.rows == 0) continue;
        out->rows = input_.rows;
        out->columns.clear();
        for (const size_t column : plan_.columns[part_]) {
          out->columns.push_back(input_.columns[column]);
        }
        return true;
      }
      if (++part_ < parts_.size()) RELATA_RETURN_IF_ERROR(parts_[part_]->Open(argument_));
    }
    out->Clear();
    return false;
  }

 private:
  const UnionPlan& plan_;
  OperatorMeter meter_;
  const std::vector<std::unique_ptr<Operator>> parts_;
  const Batch* argument_ = nullptr;
  size_t part_ = 0;
  Batch input_;
};

}  // namespace

MadeOperator MakeUnion(const PlanNode& plan, ExecutionContext* context) {
  std::vector<std::unique_ptr<Operator>> parts;
  for (const std::shared_ptr<const PlanNode>& child : plan.children) {
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), MakeOperator(*child, context));
  }
  return std::make_unique<Union>(plan, context, std::move(parts));
}

}  // namespace relata::query
