#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/adjacency/lane_scan.h"
#include "graph/query/executor/known_values.h"
#include "graph/query/executor/operators/aggregate_groups.h"
#include "graph/query/executor/operators/code_groups.h"
#include "graph/query/executor/operators/edge_visits.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

using Operand = EdgeAggregatePlan::Operand;
using Subject = EdgeAggregatePlan::Subject;
using Known = PropertyColumns::Column;

// Takes pieces of entities, in the order of ids: where the cache knows all their edges and all that
// is asked of these, codes of its columns are grouped and summed in bulk; else rows of the edges
// are made and their properties read, which makes them known.
class EdgeAggregate : public Operator {
 public:
  EdgeAggregate(const PlanNode& plan, ExecutionContext* context)
      : plan_(std::get<EdgeAggregatePlan>(plan.op)),
        context_(context),
        reader_(*context->reader),
        meter_(plan, context),
        groups_(plan_.keys.size(), plan_.aggregates),
        code_groups_(plan_.keys.size(), &groups_) {}

  absl::Status Open(const Batch* /*argument*/) override {
    groups_.Restart();
    code_groups_.Restart();
    gathered_ = false;
    return meter_.Hold(0);
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
  // Entities of a piece.
  static constexpr uint64_t kPiece = 1024;
  // Entities whose edges are read at once.
  static constexpr size_t kRead = 128;

  // Edges of a piece as the cache knows them.
  struct KnownEdges {
    std::vector<uint64_t> near;     // entities
    std::vector<uint32_t> near_of;  // of each edge, in `near`
    std::vector<uint64_t> facts;
    std::vector<uint64_t> far;  // empty where nothing is asked of it
  };

  absl::Status GatherAll() {
    steps_ = ResolveSteps(reader_.names(), {plan_.type}, plan_.direction);
    if (!steps_) return absl::OkStatus();
    const ReadContext& c = reader_.context(plan_.context);
    LaneScan scan(c.snapshot, steps_->front().type, plan_.direction == EdgeDirection::kOut, c.view);
    if (reader_.OverlaysEdges(plan_.context) || !scan.usable()) return ReadAll();
    RELATA_ASSIGN_OR_RETURN(const EntityId end, EndOfEntities(c.snapshot.store()));
    KnownEdges edges;
    std::vector<EntityId> unknown;
    for (uint64_t first = 0; first < end.value(); first += kPiece) {
      FindEdges(scan, first, end, &edges, &unknown);
      RELATA_ASSIGN_OR_RETURN(const bool added, AddKnown(edges));
      if (!added) {
        for (const uint64_t id : edges.near) unknown.push_back(EntityId(id));
        std::sort(unknown.begin(), unknown.end());
      }
      RELATA_RETURN_IF_ERROR(Read(unknown));
      RELATA_RETURN_IF_ERROR(meter_.Work(kPiece));
    }
    return absl::OkStatus();
  }

  // All entities one after the other, without the cache.
  absl::Status ReadAll() {
    EntityId after;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(
          const std::vector<EntityId> ids,
          reader_.ListEntities(plan_.context, std::nullopt, after, static_cast<size_t>(kPiece)));
      if (ids.empty()) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(Read(ids));
      after = ids.back();
    }
  }

  bool AsksFar() const {
    const auto is_far = [](const Operand& operand) { return operand.subject == Subject::kFar; };
    return !plan_.far_label.empty() || std::any_of(plan_.keys.begin(), plan_.keys.end(), is_far) ||
           std::any_of(plan_.values.begin(), plan_.values.end(),
                       [&](const auto& value) { return value && is_far(*value); });
  }

  // The edges of the entities from `first` on, of a piece, that the cache knows, and the entities
  // whose edges it does not.
  void FindEdges(LaneScan& scan, uint64_t first, EntityId end, KnownEdges* edges,
                 std::vector<EntityId>* unknown) const {
    const bool asks_far = AsksFar();
    *edges = {};
    unknown->clear();
    const AdjacencyCache::Pin pin(reader_.context(plan_.context).snapshot.adjacency_cache());
    for (uint64_t page = first; page < std::min(first + kPiece, end.value());
         page += LaneScan::kPage) {
      scan.Load(page);
      for (uint64_t i = 0; i < LaneScan::kPage; ++i) {
        const EntityId id(page + i);
        if (!id.valid() || id >= end) continue;
        if (!scan.known(i)) {
          unknown->push_back(id);
        } else if (scan.has_array(i)) {
          const auto near = static_cast<uint32_t>(edges->near.size());
          edges->near.push_back(id.value());
          scan.Visit(i, [&](const auto& edge) {
            edges->near_of.push_back(near);
            edges->facts.push_back(edge.fact().value());
            if (asks_far) edges->far.push_back(edge.neighbour().value());
          });
        }
      }
    }
  }

  // --- what the cache's columns know

  const std::vector<uint64_t>& IdsOf(Subject subject, const KnownEdges& edges) const {
    if (subject == Subject::kNear) return edges.near;
    return subject == Subject::kFar ? edges.far : edges.facts;
  }

  // The column and the codes of an operand, by entity of the piece (kNear) or by edge. Null: not
  // all are known. A property that no one has has no number and is read instead.
  const Known* Find(const Operand& operand, const KnownEdges& edges, Known::Codes* codes) const {
    const std::optional<PropertyId> id = reader_.names().FindProperty(operand.property);
    const auto owner = operand.subject == Subject::kRelationship ? PropertyColumns::Owner::kFact
                                                                 : PropertyColumns::Owner::kEntity;
    return id ? FindColumn(owner, *id, IdsOf(operand.subject, edges), codes) : nullptr;
  }
  const Known* FindColumn(PropertyColumns::Owner owner, PropertyId id,
                          const std::vector<uint64_t>& owners, Known::Codes* codes) const {
    const Known* const known = reader_.FindKnown(plan_.context, owner, id);
    const CommitVersion version = reader_.context(plan_.context).snapshot.version();
    return known != nullptr && known->GetCodes(owners, version, codes) ? known : nullptr;
  }

  // False, with nothing added: something is not known.
  absl::StatusOr<bool> AddKnown(KnownEdges& edges) {
    if (!KeepLabelled(plan_.near_label, Subject::kNear, &edges) ||
        !KeepLabelled(plan_.far_label, Subject::kFar, &edges)) {
      return false;
    }
    if (edges.facts.empty()) return true;
    std::vector<Column> values(plan_.values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      if (plan_.values[i] && !KnownValues(*plan_.values[i], edges, &values[i])) return false;
    }
    if (!NumberKnown(edges)) return false;
    RELATA_RETURN_IF_ERROR(AddRows(values));
    return true;
  }

  // Leaves out the edges whose end does not bear the label. False: that is not known.
  bool KeepLabelled(const std::string& label, Subject subject, KnownEdges* edges) const {
    if (label.empty()) return true;
    Known::Codes codes;
    const std::optional<LabelId> id = reader_.names().FindLabel(label);
    if (!id || FindColumn(PropertyColumns::Owner::kLabel, PropertyId(id->value()),
                          IdsOf(subject, *edges), &codes) == nullptr) {
      return false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < edges->facts.size(); ++i) {
      if (codes.bits[subject == Subject::kNear ? edges->near_of[i] : i] == 0) continue;
      edges->near_of[kept] = edges->near_of[i];
      edges->facts[kept] = edges->facts[i];
      if (!edges->far.empty()) edges->far[kept] = edges->far[i];
      ++kept;
    }
    edges->near_of.resize(kept);
    edges->facts.resize(kept);
    edges->far.resize(std::min(edges->far.size(), kept));
    return true;
  }

  // The values of an operand by edge.
  bool KnownValues(const Operand& operand, const KnownEdges& edges, Column* values) const {
    Known::Codes codes;
    const Known* const known = Find(operand, edges, &codes);
    if (known == nullptr) return false;
    *values = ColumnOfCodes(*known, codes);
    if (operand.subject == Subject::kNear) *values = values->Gather(edges.near_of);
    return true;
  }

  // Sets `numbers_` to the groups of the edges. Keys of the near entity are looked at once for each
  // entity as long as no other key came.
  bool NumberKnown(const KnownEdges& edges) {
    std::vector<const Known*> known(plan_.keys.size());
    std::vector<Known::Codes> codes(plan_.keys.size());
    for (size_t i = 0; i < known.size(); ++i) {
      known[i] = Find(plan_.keys[i], edges, &codes[i]);
      if (known[i] == nullptr) return false;
    }
    numbers_.assign(edges.near.size(), 0);
    bool by_edge = false;
    const auto spread = [&] {
      std::vector<uint32_t> of_edges(edges.facts.size());
      for (size_t i = 0; i < of_edges.size(); ++i) of_edges[i] = numbers_[edges.near_of[i]];
      numbers_ = std::move(of_edges);
      by_edge = true;
    };
    for (size_t i = 0; i < known.size(); ++i) {
      const bool near = plan_.keys[i].subject == Subject::kNear;
      if (!near && !by_edge) spread();
      if (near && by_edge) {
        code_groups_.Refine(i, codes[i], edges.near_of, &numbers_);
      } else {
        code_groups_.Refine(i, codes[i], &numbers_);
      }
    }
    if (!by_edge) spread();
    if (!known.empty()) code_groups_.ToGroups(known, &numbers_);
    return true;
  }

  // --- rows

  // The edges of the entities, by the rows that an expansion gives.
  absl::Status Read(absl::Span<const EntityId> entities) {
    for (; !entities.empty(); entities.remove_prefix(std::min(entities.size(), kRead))) {
      RELATA_RETURN_IF_ERROR(ReadSome(entities.subspan(0, kRead)));
    }
    return absl::OkStatus();
  }

  absl::Status ReadSome(absl::Span<const EntityId> entities) {
    Batch rows;
    rows.columns = {Column(Column::Kind::kNode), Column(Column::Kind::kRelationship),
                    Column(Column::Kind::kNode)};
    RELATA_RETURN_IF_ERROR(
        VisitEdges(reader_, plan_.context, entities, *steps_, [&](size_t i, const auto& edge) {
          rows.columns[0].Append(NodeRef{entities[i], plan_.context});
          rows.columns[1].Append(ToRelationship(edge.ToEdge(), entities[i], plan_.context));
          rows.columns[2].Append(NodeRef{edge.neighbour(), plan_.context});
          ++rows.rows;
        }));
    RELATA_RETURN_IF_ERROR(KeepLabelledRows(plan_.near_label, 0, &rows));
    RELATA_RETURN_IF_ERROR(KeepLabelledRows(plan_.far_label, 2, &rows));
    if (rows.rows == 0) return absl::OkStatus();
    meter_.Fetched(rows.rows);
    std::vector<Column> keys(plan_.keys.size());
    std::vector<const Column*> pointers(plan_.keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      RELATA_RETURN_IF_ERROR(ReadValues(plan_.keys[i], rows, &keys[i]));
      pointers[i] = &keys[i];
    }
    std::vector<Column> values(plan_.values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      if (plan_.values[i]) {
        RELATA_RETURN_IF_ERROR(ReadValues(*plan_.values[i], rows, &values[i]));
      }
    }
    groups_.FindOrAdd(pointers, rows.rows, &numbers_);
    return AddRows(values);
  }

  absl::Status KeepLabelledRows(const std::string& label, size_t column, Batch* rows) {
    if (label.empty() || rows->rows == 0) return absl::OkStatus();
    Column bears;
    RELATA_RETURN_IF_ERROR(reader_.HasLabel(rows->columns[column], label, &bears));
    std::vector<uint32_t> kept;
    for (uint32_t i = 0; i < rows->rows; ++i) {
      if (bears.bools()[i] != 0) kept.push_back(i);
    }
    rows->Keep(kept);
    return absl::OkStatus();
  }

  absl::Status ReadValues(const Operand& operand, const Batch& rows, Column* values) {
    return reader_.Properties(rows.columns[static_cast<size_t>(operand.subject)], operand.property,
                              values);
  }

  // Adds rows in the groups of `numbers_`; `values`: by aggregate.
  absl::Status AddRows(const std::vector<Column>& values) {
    RELATA_RETURN_IF_ERROR(meter_.Expanded(numbers_.size()));
    for (size_t i = 0; i < values.size(); ++i) {
      RELATA_RETURN_IF_ERROR(
          groups_.Add(i, numbers_, plan_.values[i] ? &values[i] : nullptr, nullptr));
    }
    return meter_.Hold(groups_.Bytes() + code_groups_.Bytes());
  }

  const EdgeAggregatePlan& plan_;
  ExecutionContext* const context_;
  GraphReader& reader_;
  OperatorMeter meter_;
  std::optional<std::vector<Step>> steps_;
  AggregateGroups groups_;
  CodeGroups code_groups_;
  std::vector<uint32_t> numbers_;
  bool gathered_ = false;
};

}  // namespace

MadeOperator MakeEdgeAggregate(const PlanNode& plan, ExecutionContext* context) {
  return std::make_unique<EdgeAggregate>(plan, context);
}

}  // namespace relata::query
