#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/executor/operators/far_search.h"
#include "graph/query/executor/operators/known_walk.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/trail_walk.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// One row after the other: walks depth first (TrailWalk), or only far nodes (FarSearch),
// or a list that is known (FollowKnownWalk).
class VarExpand : public RowExpander {
 public:
  VarExpand(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), NewColumns(std::get<VarExpandPlan>(plan.op))),
        plan_(std::get<VarExpandPlan>(plan.op)),
        filter_(plan_.context, plan_.different_from, plan_.each, plan_.each_node, context, &meter_),
        walk_(&filter_, plan, context, plan_.context, plan_.mode),
        far_search_(plan_, plan, &filter_, &meter_, context) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    row_ = 0;
    started_ = false;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, started_ = false) {
      if (writer.Full(limit)) return true;
      if (!started_ && !StartRow(input)) continue;
      if (plan_.known) {
        RELATA_RETURN_IF_ERROR(CheckKnown(input, writer));
        continue;
      }
      RELATA_ASSIGN_OR_RETURN(const bool more, plan_.distinct_far ? GiveFarNodes(limit, writer)
                                                                  : GiveWalks(limit, writer));
      if (more) return true;
    }
    return false;
  }

 private:
  static std::vector<Column::Kind> NewColumns(const VarExpandPlan& plan) {
    std::vector<Column::Kind> kinds = {Column::Kind::kDatum};
    if (!plan.into) kinds.push_back(Column::Kind::kNode);
    return kinds;
  }

  // False: the row gives nothing.
  bool StartRow(const Batch& input) {
    started_ = true;
    start_ = NodeAt(input.columns[plan_.from], row_);
    if (!start_) return false;
    into_.reset();
    if (plan_.into) {
      const std::optional<NodeRef> node = NodeAt(input.columns[*plan_.into], row_);
      if (!node) return false;
      into_ = node->id;
    }
    if (!plan_.known && !steps_ && plan_.min > 0) return false;
    filter_.StartRow(input, row_);
    found_.clear();
    next_found_ = 0;
    if (plan_.known) return true;
    if (plan_.distinct_far) {
      far_search_.Start(start_->id, steps_, into_);
    } else {
      // Without any type that exists only the empty walk is left.
      walk_.Start(start_->id, steps_ ? *steps_ : std::vector<Step>(), plan_.min, plan_.max, into_,
                  nullptr);
    }
    return true;
  }

  absl::StatusOr<bool> GiveWalks(size_t limit, RowWriter& writer) {
    while (!writer.Full(limit)) {
      RELATA_ASSIGN_OR_RETURN(const bool more, walk_.Next());
      if (!more) return false;
      if (into_ && walk_.end() != *into_) continue;
      writer.Count(walk_.relationships().size() * sizeof(Datum));
      Give(ListOfWalk(), EndOfWalk(), writer);
    }
    return true;
  }

  absl::StatusOr<bool> GiveFarNodes(size_t limit, RowWriter& writer) {
    while (true) {
      for (; next_found_ < found_.size(); ++next_found_) {
        const EntityId far = found_[next_found_];
        if (into_ && far != *into_) continue;
        if (writer.size() >= limit) return true;
        Give(Datum(), plan_.min == 0 && far == start_->id ? *start_ : At(far), writer);
        if (into_) return false;
      }
      found_.clear();
      next_found_ = 0;
      RELATA_ASSIGN_OR_RETURN(const bool more, far_search_.Next(&found_));
      if (!more) return false;
    }
  }

  absl::Status CheckKnown(const Batch& input, RowWriter& writer) {
    const Datum list = input.columns[*plan_.known].Get(row_);
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> end,
                            FollowKnownWalk(plan_, list, start_->id, steps_, &filter_));
    if (end && (!into_ || *end == *into_)) {
      Give(list, list.AsList().empty() ? *start_ : At(*end), writer);
    }
    return absl::OkStatus();
  }

  NodeRef At(EntityId node) const { return {node, plan_.context}; }
  // A walk of no relationship ends where it begins, in that node's own time context.
  NodeRef EndOfWalk() const { return walk_.relationships().empty() ? *start_ : At(walk_.end()); }

  Datum ListOfWalk() const {
    const Datum::List& walk = walk_.relationships();
    return Datum::Of(plan_.backwards ? Datum::List(walk.rbegin(), walk.rend()) : walk);
  }

  void Give(const Datum& list, NodeRef far, RowWriter& writer) {
    writer.Add(row_);
    writer.column(0).Append(list);
    if (!plan_.into) writer.column(1).Append(far);
  }

  const VarExpandPlan& plan_;
  EdgeFilter filter_;
  TrailWalk walk_;
  FarSearch far_search_;
  std::optional<std::vector<Step>> steps_;
  uint32_t row_ = 0;
  bool started_ = false;
  // Of the row at hand.
  std::optional<NodeRef> start_;
  std::optional<EntityId> into_;
  std::vector<EntityId> found_;
  size_t next_found_ = 0;
};

}  // namespace

MadeOperator MakeVarExpand(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<VarExpand>(plan, context, std::move(child));
}

}  // namespace relata::query
