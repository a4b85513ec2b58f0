#ifndef RELATA_GRAPH_TRANSACTION_TRANSACTION_H_
#define RELATA_GRAPH_TRANSACTION_TRANSACTION_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"
#include "graph/catalog/schema_cache.h"
#include "graph/store/snapshot.h"
#include "graph/transaction/held_bytes.h"
#include "graph/transaction/id_allocator.h"
#include "graph/transaction/statistics_keeper.h"
#include "storage/committer.h"

namespace relata {

class AdjacencyCache;
class IndexBuilder;
class StateWriter;

// The parts of a database that a transaction works with; all outlive it.
struct TransactionParts {
  NameTable* names = nullptr;
  IdAllocator* ids = nullptr;
  StatisticsKeeper* statistics = nullptr;
  SchemaCache* schemas = nullptr;
  AdjacencyCache* cache = nullptr;
  IndexBuilder* indexes = nullptr;
};

// One unit of reading and writing (design.md, "Writes"): a snapshot, the states that were changed,
// and the logical keys that were read. It sees its own changes. Used by one thread; the committer's
// thread calls the PendingCommit part while the owner waits. What it offers are primitives on whole
// states; the rules of S4 are in graph/mutation/.
class Transaction : public PendingCommit {
 public:
  Transaction(Snapshot snapshot, std::shared_ptr<const Schema> schema, TransactionParts parts);

  const Snapshot& snapshot() const { return snapshot_; }
  NameTable& names() { return *parts_.names; }
  IdAllocator& ids() { return *parts_.ids; }
  // Whether the schema was changed here.
  bool changes_schema() const { return changed_schema_ != nullptr; }
  // As this transaction has changed it.
  const Schema& schema() const { return *schema_; }
  // A schema to change; the change commits with the transaction.
  Schema& EditSchema();

  // --- entities
  // nullopt: no such key, or deleted here.
  absl::StatusOr<std::optional<EntityId>> FindEntity(const std::string& key);
  // Notes the read of its existence alone.
  absl::StatusOr<bool> EntityExists(EntityId id);
  // Its state, to read; null where it does not exist. Valid until the entity is edited. Notes that
  // all of it was read.
  absl::StatusOr<const EntityState*> ReadEntity(EntityId id);
  // Its state, to change in place; null where it does not exist. Valid until the transaction ends.
  // Notes that all of it was read.
  absl::StatusOr<EntityState*> EditEntity(EntityId id);
  // The same two, but they note the read of its existence alone: the caller notes every part that
  // it looks at or changes. What is left alone may be changed by others meanwhile.
  absl::StatusOr<const EntityState*> PeekEntity(EntityId id);
  absl::StatusOr<EntityState*> OpenEntity(EntityId id);
  void NoteLabelRead(EntityId id, LabelId label);
  void NotePropertyRead(EntityId id, PropertyId property);
  void NoteRetractionRead(EntityId id);
  // Whether this transaction changes that an edited entity bears the label, or the facts of one of
  // the properties: what rests on them all, a constraint or an index, is then to be looked at.
  // Notes all of them as read where that is so.
  bool TouchesParts(EntityId id, LabelId label, absl::Span<const PropertyId> properties);
  // Whether the entity was made by this transaction, so that all of it is its own.
  bool MadeHere(EntityId id) const;
  // The state with a new id. Precondition: the key, where given, is free (FindEntity).
  EntityState* CreateEntity(const std::string& key);
  // Precondition: it exists, without relationships and citations that name it.
  absl::Status DeleteEntity(EntityId id);

  // --- relationships
  absl::StatusOr<std::optional<RelationshipId>> FindRelationship(const std::string& key);
  absl::StatusOr<RelationshipState*> EditRelationship(RelationshipId id);
  // Ascending ids. Time grows with the relationships that were made here at one of the two ends,
  // the one that has fewer.
  absl::StatusOr<std::vector<RelationshipId>> FindPair(EntityId from, TypeId type, EntityId to);
  // Precondition: the ends exist, the key is free.
  RelationshipState* CreateRelationship(const std::string& key, EntityId from, TypeId type,
                                        EntityId to);
  absl::Status DeleteRelationship(RelationshipId id);
  // All relationships of an entity, whatever their valid time.
  absl::StatusOr<std::vector<RelationshipEnds>> RelationshipsOf(EntityId id);

  // --- sources, values
  // Facts that cite it, as changed here; ascending. Time grows with the facts of what cites it, not
  // with what else was changed.
  absl::StatusOr<std::vector<FactOwner>> FactsOfSource(EntityId source);
  // A fact of this owner cites the source from now on. Whoever adds a citation says so.
  void NoteCited(EntityId source, const FactOwner& owner);
  // As Snapshot::FindHolders, of those that were not edited here.
  absl::StatusOr<std::vector<EntityId>> FindUneditedHolders(const IndexDefinition& index,
                                                            const IndexedValues& values);

  // Every entity with the label; every relationship of the type. For changes of the schema: they
  // note that everything was read.
  absl::StatusOr<std::vector<EntityId>> AllWithLabel(LabelId label);
  absl::StatusOr<std::vector<RelationshipId>> AllOfType(TypeId type);
  // Whether it did: any commit beside it is a conflict.
  bool reads_everything() const { return reads_everything_; }

  // --- what queries read, own changes included (transaction_reads.cc)
  // Ids > `after`, ascending, at most `limit`; with `label` those that bear it. Notes that every
  // entity (of the label) was read, as far as being there (and bearing it) goes.
  absl::StatusOr<std::vector<EntityId>> ListEntities(std::optional<LabelId> label, EntityId after,
                                                     size_t limit);
  // Likewise of relationships, with all that is in them.
  absl::StatusOr<std::vector<RelationshipEnds>> ListRelationships(RelationshipId after,
                                                                  size_t limit);
  // A state as changed here: `edited` where it was loaded to be changed, `state` null where it was
  // deleted, `before` null where it was made here.
  template <typename State>
  struct Changed {
    bool edited = false;
    const State* state = nullptr;
    const State* before = nullptr;
  };
  Changed<EntityState> FindChanged(EntityId id) const;
  Changed<RelationshipState> FindChanged(RelationshipId id) const;
  // Appends the relationships made, changed or deleted here that have this end.
  void AppendChangedAt(EntityId end, std::vector<RelationshipId>* ids) const;
  // Likewise those between the two, in either direction. Time grows with those at the end that has
  // fewer.
  void AppendChangedBetween(EntityId one, EntityId other, std::vector<RelationshipId>* ids) const;
  bool changes_entities() const { return !entities_.empty(); }
  bool changes_relationships() const { return !relationships_.empty(); }

  // About how many bytes the transaction holds: the changes, and the keys that it noted. A state
  // counts as it was when it was loaded, made, deleted or measured last. Constant time.
  size_t held_bytes() const;
  // Measures it anew, after it was changed in place. Nothing where it was not edited.
  void Measure(EntityId id);
  void Measure(RelationshipId id);

  // Asked during the commit with about how many bytes the transaction holds by then: held_bytes()
  // with the keys that it writes, and what is staged until it is on disk. By the committer's
  // thread, while the owner waits; an error ends the commit, which then writes nothing.
  using CommitWatch = absl::AnyInvocable<absl::Status(size_t bytes)>;
  void WatchCommit(CommitWatch watch) { commit_watch_ = std::move(watch); }

  // Entities and relationships that were loaded to be changed, deleted ones left out.
  std::vector<EntityState*> EditedEntities();
  std::vector<RelationshipState*> EditedRelationships();

  // More logical keys read or written, and more to do when it is staged (request ids).
  void NoteRead(std::string logical_key) {
    key_bytes_ += HeapBytes(logical_key);
    read_keys_.push_back(std::move(logical_key));
  }
  void NoteReadRange(KeyRange range) {
    key_bytes_ += HeapBytes(range.start) + HeapBytes(range.limit);
    read_ranges_.push_back(std::move(range));
  }
  void NoteWrite(std::string logical_key) {
    key_bytes_ += HeapBytes(logical_key) + WindowBytes(logical_key);
    write_keys_.push_back(std::move(logical_key));
  }
  using StageHook = absl::AnyInvocable<void(CommitVersion, int64_t, VersionedBatch&)>;
  void OnStage(StageHook hook) { hooks_.push_back(std::move(hook)); }
  // The index is built with this commit, over the entities that are there.
  void BackfillIndex(const IndexDefinition& index) { backfills_.push_back(index); }
  const std::vector<IndexDefinition>& backfills() const { return backfills_; }
  // The entries of a dropped index are removed with this commit.
  void ClearIndex(const IndexDefinition& index) { cleared_.push_back(index); }
  void SetLogEntry(std::string principal, std::string request_id) {
    principal_ = std::move(principal);
    request_id_ = std::move(request_id);
  }

  // Call when all changes are made, before Committer::Commit: notes what is written.
  void Prepare();

  // PendingCommit
  CommitVersion read_version() const override { return snapshot_.version(); }
  const std::vector<std::string>& read_keys() const override { return read_keys_; }
  const std::vector<KeyRange>& read_ranges() const override { return read_ranges_; }
  const std::vector<std::string>& write_keys() const override { return write_keys_; }
  absl::Status Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                     CommitEntry& entry) override;
  void BeforePublish(CommitVersion version) override;

 private:
  template <typename State>
  struct Edit {
    std::optional<State> before;
    std::optional<State> after;
    bool differs = false;  // found out when it is staged
    size_t bytes = 0;      // on the heap, when it was measured
  };
  using EntityEdit = Edit<EntityState>;
  using RelationshipEdit = Edit<RelationshipState>;

  // The states that were changed; puts nothing into the batch.
  absl::Status StageStates(CommitVersion version, int64_t time_us, const VersionedBatch& batch,
                           StateWriter& writer);
  absl::Status CheckCommit(const StateWriter& writer);
  void NoteEverythingRead();
  absl::Status StageIndexes(StateWriter& writer, VersionedBatch& batch);
  void LogChanges(CommitEntry& entry) const;
  void NoteEntityWrites(EntityId id, const EntityEdit& edit);
  void NotePartWrites(EntityId id, const EntityEdit& edit);
  bool TouchesParts(EntityId id, const EntityEdit& edit, LabelId label,
                    absl::Span<const PropertyId> properties);
  void NotePartRead(EntityId id, std::string logical_key);
  absl::Status RebaseOnNewest(EntityId id, const VersionedBatch& batch, EntityEdit& edit) const;
  template <typename State>
  void NoteIndexWrites(const IndexDefinition& index, const Edit<State>& edit);
  void NoteRelationshipWrites(RelationshipId id, const RelationshipEdit& edit);
  // Adds the facts of an edited entity or relationship that cite the source.
  void AddCiting(bool is_relationship, uint64_t id, EntityId source,
                 std::set<FactOwner>& owners) const;
  template <typename State>
  void MeasureEdit(Edit<State>& edit);

  const Snapshot snapshot_;
  const std::shared_ptr<const Schema> first_schema_;
  std::shared_ptr<const Schema> schema_;
  std::shared_ptr<Schema> changed_schema_;  // `schema_`, where it was changed
  const TransactionParts parts_;

  // Ordered, so that the same transaction stages the same bytes.
  std::map<EntityId, std::unique_ptr<EntityEdit>> entities_;
  std::map<RelationshipId, std::unique_ptr<RelationshipEdit>> relationships_;
  std::map<std::string, std::optional<EntityId>> entity_keys_;
  std::map<std::string, std::optional<RelationshipId>> relationship_keys_;
  // Relationships made here, by either end.
  std::map<EntityId, std::vector<RelationshipId>> created_at_;
  // Relationships loaded to be changed, by either end.
  absl::flat_hash_map<EntityId, std::vector<RelationshipId>> loaded_at_;
  // By source, what was made to cite it here: (is_relationship, id).
  absl::flat_hash_map<EntityId, std::set<std::pair<bool, uint64_t>>> cited_;
  // What ListEntities and ListRelationships have noted.
  bool listed_entities_ = false;
  bool listed_relationships_ = false;
  absl::flat_hash_set<LabelId> listed_labels_;
  absl::flat_hash_map<EntityId, bool> exists_;
  // Loaded to be read, and of those, or the edited ones, which were read whole.
  absl::flat_hash_map<EntityId, std::unique_ptr<std::optional<EntityState>>> read_;
  absl::flat_hash_set<EntityId> read_whole_;

  std::vector<std::string> read_keys_;
  std::vector<KeyRange> read_ranges_;
  std::vector<std::string> write_keys_;
  std::vector<StageHook> hooks_;
  CommitWatch commit_watch_;
  std::vector<IndexDefinition> backfills_;
  std::vector<IndexDefinition> cleared_;
  bool reads_everything_ = false;
  size_t edit_bytes_ = 0;  // on the heap, of all edits
  size_t read_bytes_ = 0;  // likewise, of `read_`
  size_t key_bytes_ = 0;   // likewise, of the logical keys
  std::string principal_;
  std::string request_id_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_TRANSACTION_H_
