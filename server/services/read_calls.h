#ifndef RELATA_SERVER_SERVICES_READ_CALLS_H_
#define RELATA_SERVER_SERVICES_READ_CALLS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relata/v1/read_service.pb.h"
#include "server/call_context.h"

namespace relata {

// The methods of ReadService (proto/relata/v1/read_service.proto says what each does). `response`
// is empty at the call.
absl::Status GetEntity(const CallContext& call, const v1::GetEntityRequest& request,
                       v1::GetEntityResponse* response);
absl::Status BatchGetEntities(const CallContext& call, const v1::BatchGetEntitiesRequest& request,
                              v1::BatchGetEntitiesResponse* response);
// Whether entities are written whole; an error where there is no such detail.
absl::StatusOr<bool> IsFullDetail(v1::EntityDetail detail);
absl::Status ListEntities(const CallContext& call, const v1::ListEntitiesRequest& request,
                          v1::ListEntitiesResponse* response);
absl::Status FindEntities(const CallContext& call, const v1::FindEntitiesRequest& request,
                          v1::FindEntitiesResponse* response);
absl::Status GetRelationship(const CallContext& call, const v1::GetRelationshipRequest& request,
                             v1::GetRelationshipResponse* response);
absl::Status ListRelationships(const CallContext& call, const v1::ListRelationshipsRequest& request,
                               v1::ListRelationshipsResponse* response);
absl::Status ListNeighbors(const CallContext& call, const v1::ListNeighborsRequest& request,
                           v1::ListNeighborsResponse* response);
absl::Status GetSource(const CallContext& call, const v1::GetSourceRequest& request,
                       v1::GetSourceResponse* response);
absl::Status GetHistory(const CallContext& call, const v1::GetHistoryRequest& request,
                        v1::GetHistoryResponse* response);
absl::Status ListChanges(const CallContext& call, const v1::ListChangesRequest& request,
                         v1::ListChangesResponse* response);

}  // namespace relata

#endif  // RELATA_SERVER_SERVICES_READ_CALLS_H_
