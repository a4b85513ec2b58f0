#include "graph/transaction/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status_macros.h"
#include "graph/transaction/entity_parts.h"
#include "graph/transaction/logical_keys.h"

namespace relata {
namespace {

// Adds the facts that cite the source.
void AddCitingFacts(const std::vector<Fact>& facts, FactOwner owner, EntityId source,
                    std::set<FactOwner>& owners) {
  for (const Fact& fact : facts) {
    owner.fact = fact.id;
    if (std::any_of(fact.citations.begin(), fact.citations.end(),
                    [source](const Citation& c) { return c.source == source; })) {
      owners.insert(owner);
    }
  }
}

}  // namespace

Transaction::Transaction(Snapshot snapshot, std::shared_ptr<const Schema> schema,
                         TransactionParts parts)
    : snapshot_(std::move(snapshot)),
      first_schema_(schema),
      schema_(std::move(schema)),
      parts_(parts) {
  NoteRead(SchemaLogicalKey());
}

Schema& Transaction::EditSchema() {
  if (changed_schema_ == nullptr) {
    changed_schema_ = std::make_shared<Schema>(*schema_);
    schema_ = changed_schema_;
  }
  return *changed_schema_;
}

absl::StatusOr<std::optional<EntityId>> Transaction::FindEntity(const std::string& key) {
  const auto it = entity_keys_.find(key);
  if (it != entity_keys_.end()) return it->second;
  NoteRead(EntityKeyLogicalKey(key));
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, snapshot_.FindEntity(key));
  entity_keys_[key] = id;
  return id;
}

absl::StatusOr<bool> Transaction::EntityExists(EntityId id) {
  const auto edit = entities_.find(id);
  if (edit != entities_.end()) return edit->second->after.has_value();
  const auto known = exists_.find(id);
  if (known != exists_.end()) return known->second;
  NoteRead(ExistenceLogicalKey(id));
  RELATA_ASSIGN_OR_RETURN(const bool exists, snapshot_.EntityExists(id));
  exists_[id] = exists;
  return exists;
}

absl::StatusOr<const EntityState*> Transaction::PeekEntity(EntityId id) {
  const auto edit = entities_.find(id);
  if (edit != entities_.end()) return edit->second->after ? &*edit->second->after : nullptr;
  auto it = read_.find(id);
  if (it == read_.end()) {
    NoteRead(ExistenceLogicalKey(id));
    RELATA_ASSIGN_OR_RETURN(std::optional<EntityState> state, snapshot_.GetEntity(id));
    if (state) read_bytes_ += HeapBytes(*state);
    it = read_.emplace(id, std::make_unique<std::optional<EntityState>>(std::move(state))).first;
  }
  return *it->second ? &**it->second : nullptr;
}

absl::StatusOr<const EntityState*> Transaction::ReadEntity(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, PeekEntity(id));
  if (!MadeHere(id) && read_whole_.insert(id).second) NoteReadRange(ContentLogicalRange(id));
  return state;
}

absl::StatusOr<EntityState*> Transaction::OpenEntity(EntityId id) {
  auto it = entities_.find(id);
  if (it == entities_.end()) {
    RELATA_RETURN_IF_ERROR(PeekEntity(id).status());
    auto edit = std::make_unique<EntityEdit>();
    std::optional<EntityState>& state = *read_[id];
    if (state) read_bytes_ -= HeapBytes(*state);
    edit->before = state;
    edit->after = std::move(state);
    read_.erase(id);
    MeasureEdit(*edit);
    it = entities_.emplace(id, std::move(edit)).first;
  }
  return it->second->after ? &*it->second->after : nullptr;
}

absl::StatusOr<EntityState*> Transaction::EditEntity(EntityId id) {
  RELATA_RETURN_IF_ERROR(ReadEntity(id).status());
  return OpenEntity(id);
}

// Nobody else knows an entity that was made here.
void Transaction::NotePartRead(EntityId id, std::string logical_key) {
  if (!MadeHere(id)) NoteRead(std::move(logical_key));
}

void Transaction::NoteLabelRead(EntityId id, LabelId label) {
  NotePartRead(id, LabelLogicalKey(id, label));
}

void Transaction::NotePropertyRead(EntityId id, PropertyId property) {
  NotePartRead(id, PropertyLogicalKey(id, property));
}

void Transaction::NoteRetractionRead(EntityId id) { NotePartRead(id, RetractionLogicalKey(id)); }

bool Transaction::MadeHere(EntityId id) const {
  const auto edit = entities_.find(id);
  return edit != entities_.end() && !edit->second->before;
}

bool Transaction::TouchesParts(EntityId id, LabelId label,
                               absl::Span<const PropertyId> properties) {
  const auto edit = entities_.find(id);
  return edit != entities_.end() && TouchesParts(id, *edit->second, label, properties);
}

bool Transaction::TouchesParts(EntityId id, const EntityEdit& edit, LabelId label,
                               absl::Span<const PropertyId> properties) {
  if (!edit.before || !edit.after) return true;
  const bool touches = LabelDiffers(*edit.before, *edit.after, label) ||
                       std::any_of(properties.begin(), properties.end(), [&](PropertyId property) {
                         return PropertyDiffers(*edit.before, *edit.after, property);
                       });
  if (!touches) return false;
  NoteLabelRead(id, label);
  for (const PropertyId property : properties) NotePropertyRead(id, property);
  return true;
}

EntityState* Transaction::CreateEntity(const std::string& key) {
  auto edit = std::make_unique<EntityEdit>();
  edit->after.emplace();
  edit->after->id = parts_.ids->NewEntity();
  edit->after->key = key;
  EntityState* state = &*edit->after;
  MeasureEdit(*edit);
  entities_[state->id] = std::move(edit);
  if (!key.empty()) entity_keys_[key] = state->id;
  return state;
}

absl::Status Transaction::DeleteEntity(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, EditEntity(id));
  if (!state->key.empty()) entity_keys_[state->key] = std::nullopt;
  entities_[id]->after.reset();
  Measure(id);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RelationshipId>> Transaction::FindRelationship(
    const std::string& key) {
  const auto it = relationship_keys_.find(key);
  if (it != relationship_keys_.end()) return it->second;
  NoteRead(RelationshipKeyLogicalKey(key));
  RELATA_ASSIGN_OR_RETURN(const std::optional<RelationshipId> id, snapshot_.FindRelationship(key));
  relationship_keys_[key] = id;
  return id;
}

absl::StatusOr<RelationshipState*> Transaction::EditRelationship(RelationshipId id) {
  auto it = relationships_.find(id);
  if (it == relationships_.end()) {
    NoteRead(RelationshipLogicalKey(id));
    RELATA_ASSIGN_OR_RETURN(std::optional<RelationshipState> state, snapshot_.GetRelationship(id));
    auto edit = std::make_unique<RelationshipEdit>();
    if (state) {
      loaded_at_[state->ends.from].push_back(id);
      if (state->ends.to != state->ends.from) loaded_at_[state->ends.to].push_back(id);
    }
    edit->before = state;
    edit->after = std::move(state);
    MeasureEdit(*edit);
    it = relationships_.emplace(id, std::move(edit)).first;
  }
  return it->second->after ? &*it->second->after : nullptr;
}

absl::StatusOr<std::vector<RelationshipId>> Transaction::FindPair(EntityId from, TypeId type,
                                                                  EntityId to) {
  NoteReadRange(PairLogicalRange(from, type, to));
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipId> stored,
                          snapshot_.FindPair(from, type, to));
  std::vector<RelationshipId> ids;
  for (const RelationshipId id : stored) {
    const auto edit = relationships_.find(id);
    if (edit == relationships_.end() || edit->second->after) ids.push_back(id);
  }
  const auto at_from = created_at_.find(from);
  const auto at_to = created_at_.find(to);
  if (at_from == created_at_.end() || at_to == created_at_.end()) return ids;
  const bool fewer_from = at_from->second.size() <= at_to->second.size();
  for (const RelationshipId id : fewer_from ? at_from->second : at_to->second) {
    const std::optional<RelationshipState>& after = relationships_[id]->after;
    if (after && after->ends.from == from && after->ends.type == type && after->ends.to == to) {
      ids.push_back(id);
    }
  }
  return ids;
}

RelationshipState* Transaction::CreateRelationship(const std::string& key, EntityId from,
                                                   TypeId type, EntityId to) {
  auto edit = std::make_unique<RelationshipEdit>();
  edit->after.emplace();
  edit->after->ends = RelationshipEnds{parts_.ids->NewRelationship(), type, from, to};
  edit->after->key = key;
  RelationshipState* state = &*edit->after;
  const RelationshipId id = state->ends.id;
  MeasureEdit(*edit);
  relationships_[id] = std::move(edit);
  created_at_[from].push_back(id);
  if (to != from) created_at_[to].push_back(id);
  if (!key.empty()) relationship_keys_[key] = id;
  return state;
}

absl::Status Transaction::DeleteRelationship(RelationshipId id) {
  RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, EditRelationship(id));
  if (!state->key.empty()) relationship_keys_[state->key] = std::nullopt;
  relationships_[id]->after.reset();
  Measure(id);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RelationshipEnds>> Transaction::RelationshipsOf(EntityId id) {
  NoteReadRange(OutLogicalRange(id));
  NoteReadRange(InLogicalRange(id));
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> stored,
                          snapshot_.RelationshipsOf(id));
  std::vector<RelationshipEnds> ends;
  for (const RelationshipEnds& e : stored) {
    const auto edit = relationships_.find(e.id);
    if (edit == relationships_.end() || edit->second->after) ends.push_back(e);
  }
  const auto created = created_at_.find(id);
  if (created == created_at_.end()) return ends;
  for (const RelationshipId made : created->second) {
    const std::optional<RelationshipState>& after = relationships_[made]->after;
    if (after) ends.push_back(after->ends);
  }
  return ends;
}

void Transaction::AddCiting(bool is_relationship, uint64_t id, EntityId source,
                            std::set<FactOwner>& owners) const {
  if (is_relationship) {
    const auto edit = relationships_.find(RelationshipId(id));
    if (edit == relationships_.end() || !edit->second->after) return;
    AddCitingFacts(edit->second->after->facts, {true, id, {}, {}}, source, owners);
    return;
  }
  const auto edit = entities_.find(EntityId(id));
  if (edit == entities_.end() || !edit->second->after) return;
  for (const auto& [property, facts] : edit->second->after->properties) {
    AddCitingFacts(facts, {false, id, property, {}}, source, owners);
  }
}

void Transaction::NoteCited(EntityId source, const FactOwner& owner) {
  cited_[source].emplace(owner.is_relationship, owner.id);
}

// Facts of an edited state are looked at as they are now. A cut makes facts of new ids, but of the
// same owner, so every owner is one of the stored facts or one that NoteCited named.
absl::StatusOr<std::vector<FactOwner>> Transaction::FactsOfSource(EntityId source) {
  NoteReadRange(SourceFactsLogicalRange(source));
  RELATA_ASSIGN_OR_RETURN(const std::vector<FactOwner> stored, snapshot_.FactsOfSource(source));
  std::set<FactOwner> owners;
  std::set<std::pair<bool, uint64_t>> edited;
  for (const FactOwner& owner : stored) {
    const bool is_edited = owner.is_relationship ? relationships_.contains(RelationshipId(owner.id))
                                                 : entities_.contains(EntityId(owner.id));
    if (is_edited) {
      edited.emplace(owner.is_relationship, owner.id);
    } else {
      owners.insert(owner);
    }
  }
  if (const auto cited = cited_.find(source); cited != cited_.end()) {
    edited.insert(cited->second.begin(), cited->second.end());
  }
  for (const auto& [is_relationship, id] : edited) AddCiting(is_relationship, id, source, owners);
  return std::vector<FactOwner>(owners.begin(), owners.end());
}

absl::StatusOr<std::vector<EntityId>> Transaction::FindUneditedHolders(
    const IndexDefinition& index, const IndexedValues& values) {
  const IndexLookup lookup{values, std::nullopt, std::nullopt, std::nullopt};
  for (const KeyRange& range : IndexRanges(index, lookup)) {
    NoteReadRange(IndexLogicalRange(range));
  }
  RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids, snapshot_.FindHolders(index, values));
  std::erase_if(ids, [&](EntityId id) { return entities_.contains(id); });
  return ids;
}

template <typename State>
void Transaction::MeasureEdit(Edit<State>& edit) {
  edit_bytes_ -= edit.bytes;
  edit.bytes =
      (edit.before ? HeapBytes(*edit.before) : 0) + (edit.after ? HeapBytes(*edit.after) : 0);
  edit_bytes_ += edit.bytes;
}

void Transaction::Measure(EntityId id) {
  if (const auto edit = entities_.find(id); edit != entities_.end()) MeasureEdit(*edit->second);
}

void Transaction::Measure(RelationshipId id) {
  const auto edit = relationships_.find(id);
  if (edit != relationships_.end()) MeasureEdit(*edit->second);
}

size_t Transaction::held_bytes() const {
  // Of a node of a map from an id to a pointer, with the block that it points to.
  constexpr size_t kNode = 48 + 2 * kAllocationBytes;
  // Of an end of relationships: a list of ids.
  constexpr size_t kEnd = 64 + 2 * kAllocationBytes;
  constexpr size_t kSlot = 2 * sizeof(uint64_t) + 1;
  size_t bytes = edit_bytes_ + read_bytes_ + key_bytes_;
  bytes += entities_.size() * (kNode + sizeof(EntityEdit));
  bytes += relationships_.size() * (kNode + sizeof(RelationshipEdit) + 4 * sizeof(RelationshipId));
  bytes += (created_at_.size() + loaded_at_.size()) * kEnd;
  bytes += (exists_.capacity() + read_.capacity() + read_whole_.capacity()) * kSlot;
  bytes += read_.size() * (sizeof(std::optional<EntityState>) + kAllocationBytes);
  bytes += (entity_keys_.size() + relationship_keys_.size()) * (kNode + sizeof(std::string));
  bytes += (read_keys_.capacity() + write_keys_.capacity()) * sizeof(std::string);
  return bytes + read_ranges_.capacity() * sizeof(KeyRange);
}

void Transaction::NoteEverythingRead() {
  if (!reads_everything_) NoteReadRange(EverythingLogicalRange());
  reads_everything_ = true;
}

absl::StatusOr<std::vector<EntityId>> Transaction::AllWithLabel(LabelId label) {
  NoteEverythingRead();
  RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> stored,
                          snapshot_.ListEntities(label, EntityId(), SIZE_MAX));
  std::vector<EntityId> ids;
  for (const EntityId id : stored) {
    if (!entities_.contains(id)) ids.push_back(id);
  }
  for (const auto& [id, edit] : entities_) {
    if (edit->after && edit->after->HasLabel(label)) ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<std::vector<RelationshipId>> Transaction::AllOfType(TypeId type) {
  NoteEverythingRead();
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> stored,
                          snapshot_.ListRelationships(RelationshipId(), SIZE_MAX));
  std::vector<RelationshipId> ids;
  for (const RelationshipEnds& ends : stored) {
    if (ends.type == type && !relationships_.contains(ends.id)) ids.push_back(ends.id);
  }
  for (const auto& [id, edit] : relationships_) {
    if (edit->after && edit->after->ends.type == type) ids.push_back(id);
  }
  return ids;
}

std::vector<EntityState*> Transaction::EditedEntities() {
  std::vector<EntityState*> states;
  for (auto& [id, edit] : entities_) {
    if (edit->after) states.push_back(&*edit->after);
  }
  return states;
}

std::vector<RelationshipState*> Transaction::EditedRelationships() {
  std::vector<RelationshipState*> states;
  for (auto& [id, edit] : relationships_) {
    if (edit->after) states.push_back(&*edit->after);
  }
  return states;
}

}  // namespace relata
