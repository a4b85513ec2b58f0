#ifndef RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_READER_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_READER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/property_columns.h"
#include "graph/query/executor/index_guesses.h"
#include "graph/query/runtime/column.h"
#include "graph/query/runtime/datum.h"
#include "graph/store/snapshot.h"
#include "graph/transaction/transaction.h"

namespace relata {
class Database;
}  // namespace relata

namespace relata::query {

// One time context of a running statement (S11.2): what a node or relationship bound in it is read
// as of.
struct ReadContext {
  Snapshot snapshot;
  ReadView view;
  // Reads see the transaction's own writes: contexts without a system time in a statement that
  // writes.
  bool own_writes = false;
  // S2.3, S11.2: where properties are read under ALL. kMinusInfinity: the snapshot's commit time.
  Instant valid_now = kMinusInfinity;
};

// Where a reading of an index by pages stands. Begins as it is made.
struct IndexReading {
  size_t most = SIZE_MAX;                     // entries a page
  std::optional<std::vector<KeyRange>> left;  // nullopt: nothing was read yet
  bool done() const { return left && left->empty(); }
};

// All that a running statement reads of the graph: the snapshots of its contexts, with the
// transaction's own writes over them. Where there is a transaction it notes what was read, so that
// the commit is strictly serializable. Used by one thread at a time; each worker thread has its own
// (read-only statements only).
class GraphReader {
 public:
  // `transaction` may be null (read-only), and so may `database`, which tells which indexes are
  // usable (null: none is), and `guesses`. All outlive it.
  GraphReader(const std::vector<ReadContext>* contexts, Transaction* transaction,
              const Database* database = nullptr, IndexGuesses* guesses = nullptr);

  // One that reads the same for another thread; only without a transaction.
  std::unique_ptr<GraphReader> ForOtherThread() const {
    return std::make_unique<GraphReader>(contexts_, nullptr, database_, guesses_);
  }

  const ReadContext& context(ContextId id) const { return (*contexts_)[id]; }
  const NameTable& names() const { return (*contexts_)[0].snapshot.names(); }
  Transaction* transaction() const { return transaction_; }

  // --- scans, in id order. Ids > `after`, at most `limit`; with `label` those that bear it. Empty
  // only at the end.
  absl::StatusOr<std::vector<EntityId>> ListEntities(ContextId context,
                                                     std::optional<LabelId> label, EntityId after,
                                                     size_t limit);
  // As Expand sees them: visible in the context, one entry a fact under a window (then all of a
  // relationship, beyond `limit` too). `out` is replaced; empty only at the end.
  absl::Status ListRelationships(ContextId context, RelationshipId after, size_t limit,
                                 std::vector<RelationshipRef>* out);
  absl::StatusOr<std::optional<EntityId>> FindByKey(ContextId context, absl::string_view key);
  // nullopt: no usable index of these properties. The ids, ascending, of one page of all entities
  // with the label that may have at some time what is looked for, and perhaps of others: check what
  // is seen. One may come again with another page.
  absl::StatusOr<std::optional<std::vector<EntityId>>> FindByIndex(
      ContextId context, LabelId label, const std::vector<PropertyId>& properties,
      const IndexLookup& lookup, IndexReading* reading);
  // Likewise of relationships, those that are visible as ListRelationships gives them: `out` is
  // replaced. False: no usable index.
  absl::StatusOr<bool> FindRelationshipsByIndex(ContextId context, TypeId type,
                                                const std::vector<PropertyId>& properties,
                                                const IndexLookup& lookup, IndexReading* reading,
                                                std::vector<RelationshipRef>* out);
  // The entity that was found last for the value by a usable unique index: if it bears the label
  // and the value is seen, it is all that FindByIndex would give; else that is to be asked. nullopt
  // also where reads are noted.
  absl::StatusOr<std::optional<EntityId>> GuessByIndex(ContextId context, LabelId label,
                                                       PropertyId property, const Value& value);
  // `found`: the only one whose seen value is equal.
  absl::Status KeepGuess(ContextId context, LabelId label, PropertyId property, const Value& value,
                         EntityId found);
  absl::StatusOr<bool> Exists(ContextId context, EntityId id);

  // --- walking: as relata::Expand, own writes included.
  absl::Status Expand(ContextId context, absl::Span<const EntityId> vertices,
                      absl::Span<const Step> steps, Expansion* out);

  // The edges of Expand from `from` that lead to `to`, in its order. Reads the relationships of the
  // pair alone, one by one: for a vertex that has many. Precondition: every step has a type.
  absl::Status ExpandPair(ContextId context, EntityId from, EntityId to,
                          absl::Span<const Step> steps, std::vector<Edge>* out);

  // Whether Expand gives other edges than relata::Expand, or notes that they were read.
  bool OverlaysEdges(ContextId id) const { return OwnWrites(id); }

  // What the cache's columns know of a property of entities or of relationships' facts (of a label,
  // with its number) is what the context sees of it. Null: nothing is known, or another way of
  // reading is needed, since what is read must be noted or another policy chooses.
  const PropertyColumns::Column* FindKnown(ContextId context, PropertyColumns::Owner owner,
                                           PropertyId property) const;

  // --- late fetch, in columns. Rows that are null stay null; `rows` empty: all rows.
  // The property as each entity's own context sees it; EntityNotFound (DeletedEntityAccess) where
  // it was deleted in this transaction. `column` holds nodes or relationships (of kind kNode,
  // kRelationship, or data of them). `_key` is the key.
  absl::Status Properties(const Column& column, absl::string_view property, Column* out);
  // When the facts that the relationships were matched by begin or end to hold (`side`:
  // PropertyColumns::kValidFrom or kValidTo): the earliest instant of that bound as an integer;
  // null where it is unbounded or unknown, where there is no fact, and in rows that are null.
  // `column`: of kind kRelationship. EntityNotFound as Properties.
  absl::Status ValidTimes(const Column& column, PropertyId side, Column* out);
  // Whether the node bears the label (the relationship has the type): true, false, null.
  absl::Status HasLabel(const Column& column, absl::string_view label, Column* out);

  // How many states of entities and relationships were read from storage for values, so far.
  uint64_t states_read() const { return states_read_; }
  // Adds those that others read for the same statement.
  void CountStates(uint64_t states) { states_read_ += states; }

  // --- single values
  absl::StatusOr<Datum> Property(const Datum& entity, absl::string_view property);
  absl::StatusOr<std::vector<LabelId>> Labels(NodeRef node);
  // Ascending by name; `_key`, `_names` left out (S4.5).
  absl::StatusOr<Datum::Map> PropertyMap(const Datum& entity);
  absl::StatusOr<std::string> Key(const Datum& entity);
  // The whole state at the context's version; null where it is absent there. Valid until the next
  // call with this reader.
  absl::StatusOr<const EntityState*> State(NodeRef node);
  absl::StatusOr<const RelationshipState*> State(const RelationshipRef& relationship);
  // The fact that the context sees, null where none. Of a relationship: the one with
  // RelationshipRef::fact where it is still there.
  absl::StatusOr<const Fact*> SeenFact(NodeRef node, absl::string_view property);
  absl::StatusOr<const Fact*> SeenFact(const RelationshipRef& relationship);

  // When a version was committed; nullopt for the one of this transaction, and without a database.
  absl::StatusOr<std::optional<Instant>> CommitTime(CommitVersion version) const;
  // The view that properties are read in: of one instant (S11.2).
  const ReadView& PointView(ContextId id) const { return points_[id]; }

  // Entities and relationships that this statement deleted (null transaction: none).
  bool Deleted(EntityId id) const { return deleted_entities_.contains(id); }
  bool Deleted(RelationshipId id) const { return deleted_relationships_.contains(id); }
  void NoteDeleted(EntityId id) { deleted_entities_.insert(id); }
  void NoteDeleted(RelationshipId id) { deleted_relationships_.insert(id); }
  // About how many bytes it keeps of the transaction: what was noted, deleted and changed. Constant
  // time.
  size_t held_bytes() const;
  // It was made or changed in the transaction: index look-ups find it by its new values.
  // GraphWriter says so.
  void NoteChanged(EntityId id);
  void NoteChanged(RelationshipId id);

 private:
  // States read from the snapshot of a context, kept for the next column over the same rows. A null
  // state: absent.
  struct Page {
    absl::flat_hash_map<EntityId, std::unique_ptr<EntityState>> entities;
    absl::flat_hash_map<RelationshipId, std::unique_ptr<RelationshipState>> relationships;
  };
  // What was noted as read of the transaction, so that a key is noted once.
  struct Notes {
    absl::flat_hash_set<std::pair<EntityId, uint32_t>> parts;
    absl::flat_hash_set<RelationshipId> relationships;
    absl::flat_hash_set<EntityId> out;
    absl::flat_hash_set<EntityId> in;
    bool all_parts = false;
    bool all_relationships = false;
    bool all_ends = false;
  };
  // Parts of an entity, for NotePart: a PropertyId, a LabelId with this bit, or all of it.
  static constexpr uint32_t kLabelPart = 1u << 31;
  static constexpr uint32_t kWholeEntity = 0;
  // Keys noted one by one; beyond, a range that holds all of their kind.
  static constexpr size_t kMostNotes = size_t{1} << 16;
  // A row of a column of entities.
  struct Row;

  // graph_reader.cc
  bool OwnWrites(ContextId id) const {
    return transaction_ != nullptr && (*contexts_)[id].own_writes;
  }
  void NotePart(ContextId context, EntityId id, uint32_t part);
  void NoteEnds(ContextId context, absl::Span<const EntityId> vertices,
                absl::Span<const Step> steps);
  absl::Status AppendVisible(ContextId context, absl::Span<const RelationshipEnds> ends,
                             std::vector<RelationshipRef>* out);
  void OverlayChanges(ContextId context, absl::Span<const EntityId> vertices,
                      absl::Span<const Step> steps, Expansion* out);
  // The usable unique index, where guesses are kept; invalid: none.
  absl::StatusOr<IndexId> GuessedIndex(ContextId context, LabelId label, PropertyId property) const;
  // The usable index of all of these properties; null: there is none. `schema` keeps it.
  absl::StatusOr<const IndexDefinition*> UsableIndex(ContextId context, LabelId label, TypeId type,
                                                     const std::vector<PropertyId>& properties,
                                                     std::shared_ptr<const Schema>* schema) const;
  // The next page of what the index finds.
  template <typename Id>
  absl::StatusOr<std::vector<Id>> ReadIndex(ContextId context, const IndexDefinition& index,
                                            const IndexLookup& lookup, IndexReading* reading);
  // Makes of what the snapshot's index gives what it would give with the transaction's changes, and
  // notes that it was read.
  template <typename Id>
  void OverlayIndex(const IndexDefinition& index, const IndexLookup& lookup, std::vector<Id>* ids);
  template <typename Changed>
  void AddOwnEntries(const Changed& state);

  // entity_reads.cc
  void NoteRelationship(ContextId context, RelationshipId id);
  // The rows of a column that hold entities.
  void CollectRows(const Column& column, std::vector<Row>* rows) const;
  // Reads the states of the rows into their pages, those of each context at once;
  // DeletedEntityAccess.
  absl::Status Load(const std::vector<Row>& rows, ContextId context);
  absl::Status LoadAll(const std::vector<Row>& rows);
  const EntityState* Find(NodeRef node) const;
  const RelationshipState* Find(const RelationshipRef& relationship) const;
  const Fact* PickFact(const std::vector<Fact>& facts, ContextId context) const;
  const Fact* PickFact(const RelationshipState& state, const RelationshipRef& relationship) const;
  absl::StatusOr<Datum> KeyOf(const Row& row);
  // Where the cache's columns know the value of every row: gives them.
  bool GetAllKnown(const Column& column, PropertyColumns::Owner owner, PropertyId property,
                   Column* out) const;
  // Takes the rows whose value the cache's columns know out of `rows`, and gives the values.
  void TakeKnown(PropertyId property, std::vector<Row>* rows, std::vector<Datum>* values) const;
  // Keeps in them what was read of the rows.
  void KeepKnown(PropertyId property, const std::vector<Row>& rows) const;
  void KeepLabel(LabelId label, const std::vector<Row>& rows) const;
  using ReadsByContext = std::map<ContextId, std::vector<PropertyColumns::Read>>;
  void KeepReads(PropertyColumns::Owner owner, PropertyId property,
                 const ReadsByContext& reads) const;
  absl::StatusOr<const EntityState*> Whole(NodeRef node, uint32_t part);

  const std::vector<ReadContext>* const contexts_;
  Transaction* const transaction_;
  const Database* const database_;
  IndexGuesses* const guesses_;
  std::vector<ReadView> points_;  // by context
  std::vector<Page> pages_;       // by context
  // By context; null: there is no cache.
  std::vector<std::shared_ptr<PropertyColumns>> columns_;
  uint64_t states_read_ = 0;
  Notes notes_;
  // Entries of indexes that what the transaction changed has or had.
  absl::btree_set<std::string> own_entries_;
  size_t own_entry_bytes_ = 0;  // on the heap
  bool own_entries_seeded_ = false;
  absl::flat_hash_set<EntityId> deleted_entities_;
  absl::flat_hash_set<RelationshipId> deleted_relationships_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_READER_H_
