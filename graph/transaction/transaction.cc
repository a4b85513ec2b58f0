#include "graph/transaction/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/store/key_layout.h"
#include "graph/store/meta_layout.h"
#include "graph/store/records.h"
#include "graph/transaction/adjacency_changes.h"
#include "graph/transaction/change_kind.h"
#include "graph/transaction/entity_parts.h"
#include "graph/transaction/index_builder.h"
#include "graph/transaction/logical_keys.h"
#include "graph/transaction/settle.h"
#include "graph/transaction/state_writer.h"

namespace relata {
namespace {

bool Cites(const std::vector<Fact>& facts, FactId id, EntityId source) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    return fact.id == id && std::any_of(fact.citations.begin(), fact.citations.end(),
                                        [&](const Citation& c) { return c.source == source; });
  });
}

// Adds what `facts` of `owner` cite: (source, fact).
void CollectCitations(const std::vector<Fact>& facts, FactOwner owner,
                      std::set<std::pair<EntityId, FactOwner>>& out) {
  for (const Fact& fact : facts) {
    owner.fact = fact.id;
    for (const Citation& c : fact.citations) out.insert({c.source, owner});
  }
}

std::set<std::pair<EntityId, FactOwner>> CitationsOf(const std::optional<EntityState>& state) {
  std::set<std::pair<EntityId, FactOwner>> cited;
  if (!state) return cited;
  for (const auto& [property, facts] : state->properties) {
    CollectCitations(facts, {false, state->id.value(), property, {}}, cited);
  }
  return cited;
}

std::set<std::pair<EntityId, FactOwner>> CitationsOf(
    const std::optional<RelationshipState>& state) {
  std::set<std::pair<EntityId, FactOwner>> cited;
  if (state) CollectCitations(state->facts, {true, state->ends.id.value(), {}, {}}, cited);
  return cited;
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
    it = read_.emplace(id, std::make_unique<std::optional<EntityState>>(std::move(state))).first;
  }
  return *it->second ? &**it->second : nullptr;
}

absl::StatusOr<const EntityState*> Transaction::ReadEntity(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, PeekEntity(id));
  if (!MadeHere(id) && read_whole_.insert(id).second)
    read_ranges_.push_back(ContentLogicalRange(id));
  return state;
}

absl::StatusOr<EntityState*> Transaction::OpenEntity(EntityId id) {
  auto it = entities_.find(id);
  if (it == entities_.end()) {
    RELATA_RETURN_IF_ERROR(PeekEntity(id).status());
    auto edit = std::make_unique<EntityEdit>();
    edit->before = *read_[id];
    edit->after = std::move(*read_[id]);
    read_.erase(id);
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

bool Transaction::TouchesPair(EntityId id, LabelId label, PropertyId property) {
  const auto edit = entities_.find(id);
  return edit != entities_.end() && TouchesPair(id, *edit->second, label, property);
}

bool Transaction::TouchesPair(EntityId id, const EntityEdit& edit, LabelId label,
                              PropertyId property) {
  if (!edit.before || !edit.after) return true;
  if (!LabelDiffers(*edit.before, *edit.after, label) &&
      !PropertyDiffers(*edit.before, *edit.after, property)) {
    return false;
  }
  NoteLabelRead(id, label);
  NotePropertyRead(id, property);
  return true;
}

EntityState* Transaction::CreateEntity(const std::string& key) {
  auto edit = std::make_unique<EntityEdit>();
  edit->after.emplace();
  edit->after->id = parts_.ids->NewEntity();
  edit->after->key = key;
  EntityState* state = &*edit->after;
  entities_[state->id] = std::move(edit);
  if (!key.empty()) entity_keys_[key] = state->id;
  return state;
}

absl::Status Transaction::DeleteEntity(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, EditEntity(id));
  if (!state->key.empty()) entity_keys_[state->key] = std::nullopt;
  entities_[id]->after.reset();
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
    it = relationships_.emplace(id, std::move(edit)).first;
  }
  return it->second->after ? &*it->second->after : nullptr;
}

absl::StatusOr<std::vector<RelationshipId>> Transaction::FindPair(EntityId from, TypeId type,
                                                                  EntityId to) {
  read_ranges_.push_back(PairLogicalRange(from, type, to));
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipId> stored,
                          snapshot_.FindPair(from, type, to));
  std::vector<RelationshipId> ids;
  for (const RelationshipId id : stored) {
    const auto edit = relationships_.find(id);
    if (edit == relationships_.end() || edit->second->after) ids.push_back(id);
  }
  const auto created = created_at_.find(from);
  if (created == created_at_.end()) return ids;
  for (const RelationshipId id : created->second) {
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
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RelationshipEnds>> Transaction::RelationshipsOf(EntityId id) {
  read_ranges_.push_back(OutLogicalRange(id));
  read_ranges_.push_back(InLogicalRange(id));
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

// Whether the fact, in a state changed here, still cites the source.
bool Transaction::CitesSource(const FactOwner& owner, EntityId source) const {
  if (owner.is_relationship) {
    const auto edit = relationships_.find(RelationshipId(owner.id));
    if (edit == relationships_.end()) return true;
    return edit->second->after && Cites(edit->second->after->facts, owner.fact, source);
  }
  const auto edit = entities_.find(EntityId(owner.id));
  if (edit == entities_.end()) return true;
  if (!edit->second->after) return false;
  const std::vector<Fact>* facts = edit->second->after->FindProperty(owner.property);
  return facts != nullptr && Cites(*facts, owner.fact, source);
}

absl::StatusOr<std::vector<FactOwner>> Transaction::FactsOfSource(EntityId source) {
  read_ranges_.push_back(SourceFactsLogicalRange(source));
  RELATA_ASSIGN_OR_RETURN(const std::vector<FactOwner> stored, snapshot_.FactsOfSource(source));
  std::set<FactOwner> owners;
  for (const FactOwner& owner : stored) {
    if (CitesSource(owner, source)) owners.insert(owner);
  }
  const auto add = [&](const auto& edits) {
    for (const auto& [id, edit] : edits) {
      for (const auto& [cited, owner] : CitationsOf(edit->after)) {
        if (cited == source) owners.insert(owner);
      }
    }
  };
  add(entities_);
  add(relationships_);
  return std::vector<FactOwner>(owners.begin(), owners.end());
}

absl::StatusOr<std::vector<EntityId>> Transaction::FindUneditedByIndex(const IndexDefinition& index,
                                                                       const Value& value) {
  read_ranges_.push_back(IndexValueLogicalRange(index.id, value));
  RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids, snapshot_.FindByIndex(index, value));
  std::erase_if(ids, [&](EntityId id) { return entities_.contains(id); });
  return ids;
}

void Transaction::NoteEverythingRead() {
  if (!reads_everything_) read_ranges_.push_back(EverythingLogicalRange());
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

// The parts of an entity that is there before and after.
void Transaction::NotePartWrites(EntityId id, const EntityEdit& edit) {
  for (const LabelId label : DifferingLabels(*edit.before, *edit.after)) {
    NoteWrite(LabelLogicalKey(id, label));
    NoteWrite(LabelMemberLogicalKey(label, id));
  }
  for (const PropertyId property : DifferingProperties(*edit.before, *edit.after)) {
    NoteWrite(PropertyLogicalKey(id, property));
  }
  if (edit.before->source_retracted != edit.after->source_retracted) {
    NoteWrite(RetractionLogicalKey(id));
  }
}

void Transaction::NoteEntityWrites(EntityId id, const EntityEdit& edit) {
  if (!edit.before && !edit.after) return;
  if (edit.before && edit.after) {
    NotePartWrites(id, edit);
  } else {
    // Whoever read a part of it also read whether it exists.
    NoteWrite(ExistenceLogicalKey(id));
    const std::string& key = edit.before ? edit.before->key : edit.after->key;
    if (!key.empty()) NoteWrite(EntityKeyLogicalKey(key));
    for (const LabelId label : (edit.before ? edit.before : edit.after)->labels) {
      NoteWrite(LabelMemberLogicalKey(label, id));
    }
  }
  for (const auto& [index_id, index] : schema_->indexes()) {
    if (!TouchesPair(id, edit, index.label, index.property)) continue;
    for (const std::optional<EntityState>* state : {&edit.before, &edit.after}) {
      if (!*state || !(*state)->HasLabel(index.label)) continue;
      const std::vector<Fact>* facts = (*state)->FindProperty(index.property);
      if (facts == nullptr) continue;
      for (const Fact& fact : *facts) NoteWrite(IndexLogicalKey(index_id, fact.value, id));
    }
  }
  for (const auto& [source, owner] : CitationsOf(edit.after)) {
    NoteWrite(SourceFactLogicalKey(source, owner));
  }
}

void Transaction::NoteRelationshipWrites(RelationshipId id, const RelationshipEdit& edit) {
  if (!edit.before && !edit.after) return;
  NoteWrite(RelationshipLogicalKey(id));
  // Other facts too: they decide whether a query that walks past its ends sees it.
  const RelationshipState& state = edit.before ? *edit.before : *edit.after;
  NoteWrite(OutLogicalKey(state.ends));
  NoteWrite(InLogicalKey(state.ends));
  if (edit.before.has_value() != edit.after.has_value() && !state.key.empty()) {
    NoteWrite(RelationshipKeyLogicalKey(state.key));
  }
  for (const auto& [source, owner] : CitationsOf(edit.after)) {
    NoteWrite(SourceFactLogicalKey(source, owner));
  }
}

void Transaction::Prepare() {
  for (const auto& [id, edit] : entities_) NoteEntityWrites(id, *edit);
  for (const auto& [id, edit] : relationships_) NoteRelationshipWrites(id, *edit);
  if (changed_schema_ != nullptr) NoteWrite(SchemaLogicalKey());
}

absl::Status Transaction::StageIndexes(StateWriter& writer, VersionedBatch& batch) {
  for (const IndexDefinition& index : backfills_) {
    batch.PutMeta(MetaIndexStateKey(index.id), IndexBuilder::EncodeState(batch.version()));
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                            snapshot_.ListEntities(index.label, EntityId(), SIZE_MAX));
    for (const EntityId id : ids) {
      if (entities_.contains(id)) continue;  // written with its state
      RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> state, snapshot_.GetEntity(id));
      if (state) writer.WriteIndexEntries(index, *state);
    }
  }
  if (cleared_.empty()) return absl::OkStatus();
  // As the engine is now: the builder may have added entries since this transaction began.
  const OrderedKv* kv = snapshot_.store().kv();
  const StoreSnapshot newest(kv, kv->NewSnapshot(), batch.version(), snapshot_.commit_time(),
                             /*at_head=*/true);
  for (const IndexDefinition& index : cleared_) {
    batch.DeleteMeta(MetaIndexStateKey(index.id));
    VersionedScan scan(newest, KeyRange::Prefix(IndexPrefix(index.id)));
    for (; scan.Valid(); scan.Next()) {
      RELATA_RETURN_IF_ERROR(batch.Delete(std::string(scan.key())));
    }
    RELATA_RETURN_IF_ERROR(scan.status());
  }
  return absl::OkStatus();
}

void Transaction::LogChanges(CommitEntry& entry) const {
  entry.principal = principal_;
  entry.request_id = request_id_;
  const auto add = [&entry](ChangeKind kind, uint64_t id) {
    entry.changes.push_back({static_cast<uint8_t>(kind), id, id});
  };
  if (changed_schema_ != nullptr) add(ChangeKind::kSchema, 0);
  for (const auto& [id, edit] : entities_) {
    if (edit->differs) add(ChangeKind::kEntity, id.value());
  }
  for (const auto& [id, edit] : relationships_) {
    if (edit->differs) add(ChangeKind::kRelationship, id.value());
  }
}

// The plain values and labels of an entity share a record: what other commits wrote into it since
// the snapshot is kept.
absl::Status Transaction::RebaseOnNewest(EntityId id, const VersionedBatch& batch,
                                         EntityEdit& edit) const {
  RELATA_ASSIGN_OR_RETURN(const std::optional<VersionedRecord> newest, batch.Get(EntityKeyOf(id)));
  if (!newest)
    return absl::InternalError("a transaction was let through though its entity is gone");
  if (newest->written <= snapshot_.version()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const EntityState record,
                          DecodeEntity(id, newest->written, newest->record));
  Rebase(record, *edit.before, *edit.after);
  return absl::OkStatus();
}

absl::Status Transaction::Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                                CommitEntry& entry) {
  StateWriter writer(*first_schema_, *schema_, version);
  for (auto& [id, edit] : entities_) {
    if (edit->before && edit->after) RELATA_RETURN_IF_ERROR(RebaseOnNewest(id, batch, *edit));
    if (edit->after) Settle(version, time_us, *edit->after);
    RELATA_ASSIGN_OR_RETURN(edit->differs, writer.WriteEntity(edit->before, edit->after));
  }
  for (auto& [id, edit] : relationships_) {
    if (edit->after) Settle(version, time_us, *edit->after);
    edit->differs = writer.WriteRelationship(edit->before, edit->after);
  }
  if (changed_schema_ != nullptr) writer.WriteSchema();
  RELATA_RETURN_IF_ERROR(StageIndexes(writer, batch));
  RELATA_RETURN_IF_ERROR(writer.Flush(batch));
  parts_.names->StageNew(batch);
  parts_.ids->StageBlocks(batch);
  LogChanges(entry);
  entry.counters = writer.Counters();
  parts_.statistics->Stage(version, entry.counters, batch);
  for (StageHook& hook : hooks_) hook(version, time_us, batch);
  return absl::OkStatus();
}

void Transaction::BeforePublish(CommitVersion version) {
  parts_.names->MarkStored();
  parts_.ids->MarkStored();
  parts_.statistics->Publish(version);
  if (changed_schema_ != nullptr) parts_.schemas->Invalidate(version);
  for (const IndexDefinition& index : backfills_) parts_.indexes->MarkUsable(index.id, version);
  for (const auto& [id, edit] : relationships_) {
    if (!edit->differs) continue;
    ChangeAdjacency(edit->before ? &*edit->before : nullptr, edit->after ? &*edit->after : nullptr,
                    version, *parts_.cache);
  }
  for (const auto& [id, edit] : entities_) {
    if (!edit->before) continue;
    parts_.cache->columns().Change(PropertyColumns::Owner::kEntity, id.value(), version);
  }
}

}  // namespace relata
