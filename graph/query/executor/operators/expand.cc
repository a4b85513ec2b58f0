#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/label_test.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// Expands the start nodes of an input batch in pieces, each in one call. Rows with the same start
// node next to each other share its edges. Where both ends are known and a single row, as of MERGE,
// would look through many edges, the pair is looked up instead.
class Expand : public RowExpander {
 public:
  Expand(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), NewColumns(std::get<ExpandPlan>(plan.op))),
        plan_(std::get<ExpandPlan>(plan.op)),
        excluded_(plan_.different_from) {
    if (plan_.has_far_labels) labels_.emplace(plan_.far_labels, context, plan_.context);
  }

 protected:
  void Restart() override {
    if (labels_) labels_->Restart();
    vertices_per_call_ = 16;
  }

  absl::Status Begin(const Batch& input) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    next_row_ = 0;
    starts_.clear();
    rows_.clear();
    row_ = 0;
    edge_ = 0;
    if (!steps_) next_row_ = static_cast<uint32_t>(input.rows);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    while (true) {
      if (row_ == rows_.size()) {
        if (next_row_ == input.rows) return false;
        RELATA_RETURN_IF_ERROR(ExpandMore(input));
        continue;
      }
      if (writer.size() >= limit) return true;
      if (plan_.into && into_indexed_) {
        GiveIndexed(input, writer);
      } else {
        GiveEdges(input, limit, writer);
      }
    }
  }

 private:
  // About so many edges are wanted of one call, for each row of output.
  static constexpr size_t kEdgesPerRow = 4;
  // From so many comparisons on it pays to look edges up by their far node.
  static constexpr size_t kWorthIndexing = 4096;
  // From so many edges of a vertex on it pays to look a pair up.
  static constexpr size_t kManyEdges = 128;

  struct InputRow {
    uint32_t row;     // of the input
    uint32_t vertex;  // index in starts_
  };

  static std::vector<Column::Kind> NewColumns(const ExpandPlan& plan) {
    std::vector<Column::Kind> kinds = {Column::Kind::kRelationship};
    if (!plan.into) kinds.push_back(Column::Kind::kNode);
    return kinds;
  }

  // The edges of the next rows.
  absl::Status ExpandMore(const Batch& input) {
    starts_.clear();
    rows_.clear();
    row_ = 0;
    edge_ = 0;
    const Column& from = input.columns[plan_.from];
    absl::flat_hash_map<EntityId, uint32_t> known;
    for (; next_row_ < input.rows && starts_.size() < vertices_per_call_; ++next_row_) {
      const std::optional<NodeRef> start = NodeAt(from, next_row_);
      if (!start) continue;
      if (plan_.into && !NodeAt(input.columns[*plan_.into], next_row_)) continue;
      uint32_t vertex = static_cast<uint32_t>(starts_.size());
      if (!starts_.empty() && starts_.back() == start->id) {
        --vertex;
      } else if (plan_.into) {
        vertex = known.emplace(start->id, vertex).first->second;
      }
      if (vertex == starts_.size()) starts_.push_back(start->id);
      rows_.push_back({next_row_, vertex});
    }
    if (starts_.empty()) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(FindEdges(input));
    RELATA_RETURN_IF_ERROR(meter_.Expanded(expansion_.edges.size()));
    RELATA_RETURN_IF_ERROR(meter_.Hold(expansion_.edges.capacity() * sizeof(Edge)));
    const size_t per_vertex = expansion_.edges.size() / starts_.size() + 1;
    vertices_per_call_ =
        std::clamp<size_t>(kEdgesPerRow * context_->batch_rows / per_vertex, 1, 1024);
    if (labels_) RELATA_RETURN_IF_ERROR(labels_->Test(starts_, expansion_, &far_fits_));
    if (plan_.into) IndexFarNodes();
    return absl::OkStatus();
  }

  // Sets `expansion_` to the edges of `starts_`.
  absl::Status FindEdges(const Batch& input) {
    GraphReader& reader = *context_->reader;
    const bool one_pair = plan_.into && rows_.size() == 1 &&
                          std::all_of(steps_->begin(), steps_->end(),
                                      [](const Step& step) { return step.type.valid(); });
    if (one_pair && many_edges_) {
      const EntityId into = NodeAt(input.columns[*plan_.into], rows_[0].row)->id;
      RELATA_RETURN_IF_ERROR(
          reader.ExpandPair(plan_.context, starts_[0], into, *steps_, &expansion_.edges));
      expansion_.offsets = {0, expansion_.edges.size()};
      return absl::OkStatus();
    }
    RELATA_RETURN_IF_ERROR(reader.Expand(plan_.context, starts_, *steps_, &expansion_));
    many_edges_ = one_pair && expansion_.edges.size() > kManyEdges;
    return absl::OkStatus();
  }

  void GiveEdges(const Batch& input, size_t limit, RowWriter& writer) {
    const InputRow& at = rows_[row_];
    const absl::Span<const Edge> edges = expansion_.of(at.vertex);
    if (edge_ == 0 && !plan_.different_from.empty()) excluded_.Load(input, at.row);
    std::optional<EntityId> into;
    if (plan_.into) into = NodeAt(input.columns[*plan_.into], at.row)->id;
    const size_t first = expansion_.offsets[at.vertex];
    for (; edge_ < edges.size() && writer.size() < limit; ++edge_) {
      const Edge& edge = edges[edge_];
      if (into && edge.neighbour != *into) continue;
      if (labels_ && far_fits_[first + edge_] == 0) continue;
      Give(edge, at, writer);
    }
    if (edge_ == edges.size()) {
      ++row_;
      edge_ = 0;
    }
  }

  void Give(const Edge& edge, const InputRow& at, RowWriter& writer) {
    if (!plan_.different_from.empty() && excluded_.Contains(edge.relationship)) return;
    writer.Add(at.row);
    writer.column(0).Append(ToRelationship(edge, starts_[at.vertex], plan_.context));
    if (!plan_.into) writer.column(1).Append(NodeRef{edge.neighbour, plan_.context});
  }

  // For `into`: where many rows look through many edges, sorts the edges of each start node by far
  // node (equal ones stay in their order).
  void IndexFarNodes() {
    into_indexed_ = rows_.size() > starts_.size() &&
                    expansion_.edges.size() / starts_.size() * rows_.size() > kWorthIndexing;
    if (!into_indexed_) return;
    by_far_node_.resize(expansion_.edges.size());
    for (size_t i = 0; i < by_far_node_.size(); ++i) by_far_node_[i] = static_cast<uint32_t>(i);
    const auto nearer = [this](uint32_t a, uint32_t b) {
      return std::make_pair(expansion_.edges[a].neighbour, a) <
             std::make_pair(expansion_.edges[b].neighbour, b);
    };
    for (size_t i = 0; i < starts_.size(); ++i) {
      std::sort(by_far_node_.begin() + static_cast<ptrdiff_t>(expansion_.offsets[i]),
                by_far_node_.begin() + static_cast<ptrdiff_t>(expansion_.offsets[i + 1]), nearer);
    }
  }

  // All edges of one row at once.
  void GiveIndexed(const Batch& input, RowWriter& writer) {
    const InputRow& at = rows_[row_++];
    if (!plan_.different_from.empty()) excluded_.Load(input, at.row);
    const EntityId into = NodeAt(input.columns[*plan_.into], at.row)->id;
    auto position = std::lower_bound(
        by_far_node_.begin() + static_cast<ptrdiff_t>(expansion_.offsets[at.vertex]),
        by_far_node_.begin() + static_cast<ptrdiff_t>(expansion_.offsets[at.vertex + 1]), into,
        [this](uint32_t edge, EntityId node) { return expansion_.edges[edge].neighbour < node; });
    const auto end =
        by_far_node_.begin() + static_cast<ptrdiff_t>(expansion_.offsets[at.vertex + 1]);
    for (; position != end && expansion_.edges[*position].neighbour == into; ++position) {
      if (labels_ && far_fits_[*position] == 0) continue;
      Give(expansion_.edges[*position], at, writer);
    }
  }

  const ExpandPlan& plan_;
  ExcludedIds excluded_;
  std::optional<FarLabelTest> labels_;
  std::optional<std::vector<Step>> steps_;
  size_t vertices_per_call_ = 16;
  bool many_edges_ = false;  // the last single pair had a start of many edges
  uint32_t next_row_ = 0;    // of the input, not expanded yet
  // What one call gave.
  std::vector<EntityId> starts_;
  std::vector<InputRow> rows_;
  Expansion expansion_;
  std::vector<uint8_t> far_fits_;      // by edge
  std::vector<uint32_t> by_far_node_;  // edges, where into_indexed_
  bool into_indexed_ = false;
  // What is given next.
  size_t row_ = 0;   // in rows_
  size_t edge_ = 0;  // of its start node
};

}  // namespace

MadeOperator MakeExpand(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Expand>(plan, context, std::move(child));
}

}  // namespace relata::query
