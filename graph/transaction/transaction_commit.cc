// The transaction as the committer sees it: the keys that it writes, and what it stages.
#include <set>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/store/index_entries.h"
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
#include "graph/transaction/transaction.h"

namespace relata {
namespace {

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
    if (index.of_relationships()) continue;
    if (!TouchesParts(id, edit, index.label, index.properties)) continue;
    NoteIndexWrites(index, edit);
  }
  for (const auto& [source, owner] : CitationsOf(edit.after)) {
    NoteWrite(SourceFactLogicalKey(source, owner));
  }
}

template <typename State>
void Transaction::NoteIndexWrites(const IndexDefinition& index, const Edit<State>& edit) {
  for (const std::optional<State>* state : {&edit.before, &edit.after}) {
    if (!*state) continue;
    for (const std::string& key : IndexEntries(index, **state)) NoteWrite(IndexLogicalKey(key));
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
  for (const auto& [index_id, index] : schema_->indexes()) {
    if (index.of_relationships()) NoteIndexWrites(index, edit);
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
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                            snapshot_.ListEntities(index.label, EntityId(), SIZE_MAX));
    for (const EntityId id : ids) {
      if (entities_.contains(id)) continue;  // written with its state
      RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> state, snapshot_.GetEntity(id));
      if (state) writer.WriteIndexEntries(index, *state);
    }
  }
  // The last word while the batch is as it was.
  RELATA_RETURN_IF_ERROR(CheckCommit(writer));
  for (const IndexDefinition& index : backfills_) {
    batch.PutMeta(MetaIndexStateKey(index.id), IndexBuilder::EncodeState(batch.version()));
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

absl::Status Transaction::CheckCommit(const StateWriter& writer) {
  if (commit_watch_ == nullptr) return absl::OkStatus();
  // Of each change in the log entry: in an array that grows, and encoded.
  constexpr size_t kLogged = 2 * sizeof(CommitEntry::Change) + 16;
  return commit_watch_(held_bytes() + writer.staging_bytes() +
                       (entities_.size() + relationships_.size()) * kLogged);
}

absl::Status Transaction::StageStates(CommitVersion version, int64_t time_us,
                                      const VersionedBatch& batch, StateWriter& writer) {
  constexpr size_t kBetweenChecks = 64;
  size_t done = 0;
  for (auto& [id, edit] : entities_) {
    if (done++ % kBetweenChecks == 0) RELATA_RETURN_IF_ERROR(CheckCommit(writer));
    if (edit->before && edit->after) RELATA_RETURN_IF_ERROR(RebaseOnNewest(id, batch, *edit));
    if (edit->after) Settle(version, time_us, *edit->after);
    RELATA_ASSIGN_OR_RETURN(edit->differs, writer.WriteEntity(edit->before, edit->after));
  }
  for (auto& [id, edit] : relationships_) {
    if (done++ % kBetweenChecks == 0) RELATA_RETURN_IF_ERROR(CheckCommit(writer));
    if (edit->after) Settle(version, time_us, *edit->after);
    edit->differs = writer.WriteRelationship(edit->before, edit->after);
  }
  if (changed_schema_ != nullptr) writer.WriteSchema();
  return absl::OkStatus();
}

absl::Status Transaction::Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                                CommitEntry& entry) {
  StateWriter writer(*first_schema_, *schema_, version);
  RELATA_RETURN_IF_ERROR(StageStates(version, time_us, batch, writer));
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
