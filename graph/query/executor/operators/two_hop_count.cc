#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/adjacency/lane_scan.h"
#include "graph/query/executor/operators/edge_visits.h"
#include "graph/query/executor/operators/label_test.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/walk_steps.h"
#include "graph/query/executor/range_fills.h"

namespace relata::query {
namespace {

LabelsCondition NameCondition(const std::string& label) {
  LabelsCondition condition;
  condition.name = label;
  return condition;
}

// For each middle node the product of its degrees, less the pairs that are one relationship twice.
class TwoHopCount : public Operator {
 public:
  TwoHopCount(const PlanNode& plan, ExecutionContext* context)
      : plan_(std::get<TwoHopCountPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        left_condition_(NameCondition(plan_.left_label)),
        right_condition_(NameCondition(plan_.right_label)),
        left_labels_(left_condition_, context, plan_.context),
        right_labels_(right_condition_, context, plan_.context) {}

  absl::Status Open(const Batch* /*argument*/) override {
    given_ = false;
    left_labels_.Restart();
    right_labels_.Restart();
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = 0;
    if (given_) return false;
    given_ = true;
    RELATA_ASSIGN_OR_RETURN(const int64_t count, CountAll());
    out->rows = 1;
    out->columns.emplace_back(Column::Kind::kInt).Append(Datum::Int(count));
    return true;
  }

 private:
  // A relationship of a middle node with itself.
  using Loop = std::pair<size_t, RelationshipId>;
  // The edges of a piece of middle nodes on one side.
  struct Side {
    Expansion expansion;
    std::vector<uint8_t> fits;  // by edge; empty: all do
    // Where edges are only counted: how many each middle node has, and those of its loops.
    std::vector<uint64_t> counts;
    std::vector<Loop> loops;
  };
  static constexpr size_t kPiece = 256;
  // Middle nodes that the cache does not know and whose sides are read at once, and those of one
  // range: several threads share them.
  static constexpr size_t kFilled = 4096;
  static constexpr uint64_t kRange = 1024;

  absl::StatusOr<int64_t> CountAll() {
    const NameTable& names = context_->reader->names();
    // Seen from the middle, the first relationship is walked backwards.
    const auto first = ResolveSteps(names, plan_.first_types, Reversed(plan_.first));
    const auto second = ResolveSteps(names, plan_.second_types, plan_.second);
    std::optional<LabelId> label;
    if (!plan_.middle_label.empty()) label = names.FindLabel(plan_.middle_label);
    if (!first || !second || (!label && !plan_.middle_label.empty())) return 0;
    if (CanCount() && !label && OneType(*first) && OneType(*second)) {
      const ReadContext& c = context_->reader->context(plan_.context);
      LaneScan left(c.snapshot, first->front().type, plan_.first == EdgeDirection::kIn, c.view);
      LaneScan right(c.snapshot, second->front().type, plan_.second == EdgeDirection::kOut, c.view);
      if (left.usable() && !context_->reader->OverlaysEdges(plan_.context)) {
        return CountByArrays(left, right, *first, *second);
      }
    }
    uint64_t count = 0;
    EntityId after;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> middles,
                              context_->reader->ListEntities(plan_.context, label, after, kPiece));
      if (middles.empty()) return static_cast<int64_t>(count);
      after = middles.back();
      if (CanCount()) {
        RELATA_ASSIGN_OR_RETURN(const uint64_t counted, CountBySides(middles, *first, *second));
        count += counted;
        continue;
      }
      RELATA_RETURN_IF_ERROR(ExpandSide(middles, *first, plan_.left_label, left_labels_, &left_));
      RELATA_RETURN_IF_ERROR(
          ExpandSide(middles, *second, plan_.right_label, right_labels_, &right_));
      for (size_t i = 0; i < middles.size(); ++i) count += CountAt(i);
    }
  }

  // By the sizes of arrays where the cache has them: the edges of every id in turn, without a list
  // of the entities; those that the cache does not know, and those with loops, one by one.
  absl::StatusOr<int64_t> CountByArrays(LaneScan& left, LaneScan& right,
                                        const std::vector<Step>& first,
                                        const std::vector<Step>& second) {
    const Snapshot& snapshot = context_->reader->context(plan_.context).snapshot;
    RELATA_ASSIGN_OR_RETURN(const EntityId end, EndOfEntities(snapshot.store()));
    uint64_t count = 0;
    std::vector<EntityId> others;
    for (uint64_t page = 0; page < end.value(); page += LaneScan::kPage) {
      count += CountPage(left, right, page, end, &others);
      RELATA_RETURN_IF_ERROR(meter_.Work(LaneScan::kPage));
      if (others.size() < kFilled && page + LaneScan::kPage < end.value()) continue;
      RELATA_RETURN_IF_ERROR(FillBoth(others, first.front().type, second.front().type));
      RELATA_ASSIGN_OR_RETURN(const uint64_t counted, CountBySides(others, first, second));
      count += counted;
      others.clear();
    }
    return static_cast<int64_t>(count);
  }

  // Reads both sides of the middle nodes, which the cache does not know, into it at once, where
  // they stand close together.
  absl::Status FillBoth(const std::vector<EntityId>& middles, TypeId first, TypeId second) {
    const Snapshot& snapshot = context_->reader->context(plan_.context).snapshot;
    if (middles.empty() || !snapshot.store().at_head()) return absl::OkStatus();
    const uint64_t span = middles.back().value() - middles.front().value() + 1;
    if (span > 2 * middles.size()) return absl::OkStatus();
    std::vector<RangeToFill> ranges;
    for (const auto& [type, outgoing] : {std::pair(first, plan_.first == EdgeDirection::kIn),
                                         std::pair(second, plan_.second == EdgeDirection::kOut)}) {
      const uint64_t end = middles.back().value() + 1;
      for (uint64_t id = middles.front().value(); id < end; id += kRange) {
        RangeToFill& range = ranges.emplace_back();
        range.type = type;
        range.outgoing = outgoing;
        range.first = EntityId(id);
        range.end = EntityId(std::min(id + kRange, end));
      }
    }
    RELATA_ASSIGN_OR_RETURN(const uint64_t read,
                            FillRanges(snapshot, std::move(ranges), *context_));
    meter_.Fetched(read);
    return absl::OkStatus();
  }

  uint64_t CountPage(LaneScan& left, LaneScan& right, uint64_t page, EntityId end,
                     std::vector<EntityId>* others) const {
    const AdjacencyCache::Pin pin(
        context_->reader->context(plan_.context).snapshot.adjacency_cache());
    // Where nothing goes on from, what comes in does not matter, and perhaps nobody knows it.
    const PageCounts* const right_counts = right.LoadCounts(page, end);
    if (right_counts != nullptr && right_counts->some == 0) return 0;
    const PageCounts* const left_counts = left.LoadCounts(page, end);
    if (left_counts != nullptr && left_counts->some == 0) return 0;
    if (left_counts != nullptr && right_counts != nullptr) {
      return CountCounted(*left_counts, *right_counts, page, others);
    }
    left.Load(page);
    right.Load(page);
    uint64_t count = 0;
    for (uint64_t i = 0; i < LaneScan::kPage; ++i) {
      const EntityId middle(page + i);
      const bool none =
          (left.known(i) && !left.has_array(i)) || (right.known(i) && !right.has_array(i));
      if (none || !middle.valid() || middle >= end) continue;
      if (!left.known(i) || !right.known(i) || right.MayLoop(i)) {
        others->push_back(middle);
      } else {
        count += left.Count(i) * right.Count(i);
      }
    }
    return count;
  }

  static uint64_t CountCounted(const PageCounts& left, const PageCounts& right, uint64_t page,
                               std::vector<EntityId>* others) {
    uint64_t count = 0;
    for (size_t i = 0; i < PageCounts::kEntities; ++i) {
      count += uint64_t{left.counts[i]} * right.counts[i];
    }
    for (uint64_t loops = right.loops; loops != 0; loops &= loops - 1) {
      const auto i = static_cast<size_t>(std::countr_zero(loops));
      count -= uint64_t{left.counts[i]} * right.counts[i];
      others->push_back(EntityId(page + i));
    }
    return count;
  }

  absl::StatusOr<uint64_t> CountBySides(const std::vector<EntityId>& middles,
                                        const std::vector<Step>& first,
                                        const std::vector<Step>& second) {
    RELATA_RETURN_IF_ERROR(CountSide(middles, first, &left_));
    RELATA_RETURN_IF_ERROR(CountSide(middles, second, &right_));
    uint64_t count = 0;
    for (size_t i = 0; i < middles.size(); ++i) count += left_.counts[i] * right_.counts[i];
    return count - CountLoops();
  }

  absl::Status ExpandSide(const std::vector<EntityId>& middles, const std::vector<Step>& steps,
                          const std::string& label, FarLabelTest& labels, Side* side) {
    RELATA_RETURN_IF_ERROR(
        context_->reader->Expand(plan_.context, middles, steps, &side->expansion));
    RELATA_RETURN_IF_ERROR(meter_.Expanded(side->expansion.edges.size()));
    RELATA_RETURN_IF_ERROR(meter_.Hold(
        (left_.expansion.edges.capacity() + right_.expansion.edges.capacity()) * sizeof(Edge)));
    side->fits.clear();
    if (label.empty()) return absl::OkStatus();
    return labels.Test(middles, side->expansion, &side->fits);
  }

  // Every type has arrays of its own.
  static bool OneType(const std::vector<Step>& steps) {
    return steps.size() == 1 && steps.front().type.valid();
  }

  // Whether no edge needs a look but loops: one side comes in and the other goes out, so that only
  // a loop can be on both.
  bool CanCount() const {
    return plan_.left_label.empty() && plan_.right_label.empty() && plan_.first == plan_.second &&
           plan_.first != EdgeDirection::kEither;
  }

  absl::Status CountSide(const std::vector<EntityId>& middles, const std::vector<Step>& steps,
                         Side* side) {
    side->counts.assign(middles.size(), 0);
    side->loops.clear();
    RELATA_RETURN_IF_ERROR(VisitEdges(*context_->reader, plan_.context, middles, steps,
                                      [&](size_t i, const auto& edge) {
                                        ++side->counts[i];
                                        if (edge.neighbour() == middles[i]) {
                                          side->loops.emplace_back(i, edge.relationship());
                                        }
                                      }));
    std::sort(side->loops.begin(), side->loops.end());
    return meter_.Expanded(std::accumulate(side->counts.begin(), side->counts.end(), uint64_t{0}));
  }

  // Pairs of a loop and itself. Under a window one may come more than once on each side.
  uint64_t CountLoops() const {
    uint64_t pairs = 0;
    auto right = right_.loops.begin();
    for (const Loop& loop : left_.loops) {
      while (right != right_.loops.end() && *right < loop) ++right;
      for (auto same = right; same != right_.loops.end() && *same == loop; ++same) ++pairs;
    }
    return pairs;
  }

  // The relationships of the i-th middle node on a side, ascending.
  static void Collect(const Side& side, size_t i, std::vector<RelationshipId>* ids) {
    ids->clear();
    const absl::Span<const Edge> edges = side.expansion.of(i);
    const size_t first = side.expansion.offsets[i];
    for (size_t e = 0; e < edges.size(); ++e) {
      if (side.fits.empty() || side.fits[first + e] != 0) ids->push_back(edges[e].relationship);
    }
    std::sort(ids->begin(), ids->end());
  }

  uint64_t CountAt(size_t i) {
    if (left_.expansion.of(i).empty() || right_.expansion.of(i).empty()) return 0;
    Collect(left_, i, &left_ids_);
    Collect(right_, i, &right_ids_);
    uint64_t same = 0;
    size_t l = 0;
    size_t r = 0;
    while (l < left_ids_.size() && r < right_ids_.size()) {
      if (left_ids_[l] != right_ids_[r]) {
        ++(left_ids_[l] < right_ids_[r] ? l : r);
        continue;
      }
      // Under a window a relationship may come more than once on each side.
      const RelationshipId id = left_ids_[l];
      const size_t l_begin = l;
      const size_t r_begin = r;
      while (l < left_ids_.size() && left_ids_[l] == id) ++l;
      while (r < right_ids_.size() && right_ids_[r] == id) ++r;
      same += (l - l_begin) * (r - r_begin);
    }
    return left_ids_.size() * right_ids_.size() - same;
  }

  const TwoHopCountPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const LabelsCondition left_condition_;
  const LabelsCondition right_condition_;
  FarLabelTest left_labels_;
  FarLabelTest right_labels_;
  Side left_;
  Side right_;
  std::vector<RelationshipId> left_ids_;
  std::vector<RelationshipId> right_ids_;
  bool given_ = false;
};

}  // namespace

MadeOperator MakeTwoHopCount(const PlanNode& plan, ExecutionContext* context) {
  return std::make_unique<TwoHopCount>(plan, context);
}

}  // namespace relata::query
