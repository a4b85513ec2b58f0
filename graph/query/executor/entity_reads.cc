// Properties, labels and states of nodes and relationships, as their contexts see them.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/facts/belief.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/executor/known_values.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/packed_column.h"
#include "graph/transaction/logical_keys.h"

namespace relata::query {
namespace {

constexpr size_t kMostPageEntries = 4096;
constexpr absl::string_view kKeyProperty = "_key";

absl::Status DeletedAccess(absl::string_view what) {
  return MakeQueryError(
      ErrorClass::kEntityNotFound, ErrorPhase::kRuntime, "DeletedEntityAccess", std::nullopt,
      absl::StrCat("this ", what,
                   " was deleted earlier in the statement, so nothing can be read of it; "
                   "read what is needed before DELETE"));
}

absl::Status NoEntity(const Datum& d) {
  return TypeError("InvalidArgumentType",
                   absl::StrCat("a Node or a Relationship is needed here, not a ", TypeName(d)));
}

}  // namespace

struct GraphReader::Row {
  uint32_t row = 0;
  bool is_node = true;
  NodeRef node;
  const RelationshipRef* relationship = nullptr;  // borrowed from the column
  ContextId context() const { return is_node ? node.context : relationship->context; }
};

void GraphReader::CollectRows(const Column& column, std::vector<Row>* rows) const {
  rows->reserve(column.size());
  for (uint32_t i = 0; i < column.size(); ++i) {
    if (column.IsNull(i)) continue;
    switch (column.kind()) {
      case Column::Kind::kNode:
        rows->push_back({i, true, column.nodes()[i], nullptr});
        break;
      case Column::Kind::kRelationship:
        rows->push_back({i, false, {}, &column.relationships()[i]});
        break;
      case Column::Kind::kDatum: {
        const Datum& d = column.data()[i];
        if (d.kind() == Datum::Kind::kNode) {
          rows->push_back({i, true, d.AsNode(), nullptr});
        } else if (d.kind() == Datum::Kind::kRelationship) {
          rows->push_back({i, false, {}, &d.AsRelationship()});
        }
        break;
      }
      default:
        break;
    }
  }
}

void GraphReader::NoteRelationship(ContextId context_id, RelationshipId id) {
  if (!OwnWrites(context_id) || notes_.all_relationships) return;
  if (!notes_.relationships.insert(id).second) return;
  if (notes_.relationships.size() > kMostNotes) {
    transaction_->NoteReadRange(AllRelationshipsLogicalRange());
    notes_.all_relationships = true;
    notes_.relationships.clear();
    return;
  }
  transaction_->NoteRead(RelationshipLogicalKey(id));
}

absl::Status GraphReader::Load(const std::vector<Row>& rows, ContextId context_id) {
  Page& page = pages_[context_id];
  const bool own = OwnWrites(context_id);
  if (page.entities.size() > kMostPageEntries) page.entities.clear();
  if (page.relationships.size() > kMostPageEntries) page.relationships.clear();
  std::vector<EntityId> entities;
  std::vector<RelationshipEnds> relationships;
  for (const Row& row : rows) {
    if (row.context() != context_id) continue;
    if (row.is_node) {
      const auto changed =
          own ? transaction_->FindChanged(row.node.id) : Transaction::Changed<EntityState>();
      if (Deleted(row.node.id) || (changed.edited && changed.state == nullptr)) {
        return DeletedAccess("node");
      }
      if (changed.edited || !page.entities.try_emplace(row.node.id).second) continue;
      entities.push_back(row.node.id);
    } else {
      const RelationshipEnds& ends = row.relationship->ends;
      const auto changed =
          own ? transaction_->FindChanged(ends.id) : Transaction::Changed<RelationshipState>();
      if (Deleted(ends.id) || (changed.edited && changed.state == nullptr)) {
        return DeletedAccess("relationship");
      }
      NoteRelationship(context_id, ends.id);
      if (changed.edited || !page.relationships.try_emplace(ends.id).second) continue;
      relationships.push_back(ends);
    }
  }
  const Snapshot& snapshot = context(context_id).snapshot;
  states_read_ += entities.size() + relationships.size();
  if (!entities.empty()) {
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot.GetEntities(entities));
    for (size_t i = 0; i < entities.size(); ++i) {
      if (!states[i]) continue;
      page.entities[entities[i]] = std::make_unique<EntityState>(*std::move(states[i]));
    }
  }
  if (!relationships.empty()) {
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot.GetRelationships(relationships));
    for (size_t i = 0; i < relationships.size(); ++i) {
      if (!states[i]) continue;
      page.relationships[relationships[i].id] =
          std::make_unique<RelationshipState>(*std::move(states[i]));
    }
  }
  return absl::OkStatus();
}

absl::Status GraphReader::LoadAll(const std::vector<Row>& rows) {
  std::vector<ContextId> seen;
  for (const Row& row : rows) {
    const ContextId id = row.context();
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    absl::Status status = Load(rows, id);
    if (!status.ok()) {
      // Entries that were made but not read must not be taken for absent ones.
      pages_[id] = Page();
      return status;
    }
  }
  return absl::OkStatus();
}

const EntityState* GraphReader::Find(NodeRef node) const {
  if (OwnWrites(node.context)) {
    const auto changed = transaction_->FindChanged(node.id);
    if (changed.edited) return changed.state;
  }
  const auto it = pages_[node.context].entities.find(node.id);
  return it == pages_[node.context].entities.end() ? nullptr : it->second.get();
}

const RelationshipState* GraphReader::Find(const RelationshipRef& relationship) const {
  if (OwnWrites(relationship.context)) {
    const auto changed = transaction_->FindChanged(relationship.ends.id);
    if (changed.edited) return changed.state;
  }
  const Page& page = pages_[relationship.context];
  const auto it = page.relationships.find(relationship.ends.id);
  return it == page.relationships.end() ? nullptr : it->second.get();
}

const Fact* GraphReader::PickFact(const std::vector<Fact>& facts, ContextId context_id) const {
  const ReadView& view = PointView(context_id);
  if (facts.size() == 1 && facts.front().plain() && view.policy->IsDefault()) {
    return &facts.front();
  }
  return SelectOne(facts, view);
}

const Fact* GraphReader::PickFact(const RelationshipState& state,
                                  const RelationshipRef& relationship) const {
  const auto by_id = std::find_if(state.facts.begin(), state.facts.end(),
                                  [&](const Fact& f) { return f.id == relationship.fact; });
  const bool there = by_id != state.facts.end();
  // A write of this transaction may have cut the fact that the match saw.
  const bool changed =
      OwnWrites(relationship.context) && transaction_->FindChanged(relationship.ends.id).edited;
  if (there && !changed) return &*by_id;
  const Fact* seen = SelectOne(state.facts, PointView(relationship.context));
  if (seen != nullptr || !there) return seen;
  return &*by_id;
}

absl::StatusOr<Datum> GraphReader::KeyOf(const Row& row) {
  std::string key;
  if (row.is_node) {
    const EntityState* state = Find(row.node);
    if (state != nullptr) key = state->key;
  } else {
    const RelationshipState* state = Find(*row.relationship);
    // Without it in states that were read by their ends alone.
    if (state != nullptr) key = state->key;
    if (state != nullptr && key.empty()) {
      const Snapshot& snapshot = context(row.context()).snapshot;
      RELATA_ASSIGN_OR_RETURN(key, snapshot.GetRelationshipKey(row.relationship->ends.id));
    }
  }
  return key.empty() ? Datum() : Datum::String(std::move(key));
}

const PropertyColumns::Column* GraphReader::FindKnown(ContextId context_id,
                                                      PropertyColumns::Owner owner,
                                                      PropertyId property) const {
  // What a transaction reads is noted, and its own writes are not in the cache.
  if (transaction_ != nullptr) return nullptr;
  const PropertyColumns* const columns = columns_[context_id].get();
  // Of entities plain values are kept, which another policy may hide.
  const bool hidden =
      owner == PropertyColumns::Owner::kEntity && !context(context_id).view.policy->IsDefault();
  return columns == nullptr || hidden ? nullptr : columns->Find(owner, property);
}

bool GraphReader::GetAllKnown(const Column& column, PropertyColumns::Owner owner,
                              PropertyId property, Column* out) const {
  const bool nodes = column.kind() == Column::Kind::kNode;
  if (column.size() == 0 || !column.nulls().empty()) return false;
  if (!nodes && column.kind() != Column::Kind::kRelationship) return false;
  const ContextId context_id =
      nodes ? column.nodes()[0].context : column.relationships()[0].context;
  const PropertyColumns::Column* const known = FindKnown(context_id, owner, property);
  if (known == nullptr) return false;
  const CommitVersion version = context(context_id).snapshot.version();
  if (column.size() == 1) {
    const uint64_t id =
        nodes ? column.nodes()[0].id.value() : column.relationships()[0].fact.value();
    Value value;
    if (!known->Get(id, version, &value)) return false;
    *out = ColumnOfValue(value);
    return true;
  }
  std::vector<uint64_t> ids(column.size());
  bool one_context = true;
  for (size_t i = 0; i < ids.size(); ++i) {
    const ContextId of_row = nodes ? column.nodes()[i].context : column.relationships()[i].context;
    one_context &= of_row == context_id;
    ids[i] = nodes ? column.nodes()[i].id.value() : column.relationships()[i].fact.value();
  }
  PropertyColumns::Column::Codes codes;
  if (!one_context || !known->GetCodes(ids, version, &codes)) return false;
  *out = ColumnOfCodes(*known, codes);
  return true;
}

void GraphReader::TakeKnown(PropertyId property, std::vector<Row>* rows,
                            std::vector<Datum>* values) const {
  ContextId context_id = 0;
  const PropertyColumns::Column* nodes = nullptr;
  const PropertyColumns::Column* facts = nullptr;
  bool first = true;
  Value value;
  std::erase_if(*rows, [&](const Row& row) {
    if (first || row.context() != context_id) {
      first = false;
      context_id = row.context();
      nodes = FindKnown(context_id, PropertyColumns::Owner::kEntity, property);
      facts = FindKnown(context_id, PropertyColumns::Owner::kFact, property);
    }
    const PropertyColumns::Column* const known = row.is_node ? nodes : facts;
    const uint64_t id = row.is_node ? row.node.id.value() : row.relationship->fact.value();
    const CommitVersion version = context(context_id).snapshot.version();
    if (known == nullptr || !known->Get(id, version, &value)) return false;
    if (!value.is_null()) (*values)[row.row] = Datum::FromValue(value);
    return true;
  });
}

void GraphReader::KeepLabel(LabelId label, const std::vector<Row>& rows) const {
  ReadsByContext reads;
  for (const Row& row : rows) {
    const EntityState* const state = Find(row.node);
    if (state == nullptr) continue;
    reads[row.context()].push_back({row.node.id.value(), Value::Bool(state->HasLabel(label))});
  }
  KeepReads(PropertyColumns::Owner::kLabel, PropertyId(label.value()), reads);
}

void GraphReader::KeepReads(PropertyColumns::Owner owner, PropertyId property,
                            const ReadsByContext& reads) const {
  for (const auto& [id, values] : reads) {
    if (columns_[id] == nullptr) continue;
    columns_[id]->Keep(owner, property, context(id).snapshot.version(), values);
  }
}

void GraphReader::KeepKnown(PropertyId property, const std::vector<Row>& rows) const {
  using Owner = PropertyColumns::Owner;
  // By owner and context.
  std::map<std::pair<Owner, ContextId>, std::vector<PropertyColumns::Read>> reads;
  for (const Row& row : rows) {
    if (columns_[row.context()] == nullptr) continue;
    if (row.is_node) {
      const EntityState* const state = Find(row.node);
      if (state == nullptr) continue;
      const std::vector<Fact>* const facts = state->FindProperty(property);
      // One plain fact is seen at every valid time; what needs a choice is not kept.
      if (facts != nullptr && (facts->size() != 1 || !facts->front().plain())) continue;
      reads[{Owner::kEntity, row.context()}].push_back(
          {row.node.id.value(), facts == nullptr ? Value() : facts->front().value});
    } else {
      const RelationshipState* const state = Find(*row.relationship);
      const Fact* const fact = state == nullptr ? nullptr : PickFact(*state, *row.relationship);
      if (fact == nullptr || fact->id != row.relationship->fact) continue;
      const Value* const value = fact->FindProperty(property);
      reads[{Owner::kFact, row.context()}].push_back(
          {fact->id.value(), value == nullptr ? Value() : *value});
    }
  }
  for (const auto& [of, values] : reads) {
    columns_[of.second]->Keep(of.first, property, context(of.second).snapshot.version(), values);
  }
}

absl::Status GraphReader::Properties(const Column& column, absl::string_view property,
                                     Column* out) {
  using Owner = PropertyColumns::Owner;
  const std::optional<PropertyId> id = names().FindProperty(property);
  const bool reserved = absl::StartsWith(property, "_");
  const bool cacheable = id && !reserved && transaction_ == nullptr;
  const Owner owner = column.kind() == Column::Kind::kNode ? Owner::kEntity : Owner::kFact;
  if (cacheable && GetAllKnown(column, owner, *id, out)) return absl::OkStatus();
  std::vector<Row> rows;
  CollectRows(column, &rows);
  std::vector<Datum> values(column.size());
  if (cacheable) TakeKnown(*id, &rows, &values);
  RELATA_RETURN_IF_ERROR(LoadAll(rows));
  if (cacheable) KeepKnown(*id, rows);
  for (const Row& row : rows) {
    if (row.is_node) {
      NotePart(row.context(), row.node.id, id && !reserved ? id->value() : kWholeEntity);
    }
    if (property == kKeyProperty) {
      RELATA_ASSIGN_OR_RETURN(values[row.row], KeyOf(row));
      continue;
    }
    if (reserved || !id) continue;
    if (row.is_node) {
      const EntityState* state = Find(row.node);
      const std::vector<Fact>* facts = state == nullptr ? nullptr : state->FindProperty(*id);
      const Fact* fact = facts == nullptr ? nullptr : PickFact(*facts, row.context());
      if (fact != nullptr) values[row.row] = Datum::FromValue(fact->value);
    } else {
      const RelationshipState* state = Find(*row.relationship);
      const Fact* fact = state == nullptr ? nullptr : PickFact(*state, *row.relationship);
      const Value* value = fact == nullptr ? nullptr : fact->FindProperty(*id);
      if (value != nullptr) values[row.row] = Datum::FromValue(*value);
    }
  }
  *out = PackColumn(std::move(values));
  return absl::OkStatus();
}

absl::Status GraphReader::ValidTimes(const Column& column, PropertyId side, Column* out) {
  constexpr auto kOwner = PropertyColumns::Owner::kFactTime;
  const bool cacheable = transaction_ == nullptr;
  if (cacheable && GetAllKnown(column, kOwner, side, out)) return absl::OkStatus();
  std::vector<Row> rows;
  CollectRows(column, &rows);
  RELATA_RETURN_IF_ERROR(LoadAll(rows));
  std::vector<Datum> times(column.size());
  ReadsByContext reads;
  for (const Row& row : rows) {
    const RelationshipState* const state = Find(*row.relationship);
    const Fact* const fact = state == nullptr ? nullptr : PickFact(*state, *row.relationship);
    if (fact == nullptr) continue;
    const Value time = PropertyColumns::TimeOf(fact->valid, side);
    times[row.row] = Datum::FromValue(time);
    if (fact->id != row.relationship->fact) continue;
    reads[row.context()].push_back({fact->id.value(), time});
  }
  if (cacheable) KeepReads(kOwner, side, reads);
  *out = PackColumn(std::move(times));
  return absl::OkStatus();
}

absl::Status GraphReader::HasLabel(const Column& column, absl::string_view label, Column* out) {
  const std::optional<LabelId> id = names().FindLabel(label);
  const bool cacheable = id && transaction_ == nullptr;
  if (cacheable && column.kind() == Column::Kind::kNode &&
      GetAllKnown(column, PropertyColumns::Owner::kLabel, PropertyId(id->value()), out)) {
    return absl::OkStatus();
  }
  std::vector<Row> rows;
  CollectRows(column, &rows);
  std::erase_if(rows, [](const Row& row) { return !row.is_node; });
  RELATA_RETURN_IF_ERROR(LoadAll(rows));
  Column has(Column::Kind::kBool);
  has.Resize(column.size());
  for (size_t i = 0; i < column.size(); ++i) {
    if (column.IsNull(i)) has.SetNull(i);
  }
  if (cacheable) KeepLabel(*id, rows);
  for (const Row& row : rows) {
    NotePart(row.context(), row.node.id, id ? id->value() | kLabelPart : kWholeEntity);
    const EntityState* state = Find(row.node);
    has.mutable_bools()[row.row] = id && state != nullptr && state->HasLabel(*id);
  }
  rows.clear();
  CollectRows(column, &rows);
  const std::optional<TypeId> type = names().FindType(label);
  for (const Row& row : rows) {
    if (!row.is_node) has.mutable_bools()[row.row] = type && row.relationship->ends.type == *type;
  }
  *out = std::move(has);
  return absl::OkStatus();
}

absl::StatusOr<const EntityState*> GraphReader::Whole(NodeRef node, uint32_t part) {
  NotePart(node.context, node.id, part);
  RELATA_RETURN_IF_ERROR(LoadAll({{0, true, node, nullptr}}));
  return Find(node);
}

absl::StatusOr<Datum> GraphReader::Property(const Datum& entity, absl::string_view property) {
  Column one;
  one.Append(entity);
  Column value;
  RELATA_RETURN_IF_ERROR(Properties(one, property, &value));
  return value.Get(0);
}

absl::StatusOr<std::vector<LabelId>> GraphReader::Labels(NodeRef node) {
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, Whole(node, kWholeEntity));
  return state == nullptr ? std::vector<LabelId>() : state->labels;
}

absl::StatusOr<Datum::Map> GraphReader::PropertyMap(const Datum& entity) {
  Datum::Map map;
  if (entity.kind() == Datum::Kind::kNode) {
    RELATA_ASSIGN_OR_RETURN(const EntityState* state, State(entity.AsNode()));
    if (state == nullptr) return map;
    for (const auto& [id, facts] : state->properties) {
      if (id == kNamesProperty) continue;
      const Fact* fact = PickFact(facts, entity.AsNode().context);
      if (fact == nullptr) continue;
      map.emplace_back(std::string(names().Name(id)), Datum::FromValue(fact->value));
    }
  } else if (entity.kind() == Datum::Kind::kRelationship) {
    RELATA_ASSIGN_OR_RETURN(const Fact* fact, SeenFact(entity.AsRelationship()));
    if (fact == nullptr) return map;
    for (const auto& [id, value] : fact->properties) {
      map.emplace_back(std::string(names().Name(id)), Datum::FromValue(value));
    }
  } else {
    return NoEntity(entity);
  }
  std::sort(map.begin(), map.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return map;
}

absl::StatusOr<std::string> GraphReader::Key(const Datum& entity) {
  RELATA_ASSIGN_OR_RETURN(const Datum key, Property(entity, kKeyProperty));
  return key.is_null() ? std::string() : std::string(key.AsString());
}

absl::StatusOr<const EntityState*> GraphReader::State(NodeRef node) {
  return Whole(node, kWholeEntity);
}

absl::StatusOr<const RelationshipState*> GraphReader::State(const RelationshipRef& relationship) {
  RELATA_RETURN_IF_ERROR(LoadAll({{0, false, {}, &relationship}}));
  return Find(relationship);
}

absl::StatusOr<const Fact*> GraphReader::SeenFact(NodeRef node, absl::string_view property) {
  const std::optional<PropertyId> id = names().FindProperty(property);
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, Whole(node, id ? id->value() : kWholeEntity));
  if (state == nullptr || !id) return nullptr;
  const std::vector<Fact>* facts = state->FindProperty(*id);
  return facts == nullptr ? nullptr : PickFact(*facts, node.context);
}

absl::StatusOr<const Fact*> GraphReader::SeenFact(const RelationshipRef& relationship) {
  RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, State(relationship));
  return state == nullptr ? nullptr : PickFact(*state, relationship);
}

}  // namespace relata::query
