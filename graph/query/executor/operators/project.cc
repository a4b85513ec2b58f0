#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

class Project : public Operator {
 public:
  Project(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<ProjectPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)) {
    FindLastUses();
  }

  absl::Status Open(const Batch* argument) override { return child_->Open(argument); }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = 0;
    do {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input_));
      if (!more) return false;
      RELATA_RETURN_IF_ERROR(meter_.Work(input_.rows + 1));
    } while (input_.rows == 0);
    out->rows = input_.rows;
    out->columns.resize(plan_.outputs.size());
    for (size_t i = 0; i < plan_.outputs.size(); ++i) {
      const Expression& expr = plan_.outputs[i].second;
      if (expr.column() >= 0) continue;
      RELATA_RETURN_IF_ERROR(expr.Evaluate(*context_, input_, &out->columns[i]));
    }
    // Columns as they are come last, so that they can be moved.
    for (size_t i = 0; i < plan_.outputs.size(); ++i) {
      const int column = plan_.outputs[i].second.column();
      if (column < 0) continue;
      Column& source = input_.columns[static_cast<size_t>(column)];
      if (is_last_use_[i]) {
        out->columns[i] = std::move(source);
      } else {
        out->columns[i] = source;
      }
    }
    return true;
  }

 private:
  void FindLastUses() {
    is_last_use_.assign(plan_.outputs.size(), true);
    for (size_t i = 0; i < plan_.outputs.size(); ++i) {
      for (size_t later = i + 1; later < plan_.outputs.size() && is_last_use_[i]; ++later) {
        is_last_use_[i] = plan_.outputs[later].second.column() != plan_.outputs[i].second.column();
      }
    }
  }

  const ProjectPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  std::vector<bool> is_last_use_;  // of outputs that are columns: no later output is the same one
  Batch input_;
};

}  // namespace

MadeOperator MakeProject(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<Project>(plan, context, std::move(child));
}

}  // namespace relata::query
