#include <memory>
#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/morsel_run.h"
#include "graph/query/executor/operators/aggregate_groups.h"
#include "graph/query/executor/operators/edge_gathering.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

// The groups of one morsel.
struct MorselEdgeGroups : public MorselResult {
  MorselEdgeGroups(const PlanNode& plan, const EdgeAggregatePlan& op, ExecutionContext* context)
      : groups(op.keys.size(), op.aggregates), gathering(plan, context, &groups) {
    groups.Restart();
  }

  AggregateGroups groups;
  EdgeGathering gathering;  // counts what they hold
};

class EdgeGatheringWorker : public MorselWorker {
 public:
  EdgeGatheringWorker(const PlanNode& plan, ExecutionContext* context)
      : plan_(plan), context_(context) {}

  absl::StatusOr<std::unique_ptr<MorselResult>> Run() override {
    auto result =
        std::make_unique<MorselEdgeGroups>(plan_, std::get<EdgeAggregatePlan>(plan_.op), context_);
    const Morsel part = context_->morsel.value_or(Morsel{plan_.id, 0, UINT64_MAX});
    RELATA_RETURN_IF_ERROR(result->gathering.Add(part.after, part.last));
    return result;
  }

 private:
  const PlanNode& plan_;
  ExecutionContext* const context_;
};

class EdgeAggregate : public Operator {
 public:
  EdgeAggregate(const PlanNode& plan, ExecutionContext* context)
      : node_(plan),
        plan_(std::get<EdgeAggregatePlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        groups_(plan_.keys.size(), plan_.aggregates) {}

  absl::Status Open(const Batch* /*argument*/) override {
    gathering_.reset();
    groups_.Restart();
    gathered_ = false;
    return meter_.Hold(0);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(plan_.by_morsels ? GatherMorsels() : GatherAll());
      gathered_ = true;
    }
    RELATA_ASSIGN_OR_RETURN(const bool more, groups_.Give(context_->batch_rows, out));
    if (more) RELATA_RETURN_IF_ERROR(meter_.Work(out->rows));
    return more;
  }

 private:
  absl::Status GatherAll() {
    gathering_.emplace(node_, context_, &groups_);
    return gathering_->Add(0, UINT64_MAX);
  }

  absl::Status GatherMorsels() {
    MorselRun run(node_, node_, context_,
                  [this](ExecutionContext* context) -> std::unique_ptr<MorselWorker> {
                    return std::make_unique<EdgeGatheringWorker>(node_, context);
                  });
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<MorselResult> result, run.Next());
      if (result == nullptr) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(groups_.Merge(static_cast<MorselEdgeGroups&>(*result).groups));
      RELATA_RETURN_IF_ERROR(meter_.Hold(groups_.Bytes()));
    }
  }

  const PlanNode& node_;
  const EdgeAggregatePlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  AggregateGroups groups_;
  std::optional<EdgeGathering> gathering_;  // where it does not run by morsels
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeEdgeAggregate(const PlanNode& plan, ExecutionContext* context) {
  return std::make_unique<EdgeAggregate>(plan, context);
}

}  // namespace relata::query
