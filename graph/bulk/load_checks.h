#ifndef RELATA_GRAPH_BULK_LOAD_CHECKS_H_
#define RELATA_GRAPH_BULK_LOAD_CHECKS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/bulk/key_table.h"
#include "graph/catalog/schema.h"
#include "graph/store/snapshot.h"
#include "graph/store/states.h"

namespace relata {

// What a citation needs to know of its source.
struct CitedSource {
  std::optional<Bound> published;
  std::optional<Instant> retracted;
};

// What a bulk load knows of the things in it and of those in the database that it meets: keys,
// values that must be unique, pairs, labels of ends, sources. Checks items one by one, as
// graph/mutation/ does for batches, against both. Errors about an item are INVALID_ARGUMENT,
// NOT_FOUND, ALREADY_EXISTS and FAILED_PRECONDITION; else the engine's. Not thread-safe.
class LoadChecks {
 public:
  LoadChecks(Snapshot snapshot, std::shared_ptr<const Schema> schema);

  const Schema& schema() const { return *schema_; }

  // Of this load or of the database. nullopt: in neither.
  absl::StatusOr<std::optional<EntityId>> FindEntity(absl::string_view key);
  // FindEntity for each key, in their order; quicker for some dozens at once. The empty key is
  // nobody's.
  absl::Status FindEntities(const std::vector<absl::string_view>& keys,
                            std::vector<std::optional<EntityId>>* ids);
  // Whether the entity is in the database (those of the load are known by key or handle alone).
  absl::StatusOr<bool> EntityExists(EntityId id);
  // NOT_FOUND, FAILED_PRECONDITION where it is no source. `id` as one of the two above gave it.
  absl::StatusOr<CitedSource> FindSource(EntityId id);

  // Whether the thing may be added; its id does not matter yet. Its ends exist.
  absl::Status CheckEntity(const EntityState& state);
  absl::Status CheckRelationship(const RelationshipState& state);
  // The thing that was checked last was added, with its id.
  void NoteEntity(const EntityState& state);
  void NoteRelationship(const RelationshipState& state);

  // Whether what the checks rest on is the same at `now`, a later version. ABORTED where it is not.
  // Cost: a look at each thing that was changed in between; what was looked at once is not looked
  // at again.
  absl::Status CheckUnchanged(const Snapshot& now);

 private:
  // What is declared for relationships of a type.
  struct TypeRules {
    const RelationshipTypeDeclaration* declaration = nullptr;
    std::vector<const PropertyDeclaration*> properties;
  };

  const TypeRules& RulesOf(TypeId type);
  absl::StatusOr<bool> HasAnyKey(const std::string& prefix) const;
  absl::Status CheckKeyIsFree(const std::string& key);
  absl::Status CheckUnique(const EntityState& state);
  absl::Status CheckEnd(const RelationshipTypeDeclaration& d, EntityId id,
                        const std::vector<LabelId>& allowed, absl::string_view end);
  absl::Status CheckPair(const RelationshipEnds& ends);
  absl::StatusOr<std::vector<LabelId>> LabelsOf(EntityId id);
  absl::Status CheckChangedEntity(const Snapshot& now, EntityId id) const;
  absl::Status CheckChangedRelationship(const Snapshot& now, RelationshipId id) const;

  const Snapshot snapshot_;
  const std::shared_ptr<const Schema> schema_;
  CommitVersion unchanged_until_;
  // Whether the database has any keys of entities, keys of relationships, entries of an index: an
  // empty table needs no look-ups.
  std::optional<bool> has_entity_keys_;
  std::optional<bool> has_relationship_keys_;
  absl::flat_hash_map<IndexId, bool> has_index_entries_;
  bool needs_labels_ = false;  // some type restricts its ends

  KeyTable keys_;               // of entities -> id * 2, + 1 where the load makes it
  KeyTable relationship_keys_;  // of the load
  KeyTable unique_values_;      // index and value, of the load -> id
  KeyTable pairs_;              // from, type, to, of the load
  // Entities of the database that the load refers to.
  absl::flat_hash_set<EntityId> existing_;
  absl::flat_hash_map<EntityId, CitedSource> sources_;
  // Labels of entities of the load, where some type restricts its ends.
  absl::flat_hash_map<EntityId, std::vector<LabelId>> labels_;
  absl::flat_hash_map<TypeId, TypeRules> rules_;
  std::vector<std::optional<uint64_t>> found_;  // kept for its memory
  std::vector<std::string> checked_values_;     // of the entity that was checked last
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_LOAD_CHECKS_H_
