#include "server/read_session.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/catalog/schema.h"
#include "graph/values/bound.h"
#include "relata/v1/mutation.pb.h"
#include "server/convert/page_token.h"
#include "server/convert/read_terms.h"
#include "server/convert/reference.h"
#include "server/errors.h"

namespace relata {
namespace {

// How long to wait before looking whether the client has gone.
constexpr int64_t kVersionWaitSliceMicros = 100'000;

absl::Status RelationshipNotFound(absl::string_view name) {
  return WithReason(
      absl::NotFoundError(absl::StrCat("there is no relationship ", name,
                                       " at this version; check the key, or read another version")),
      v1::RELATIONSHIP_NOT_FOUND, {{"relationship", std::string(name)}});
}

absl::Status WithVersions(const absl::Status& status, CommitVersion version, CommitVersion head) {
  if (status.code() != absl::StatusCode::kOutOfRange) return status;
  return WithReason(
      status, v1::VERSION_OUT_OF_RANGE,
      {{"version", absl::StrCat(version.value())}, {"head_version", absl::StrCat(head.value())}});
}

absl::StatusOr<Snapshot> OpenAtLeast(const CallContext& call, Database& database,
                                     CommitVersion version) {
  Snapshot latest = database.Latest();
  if (version <= latest.version()) return latest;
  const int64_t deadline = call.DeadlineMicros(call.limits().max_consistency_wait);
  Clock* const clock = call.state().clock;
  while (
      !database.WaitPast(CommitVersion(version.value() - 1),
                         std::min(deadline, clock->MonotonicMicros() + kVersionWaitSliceMicros))) {
    if (call.cancelled()) return absl::CancelledError("the client went away");
    if (call.state().stopping) return absl::UnavailableError("the server is stopping; try again");
    if (clock->MonotonicMicros() >= deadline) {
      const CommitVersion head = database.Latest().version();
      return WithVersions(
          absl::OutOfRangeError(absl::StrCat(
              "version ", version.value(), " did not come in time; the newest is ", head.value())),
          version, head);
    }
  }
  return database.Latest();
}

absl::StatusOr<Snapshot> OpenExact(Database& database, CommitVersion version) {
  auto snapshot = database.AtVersion(version);
  if (!snapshot.ok()) {
    return WithVersions(snapshot.status(), version, database.Latest().version());
  }
  return snapshot;
}

absl::Status CheckStamp(const Database& database, const v1::ReadOptions& read) {
  const v1::Stamp& stamp = read.stamp();
  if (read.has_consistency() || read.has_valid_time() || read.has_policy()) {
    return FieldError("read.stamp",
                      "goes with none of consistency, valid_time and policy: it holds them");
  }
  if (stamp.database_uuid() == database.uuid() && stamp.incarnation() == database.incarnation()) {
    return absl::OkStatus();
  }
  return WithReason(
      absl::FailedPreconditionError("the stamp is of another database, or of the time before a "
                                    "restore; ask again without it"),
      v1::STAMP_MISMATCH,
      {{"stamp_database_uuid", stamp.database_uuid()}, {"database_uuid", database.uuid()}});
}

}  // namespace

absl::StatusOr<Snapshot> OpenSnapshot(const CallContext& call, Database& database,
                                      const v1::Consistency& consistency, const FieldPath& path) {
  switch (consistency.requirement_case()) {
    case v1::Consistency::kAtLeastVersion:
      return OpenAtLeast(call, database, CommitVersion(consistency.at_least_version()));
    case v1::Consistency::kExactVersion:
      return OpenExact(database, CommitVersion(consistency.exact_version()));
    case v1::Consistency::kExactTime: {
      RELATA_ASSIGN_OR_RETURN(const Instant t, InField(path.Field("exact_time"),
                                                       ParseInstant(consistency.exact_time())));
      absl::StatusOr<Snapshot> snapshot = database.AtTime(t);
      if (!absl::IsInvalidArgument(snapshot.status())) return snapshot;
      return InField(path.Field("exact_time"), std::move(snapshot));
    }
    case v1::Consistency::kLatest:
    case v1::Consistency::REQUIREMENT_NOT_SET:
      break;
  }
  return database.Latest();
}

absl::StatusOr<ReadSession> ReadSession::Open(const CallContext& call, const v1::ReadOptions& read,
                                              ReadDefaults defaults) {
  ReadSession session;
  RELATA_ASSIGN_OR_RETURN(session.open_, call.state().databases->Find(read.database()));
  RELATA_RETURN_IF_ERROR(session.ChooseSnapshot(call, read, nullptr, ""));
  RELATA_RETURN_IF_ERROR(session.ChooseView(read, defaults));
  return session;
}

absl::StatusOr<ReadSession> ReadSession::OpenPaged(const CallContext& call,
                                                   const v1::ReadOptions& read,
                                                   ReadDefaults defaults,
                                                   const google::protobuf::Message& request,
                                                   absl::string_view page_token) {
  ReadSession session;
  RELATA_ASSIGN_OR_RETURN(session.open_, call.state().databases->Find(read.database()));
  RELATA_RETURN_IF_ERROR(session.ChooseSnapshot(call, read, &request, page_token));
  RELATA_RETURN_IF_ERROR(session.ChooseView(read, defaults));
  return session;
}

absl::Status ReadSession::ChooseSnapshot(const CallContext& call, const v1::ReadOptions& read,
                                         const google::protobuf::Message* request,
                                         absl::string_view page_token) {
  if (read.has_stamp()) RELATA_RETURN_IF_ERROR(CheckStamp(database(), read));
  if (request != nullptr) {
    arguments_digest_ =
        ArgumentsDigest(*request, absl::StrCat(database().uuid(), "/", database().incarnation()));
  }
  if (!page_token.empty()) {
    RELATA_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(page_token, arguments_digest_));
    RELATA_ASSIGN_OR_RETURN(snapshot_, OpenExact(database(), token.version));
    now_ = token.now;
    cursor_ = std::move(token.cursor);
    return absl::OkStatus();
  }
  if (read.has_stamp()) {
    RELATA_ASSIGN_OR_RETURN(snapshot_,
                            OpenExact(database(), CommitVersion(read.stamp().version())));
  } else {
    RELATA_ASSIGN_OR_RETURN(snapshot_, OpenSnapshot(call, database(), read.consistency(),
                                                    FieldPath("read").Field("consistency")));
  }
  now_ = database().Now(*snapshot_);
  return absl::OkStatus();
}

absl::Status ReadSession::ChooseView(const v1::ReadOptions& read, ReadDefaults defaults) {
  const FieldPath top("read");
  const FieldPath stamp = top.Field("stamp");
  const FieldPath& place = read.has_stamp() ? stamp : top;
  const v1::ValidTimeOption& valid =
      read.has_stamp() ? read.stamp().valid_time() : read.valid_time();
  // A valid time that says no more than `certainly` takes the default with it.
  if (valid.kind_case() == v1::ValidTimeOption::KIND_NOT_SET) {
    view_.valid =
        defaults.now ? ValidTime::At(now_, valid.certainly()) : ValidTime::All(valid.certainly());
  } else {
    RELATA_ASSIGN_OR_RETURN(view_.valid, ValidTimeFromProto(valid, place.Field("valid_time")));
  }
  const bool has_policy = read.has_stamp() ? read.stamp().has_policy() : read.has_policy();
  if (has_policy) {
    policy_ = read.has_stamp() ? read.stamp().policy() : read.policy();
  } else if (defaults.raw_policy) {
    policy_.emplace().set_raw(true);
  } else {
    view_.policy = DefaultPolicy();
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(view_.policy,
                          PolicyFromProto(
                              *policy_, [this](const std::string& key) { return FindSource(key); },
                              place.Field("policy")));
  return absl::OkStatus();
}

absl::StatusOr<EntityId> ReadSession::FindSource(const std::string& key) const {
  RELATA_ASSIGN_OR_RETURN(auto source, snapshot().FindEntity(key));
  // A source that came later has said nothing yet at this version, but it is no mistake to name it.
  if (!source) {
    RELATA_ASSIGN_OR_RETURN(source, database().Latest().FindEntity(key));
  }
  if (source) return *source;
  return WithReason(absl::NotFoundError(absl::StrCat("the policy names the source ", key,
                                                     ", which is not there; check its key")),
                    v1::SOURCE_NOT_FOUND, {{"source", key}});
}

std::string ReadSession::NextPageToken(std::string cursor) const {
  PageToken token;
  token.version = snapshot().version();
  token.now = now_;
  token.cursor = std::move(cursor);
  return EncodePageToken(token, arguments_digest_);
}

void ReadSession::WriteStamp(v1::Stamp* stamp, bool cut, bool reproducible) const {
  WriteStateStamp(database(), snapshot(), stamp);
  ValidTimeToProto(view_.valid, stamp->mutable_valid_time());
  if (policy_) *stamp->mutable_policy() = *policy_;
  stamp->set_cut(cut);
  stamp->set_reproducible(reproducible);
}

absl::StatusOr<EntityId> ReadSession::Resolve(const v1::EntityRef& proto,
                                              const FieldPath& path) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, Find(proto, path));
  if (found) return *found;
  return EntityNotFound(proto.has_key() ? proto.key() : absl::StrCat("#", proto.id()));
}

absl::StatusOr<std::optional<EntityId>> ReadSession::Find(const v1::EntityRef& proto,
                                                          const FieldPath& path) const {
  RELATA_ASSIGN_OR_RETURN(const EntityRef ref, EntityRefFromProto(proto, path));
  if (const auto* key = std::get_if<EntityKeyRef>(&ref)) return snapshot().FindEntity(key->key);
  if (const auto* id = std::get_if<EntityId>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const bool exists, snapshot().EntityExists(*id));
    return exists ? std::optional<EntityId>(*id) : std::nullopt;
  }
  return path.Error("a handle names something within a write; use a key or an id here");
}

absl::StatusOr<RelationshipId> ReadSession::Resolve(const v1::RelationshipRef& proto,
                                                    const FieldPath& path) const {
  RELATA_ASSIGN_OR_RETURN(const RelationshipRef ref, RelationshipRefFromProto(proto, path));
  if (const auto* key = std::get_if<RelationshipKeyRef>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const auto found, snapshot().FindRelationship(key->key));
    if (!found) return RelationshipNotFound(key->key);
    return *found;
  }
  if (const auto* id = std::get_if<RelationshipId>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const auto ends, snapshot().GetRelationshipEnds(*id));
    if (!ends) return RelationshipNotFound(absl::StrCat("#", id->value()));
    return *id;
  }
  if (!proto.has_pair()) {
    return path.Error("a handle names something within a write; use a key, an id or a pair here");
  }
  const FieldPath pair = path.Field("pair");
  const TypeId type = TypeOrNone(snapshot().names(), proto.pair().type());
  RELATA_ASSIGN_OR_RETURN(const auto schema, snapshot().GetSchema());
  if (!schema->one_per_pair(type)) {
    return pair.Field("type").Error("is no type of one per pair; name the relationship by key");
  }
  RELATA_ASSIGN_OR_RETURN(const EntityId from, Resolve(proto.pair().from(), pair.Field("from")));
  RELATA_ASSIGN_OR_RETURN(const EntityId to, Resolve(proto.pair().to(), pair.Field("to")));
  RELATA_ASSIGN_OR_RETURN(const auto ids, snapshot().FindPair(from, type, to));
  if (ids.empty()) return RelationshipNotFound(absl::StrCat(proto.pair().type(), " of this pair"));
  return ids.front();
}

absl::StatusOr<size_t> PageSize(int asked, const Limits& limits) {
  if (asked < 0) return FieldError("page_size", "must not be negative");
  if (asked == 0) return static_cast<size_t>(limits.default_page_size);
  return static_cast<size_t>(std::min(asked, limits.max_page_size));
}

absl::Status EntityNotFound(absl::string_view name) {
  return WithReason(
      absl::NotFoundError(absl::StrCat("there is no entity ", name,
                                       " at this version; check the key, or look it up by name")),
      v1::ENTITY_NOT_FOUND, {{"entity", std::string(name)}});
}

void WriteStateStamp(const Database& database, const Snapshot& snapshot, v1::Stamp* stamp) {
  stamp->set_database_uuid(database.uuid());
  stamp->set_incarnation(database.incarnation());
  stamp->set_version(snapshot.version().value());
  stamp->set_commit_time(CommitTimeText(snapshot.commit_time()));
  stamp->set_reproducible(true);
}

std::string CommitTimeText(Instant t) {
  return t == kMinusInfinity ? std::string() : FormatInstant(t);
}

}  // namespace relata
