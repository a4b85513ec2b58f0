#include <memory>

#include "relata/v1/read_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/services/arena_call.h"
#include "server/services/read_calls.h"
#include "server/services/services.h"

namespace relata {
namespace {

// Those whose rows hold many small messages are made in arenas.
using CallsInArenas = v1::ReadService::WithStreamedUnaryMethod_ListRelationships<
    v1::ReadService::WithStreamedUnaryMethod_ListNeighbors<v1::ReadService::Service>>;

class ReadCalls final : public CallsInArenas {
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
  grpc::Status StreamedListRelationships(
      grpc::ServerContext* context,
      grpc::ServerUnaryStreamer<v1::ListRelationshipsRequest, v1::ListRelationshipsResponse>* call)
      override {
    return DispatchInArena("ListRelationships", state_, context, relata::ListRelationships, call);
  }
  grpc::Status StreamedListNeighbors(
      grpc::ServerContext* context,
      grpc::ServerUnaryStreamer<v1::ListNeighborsRequest, v1::ListNeighborsResponse>* call)
      override {
    return DispatchInArena("ListNeighbors", state_, context, relata::ListNeighbors, call);
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
