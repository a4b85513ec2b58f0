#ifndef RELATA_SERVER_CONVERT_EXPORT_WRITER_H_
#define RELATA_SERVER_CONVERT_EXPORT_WRITER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/facts/fact.h"
#include "graph/store/snapshot.h"
#include "graph/store/states.h"
#include "relata/v1/mutation.pb.h"

namespace relata {

// Writes the state at a snapshot as the mutations that make it in an empty database, always in the
// same order: schema, sources, other entities, relationships (each ascending by id), then what had
// to wait (facts that cite an entity further down, properties `name` that a write would have added
// by itself), then retractions of sources. Names of labels, types and properties ascend by text,
// facts by the commit that added them and by id. An entity without key gets a handle by its place
// (`e12`), so the same graph gives the same mutations whatever its ids.
//
// Not in it: system time, ids, and what citations of a retracted source said after it was
// retracted. Used once, by one thread.
class ExportWriter {
 public:
  // Takes each mutation in turn; an error ends the export with it.
  using Sink = std::function<absl::Status(v1::Mutation)>;

  ExportWriter(const Snapshot& snapshot, Sink sink) : snapshot_(snapshot), sink_(std::move(sink)) {}

  // The engine's errors, or the sink's.
  absl::Status Run();

 private:
  // What is known of an entity that something refers to.
  struct Known {
    std::string key;
    bool is_source = false;
    bool has_published = false;
  };

  absl::Status WriteSchema();
  absl::Status WriteEntities(bool sources);
  absl::Status WriteEntity(const EntityState& state);
  absl::Status WriteRelationships();
  absl::Status WriteRelationship(const RelationshipState& state);
  absl::Status WriteFact(const Fact& fact, v1::Fact* out);
  absl::Status WriteName(const Fact& fact, v1::Name* out);
  template <typename Message>
  absl::Status WriteCitations(const Fact& fact, Message* out);
  absl::Status WriteRef(EntityId id, v1::EntityRef* out);
  // Writes what had to wait: a property with its facts, or that there is none of it.
  absl::Status WriteRetraction(EntityId id);
  absl::Status WriteWaiting(EntityId entity, PropertyId property);
  // Whether one of the facts cites an entity that comes after `owner` in the order of the export.
  absl::StatusOr<bool> CitesLater(const EntityState& owner, const std::vector<Fact>& facts);
  absl::StatusOr<const Known*> Lookup(EntityId id);

  const Snapshot& snapshot_;
  const Sink sink_;
  uint64_t entities_written_ = 0;
  absl::flat_hash_map<EntityId, std::string> handles_;  // of entities without key
  absl::flat_hash_map<EntityId, Known> cited_;
  // Properties that wait until every entity is there to be cited, in order.
  std::vector<std::pair<EntityId, PropertyId>> waiting_;
  std::vector<EntityId> retracted_;
};

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_EXPORT_WRITER_H_
