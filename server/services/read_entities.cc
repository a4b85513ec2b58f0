// GetEntity, BatchGetEntities, ListEntities.
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/convert/page_token.h"
#include "server/convert/read_terms.h"
#include "server/convert/view_writer.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/read_calls.h"

namespace relata {

absl::StatusOr<bool> IsFullDetail(v1::EntityDetail detail) {
  if (!v1::EntityDetail_IsValid(detail)) return FieldError("detail", "this detail does not exist");
  return detail != v1::SUMMARY;
}

absl::Status GetEntity(const CallContext& call, const v1::GetEntityRequest& request,
                       v1::GetEntityResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, request.read(), {}));
  RELATA_ASSIGN_OR_RETURN(const EntityId id,
                          session.Resolve(request.entity(), FieldPath("entity")));
  RELATA_ASSIGN_OR_RETURN(const auto state, session.snapshot().GetEntity(id));
  if (!state) return EntityNotFound(absl::StrCat("#", id.value()));
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  return writer.WriteEntity(*state, /*full=*/true, response->mutable_entity());
}

absl::Status BatchGetEntities(const CallContext& call, const v1::BatchGetEntitiesRequest& request,
                              v1::BatchGetEntitiesResponse* response) {
  if (static_cast<size_t>(request.entities_size()) > call.limits().max_batch_get) {
    return LimitError(absl::StrCat(request.entities_size(), " entities"), "max_batch_get",
                      call.limits().max_batch_get);
  }
  RELATA_ASSIGN_OR_RETURN(const bool full, IsFullDetail(request.detail()));
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, request.read(), {}));
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  for (int i = 0; i < request.entities_size(); ++i) {
    auto* const result = response->add_results();
    RELATA_ASSIGN_OR_RETURN(
        const auto id, session.Find(request.entities(i), FieldPath::RequestItem("entities", i)));
    if (!id) continue;
    RELATA_ASSIGN_OR_RETURN(const auto state, session.snapshot().GetEntity(*id));
    if (!state) continue;
    RELATA_RETURN_IF_ERROR(writer.WriteEntity(*state, full, result->mutable_entity()));
  }
  return absl::OkStatus();
}

absl::Status ListEntities(const CallContext& call, const v1::ListEntitiesRequest& request,
                          v1::ListEntitiesResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(const bool full, IsFullDetail(request.detail()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {}, request, request.page_token()));
  EntityId after;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t place, DecodePlace(*session.cursor()));
    after = EntityId(place);
  }
  std::optional<LabelId> label;
  if (!request.label().empty()) label = LabelOrNone(session.snapshot().names(), request.label());
  RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                          session.snapshot().ListEntities(label, after, page + 1));
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  for (size_t i = 0; i < ids.size() && i < page; ++i) {
    RELATA_ASSIGN_OR_RETURN(const auto state, session.snapshot().GetEntity(ids[i]));
    if (!state) continue;
    RELATA_RETURN_IF_ERROR(writer.WriteEntity(*state, full, response->add_entities()));
  }
  if (ids.size() > page) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(ids[page - 1].value())));
  }
  return absl::OkStatus();
}

}  // namespace relata
