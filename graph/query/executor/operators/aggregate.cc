#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/aggregate_groups.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

class Aggregate : public Operator {
 public:
  Aggregate(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<AggregatePlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)),
        groups_(plan_.keys.size(), plan_.aggregates) {}

  absl::Status Open(const Batch* argument) override {
    groups_.Restart();
    gathered_ = false;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(GatherAll());
      gathered_ = true;
    }
    RELATA_ASSIGN_OR_RETURN(const bool more, groups_.Give(context_->batch_rows, out));
    if (more) RELATA_RETURN_IF_ERROR(meter_.Work(out->rows));
    return more;
  }

 private:
  absl::Status GatherAll() {
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(AddBatch(input));
      RELATA_RETURN_IF_ERROR(meter_.Hold(groups_.Bytes()));
    }
  }

  // The value of an expression: a column of the input as it is, or `storage`.
  absl::StatusOr<const Column*> Value(const Expression& expr, const Batch& input, Column* storage) {
    if (expr.column() >= 0) return &input.columns[static_cast<size_t>(expr.column())];
    RELATA_RETURN_IF_ERROR(expr.Evaluate(*context_, input, storage));
    return storage;
  }

  absl::Status AddBatch(const Batch& input) {
    RELATA_RETURN_IF_ERROR(NumberRows(input));
    for (size_t i = 0; i < plan_.aggregates.size(); ++i) {
      const std::vector<Expression>& args = plan_.aggregates[i].args;
      const Column* values[2] = {nullptr, nullptr};
      Column storage[2];
      for (size_t arg = 0; arg < std::min<size_t>(args.size(), 2); ++arg) {
        RELATA_ASSIGN_OR_RETURN(values[arg], Value(args[arg], input, &storage[arg]));
      }
      RELATA_RETURN_IF_ERROR(groups_.Add(i, numbers_, values[0], values[1]));
    }
    return absl::OkStatus();
  }

  // Sets `numbers_` to the group of each row.
  absl::Status NumberRows(const Batch& input) {
    std::vector<Column> storage(plan_.keys.size());
    std::vector<const Column*> keys(plan_.keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      RELATA_ASSIGN_OR_RETURN(keys[i], Value(plan_.keys[i], input, &storage[i]));
    }
    groups_.FindOrAdd(keys, input.rows, &numbers_);
    return absl::OkStatus();
  }

  const AggregatePlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  AggregateGroups groups_;
  std::vector<uint32_t> numbers_;
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeAggregate(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Aggregate>(plan, context, std::move(child));
}

}  // namespace relata::query
