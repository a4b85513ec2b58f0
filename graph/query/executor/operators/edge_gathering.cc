#include "graph/query/executor/operators/edge_gathering.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/range_fill.h"
#include "graph/query/executor/known_values.h"
#include "graph/query/executor/operators/edge_visits.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

bool AsksFar(const EdgeAggregatePlan& plan) {
  const auto is_far = [](const EdgeAggregatePlan::Operand& operand) {
    return operand.subject == EdgeAggregatePlan::Subject::kFar;
  };
  return !plan.far_label.empty() || std::any_of(plan.keys.begin(), plan.keys.end(), is_far) ||
         std::any_of(plan.values.begin(), plan.values.end(),
                     [&](const auto& value) { return value && is_far(*value); });
}

}  // namespace

EdgeGathering::EdgeGathering(const PlanNode& plan, ExecutionContext* context,
                             AggregateGroups* groups)
    : plan_(std::get<EdgeAggregatePlan>(plan.op)),
      reader_(*context->reader),
      meter_(plan, context),
      asks_far_(AsksFar(plan_)),
      groups_(*groups),
      code_groups_(plan_.keys.size(), groups),
      steps_(ResolveSteps(reader_.names(), {plan_.type}, plan_.direction)),
      key_columns_(plan_.keys.size()),
      key_codes_(plan_.keys.size()) {}

void EdgeGathering::KnownEdges::Clear() {
  near.clear();
  near_of.clear();
  far.clear();
  held = false;
  codes.clear();
  facts.clear();
}

void EdgeGathering::KnownEdges::Keep(size_t from, size_t to) {
  near_of[to] = near_of[from];
  if (!facts.empty()) facts[to] = facts[from];
  if (!far.empty()) far[to] = far[from];
  for (Known::Codes& each : codes) {
    each.shapes[to] = each.shapes[from];
    each.bits[to] = each.bits[from];
  }
}

void EdgeGathering::KnownEdges::Resize(size_t edges) {
  near_of.resize(edges);
  if (!facts.empty()) facts.resize(edges);
  if (!far.empty()) far.resize(edges);
  for (Known::Codes& each : codes) {
    each.shapes.resize(edges);
    each.bits.resize(edges);
  }
}

absl::Status EdgeGathering::Add(uint64_t after, uint64_t last) {
  if (!steps_) return absl::OkStatus();
  const ReadContext& c = reader_.context(plan_.context);
  LaneScan scan(c.snapshot, steps_->front().type, plan_.direction == EdgeDirection::kOut, c.view);
  if (reader_.OverlaysEdges(plan_.context) || !scan.usable()) return ReadAll(after, last);
  RELATA_ASSIGN_OR_RETURN(const EntityId above, EndOfEntities(c.snapshot.store()));
  const uint64_t end = last < above.value() ? last + 1 : above.value();
  uint64_t next = 0;
  for (uint64_t first = after + 1; first < end; first = next) {
    next = std::min(first - first % kPiece + kPiece, end);
    if (!FindHeld(scan, first, next, above)) FindEdges(scan, first, next);
    if (2 * unknown_.size() >= next - first) {
      RELATA_ASSIGN_OR_RETURN(const bool filled, Fill(first, next));
      if (filled) FindEdges(scan, first, next);
      if (filled) RELATA_RETURN_IF_ERROR(ReadNear());
    }
    RELATA_ASSIGN_OR_RETURN(const bool added, AddKnown());
    if (!added) {
      for (const uint64_t id : edges_.near) unknown_.push_back(EntityId(id));
      std::sort(unknown_.begin(), unknown_.end());
    }
    RELATA_RETURN_IF_ERROR(Read(unknown_));
    RELATA_RETURN_IF_ERROR(meter_.Work(kPiece));
  }
  return absl::OkStatus();
}

// All entities one after the other, without the cache.
absl::Status EdgeGathering::ReadAll(uint64_t after, uint64_t last) {
  while (after < last) {
    RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids,
                            reader_.ListEntities(plan_.context, std::nullopt, EntityId(after),
                                                 static_cast<size_t>(kPiece)));
    if (ids.empty()) return absl::OkStatus();
    after = ids.back().value();
    while (!ids.empty() && ids.back().value() > last) ids.pop_back();
    RELATA_RETURN_IF_ERROR(Read(ids));
  }
  return absl::OkStatus();
}

void EdgeGathering::FindEdges(LaneScan& scan, uint64_t first, uint64_t end) {
  edges_.Clear();
  unknown_.clear();
  const AdjacencyCache::Pin pin(reader_.context(plan_.context).snapshot.adjacency_cache());
  for (uint64_t page = first - first % LaneScan::kPage; page < end; page += LaneScan::kPage) {
    scan.Load(page);
    for (uint64_t i = 0; i < LaneScan::kPage; ++i) {
      const uint64_t id = page + i;
      if (id < first || id >= end) continue;
      if (!scan.known(i)) {
        unknown_.push_back(EntityId(id));
        continue;
      }
      if (!scan.has_array(i)) continue;
      const auto near = static_cast<uint32_t>(edges_.near.size());
      scan.Visit(i, [&](const auto& edge) {
        edges_.near_of.push_back(near);
        edges_.facts.push_back(edge.fact().value());
        if (asks_far_) edges_.far.push_back(edge.neighbour().value());
      });
      // An array may have no fact, or none that is seen.
      if (!edges_.near_of.empty() && edges_.near_of.back() == near) edges_.near.push_back(id);
    }
  }
}

bool EdgeGathering::FindHeld(LaneScan& scan, uint64_t first, uint64_t end, EntityId above) {
  edges_.Clear();
  unknown_.clear();
  if (!FindColumnsOfEdges()) return false;
  edges_.codes.resize(of_edges_.size());
  const AdjacencyCache::Pin pin(reader_.context(plan_.context).snapshot.adjacency_cache());
  std::vector<const PageValues*> held(of_edges_.size());
  for (uint64_t page = first - first % LaneScan::kPage; page < end; page += LaneScan::kPage) {
    const PageCounts* const counts = scan.LoadCounts(page, above);
    if (counts == nullptr) return false;
    for (size_t i = 0; i < held.size(); ++i) {
      held[i] = scan.LoadValues(page, *counts, *of_edges_[i]);
      if (held[i] == nullptr) return false;
    }
    AddHeld(page, first, end, *counts, held);
    if (!asks_far_) continue;
    scan.Load(page);
    for (uint64_t i = 0; i < LaneScan::kPage; ++i) {
      if (page + i < first || page + i >= end || counts->counts[i] == 0) continue;
      if (!scan.known(i)) return false;
      scan.Visit(i, [&](const auto& edge) { edges_.far.push_back(edge.neighbour().value()); });
    }
  }
  edges_.held = true;
  return true;
}

void EdgeGathering::AddHeld(uint64_t page, uint64_t first, uint64_t end, const PageCounts& counts,
                            const std::vector<const PageValues*>& held) {
  size_t edges = 0;   // of entities up to here
  size_t before = 0;  // of those below `first`
  for (uint64_t i = 0; i < LaneScan::kPage && page + i < end; ++i) {
    const uint32_t count = counts.counts[i];
    edges += count;
    if (page + i < first) before = edges;
    if (count == 0 || page + i < first) continue;
    edges_.near_of.insert(edges_.near_of.end(), count, static_cast<uint32_t>(edges_.near.size()));
    edges_.near.push_back(page + i);
  }
  const auto append = [&](const auto& from, auto* to) {
    const auto begin = from.begin();
    to->insert(to->end(), begin + static_cast<ptrdiff_t>(before),
               begin + static_cast<ptrdiff_t>(edges));
  };
  for (size_t i = 0; i < held.size(); ++i) {
    append(held[i]->codes.shapes, &edges_.codes[i].shapes);
    append(held[i]->codes.bits, &edges_.codes[i].bits);
  }
}

bool EdgeGathering::FindColumnsOfEdges() {
  of_edges_.clear();
  const auto find = [&](const Operand& operand) {
    if (operand.subject != Subject::kRelationship) return true;
    const std::optional<PropertyId> id = reader_.names().FindProperty(operand.property);
    const Known* const known =
        id ? reader_.FindKnown(plan_.context, PropertyColumns::Owner::kFact, *id) : nullptr;
    const bool is_new = std::find(of_edges_.begin(), of_edges_.end(), known) == of_edges_.end();
    if (is_new) of_edges_.push_back(known);
    return known != nullptr;
  };
  return std::all_of(plan_.keys.begin(), plan_.keys.end(), find) &&
         std::all_of(plan_.values.begin(), plan_.values.end(),
                     [&](const std::optional<Operand>& value) { return !value || find(*value); });
}

absl::StatusOr<bool> EdgeGathering::Fill(uint64_t first, uint64_t end) {
  const Snapshot& snapshot = reader_.context(plan_.context).snapshot;
  if (!snapshot.store().at_head()) return false;
  RangeToFill range;
  range.outgoing = plan_.direction == EdgeDirection::kOut;
  range.first = EntityId(first);
  range.end = EntityId(end);
  range.type = steps_->front().type;
  range.values.which = FilledValues::Which::kNamed;
  range.values.type = range.type;
  const auto name = [&](const Operand& operand) {
    const std::optional<PropertyId> id = reader_.names().FindProperty(operand.property);
    if (id && operand.subject == Subject::kRelationship) range.values.properties.push_back(*id);
  };
  for (const Operand& key : plan_.keys) name(key);
  for (const std::optional<Operand>& value : plan_.values) {
    if (value) name(*value);
  }
  RELATA_ASSIGN_OR_RETURN(const FilledRange filled, FillRange(snapshot, range));
  meter_.Fetched(filled.relationships);
  RELATA_RETURN_IF_ERROR(meter_.Work(filled.relationships));
  return true;
}

absl::Status EdgeGathering::ReadNear() {
  Column nodes(Column::Kind::kNode);
  for (const uint64_t id : edges_.near) nodes.Append(NodeRef{EntityId(id), plan_.context});
  Column values;
  const auto read = [&](const Operand& operand) {
    return operand.subject == Subject::kNear && nodes.size() > 0
               ? reader_.Properties(nodes, operand.property, &values)
               : absl::OkStatus();
  };
  if (!plan_.near_label.empty() && nodes.size() > 0) {
    RELATA_RETURN_IF_ERROR(reader_.HasLabel(nodes, plan_.near_label, &values));
  }
  for (const Operand& key : plan_.keys) RELATA_RETURN_IF_ERROR(read(key));
  for (const std::optional<Operand>& value : plan_.values) {
    if (value) RELATA_RETURN_IF_ERROR(read(*value));
  }
  return absl::OkStatus();
}

const std::vector<uint64_t>& EdgeGathering::IdsOf(Subject subject) const {
  if (subject == Subject::kNear) return edges_.near;
  return subject == Subject::kFar ? edges_.far : edges_.facts;
}

const PropertyColumns::Column* EdgeGathering::Find(const Operand& operand,
                                                   Known::Codes* codes) const {
  const std::optional<PropertyId> id = reader_.names().FindProperty(operand.property);
  const auto owner = operand.subject == Subject::kRelationship ? PropertyColumns::Owner::kFact
                                                               : PropertyColumns::Owner::kEntity;
  if (!id) return nullptr;
  if (!edges_.held || operand.subject != Subject::kRelationship) {
    return FindColumn(owner, *id, IdsOf(operand.subject), codes);
  }
  const Known* const known = reader_.FindKnown(plan_.context, owner, *id);
  const auto at = std::find(of_edges_.begin(), of_edges_.end(), known) - of_edges_.begin();
  *codes = edges_.codes[static_cast<size_t>(at)];
  return known;
}

const PropertyColumns::Column* EdgeGathering::FindColumn(PropertyColumns::Owner owner,
                                                         PropertyId id,
                                                         const std::vector<uint64_t>& owners,
                                                         Known::Codes* codes) const {
  const Known* const known = reader_.FindKnown(plan_.context, owner, id);
  const CommitVersion version = reader_.context(plan_.context).snapshot.version();
  return known != nullptr && known->GetCodes(owners, version, codes) ? known : nullptr;
}

absl::StatusOr<bool> EdgeGathering::AddKnown() {
  if (!KeepLabelled(plan_.near_label, Subject::kNear) ||
      !KeepLabelled(plan_.far_label, Subject::kFar)) {
    return false;
  }
  if (edges_.near_of.empty()) return true;
  std::vector<Column> values(plan_.values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (plan_.values[i] && !KnownValues(*plan_.values[i], &values[i])) return false;
  }
  if (!NumberKnown()) return false;
  RELATA_RETURN_IF_ERROR(AddRows(values));
  return true;
}

bool EdgeGathering::KeepLabelled(const std::string& label, Subject subject) {
  if (label.empty()) return true;
  const std::optional<LabelId> id = reader_.names().FindLabel(label);
  if (!id || FindColumn(PropertyColumns::Owner::kLabel, PropertyId(id->value()), IdsOf(subject),
                        &codes_) == nullptr) {
    return false;
  }
  size_t kept = 0;
  for (size_t i = 0; i < edges_.near_of.size(); ++i) {
    if (codes_.bits[subject == Subject::kNear ? edges_.near_of[i] : i] != 0) edges_.Keep(i, kept++);
  }
  edges_.Resize(kept);
  return true;
}

bool EdgeGathering::KnownValues(const Operand& operand, Column* values) {
  const Known* const known = Find(operand, &codes_);
  if (known == nullptr) return false;
  *values = ColumnOfCodes(*known, codes_);
  if (operand.subject == Subject::kNear) *values = values->Gather(edges_.near_of);
  return true;
}

bool EdgeGathering::NumberKnown() {
  for (size_t i = 0; i < key_columns_.size(); ++i) {
    key_columns_[i] = Find(plan_.keys[i], &key_codes_[i]);
    if (key_columns_[i] == nullptr) return false;
  }
  numbers_.assign(edges_.near.size(), 0);
  bool by_edge = false;
  for (size_t i = 0; i < key_columns_.size(); ++i) {
    const bool near = plan_.keys[i].subject == Subject::kNear;
    if (!near && !by_edge) SpreadNumbers();
    by_edge = by_edge || !near;
    if (near && by_edge) {
      code_groups_.Refine(i, key_codes_[i], edges_.near_of, &numbers_);
    } else {
      code_groups_.Refine(i, key_codes_[i], &numbers_);
    }
  }
  if (!by_edge) SpreadNumbers();
  if (!key_columns_.empty()) code_groups_.ToGroups(key_columns_, &numbers_);
  return true;
}

void EdgeGathering::SpreadNumbers() {
  spread_.resize(edges_.near_of.size());
  for (size_t i = 0; i < spread_.size(); ++i) spread_[i] = numbers_[edges_.near_of[i]];
  numbers_.swap(spread_);
}

absl::Status EdgeGathering::Read(absl::Span<const EntityId> entities) {
  for (; !entities.empty(); entities.remove_prefix(std::min(entities.size(), kRead))) {
    RELATA_RETURN_IF_ERROR(ReadSome(entities.subspan(0, kRead)));
  }
  return absl::OkStatus();
}

absl::Status EdgeGathering::ReadSome(absl::Span<const EntityId> entities) {
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

absl::Status EdgeGathering::KeepLabelledRows(const std::string& label, size_t column, Batch* rows) {
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

absl::Status EdgeGathering::ReadValues(const Operand& operand, const Batch& rows, Column* values) {
  return reader_.Properties(rows.columns[static_cast<size_t>(operand.subject)], operand.property,
                            values);
}

absl::Status EdgeGathering::AddRows(const std::vector<Column>& values) {
  RELATA_RETURN_IF_ERROR(meter_.Expanded(numbers_.size()));
  for (size_t i = 0; i < values.size(); ++i) {
    RELATA_RETURN_IF_ERROR(
        groups_.Add(i, numbers_, plan_.values[i] ? &values[i] : nullptr, nullptr));
  }
  return meter_.Hold(groups_.Bytes() + code_groups_.Bytes());
}

}  // namespace relata::query
