#include "client/client.h"

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "client/bulk_stream.h"
#include "client/call_error.h"
#include "client/connection.h"
#include "client/request_id.h"

namespace relata {
namespace {

// How long gRPC itself waits before it connects again: short, so that our own retries are not
// answered from the failure before.
constexpr int kReconnectMilliseconds = 50;
constexpr int kMaxReconnectMilliseconds = 1000;
// A far server or a busy machine takes its time; one that just died may never answer.
constexpr int kConnectMilliseconds = 1500;

absl::Status CheckOptions(const ClientOptions& options) {
  const size_t colon = options.address.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(absl::string_view(options.address).substr(colon + 1), &port) || port == 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("'", options.address,
                                                   "' is no server address: write HOST:PORT, as in "
                                                   "127.0.0.1:7614"));
  }
  if (options.timeout <= absl::ZeroDuration() || options.stream_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("a timeout must be more than 0 seconds");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(ClientOptions options) {
  RELATA_RETURN_IF_ERROR(CheckOptions(options));
  if (!options.sleep) options.sleep = [](absl::Duration wait) { absl::SleepFor(wait); };
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMilliseconds);
  // In spite of its name: how long one attempt may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMilliseconds);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMilliseconds);
  // A proxy of the environment is for the web, not for a database.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  auto connection = std::make_unique<Connection>(
      grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments));
  return std::unique_ptr<Client>(new Client(std::move(options), std::move(connection)));
}

Client::Client(ClientOptions options, std::unique_ptr<Connection> connection)
    : options_(std::move(options)), connection_(std::move(connection)) {}

Client::~Client() = default;

absl::StatusOr<v1::WriteResponse> Client::Write(const v1::WriteRequest& request) {
  v1::WriteResponse response;
  const RetryKind kind =
      request.preconditions().empty() ? RetryKind::kUnavailableOrAborted : RetryKind::kUnavailable;
  if (!request.request_id().empty()) {
    RELATA_RETURN_IF_ERROR(
        Call(*connection_->write, &v1::WriteService::Stub::Write, kind, request, &response));
    return response;
  }
  v1::WriteRequest named = request;
  named.set_request_id(NewRequestId());
  RELATA_RETURN_IF_ERROR(
      Call(*connection_->write, &v1::WriteService::Stub::Write, kind, named, &response));
  return response;
}

absl::StatusOr<v1::GetEntityResponse> Client::GetEntity(const v1::GetEntityRequest& request) {
  return Ask<v1::GetEntityResponse>(*connection_->read, &v1::ReadService::Stub::GetEntity, request);
}

absl::StatusOr<v1::BatchGetEntitiesResponse> Client::BatchGetEntities(
    const v1::BatchGetEntitiesRequest& request) {
  return Ask<v1::BatchGetEntitiesResponse>(*connection_->read,
                                           &v1::ReadService::Stub::BatchGetEntities, request);
}

absl::StatusOr<v1::FindEntitiesResponse> Client::FindEntities(
    const v1::FindEntitiesRequest& request) {
  return Ask<v1::FindEntitiesResponse>(*connection_->read, &v1::ReadService::Stub::FindEntities,
                                       request);
}

absl::StatusOr<v1::ListEntitiesResponse> Client::ListEntities(
    const v1::ListEntitiesRequest& request) {
  return Ask<v1::ListEntitiesResponse>(*connection_->read, &v1::ReadService::Stub::ListEntities,
                                       request);
}

absl::StatusOr<v1::GetRelationshipResponse> Client::GetRelationship(
    const v1::GetRelationshipRequest& request) {
  return Ask<v1::GetRelationshipResponse>(*connection_->read,
                                          &v1::ReadService::Stub::GetRelationship, request);
}

absl::StatusOr<v1::ListRelationshipsResponse> Client::ListRelationships(
    const v1::ListRelationshipsRequest& request) {
  return Ask<v1::ListRelationshipsResponse>(*connection_->read,
                                            &v1::ReadService::Stub::ListRelationships, request);
}

absl::StatusOr<v1::ListNeighborsResponse> Client::ListNeighbors(
    const v1::ListNeighborsRequest& request) {
  return Ask<v1::ListNeighborsResponse>(*connection_->read, &v1::ReadService::Stub::ListNeighbors,
                                        request);
}

absl::StatusOr<v1::GetSourceResponse> Client::GetSource(const v1::GetSourceRequest& request) {
  return Ask<v1::GetSourceResponse>(*connection_->read, &v1::ReadService::Stub::GetSource, request);
}

absl::StatusOr<v1::GetHistoryResponse> Client::GetHistory(const v1::GetHistoryRequest& request) {
  return Ask<v1::GetHistoryResponse>(*connection_->read, &v1::ReadService::Stub::GetHistory,
                                     request);
}

absl::StatusOr<v1::ListChangesResponse> Client::ListChanges(const v1::ListChangesRequest& request) {
  return Ask<v1::ListChangesResponse>(*connection_->read, &v1::ReadService::Stub::ListChanges,
                                      request);
}

absl::StatusOr<v1::FindChainsResponse> Client::FindChains(const v1::FindChainsRequest& request) {
  return Ask<v1::FindChainsResponse>(*connection_->answer, &v1::AnswerService::Stub::FindChains,
                                     request);
}

absl::StatusOr<v1::GetTimelineResponse> Client::GetTimeline(const v1::GetTimelineRequest& request) {
  return Ask<v1::GetTimelineResponse>(*connection_->answer, &v1::AnswerService::Stub::GetTimeline,
                                      request);
}

absl::StatusOr<v1::FindPathResponse> Client::FindPath(const v1::FindPathRequest& request) {
  return Ask<v1::FindPathResponse>(*connection_->answer, &v1::AnswerService::Stub::FindPath,
                                   request);
}

absl::StatusOr<v1::ListDatabasesResponse> Client::ListDatabases(
    const v1::ListDatabasesRequest& request) {
  return Ask<v1::ListDatabasesResponse>(*connection_->admin, &v1::AdminService::Stub::ListDatabases,
                                        request);
}

absl::StatusOr<v1::Database> Client::GetDatabase(const v1::GetDatabaseRequest& request) {
  return Ask<v1::Database>(*connection_->admin, &v1::AdminService::Stub::GetDatabase, request);
}

absl::StatusOr<v1::Database> Client::CreateDatabase(const v1::CreateDatabaseRequest& request) {
  v1::Database response;
  RELATA_RETURN_IF_ERROR(Call(*connection_->admin, &v1::AdminService::Stub::CreateDatabase,
                              RetryKind::kNever, request, &response));
  return response;
}

absl::Status Client::DeleteDatabase(const v1::DeleteDatabaseRequest& request) {
  v1::DeleteDatabaseResponse response;
  return Call(*connection_->admin, &v1::AdminService::Stub::DeleteDatabase, RetryKind::kNever,
              request, &response);
}

absl::StatusOr<v1::GetStatisticsResponse> Client::GetStatistics(
    const v1::GetStatisticsRequest& request) {
  return Ask<v1::GetStatisticsResponse>(*connection_->admin, &v1::AdminService::Stub::GetStatistics,
                                        request);
}

absl::StatusOr<v1::GetSchemaResponse> Client::GetSchema(const v1::GetSchemaRequest& request) {
  return Ask<v1::GetSchemaResponse>(*connection_->admin, &v1::AdminService::Stub::GetSchema,
                                    request);
}

absl::StatusOr<v1::ListIndexesResponse> Client::ListIndexes(const v1::ListIndexesRequest& request) {
  return Ask<v1::ListIndexesResponse>(*connection_->admin, &v1::AdminService::Stub::ListIndexes,
                                      request);
}

absl::StatusOr<v1::CreateCheckpointResponse> Client::CreateCheckpoint(
    const v1::CreateCheckpointRequest& request) {
  v1::CreateCheckpointResponse response;
  RELATA_RETURN_IF_ERROR(Call(*connection_->admin, &v1::AdminService::Stub::CreateCheckpoint,
                              RetryKind::kNever, request, &response));
  return response;
}

absl::StatusOr<v1::GetStatusResponse> Client::GetStatus(const v1::GetStatusRequest& request) {
  return Ask<v1::GetStatusResponse>(*connection_->admin, &v1::AdminService::Stub::GetStatus,
                                    request);
}

absl::StatusOr<v1::WatchRequest> Client::WithStartVersion(const v1::WatchRequest& request) {
  v1::WatchRequest resumable = request;
  if (request.has_from_version()) return resumable;
  v1::GetDatabaseRequest database;
  database.set_name(
      absl::StrCat("databases/", request.database().empty() ? "main" : request.database()));
  RELATA_ASSIGN_OR_RETURN(const v1::Database state, GetDatabase(database));
  resumable.set_from_version(state.head_version());
  return resumable;
}

absl::Status Client::Watch(const v1::WatchRequest& request,
                           absl::FunctionRef<bool(const v1::WatchResponse&)> receive) {
  RELATA_ASSIGN_OR_RETURN(v1::WatchRequest resumable, WithStartVersion(request));
  const int64_t start = options_.clock->MonotonicMicros();
  for (bool resumes = false;; resumes = true) {
    bool progressed = false;
    bool stopped = false;
    const auto follow = [&](absl::Duration left) {
      grpc::ClientContext context;
      context.set_deadline(DeadlineAfter(left));
      const auto reader = connection_->watch->Watch(&context, resumable);
      v1::WatchResponse event;
      while (!stopped && reader->Read(&event)) {
        resumable.set_from_version(event.has_change() ? event.change().version()
                                                      : event.checkpoint().version());
        progressed = true;
        stopped = !receive(event);
      }
      if (stopped) context.TryCancel();
      absl::Status status = FromGrpc(reader->Finish());
      if (stopped) return absl::OkStatus();
      // Ends these tries, so that those after some progress are counted anew.
      if (progressed && MayRetry(RetryKind::kUnavailable, status)) return absl::OkStatus();
      return status;
    };
    const absl::Duration used = absl::Microseconds(options_.clock->MonotonicMicros() - start);
    RELATA_RETURN_IF_ERROR(CallWithRetries(resumes ? options_.resume : options_.retry,
                                           RetryKind::kUnavailable, options_.stream_timeout - used,
                                           options_.clock, options_.sleep, follow));
    if (stopped || !progressed) return absl::OkStatus();
    options_.sleep(options_.retry.initial_backoff);
  }
}

absl::StatusOr<std::unique_ptr<BulkWriter>> Client::BeginBulkWrite(
    const v1::BulkWriteRequest::Start& start) {
  auto stream = std::make_unique<BulkWriter::Stream>();
  stream->context.set_deadline(DeadlineAfter(options_.stream_timeout));
  stream->calls = connection_->write->BulkWrite(&stream->context);
  *stream->message.mutable_start() = start;
  return std::make_unique<BulkWriter>(std::move(stream));
}

absl::Status Client::Export(const v1::ExportRequest& request,
                            absl::FunctionRef<absl::Status(const v1::ExportResponse&)> receive) {
  return ReadStream<v1::ExportResponse>(
      [&](grpc::ClientContext* context) { return connection_->exporter->Export(context, request); },
      receive);
}

absl::Status Client::RunAlgorithm(
    const v1::RunAlgorithmRequest& request,
    absl::FunctionRef<absl::Status(const v1::RunAlgorithmResponse&)> receive) {
  v1::RunAlgorithmRequest safe = request;
  if (!safe.write_property().empty() && safe.request_id().empty()) {
    safe.set_request_id(NewRequestId());
  }
  return ReadStream<v1::RunAlgorithmResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->algorithm->RunAlgorithm(context, safe);
      },
      receive);
}

}  // namespace relata
