// System-time history of one entity or relationship (S3): the part of Snapshot that reads every
// version of a few keys.
#include <algorithm>
#include <set>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"
#include "graph/store/snapshot.h"

namespace relata {
namespace {

// Adds the versions at which any of the keys changed.
void CollectChanges(const std::vector<KeyHistory>& histories, std::set<CommitVersion>& changes) {
  for (const KeyHistory& history : histories) {
    for (const RecordVersion& v : history.versions) {
      changes.insert(v.written);
      if (v.ended.valid()) changes.insert(v.ended);
    }
  }
}

// The record of a key at a version; null where absent.
const RecordVersion* At(const KeyHistory& history, CommitVersion version) {
  for (const RecordVersion& v : history.versions) {
    if (v.written <= version && (!v.ended.valid() || version < v.ended)) return &v;
  }
  return nullptr;
}

// One span a version of `changes`, each until the next, with the state that `build` makes; spans
// before the first state are left out.
template <typename State, typename Build>
absl::StatusOr<std::vector<StateSpan<State>>> BuildSpans(const std::set<CommitVersion>& changes,
                                                         const Build& build) {
  std::vector<StateSpan<State>> spans;
  for (auto it = changes.begin(); it != changes.end(); ++it) {
    StateSpan<State> span;
    span.since = *it;
    const auto next = std::next(it);
    if (next != changes.end()) span.ended = *next;
    RELATA_ASSIGN_OR_RETURN(span.state, build(*it));
    if (!spans.empty() || span.state) spans.push_back(std::move(span));
  }
  return spans;
}

}  // namespace

absl::StatusOr<std::vector<StateSpan<EntityState>>> Snapshot::EntityHistory(EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto records,
                          ReadHistory(*store_, KeyRange::Prefix(EntityKeyOf(id))));
  RELATA_ASSIGN_OR_RETURN(const auto facts,
                          ReadHistory(*store_, KeyRange::Prefix(EntityFactPrefix(id))));
  std::set<CommitVersion> changes;
  CollectChanges(records, changes);
  CollectChanges(facts, changes);
  const auto build = [&](CommitVersion at) -> absl::StatusOr<std::optional<EntityState>> {
    const RecordVersion* record = records.empty() ? nullptr : At(records.front(), at);
    if (record == nullptr) return std::nullopt;
    RELATA_ASSIGN_OR_RETURN(EntityState state, DecodeEntity(id, record->written, record->record));
    for (const KeyHistory& history : facts) {
      const RecordVersion* fact = At(history, at);
      if (fact == nullptr) continue;
      RELATA_ASSIGN_OR_RETURN(const EntityFactIds ids, DecodeEntityFactKey(history.key));
      RELATA_ASSIGN_OR_RETURN(
          Fact decoded, DecodeEntityFact(ids.fact, ids.property, fact->written, fact->record));
      state.properties[ids.property].push_back(std::move(decoded));
    }
    return state;
  };
  return BuildSpans<EntityState>(changes, build);
}

absl::StatusOr<std::vector<StateSpan<RelationshipState>>> Snapshot::RelationshipHistory(
    RelationshipId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto records,
                          ReadHistory(*store_, KeyRange::Prefix(RelationshipKeyOf(id))));
  if (records.empty() || records.front().versions.empty()) {
    return std::vector<StateSpan<RelationshipState>>();
  }
  // The ends of a relationship never change, so its facts are under one key.
  RELATA_ASSIGN_OR_RETURN(const RelationshipRecord record,
                          DecodeRelationship(id, records.front().versions.front().record));
  RELATA_ASSIGN_OR_RETURN(const auto facts,
                          ReadHistory(*store_, KeyRange::Prefix(OutKey(record.ends))));
  std::set<CommitVersion> changes;
  CollectChanges(records, changes);
  CollectChanges(facts, changes);
  const auto build = [&](CommitVersion at) -> absl::StatusOr<std::optional<RelationshipState>> {
    const RecordVersion* fact = facts.empty() ? nullptr : At(facts.front(), at);
    if (fact == nullptr) return std::nullopt;
    RELATA_ASSIGN_OR_RETURN(RelationshipState state,
                            DecodeOut(record.ends, fact->written, fact->record));
    state.key = record.key;
    return state;
  };
  return BuildSpans<RelationshipState>(changes, build);
}

absl::StatusOr<CommitVersion> Snapshot::EntityChanged(EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(const CommitVersion record,
                          store_->NewestChange(KeyRange::Prefix(EntityKeyOf(id))));
  RELATA_ASSIGN_OR_RETURN(const CommitVersion facts,
                          store_->NewestChange(KeyRange::Prefix(EntityFactPrefix(id))));
  return std::max(record, facts);
}

}  // namespace relata
