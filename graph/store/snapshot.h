#ifndef RELATA_GRAPH_STORE_SNAPSHOT_H_
#define RELATA_GRAPH_STORE_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"
#include "graph/facts/belief.h"
#include "graph/store/index_entries.h"
#include "graph/store/states.h"
#include "storage/versioned_store.h"

namespace relata {

class AdjacencyCache;
class SchemaCache;

// A named entity that a look-up found.
struct NameMatch {
  EntityId entity;
  FactId fact;
  EntityName name;
};

// One state of an entity or a relationship over system time; `ended` 0: still so at the snapshot.
template <typename State>
struct StateSpan {
  CommitVersion since;
  CommitVersion ended;
  std::optional<State> state;  // nullopt: deleted, or not yet there
};

// The whole graph at one commit version: every read of Relata goes through one. Cheap to copy,
// thread-safe, holds its engine snapshot. What depends on valid time and belief takes a ReadView;
// the rest shows all of it. All calls may return DATA_LOSS or UNAVAILABLE from the engine; absent
// things are nullopt or empty, never errors.
class Snapshot {
 public:
  // `names`, `schemas` and `cache` (may be null) must outlive it.
  Snapshot(std::shared_ptr<const StoreSnapshot> store, const NameTable* names, SchemaCache* schemas,
           AdjacencyCache* cache)
      : store_(std::move(store)), names_(names), schemas_(schemas), cache_(cache) {}

  CommitVersion version() const { return store_->version(); }
  // kMinusInfinity in the empty database.
  Instant commit_time() const { return store_->commit_time_us(); }
  const StoreSnapshot& store() const { return *store_; }
  const NameTable& names() const { return *names_; }
  AdjacencyCache* adjacency_cache() const { return cache_; }
  absl::StatusOr<std::shared_ptr<const Schema>> GetSchema() const;

  // --- entities
  absl::StatusOr<std::optional<EntityId>> FindEntity(absl::string_view key) const;
  absl::StatusOr<bool> EntityExists(EntityId id) const;
  absl::StatusOr<std::optional<EntityState>> GetEntity(EntityId id) const;
  // Key, labels and plain properties alone, without dated or cited facts: one read.
  absl::StatusOr<std::optional<EntityState>> GetEntityRecord(EntityId id) const;
  absl::StatusOr<std::vector<std::optional<EntityState>>> GetEntityRecords(
      absl::Span<const EntityId> ids) const;
  // Whole states, in the order of `ids` (which may repeat): one batched read of the records and one
  // scan past the facts that have keys of their own.
  absl::StatusOr<std::vector<std::optional<EntityState>>> GetEntities(
      absl::Span<const EntityId> ids) const;
  // Ids > `after`, ascending, at most `limit`; with `label` those that bear it.
  absl::StatusOr<std::vector<EntityId>> ListEntities(std::optional<LabelId> label, EntityId after,
                                                     size_t limit) const;

  // --- relationships
  absl::StatusOr<std::optional<RelationshipId>> FindRelationship(absl::string_view key) const;
  absl::StatusOr<std::optional<RelationshipState>> GetRelationship(RelationshipId id) const;
  absl::StatusOr<std::optional<RelationshipEnds>> GetRelationshipEnds(RelationshipId id) const;
  // The facts of relationships whose ends are known: one read each, batched. nullopt: absent at
  // this version. `key` of the results is empty (it is in another record): GetRelationshipKey.
  absl::StatusOr<std::vector<std::optional<RelationshipState>>> GetRelationships(
      absl::Span<const RelationshipEnds> ends) const;
  absl::StatusOr<std::string> GetRelationshipKey(RelationshipId id) const;
  // Of (from, type, to): ascending ids.
  absl::StatusOr<std::vector<RelationshipId>> FindPair(EntityId from, TypeId type,
                                                       EntityId to) const;
  // All relationships of an entity, at every valid time and whatever the belief. A loop is listed
  // once.
  absl::StatusOr<std::vector<RelationshipEnds>> RelationshipsOf(EntityId entity) const;
  // Ids > `after`, ascending, at most `limit`.
  absl::StatusOr<std::vector<RelationshipEnds>> ListRelationships(RelationshipId after,
                                                                  size_t limit) const;

  // --- sources
  // Facts with a citation of the source, whatever their status and valid time.
  absl::StatusOr<std::vector<FactOwner>> FactsOfSource(EntityId source) const;

  // --- names and values
  // Exact (after folding: ICU NFKC case fold, and a match of the text itself first) or by prefix of
  // the folded text; at most `limit`, every language and valid time.
  absl::StatusOr<std::vector<NameMatch>> FindByName(absl::string_view text, bool prefix,
                                                    size_t limit) const;
  // By a secondary index that is usable at this version (Database::IndexUsable): ascending ids of
  // all that may hold at some time what is looked for, and perhaps of others, so what is seen of
  // them is to be compared again.
  absl::StatusOr<std::vector<EntityId>> FindByIndex(const IndexDefinition& index,
                                                    const IndexLookup& lookup) const;
  absl::StatusOr<std::vector<RelationshipId>> FindRelationshipsByIndex(
      const IndexDefinition& index, const IndexLookup& lookup) const;
  // Those that hold values Equivalent to all of these, one for each property, at whatever times.
  absl::StatusOr<std::vector<EntityId>> FindHolders(const IndexDefinition& index,
                                                    const IndexedValues& values) const;

  // --- system time
  // Every state the entity had up to this version, oldest first, contiguous; a gap is a span
  // without state.
  absl::StatusOr<std::vector<StateSpan<EntityState>>> EntityHistory(EntityId id) const;
  absl::StatusOr<std::vector<StateSpan<RelationshipState>>> RelationshipHistory(
      RelationshipId id) const;
  // The newest version at which existence, labels or properties of the entity changed; 0 where it
  // never was.
  absl::StatusOr<CommitVersion> EntityChanged(EntityId id) const;

 private:
  std::shared_ptr<const StoreSnapshot> store_;
  const NameTable* names_;
  SchemaCache* schemas_;
  AdjacencyCache* cache_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_SNAPSHOT_H_
