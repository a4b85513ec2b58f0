#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/morsel_run.h"
#include "graph/query/executor/operators/aggregate_groups.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

// Puts rows into the groups of an aggregation.
class RowGrouping {
 public:
  RowGrouping(const AggregatePlan& plan, ExecutionContext* context)
      : plan_(plan), context_(context) {}

  absl::Status Add(const Batch& input, AggregateGroups& groups) {
    RELATA_RETURN_IF_ERROR(NumberRows(input, groups));
    for (size_t i = 0; i < plan_.aggregates.size(); ++i) {
      const std::vector<Expression>& args = plan_.aggregates[i].args;
      const Column* values[2] = {nullptr, nullptr};
      Column storage[2];
      for (size_t arg = 0; arg < std::min<size_t>(args.size(), 2); ++arg) {
        RELATA_ASSIGN_OR_RETURN(values[arg], Value(args[arg], input, &storage[arg]));
      }
      RELATA_RETURN_IF_ERROR(groups.Add(i, numbers_, values[0], values[1]));
    }
    return absl::OkStatus();
  }

 private:
  // The value of an expression: a column of the input as it is, or `storage`.
  absl::StatusOr<const Column*> Value(const Expression& expr, const Batch& input, Column* storage) {
    if (expr.column() >= 0) return &input.columns[static_cast<size_t>(expr.column())];
    RELATA_RETURN_IF_ERROR(expr.Evaluate(*context_, input, storage));
    return storage;
  }

  // Sets `numbers_` to the group of each row.
  absl::Status NumberRows(const Batch& input, AggregateGroups& groups) {
    std::vector<Column> storage(plan_.keys.size());
    std::vector<const Column*> keys(plan_.keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      RELATA_ASSIGN_OR_RETURN(keys[i], Value(plan_.keys[i], input, &storage[i]));
    }
    groups.FindOrAdd(keys, input.rows, &numbers_);
    return absl::OkStatus();
  }

  const AggregatePlan& plan_;
  ExecutionContext* const context_;
  std::vector<uint32_t> numbers_;
};

// The groups of one morsel.
struct MorselGroups : public MorselResult {
  MorselGroups(const AggregatePlan& plan, const PlanNode& node, ExecutionContext* context)
      : groups(plan.keys.size(), plan.aggregates), meter(node, context) {
    groups.Restart();
  }

  AggregateGroups groups;
  OperatorMeter meter;
};

class GroupingWorker : public MorselWorker {
 public:
  GroupingWorker(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : node_(plan),
        plan_(std::get<AggregatePlan>(plan.op)),
        context_(context),
        grouping_(plan_, context),
        child_(std::move(child)) {}

  absl::StatusOr<std::unique_ptr<MorselResult>> Run() override {
    RELATA_RETURN_IF_ERROR(child_->Open(nullptr));
    auto result = std::make_unique<MorselGroups>(plan_, node_, context_);
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return result;
      RELATA_RETURN_IF_ERROR(result->meter.Work(input.rows + 1));
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(grouping_.Add(input, result->groups));
      RELATA_RETURN_IF_ERROR(result->meter.Hold(result->groups.Bytes()));
    }
  }

 private:
  const PlanNode& node_;
  const AggregatePlan& plan_;
  ExecutionContext* const context_;
  RowGrouping grouping_;
  const std::unique_ptr<Operator> child_;
};

class Aggregate : public Operator {
 public:
  // `child` is null where it runs by morsels.
  Aggregate(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : node_(plan),
        plan_(std::get<AggregatePlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        grouping_(plan_, context),
        child_(std::move(child)),
        groups_(plan_.keys.size(), plan_.aggregates) {}

  absl::Status Open(const Batch* argument) override {
    groups_.Restart();
    gathered_ = false;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_ == nullptr ? absl::OkStatus() : child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(child_ == nullptr ? GatherMorsels() : GatherAll());
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
      RELATA_RETURN_IF_ERROR(grouping_.Add(input, groups_));
      RELATA_RETURN_IF_ERROR(meter_.Hold(groups_.Bytes()));
    }
  }

  absl::Status GatherMorsels() {
    MorselRun run(
        node_, *ScanBelow(node_), context_,
        [this](ExecutionContext* context) -> absl::StatusOr<std::unique_ptr<MorselWorker>> {
          RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                                  MakeOperator(*node_.children[0], context));
          return std::make_unique<GroupingWorker>(node_, context, std::move(child));
        });
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<MorselResult> result, run.Next());
      if (result == nullptr) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(groups_.Merge(static_cast<MorselGroups&>(*result).groups));
      RELATA_RETURN_IF_ERROR(meter_.Hold(groups_.Bytes()));
    }
  }

  const PlanNode& node_;
  const AggregatePlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  RowGrouping grouping_;
  const std::unique_ptr<Operator> child_;
  AggregateGroups groups_;
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeAggregate(const PlanNode& plan, ExecutionContext* context) {
  if (std::get<AggregatePlan>(plan.op).by_morsels) {
    if (ScanBelow(plan) == nullptr) {
      return absl::InternalError("an aggregation by morsels has no scan below it");
    }
    return std::make_unique<Aggregate>(plan, context, nullptr);
  }
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Aggregate>(plan, context, std::move(child));
}

}  // namespace relata::query
