#include <memory>

#include "relata/v1/read_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/services/read_calls.h"
#include "server/services/services.h"

namespace relata {
namespace {

class ReadCalls final : public v1::ReadService::Service {
 public:
  explicit ReadCalls(ServerState* state) : state_(state) {}

  grpc::Status GetEntity(grpc::ServerContext* context, const v1::GetEntityRequest* request,
                         v1::GetEntityResponse* response) override {
    return DispatchUnary("GetEntity", state_, context, relata::GetEntity, *request, response);
  }
  grpc::Status BatchGetEntities(grpc::ServerContext* context,
                                const v1::BatchGetEntitiesRequest* request,
                                v1::BatchGetEntitiesResponse* response) override {
    return DispatchUnary("BatchGetEntities", state_, context, relata::BatchGetEntities, *request,
                         response);
  }
  grpc::Status FindEntities(grpc::ServerContext* context, const v1::FindEntitiesRequest* request,
                            v1::FindEntitiesResponse* response) override {
    return DispatchUnary("FindEntities", state_, context, relata::FindEntities, *request, response);
  }
  grpc::Status ListEntities(grpc::ServerContext* context, const v1::ListEntitiesRequest* request,
                            v1::ListEntitiesResponse* response) override {
    return DispatchUnary("ListEntities", state_, context, relata::ListEntities, *request, response);
  }
  grpc::Status GetRelationship(grpc::ServerContext* context,
                               const v1::GetRelationshipRequest* request,
                               v1::GetRelationshipResponse* response) override {
    return DispatchUnary("GetRelationship", state_, context, relata::GetRelationship, *request,
                         response);
  }
  grpc::Status ListRelationships(grpc::ServerContext* context,
                                 const v1::ListRelationshipsRequest* request,
                                 v1::ListRelationshipsResponse* response) override {
    return DispatchUnary("ListRelationships", state_, context, relata::ListRelationships, *request,
                         response);
  }
  grpc::Status ListNeighbors(grpc::ServerContext* context, const v1::ListNeighborsRequest* request,
                             v1::ListNeighborsResponse* response) override {
    return DispatchUnary("ListNeighbors", state_, context, relata::ListNeighbors, *request,
                         response);
  }
  grpc::Status GetSource(grpc::ServerContext* context, const v1::GetSourceRequest* request,
                         v1::GetSourceResponse* response) override {
    return DispatchUnary("GetSource", state_, context, relata::GetSource, *request, response);
  }
  grpc::Status GetHistory(grpc::ServerContext* context, const v1::GetHistoryRequest* request,
                          v1::GetHistoryResponse* response) override {
    return DispatchUnary("GetHistory", state_, context, relata::GetHistory, *request, response);
  }
  grpc::Status ListChanges(grpc::ServerContext* context, const v1::ListChangesRequest* request,
                           v1::ListChangesResponse* response) override {
    return DispatchUnary("ListChanges", state_, context, relata::ListChanges, *request, response);
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReadService(ServerState* state) {
  return std::make_unique<ReadCalls>(state);
}

}  // namespace relata
