#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/adjacency/node_set.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/executor/operators/far_search.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// Searches from the row's start, row after row, and counts what was not met before.
class FarCount : public Operator {
 public:
  FarCount(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : walk_(std::get<FarCountPlan>(plan.op).walk),
        context_(context),
        meter_(plan, context),
        met_memory_(context->budget),
        child_(std::move(child)),
        filter_(walk_.context, walk_.different_from, walk_.each, walk_.each_node, context, &meter_),
        search_(walk_, plan, &filter_, &meter_, context) {}

  absl::Status Open(const Batch* argument) override {
    given_ = false;
    met_.clear();
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = 0;
    if (given_) return false;
    given_ = true;
    steps_ = ResolveSteps(context_->reader->names(), walk_.types, walk_.direction);
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) break;
      for (uint32_t row = 0; row < input.rows; ++row) {
        RELATA_RETURN_IF_ERROR(SearchFrom(input, row));
      }
    }
    out->rows = 1;
    out->columns.emplace_back(Column::Kind::kInt)
        .Append(Datum::Int(static_cast<int64_t>(met_.size())));
    return true;
  }

 private:
  absl::Status SearchFrom(const Batch& input, uint32_t row) {
    const std::optional<NodeRef> start = NodeAt(input.columns[walk_.from], row);
    if (!start) return absl::OkStatus();
    filter_.StartRow(input, row);
    search_.Start(start->id, steps_, std::nullopt);
    while (true) {
      found_.clear();
      RELATA_ASSIGN_OR_RETURN(const bool more, search_.Next(&found_));
      if (!more) return absl::OkStatus();
      for (const EntityId node : found_) met_.insert(node);
      RELATA_RETURN_IF_ERROR(met_memory_.Set(met_.Bytes() + found_.capacity() * sizeof(EntityId)));
    }
  }

  const VarExpandPlan& walk_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  MemoryHold met_memory_;
  const std::unique_ptr<Operator> child_;
  EdgeFilter filter_;
  FarSearch search_;
  std::optional<std::vector<Step>> steps_;
  std::vector<EntityId> found_;
  NodeSet met_;
  bool given_ = false;
};

}  // namespace

MadeOperator MakeFarCount(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<FarCount>(plan, context, std::move(child));
}

}  // namespace relata::query
