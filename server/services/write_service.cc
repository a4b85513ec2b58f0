#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "relata/v1/write_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/fact_write.h"
#include "server/convert/mutation.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/request_identity.h"
#include "server/services/bulk_write.h"
#include "server/services/services.h"

namespace relata {
namespace {

absl::StatusOr<Batch> BatchFromProto(const v1::WriteRequest& request,
                                     absl::string_view database_uuid) {
  Batch batch;
  batch.mutations.reserve(request.mutations_size());
  for (int i = 0; i < request.mutations_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        Mutation mutation,
        MutationFromProto(request.mutations(i), FieldPath::RequestItem("mutations", i)));
    batch.mutations.push_back(std::move(mutation));
  }
  for (int i = 0; i < request.preconditions_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(Precondition precondition,
                            PreconditionFromProto(request.preconditions(i),
                                                  FieldPath::RequestItem("preconditions", i)));
    batch.preconditions.push_back(std::move(precondition));
  }
  RELATA_RETURN_IF_ERROR(
      CheckText(request.principal(), kMaxPrincipalBytes, FieldPath("principal")));
  RELATA_ASSIGN_OR_RETURN(batch.request, RequestIdOf(request, database_uuid));
  batch.principal = request.principal();
  return batch;
}

void ResultToProto(const BatchResult& result, v1::WriteResponse* response) {
  response->set_version(result.version.value());
  response->set_commit_time(CommitTimeText(result.commit_time));
  response->set_replayed(result.replayed);
  for (const BatchResult::Item& item : result.items) {
    v1::WriteResponse::MutationResult* const out = response->add_results();
    if (item.entity) out->set_entity_id(item.entity->value());
    if (item.relationship) out->set_relationship_id(item.relationship->value());
    out->set_created(item.created);
    for (const FactId fact : item.facts) out->add_fact_ids(fact.value());
  }
}

// What the graph's refusal is to a client.
absl::Status Refusal(const absl::Status& status, const OpenDatabase& database,
                     const v1::WriteRequest& request) {
  if (status.code() == absl::StatusCode::kFailedPrecondition &&
      database.graph->ReadOnlyReason().has_value()) {
    return WithReason(status, v1::READ_ONLY, {{"database", database.name}});
  }
  return WithReusedId(status, request.request_id());
}

absl::Status Write(const CallContext& call, const v1::WriteRequest& request,
                   v1::WriteResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<OpenDatabase> database,
                          call.state().databases->Find(request.database()));
  if (static_cast<size_t>(request.mutations_size()) > call.limits().max_mutations) {
    return LimitError(absl::StrCat(request.mutations_size(), " mutations"), "max_mutations",
                      call.limits().max_mutations);
  }
  RELATA_ASSIGN_OR_RETURN(const Batch batch, BatchFromProto(request, database->graph->uuid()));
  response->set_database_uuid(database->graph->uuid());
  if (request.validate_only()) {
    return Refusal(database->graph->Check(batch), *database, request);
  }
  const absl::StatusOr<BatchResult> result = database->graph->Apply(batch);
  if (!result.ok()) return Refusal(result.status(), *database, request);
  ResultToProto(*result, response);
  return absl::OkStatus();
}

class WriteCalls final : public v1::WriteService::Service {
 public:
  explicit WriteCalls(ServerState* state) : state_(state) {}

  grpc::Status Write(grpc::ServerContext* context, const v1::WriteRequest* request,
                     v1::WriteResponse* response) override {
    return Dispatch("Write", state_, context, [&](const CallContext& call) {
      return relata::Write(call, *request, response);
    });
  }
  grpc::Status BulkWrite(grpc::ServerContext* context, BulkWriteStream* stream) override {
    return Dispatch("BulkWrite", state_, context,
                    [&](const CallContext& call) { return relata::BulkWrite(call, stream); });
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeWriteService(ServerState* state) {
  return std::make_unique<WriteCalls>(state);
}

}  // namespace relata
