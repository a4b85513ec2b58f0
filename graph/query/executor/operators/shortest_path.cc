#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/deepening_search.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_count.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/selector_count.h"
#include "graph/query/executor/operators/shortest_cycle.h"
#include "graph/query/executor/operators/shortest_search.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

using Selector = BoundPath::Selector;

// For each row takes walks by ascending length from searches, and keeps those that meet the
// condition and that the selector wants. Where the shortest walks of all are asked for, they come
// from a breadth-first search; only where the condition rejects them, or for other selectors, walks
// are enumerated by length.
class ShortestPath : public RowExpander {
 public:
  ShortestPath(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    NewColumns(std::get<ShortestPathPlan>(plan.op))),
        plan_(std::get<ShortestPathPlan>(plan.op)),
        filter_(plan_.context, no_exclusions_, plan_.each, plan_.each_node, context, &meter_),
        shortest_(&filter_, plan, context, plan_.context),
        cycle_(&filter_, plan, context, plan_.context),
        deepening_(&filter_, plan, context, plan_.context, plan_.mode),
        rejects_(!plan_.condition.empty() && !plan_.condition_covered) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction)
                 .value_or(std::vector<Step>());
    row_ = 0;
    started_ = false;
    RELATA_ASSIGN_OR_RETURN(count_, EvaluateRowCount(plan_.count, "a path selector", 1, *context_));
    selector_ = plan_.selector;
    const bool one = selector_ == Selector::kAny || selector_ == Selector::kShortest;
    if (count_ == 1 && one) selector_ = Selector::kAnyShortest;
    if (count_ == 1 && selector_ == Selector::kShortestGroups) selector_ = Selector::kAllShortest;
    breadth_first_ = plan_.min <= 1 &&
                     (selector_ == Selector::kAnyShortest || selector_ == Selector::kAllShortest);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, started_ = false) {
      if (writer.Full(limit)) return true;
      if (!started_) {
        RELATA_ASSIGN_OR_RETURN(const bool possible, StartRow(input));
        if (!possible) continue;
      }
      RELATA_ASSIGN_OR_RETURN(const bool more, GivePaths(input, limit, writer));
      if (more) return true;
    }
    return false;
  }

 private:
  // Where walks come from at the moment.
  enum class Phase { kEmptyWalk, kBreadthFirst, kWayBack, kByLength, kDone };
  struct Walk {
    Datum::List relationships;
    NodeRef end;
    int64_t length() const { return static_cast<int64_t>(relationships.size()); }
  };
  // So many walks are tested by the condition together.
  static constexpr size_t kTested = 16;

  static std::vector<Column::Kind> NewColumns(const ShortestPathPlan& plan) {
    std::vector<Column::Kind> kinds = {Column::Kind::kDatum};
    if (!plan.to) kinds.push_back(Column::Kind::kNode);
    return kinds;
  }

  absl::StatusOr<bool> StartRow(const Batch& input) {
    started_ = true;
    const std::optional<NodeRef> from = NodeAt(input.columns[plan_.from], row_);
    if (!from) return false;
    from_ = *from;
    to_.reset();
    if (plan_.to) {
      const std::optional<NodeRef> to = NodeAt(input.columns[*plan_.to], row_);
      if (!to) return false;
      to_ = to->id;
    }
    filter_.StartRow(input, row_);
    counts_.clear();
    settled_.clear();
    accepted_.clear();
    next_ = 0;
    shortest_length_ = 0;
    empty_given_ = false;
    if (!breadth_first_) {
      RELATA_RETURN_IF_ERROR(SearchByLength(to_, plan_.min));
    } else if (plan_.min == 0 && (!to_ || *to_ == from_.id)) {
      phase_ = Phase::kEmptyWalk;
    } else {
      RELATA_RETURN_IF_ERROR(SearchBreadthFirst());
    }
    return true;
  }

  absl::Status SearchByLength(std::optional<EntityId> to, int64_t min) {
    phase_ = Phase::kByLength;
    if (to) return deepening_.Start(from_.id, to, steps_, min, plan_.max);
    return deepening_.StartToWanted(
        from_.id, steps_, min, plan_.max, [this](EntityId end, int64_t length) {
          const auto count = counts_.find(end);
          return !settled_.contains(end) &&
                 (count == counts_.end() || count->second.Wants(selector_, count_, length));
        });
  }

  absl::Status SearchBreadthFirst() {
    if (to_ && *to_ == from_.id) return SearchWayBack();
    phase_ = Phase::kBreadthFirst;
    shortest_.Start(from_.id, to_, steps_, steps_.empty() ? 0 : plan_.max,
                    selector_ == Selector::kAllShortest);
    return absl::OkStatus();
  }

  // Walks from the start to itself.
  absl::Status SearchWayBack() {
    phase_ = Phase::kDone;
    if (plan_.mode == BoundPathMode::kAcyclic || steps_.empty()) return absl::OkStatus();
    // In one direction the distances to the start lead straight back; a WALK may go there and back.
    if (plan_.direction != EdgeDirection::kEither || plan_.mode == BoundPathMode::kWalk)
      return SearchByLength(from_.id, 1);
    RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipRef> way,
                            cycle_.Find(from_.id, steps_, plan_.max));
    if (way.empty()) return absl::OkStatus();
    if (rejects_ || selector_ == Selector::kAllShortest)
      return SearchByLength(from_.id, static_cast<int64_t>(way.size()));
    way_back_.clear();
    for (const RelationshipRef& relationship : way) way_back_.push_back(Datum::Of(relationship));
    phase_ = Phase::kWayBack;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> GivePaths(const Batch& input, size_t limit, RowWriter& writer) {
    while (!writer.Full(limit)) {
      if (next_ == accepted_.size()) {
        RELATA_ASSIGN_OR_RETURN(const bool more, FindMore(input));
        if (!more) return false;
        continue;
      }
      Walk& walk = accepted_[next_++];
      SelectorCount& count = counts_[walk.end.id];
      if (!count.Keep(selector_, count_, walk.length())) continue;
      // No walk that comes later can be wanted.
      if (to_ && !count.Wants(selector_, count_, walk.length())) phase_ = Phase::kDone;
      writer.Add(row_);
      writer.Count(walk.relationships.size() * sizeof(Datum));
      writer.column(0).Append(Datum::Of(std::move(walk.relationships)));
      if (!plan_.to) writer.column(1).Append(walk.end);
    }
    return true;
  }

  // Sets `accepted_` to more walks that meet the condition, perhaps none; false at the end.
  absl::StatusOr<bool> FindMore(const Batch& input) {
    accepted_.clear();
    next_ = 0;
    const size_t wanted = plan_.condition.empty() ? 1 : kTested;
    RELATA_RETURN_IF_ERROR(
        meter_.Hold(counts_.capacity() * (sizeof(decltype(counts_)::value_type) + 1) +
                    settled_.capacity() * (sizeof(EntityId) + 1)));
    while (accepted_.size() < wanted && phase_ != Phase::kDone) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      RELATA_ASSIGN_OR_RETURN(std::optional<Walk> walk, NextWalk());
      if (!walk) {
        // What was found so far decides whether a further search is needed.
        if (!accepted_.empty()) break;
        RELATA_RETURN_IF_ERROR(NextPhase());
        continue;
      }
      if (settled_.contains(walk->end.id)) continue;
      if (!counts_[walk->end.id].Wants(selector_, count_, walk->length())) {
        if (to_) phase_ = Phase::kDone;
        continue;
      }
      accepted_.push_back(*std::move(walk));
    }
    if (accepted_.empty()) return false;
    if (!plan_.condition.empty()) RELATA_RETURN_IF_ERROR(TestCondition(input));
    return true;
  }

  // nullopt: the phase is over.
  absl::StatusOr<std::optional<Walk>> NextWalk() {
    if (phase_ == Phase::kEmptyWalk) {
      if (std::exchange(empty_given_, true)) return std::nullopt;
      return Walk{{}, from_};
    }
    if (phase_ == Phase::kBreadthFirst) {
      RELATA_ASSIGN_OR_RETURN(const bool more, shortest_.Next());
      if (!more) return std::nullopt;
      shortest_length_ = static_cast<int64_t>(shortest_.relationships().size());
      return Walk{shortest_.relationships(), {shortest_.end(), plan_.context}};
    }
    if (phase_ == Phase::kWayBack) {
      if (way_back_.empty()) return std::nullopt;
      return Walk{std::exchange(way_back_, {}), {from_.id, plan_.context}};
    }
    RELATA_ASSIGN_OR_RETURN(const bool more, deepening_.Next());
    if (!more) return std::nullopt;
    if (deepening_.relationships().empty()) return Walk{{}, from_};
    return Walk{deepening_.relationships(), {deepening_.end(), plan_.context}};
  }

  absl::Status NextPhase() {
    if (phase_ == Phase::kEmptyWalk) return SearchBreadthFirst();
    if (phase_ == Phase::kBreadthFirst && to_) {
      // Longer walks are needed only where the condition rejected all of the shortest.
      if (rejects_ && shortest_length_ > 0 && counts_[*to_].paths() == 0) {
        return SearchByLength(to_,
                              shortest_length_ + (selector_ == Selector::kAllShortest ? 1 : 0));
      }
    } else if (phase_ == Phase::kBreadthFirst) {
      for (const auto& [node, count] : counts_) {
        if (count.paths() > 0) settled_.insert(node);
      }
      if (rejects_) return SearchByLength(std::nullopt, 1);
      if (!settled_.contains(from_.id)) return SearchWayBack();
    }
    phase_ = Phase::kDone;
    return absl::OkStatus();
  }

  absl::Status TestCondition(const Batch& input) {
    Batch rows;
    rows.rows = accepted_.size();
    const std::vector<uint32_t> same(rows.rows, row_);
    for (const Column& column : input.columns) rows.columns.push_back(column.Gather(same));
    Column& lists = rows.columns.emplace_back(Column::Kind::kDatum);
    for (const Walk& walk : accepted_) lists.Append(Datum::Of(walk.relationships));
    if (!plan_.to) {
      Column& ends = rows.columns.emplace_back(Column::Kind::kNode);
      for (const Walk& walk : accepted_) ends.Append(walk.end);
    }
    std::vector<uint32_t> selected;
    RELATA_RETURN_IF_ERROR(plan_.condition.Select(*context_, rows, &selected));
    for (size_t i = 0; i < selected.size(); ++i) {
      if (selected[i] != i) accepted_[i] = std::move(accepted_[selected[i]]);
    }
    accepted_.resize(selected.size());
    return absl::OkStatus();
  }

  const ShortestPathPlan& plan_;
  const ExcludedColumns no_exclusions_;
  EdgeFilter filter_;
  ShortestSearch shortest_;
  ShortestCycle cycle_;
  DeepeningSearch deepening_;
  const bool rejects_;       // the condition may reject walks that a search finds
  std::vector<Step> steps_;  // none: no type that exists
  int64_t count_ = 1;
  Selector selector_ = Selector::kAll;  // what the plan's comes to with that count
  bool breadth_first_ = false;
  uint32_t row_ = 0;
  bool started_ = false;
  // Of the row at hand.
  NodeRef from_;
  std::optional<EntityId> to_;
  Phase phase_ = Phase::kDone;
  bool empty_given_ = false;
  Datum::List way_back_;                                 // not given yet
  int64_t shortest_length_ = 0;                          // of the last walk found breadth first
  absl::flat_hash_map<EntityId, SelectorCount> counts_;  // by end
  absl::flat_hash_set<EntityId> settled_;                // ends that want no more
  std::vector<Walk> accepted_;
  size_t next_ = 0;
};

}  // namespace

MadeOperator MakeShortestPath(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<ShortestPath>(plan, context, std::move(child));
}

}  // namespace relata::query
