// GetHistory, ListChanges.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/convert/change_writer.h"
#include "server/convert/page_token.h"
#include "server/convert/view_writer.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/read_calls.h"

namespace relata {
namespace {

// The commit that began a state: when, and by whom.
absl::Status WriteSpan(const Database& database, CommitVersion since, CommitVersion ended,
                       v1::GetHistoryResponse::State* out) {
  out->set_since_version(since.value());
  RELATA_ASSIGN_OR_RETURN(const std::vector<ChangeSet> commit,
                          database.Changes(CommitVersion(since.value() - 1), since, 1));
  if (!commit.empty()) {
    out->set_since_time(CommitTimeText(commit.front().commit_time));
    out->set_principal(commit.front().principal);
  }
  if (ended.valid()) {
    out->set_until_version(ended.value());
    RELATA_ASSIGN_OR_RETURN(const Instant until, database.CommitTime(ended));
    out->set_until_time(CommitTimeText(until));
  }
  return absl::OkStatus();
}

// A page of `spans` from `next` on; `write` writes one state.
template <typename State, typename Write>
absl::Status WritePage(const ReadSession& session, const std::vector<StateSpan<State>>& spans,
                       uint64_t next, size_t page, const Write& write,
                       v1::GetHistoryResponse* response) {
  for (; next < spans.size() && static_cast<size_t>(response->states_size()) < page; ++next) {
    const StateSpan<State>& span = spans[next];
    auto* const out = response->add_states();
    RELATA_RETURN_IF_ERROR(WriteSpan(session.database(), span.since, span.ended, out));
    if (span.state) RELATA_RETURN_IF_ERROR(write(*span.state, out));
  }
  if (next < spans.size()) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(next)));
  }
  return absl::OkStatus();
}

// The id of an entity whose history is asked for: by id also one that is deleted.
absl::StatusOr<EntityId> HistoricEntity(const ReadSession& session, const v1::EntityRef& ref) {
  if (ref.has_id() && ref.id() != 0) return EntityId(ref.id());
  return session.Resolve(ref, FieldPath("entity"));
}

absl::StatusOr<RelationshipId> HistoricRelationship(const ReadSession& session,
                                                    const v1::RelationshipRef& ref) {
  if (ref.has_id() && ref.id() != 0) return RelationshipId(ref.id());
  return session.Resolve(ref, FieldPath("relationship"));
}

absl::Status EntityHistory(const ReadSession& session, const v1::GetHistoryRequest& request,
                           uint64_t next, size_t page, ViewWriter& writer,
                           v1::GetHistoryResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const EntityId id, HistoricEntity(session, request.entity()));
  RELATA_ASSIGN_OR_RETURN(const auto spans, session.snapshot().EntityHistory(id));
  if (spans.empty()) return EntityNotFound(absl::StrCat("#", id.value()));
  const auto write = [&](const EntityState& state, v1::GetHistoryResponse::State* out) {
    return writer.WriteEntity(state, /*full=*/true, out->mutable_entity());
  };
  return WritePage(session, spans, next, page, write, response);
}

absl::Status RelationshipHistory(const ReadSession& session, const v1::GetHistoryRequest& request,
                                 uint64_t next, size_t page, ViewWriter& writer,
                                 v1::GetHistoryResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const RelationshipId id,
                          HistoricRelationship(session, request.relationship()));
  RELATA_ASSIGN_OR_RETURN(const auto spans, session.snapshot().RelationshipHistory(id));
  if (spans.empty()) {
    return WithReason(absl::NotFoundError(absl::StrCat("there never was a relationship #",
                                                       id.value(), " up to this version")),
                      v1::RELATIONSHIP_NOT_FOUND,
                      {{"relationship", absl::StrCat("#", id.value())}});
  }
  const auto write = [&](const RelationshipState& state, v1::GetHistoryResponse::State* out) {
    return writer.WriteRelationship(state, out->mutable_relationship()).status();
  };
  return WritePage(session, spans, next, page, write, response);
}

}  // namespace

absl::Status GetHistory(const CallContext& call, const v1::GetHistoryRequest& request,
                        v1::GetHistoryResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(const ReadSession session,
                          ReadSession::OpenPaged(call, request.read(), {.raw_policy = true},
                                                 request, request.page_token()));
  uint64_t next = 0;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(next, DecodePlace(*session.cursor()));
  }
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  switch (request.subject_case()) {
    case v1::GetHistoryRequest::kEntity:
      return EntityHistory(session, request, next, page, writer, response);
    case v1::GetHistoryRequest::kRelationship:
      return RelationshipHistory(session, request, next, page, writer, response);
    case v1::GetHistoryRequest::SUBJECT_NOT_SET:
      break;
  }
  return FieldError("entity", "say whose history: entity or relationship");
}

absl::Status ListChanges(const CallContext& call, const v1::ListChangesRequest& request,
                         v1::ListChangesResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  v1::ReadOptions read;
  read.set_database(request.database());
  if (request.to_version() != 0) {
    read.mutable_consistency()->set_exact_version(request.to_version());
  }
  RELATA_ASSIGN_OR_RETURN(const ReadSession session,
                          ReadSession::OpenPaged(call, read, {}, request, request.page_token()));
  uint64_t after = request.from_version();
  const CommitVersion until = session.snapshot().version();
  if (CommitVersion(after) > until) {
    return FieldError("from_version",
                      absl::StrCat("must not be beyond to_version, ", until.value()));
  }
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(after, DecodePlace(*session.cursor()));
  }
  const Database& database = session.database();
  RELATA_ASSIGN_OR_RETURN(const std::vector<ChangeSet> commits,
                          database.Changes(CommitVersion(after), until, page + 1));
  WriteStateStamp(database, session.snapshot(), response->mutable_stamp());
  for (size_t i = 0; i < commits.size() && i < page; ++i) {
    if (call.cancelled()) return absl::CancelledError("the client went away");
    RELATA_RETURN_IF_ERROR(WriteChange(database, commits[i], ChangeFilter(),
                                       request.include_states(), response->add_changes())
                               .status());
  }
  if (commits.size() > page) {
    response->set_next_page_token(
        session.NextPageToken(EncodeCursor(commits[page - 1].version.value())));
  }
  return absl::OkStatus();
}

}  // namespace relata
