#ifndef RELATA_SERVER_CONVERT_VIEW_WRITER_H_
#define RELATA_SERVER_CONVERT_VIEW_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/database.h"
#include "graph/facts/belief.h"
#include "graph/facts/fact.h"
#include "graph/store/keyless_relationships.h"
#include "graph/store/snapshot.h"
#include "graph/store/states.h"

namespace relata {

namespace v1 {
class BoundView;
class Entity;
class EntitySummary;
class FactView;
class NameView;
class Relationship;
class RelationshipSummary;
class SourceSummary;
}  // namespace v1

// Writes what the graph holds as the API shows it, under one view of one snapshot. Remembers the
// entities, sources and commit times it has met, so one writer serves a whole answer. All calls may
// return the engine's errors. Not thread-safe; what it is given must outlive it.
class ViewWriter {
 public:
  // `keyless` is of the database; null: keys of relationships are read each time.
  ViewWriter(const Database& database, const Snapshot& snapshot, const ReadView& view,
             KeylessRelationships* keyless = nullptr);
  ~ViewWriter();

  // Reads what the calls below need of these relationships and their ends, at once. Only saves
  // time.
  absl::Status ReadAhead(absl::Span<const RelationshipEnds> ends);
  // With names and properties where `full`.
  absl::Status WriteEntity(const EntityState& state, bool full, v1::Entity* out);
  // An entity that is gone gives its id alone.
  absl::Status WriteSummary(EntityId id, v1::EntitySummary* out);
  // All facts that the view shows, best first. Returns their number.
  absl::StatusOr<size_t> WriteRelationship(const RelationshipState& state, v1::Relationship* out);
  // The one fact of a row; its `created_version` is left out. `belief` null: as the view's policy
  // has it.
  absl::Status WriteRelationshipRow(const RelationshipEnds& ends, const Fact& fact,
                                    const Belief* belief, v1::Relationship* out);
  // The identity alone.
  absl::Status WriteRelationshipIdentity(const RelationshipEnds& ends, v1::Relationship* out);
  absl::Status WriteSummary(const RelationshipEnds& ends, v1::RelationshipSummary* out);
  // `belief` null: as the view's policy has it.
  absl::Status WriteFact(const Fact& fact, const Belief* belief, v1::FactView* out);
  // Precondition: a fact of `_names`.
  absl::Status WriteName(const Fact& fact, v1::NameView* out);

  // Whether the view shows the fact, rivals aside.
  bool Shows(const Fact& fact) const;
  const Snapshot& snapshot() const { return snapshot_; }
  const ReadView& view() const { return view_; }

 private:
  struct Memory;
  std::string DisplayName(const EntityState& state) const;
  absl::Status WriteCitations(const Fact& fact, v1::FactView* out);
  absl::StatusOr<std::string> CommitTime(CommitVersion version);
  // The entity's summary, read once.
  absl::StatusOr<const v1::EntitySummary*> Summary(EntityId id);
  // Makes and keeps it from the entity's record; nullopt: it is gone.
  absl::StatusOr<const v1::EntitySummary*> KeepSummary(EntityId id,
                                                       std::optional<EntityState> record);
  // The relationship's stable key, read once.
  absl::StatusOr<std::string> RelationshipKey(RelationshipId id);
  // Likewise of a source.
  absl::StatusOr<const v1::SourceSummary*> Source(EntityId id);

  const Database& database_;
  const Snapshot& snapshot_;
  const ReadView& view_;
  KeylessRelationships* const keyless_;
  const std::unique_ptr<Memory> memory_;
};

void BoundToProto(const Bound& bound, v1::BoundView* out);
// As v1::FactStatus and v1::NameKind number them.
int FactStatusToProto(FactStatus status);
int NameKindToProto(NameKind kind);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_VIEW_WRITER_H_
