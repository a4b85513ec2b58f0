#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// Walks depth first: runs the inner plan from the end of the walk so far, holds its rows, and takes
// one after the other as the next repetition.
class QuantifiedExpand : public RowExpander {
 public:
  QuantifiedExpand(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child,
                   std::unique_ptr<Operator> inner)
      : RowExpander(plan, context, std::move(child),
                    NewColumns(std::get<QuantifiedExpandPlan>(plan.op))),
        plan_(std::get<QuantifiedExpandPlan>(plan.op)),
        inner_(std::move(inner)),
        excluded_(plan_.different_from) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    row_ = 0;
    started_ = false;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, started_ = false) {
      if (writer.Full(limit)) return true;
      if (!started_) {
        RELATA_ASSIGN_OR_RETURN(const bool possible, StartRow(input, writer));
        if (!possible) continue;
      }
      RELATA_ASSIGN_OR_RETURN(const bool more, Walk(input, limit, writer));
      if (more) return true;
    }
    return false;
  }

 private:
  // What the inner plan gave from one node; rows before `next` are done, the last of them is the
  // repetition at hand.
  struct Frame {
    Batch rows;
    size_t next = 0;
    size_t bytes = 0;
    size_t relationships = 0;  // what the repetition at hand added to relationships_ and nodes_
  };

  // Of a column beside its values: its own size, and what malloc keeps beside them.
  static constexpr size_t kColumnBytes = sizeof(Column) + 24;

  static std::vector<Column::Kind> NewColumns(const QuantifiedExpandPlan& plan) {
    std::vector<Column::Kind> kinds(1 + plan.groups.size(), Column::Kind::kDatum);
    if (!plan.into) kinds.push_back(Column::Kind::kNode);
    return kinds;
  }

  absl::StatusOr<bool> StartRow(const Batch& input, RowWriter& writer) {
    started_ = true;
    const std::optional<NodeRef> start = NodeAt(input.columns[plan_.from], row_);
    if (!start) return false;
    into_.reset();
    if (plan_.into) {
      const std::optional<NodeRef> node = NodeAt(input.columns[*plan_.into], row_);
      if (!node) return false;
      into_ = node->id;
    }
    excluded_.Load(input, row_);
    frames_.clear();
    relationships_.clear();
    taken_.clear();
    nodes_.assign(1, start->id);
    held_ = 0;
    if (plan_.min == 0) Give(*start, writer);
    if (plan_.max == 0) return false;
    RELATA_RETURN_IF_ERROR(Push(input, *start));
    return true;
  }

  absl::StatusOr<bool> Walk(const Batch& input, size_t limit, RowWriter& writer) {
    while (!frames_.empty()) {
      if (writer.Full(limit)) return true;
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      Frame& frame = frames_.back();
      TakeBack(frame);
      if (frame.next == frame.rows.rows) {
        held_ -= frame.bytes;
        frames_.pop_back();
        continue;
      }
      const size_t row = frame.next++;
      if (!Take(frame, row)) continue;
      const std::optional<NodeRef> end = NodeAt(frame.rows.columns[plan_.inner_end], row);
      if (!end) continue;
      const int64_t repetitions = static_cast<int64_t>(frames_.size());
      if (repetitions >= plan_.min) Give(*end, writer);
      // A repetition that goes nowhere leads to nothing new.
      const bool went = frame.relationships > 0 || plan_.max != INT64_MAX;
      const bool closed = plan_.mode == BoundPathMode::kSimple && frame.relationships > 0 &&
                          end->id == nodes_.front();
      if (repetitions < plan_.max && went && !closed) RELATA_RETURN_IF_ERROR(Push(input, *end));
    }
    return false;
  }

  absl::Status Push(const Batch& input, NodeRef start) {
    argument_.columns.clear();
    argument_.rows = 1;
    for (const Column& column : input.columns) argument_.columns.push_back(column.Gather({row_}));
    argument_.columns.emplace_back(Column::Kind::kNode).Append(start);
    RELATA_RETURN_IF_ERROR(inner_->Open(&argument_));
    Frame frame;
    frame.bytes = sizeof(Frame);
    Batch more;
    BatchMeasure measure;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool any, inner_->Next(&more));
      if (!any) break;
      if (more.rows == 0) continue;
      if (frame.rows.columns.empty()) frame.bytes += more.columns.size() * kColumnBytes;
      frame.rows.columns.resize(more.columns.size());
      for (size_t i = 0; i < more.columns.size(); ++i) {
        frame.rows.columns[i].AppendAll(more.columns[i]);
      }
      frame.rows.rows += more.rows;
      frame.bytes += measure.Add(more);
      RELATA_RETURN_IF_ERROR(meter_.Hold(held_ + frame.bytes));
    }
    held_ += frame.bytes;
    frames_.push_back(std::move(frame));
    return absl::OkStatus();
  }

  // Makes a row of the frame the repetition at hand; false where the walk may not take it.
  bool Take(Frame& frame, size_t row) {
    for (size_t i = 0; i < plan_.inner_relationships.size(); ++i) {
      const Datum step = frame.rows.columns[plan_.inner_relationships[i]].Get(row);
      if (step.kind() == Datum::Kind::kRelationship) {
        if (!TakeRelationship(frame, step)) return false;
      } else if (step.is_list()) {
        for (const Datum& element : step.AsList()) {
          if (!TakeRelationship(frame, element)) return false;
        }
      }
    }
    return true;
  }

  bool TakeRelationship(Frame& frame, const Datum& step) {
    if (step.kind() != Datum::Kind::kRelationship) return true;
    const RelationshipEnds& ends = step.AsRelationship().ends;
    if (excluded_.Contains(ends.id)) return false;
    if (plan_.mode != BoundPathMode::kWalk && taken_.contains(ends.id)) return false;
    const EntityId far = ends.from == nodes_.back() ? ends.to : ends.from;
    if (plan_.mode == BoundPathMode::kAcyclic || plan_.mode == BoundPathMode::kSimple) {
      // A simple walk that has come back to its start goes no further.
      if (plan_.mode == BoundPathMode::kSimple && nodes_.size() > 1 &&
          nodes_.back() == nodes_.front()) {
        return false;
      }
      const bool seen = std::find(nodes_.begin(), nodes_.end(), far) != nodes_.end();
      if (seen && (plan_.mode == BoundPathMode::kAcyclic || far != nodes_.front())) return false;
    }
    relationships_.push_back(step);
    taken_.insert(ends.id);
    nodes_.push_back(far);
    ++frame.relationships;
    return true;
  }

  // Undoes Take.
  void TakeBack(Frame& frame) {
    for (; frame.relationships > 0; --frame.relationships) {
      taken_.erase(relationships_.back().AsRelationship().ends.id);
      relationships_.pop_back();
      nodes_.pop_back();
    }
  }

  // The walk at hand, where it ends at the right node.
  void Give(NodeRef end, RowWriter& writer) {
    if (into_ && end.id != *into_) return;
    writer.Add(row_);
    writer.Count((relationships_.size() + plan_.groups.size() * frames_.size()) * sizeof(Datum));
    writer.column(0).Append(Datum::Of(relationships_));
    for (size_t i = 0; i < plan_.groups.size(); ++i) {
      Datum::List group;
      for (const Frame& frame : frames_) {
        group.push_back(frame.rows.columns[plan_.groups[i]].Get(frame.next - 1));
      }
      writer.column(1 + i).Append(Datum::Of(std::move(group)));
    }
    if (!plan_.into) writer.column(1 + plan_.groups.size()).Append(end);
  }

  const QuantifiedExpandPlan& plan_;
  const std::unique_ptr<Operator> inner_;
  ExcludedIds excluded_;
  uint32_t row_ = 0;
  bool started_ = false;
  // Of the row at hand.
  std::optional<EntityId> into_;
  Batch argument_;
  std::vector<Frame> frames_;  // one a repetition
  Datum::List relationships_;
  absl::flat_hash_set<RelationshipId> taken_;
  std::vector<EntityId> nodes_;  // walked through, one more than relationships_
  size_t held_ = 0;
};

}  // namespace

MadeOperator MakeQuantifiedExpand(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> inner,
                          MakeOperator(*std::get<QuantifiedExpandPlan>(plan.op).inner, context));
  return std::make_unique<QuantifiedExpand>(plan, context, std::move(child), std::move(inner));
}

}  // namespace relata::query
