#include "server/convert/change_writer.h"

#include <algorithm>
#include <optional>

#include "base/status_macros.h"
#include "graph/facts/belief.h"
#include "graph/values/bound.h"
#include "relata/v1/change.pb.h"
#include "server/convert/view_writer.h"

namespace relata {
namespace {

const ReadView& AllTimes() {
  static const auto* const kView = new ReadView{ValidTime::All(), DefaultPolicy()};
  return *kView;
}

// Both sides of one commit, and what is wanted of it.
class CommitReader {
 public:
  CommitReader(const Database& database, const Snapshot& before, const Snapshot& after,
               const ChangeFilter& filter, bool include_states)
      : before_(before),
        after_(after),
        writer_before_(database, before, AllTimes()),
        writer_after_(database, after, AllTimes()),
        filter_(filter),
        include_states_(include_states) {}

  absl::Status AddEntity(EntityId id, v1::Change* out);
  absl::Status AddRelationship(RelationshipId id, v1::Change* out);

 private:
  bool Wanted(EntityId id, const std::optional<EntityState>& state) const;
  bool Wanted(const RelationshipEnds& ends) const;

  const Snapshot& before_;
  const Snapshot& after_;
  ViewWriter writer_before_;
  ViewWriter writer_after_;
  const ChangeFilter& filter_;
  const bool include_states_;
};

v1::Change::Kind KindOf(bool was_there, bool is_there) {
  if (!is_there) return v1::Change::DELETED;
  return was_there ? v1::Change::UPDATED : v1::Change::CREATED;
}

bool CommitReader::Wanted(EntityId id, const std::optional<EntityState>& state) const {
  if (filter_.empty() || filter_.entities.contains(id)) return true;
  return state && std::any_of(state->labels.begin(), state->labels.end(), [&](LabelId label) {
           return filter_.labels.contains(after_.names().Name(label));
         });
}

bool CommitReader::Wanted(const RelationshipEnds& ends) const {
  return filter_.empty() || filter_.types.contains(after_.names().Name(ends.type)) ||
         filter_.entities.contains(ends.from) || filter_.entities.contains(ends.to);
}

absl::Status CommitReader::AddEntity(EntityId id, v1::Change* out) {
  RELATA_ASSIGN_OR_RETURN(const auto was, before_.GetEntityRecord(id));
  RELATA_ASSIGN_OR_RETURN(const auto is, after_.GetEntity(id));
  if (!was && !is) return absl::OkStatus();  // made and deleted by the same commit
  if (!Wanted(id, was) && !Wanted(id, is)) return absl::OkStatus();
  auto* const change = out->add_entities();
  change->set_kind(KindOf(was.has_value(), is.has_value()));
  ViewWriter& writer = is ? writer_after_ : writer_before_;
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(id, change->mutable_entity()));
  if (!include_states_ || !is) return absl::OkStatus();
  return writer_after_.WriteEntity(*is, /*full=*/true, change->mutable_after());
}

absl::Status CommitReader::AddRelationship(RelationshipId id, v1::Change* out) {
  RELATA_ASSIGN_OR_RETURN(const auto was, before_.GetRelationshipEnds(id));
  RELATA_ASSIGN_OR_RETURN(const auto is, after_.GetRelationship(id));
  if (!was && !is) return absl::OkStatus();
  const RelationshipEnds& ends = is ? is->ends : *was;
  if (!Wanted(ends)) return absl::OkStatus();
  auto* const change = out->add_relationships();
  change->set_kind(KindOf(was.has_value(), is.has_value()));
  ViewWriter& writer = is ? writer_after_ : writer_before_;
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(ends, change->mutable_relationship()));
  if (!include_states_ || !is) return absl::OkStatus();
  return writer_after_.WriteRelationship(*is, change->mutable_after()).status();
}

}  // namespace

absl::StatusOr<bool> WriteChange(const Database& database, const ChangeSet& changes,
                                 const ChangeFilter& filter, bool include_states, v1::Change* out) {
  RELATA_ASSIGN_OR_RETURN(const Snapshot before,
                          database.AtVersion(CommitVersion(changes.version.value() - 1)));
  RELATA_ASSIGN_OR_RETURN(const Snapshot after, database.AtVersion(changes.version));
  CommitReader reader(database, before, after, filter, include_states);
  out->set_version(changes.version.value());
  out->set_commit_time(FormatInstant(changes.commit_time));
  out->set_principal(changes.principal);
  out->set_request_id(changes.request_id);
  out->set_schema_changed(changes.schema_changed);
  for (const EntityId id : changes.entities) RELATA_RETURN_IF_ERROR(reader.AddEntity(id, out));
  for (const RelationshipId id : changes.relationships) {
    RELATA_RETURN_IF_ERROR(reader.AddRelationship(id, out));
  }
  return filter.empty() || out->entities_size() > 0 || out->relationships_size() > 0;
}

}  // namespace relata
