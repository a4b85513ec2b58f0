#ifndef RELATA_CLIENT_CLIENT_H_
#define RELATA_CLIENT_CLIENT_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "client/retry.h"

namespace relata {

// The messages of the calls; their headers are relata/v1/<service>.pb.h.
namespace v1 {
class BatchGetEntitiesRequest;
class BatchGetEntitiesResponse;
class BeginTransactionRequest;
class BeginTransactionResponse;
class BulkWriteRequest_Start;
class CommitTransactionRequest;
class CommitTransactionResponse;
class CreateCheckpointRequest;
class CreateCheckpointResponse;
class CreateDatabaseRequest;
class Database;
class DeleteDatabaseRequest;
class ExportRequest;
class ExportResponse;
class FindChainsRequest;
class FindChainsResponse;
class FindEntitiesRequest;
class FindEntitiesResponse;
class FindPathRequest;
class FindPathResponse;
class GetDatabaseRequest;
class GetEntityRequest;
class GetEntityResponse;
class GetHistoryRequest;
class GetHistoryResponse;
class GetRelationshipRequest;
class GetRelationshipResponse;
class GetSchemaRequest;
class GetSchemaResponse;
class GetSourceRequest;
class GetSourceResponse;
class GetStatisticsRequest;
class GetStatisticsResponse;
class GetStatusRequest;
class GetStatusResponse;
class GetTimelineRequest;
class GetTimelineResponse;
class GetVocabularyRequest;
class GetVocabularyResponse;
class ListChangesRequest;
class ListChangesResponse;
class ListDatabasesRequest;
class ListDatabasesResponse;
class ListEntitiesRequest;
class ListEntitiesResponse;
class ListIndexesRequest;
class ListIndexesResponse;
class ListNeighborsRequest;
class ListNeighborsResponse;
class ListRelationshipsRequest;
class ListRelationshipsResponse;
class RollbackTransactionRequest;
class RunAlgorithmRequest;
class RunAlgorithmResponse;
class RunQueryRequest;
class RunQueryResponse;
class WatchRequest;
class WatchResponse;
class WriteRequest;
class WriteResponse;
}  // namespace v1

class BulkWriter;
class CallCanceller;

struct ClientOptions {
  // `HOST:PORT`; a name, an IPv4 address or an IPv6 address in brackets.
  std::string address = "127.0.0.1:7614";
  // For a whole call, its retries included.
  absl::Duration timeout = absl::Seconds(60);
  // For a whole stream (Watch, Export), its resumptions included.
  absl::Duration stream_timeout = absl::InfiniteDuration();
  RetryPolicy retry;
  // For taking a broken Watch up again: 5 to 9 s, in which a server restarts.
  RetryPolicy resume = {.max_attempts = 10};
  // Borrowed; only measures how much of a timeout is used.
  Clock* clock = SystemClock();
  // Waits between retries; empty: really sleeps.
  Sleeper sleep;
};

// A connection to a Relata server, with one function for each call of its API. docs/api.md tells
// what each call does; here is what the client adds:
//
// - Deadlines: every call ends within ClientOptions.timeout (DEADLINE_EXCEEDED).
// - Retries with exponential backoff and jitter where that is safe: reads and writes after
//   UNAVAILABLE, writes without preconditions also after ABORTED. A write without a request id is
//   given one, so that a try whose answer was lost is not applied twice. CreateDatabase,
//   DeleteDatabase and CreateCheckpoint are tried once.
// - Errors are the server's code and message; ReadCallError (client/call_error.h) gives its reason
//   and the fields that are wrong.
//
// Thread-safe: threads may share one client, and calls run side by side.
class Client {
 public:
  // Makes a client. Does not wait for the connection: where there is no server, the first call
  // fails with UNAVAILABLE (IsUnreachable). INVALID_ARGUMENT for an address without a port and a
  // timeout that is not positive.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(ClientOptions options);

  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // WriteService.
  absl::StatusOr<v1::WriteResponse> Write(const v1::WriteRequest& request);

  // Begins a load of new things as one commit (client/bulk_writer.h). Its time is that of a stream.
  absl::StatusOr<std::unique_ptr<BulkWriter>> BeginBulkWrite(
      const v1::BulkWriteRequest_Start& start);

  // ReadService.
  absl::StatusOr<v1::GetEntityResponse> GetEntity(const v1::GetEntityRequest& request);
  absl::StatusOr<v1::BatchGetEntitiesResponse> BatchGetEntities(
      const v1::BatchGetEntitiesRequest& request);
  absl::StatusOr<v1::FindEntitiesResponse> FindEntities(const v1::FindEntitiesRequest& request);
  absl::StatusOr<v1::ListEntitiesResponse> ListEntities(const v1::ListEntitiesRequest& request);
  absl::StatusOr<v1::GetRelationshipResponse> GetRelationship(
      const v1::GetRelationshipRequest& request);
  absl::StatusOr<v1::ListRelationshipsResponse> ListRelationships(
      const v1::ListRelationshipsRequest& request);
  absl::StatusOr<v1::ListNeighborsResponse> ListNeighbors(const v1::ListNeighborsRequest& request);
  absl::StatusOr<v1::GetSourceResponse> GetSource(const v1::GetSourceRequest& request);
  absl::StatusOr<v1::GetHistoryResponse> GetHistory(const v1::GetHistoryRequest& request);
  absl::StatusOr<v1::ListChangesResponse> ListChanges(const v1::ListChangesRequest& request);

  // AnswerService.
  absl::StatusOr<v1::FindChainsResponse> FindChains(const v1::FindChainsRequest& request);
  absl::StatusOr<v1::GetTimelineResponse> GetTimeline(const v1::GetTimelineRequest& request);
  absl::StatusOr<v1::FindPathResponse> FindPath(const v1::FindPathRequest& request);

  // AlgorithmService. Runs one algorithm and gives each part of its result in order to `receive` in
  // this thread, until the end (OK) or until that returns an error, which is returned. A stream
  // that breaks before its first part is tried again; so that this is safe, a call that writes gets
  // a request id where it has none.
  absl::Status RunAlgorithm(
      const v1::RunAlgorithmRequest& request,
      absl::FunctionRef<absl::Status(const v1::RunAlgorithmResponse&)> receive);

  // QueryService. Runs one statement and gives each part of its result in order to `receive` in
  // this thread, until the end (OK) or until that returns an error, which is returned. Tried once
  // where the request has no request id, since a statement may write; with one, UNAVAILABLE before
  // the first part is tried again. `canceller` may be null.
  absl::Status RunQuery(const v1::RunQueryRequest& request,
                        absl::FunctionRef<absl::Status(const v1::RunQueryResponse&)> receive,
                        CallCanceller* canceller = nullptr);
  absl::StatusOr<v1::BeginTransactionResponse> BeginTransaction(
      const v1::BeginTransactionRequest& request);
  // Tried once. Where it fails with UNAVAILABLE it may have been committed or not.
  absl::StatusOr<v1::CommitTransactionResponse> CommitTransaction(
      const v1::CommitTransactionRequest& request);
  absl::Status RollbackTransaction(const v1::RollbackTransactionRequest& request);
  absl::StatusOr<v1::GetVocabularyResponse> GetVocabulary(const v1::GetVocabularyRequest& request);

  // AdminService.
  absl::StatusOr<v1::ListDatabasesResponse> ListDatabases(const v1::ListDatabasesRequest& request);
  absl::StatusOr<v1::Database> GetDatabase(const v1::GetDatabaseRequest& request);
  absl::StatusOr<v1::Database> CreateDatabase(const v1::CreateDatabaseRequest& request);
  absl::Status DeleteDatabase(const v1::DeleteDatabaseRequest& request);
  absl::StatusOr<v1::GetStatisticsResponse> GetStatistics(const v1::GetStatisticsRequest& request);
  absl::StatusOr<v1::GetSchemaResponse> GetSchema(const v1::GetSchemaRequest& request);
  absl::StatusOr<v1::ListIndexesResponse> ListIndexes(const v1::ListIndexesRequest& request);
  absl::StatusOr<v1::CreateCheckpointResponse> CreateCheckpoint(
      const v1::CreateCheckpointRequest& request);
  absl::StatusOr<v1::GetStatusResponse> GetStatus(const v1::GetStatusRequest& request);

  // Follows a database: gives each event to `receive` in this thread, until that returns false (OK)
  // or the stream ends with an error or a timeout. A stream that breaks (UNAVAILABLE) is taken up
  // again after the last version received, so that no commit is missed or given twice; the tries
  // count anew after each event.
  absl::Status Watch(const v1::WatchRequest& request,
                     absl::FunctionRef<bool(const v1::WatchResponse&)> receive);

  // Reads a whole database: gives each part in order to `receive` in this thread, until the end
  // (OK) or until that returns an error, which is returned. A stream that breaks before its first
  // part is tried again; one that breaks later is an error, since what was given stays given.
  absl::Status Export(const v1::ExportRequest& request,
                      absl::FunctionRef<absl::Status(const v1::ExportResponse&)> receive);

 private:
  // The channel and the stubs, out of sight so that gRPC stays out of this header.
  struct Connection;

  Client(ClientOptions options, std::unique_ptr<Connection> connection);

  template <typename Stub, typename Method, typename Request, typename Response>
  absl::Status Call(Stub& stub, Method method, RetryKind kind, const Request& request,
                    Response* response);
  template <typename Response, typename Open>
  absl::Status ReadStream(Open open, absl::FunctionRef<absl::Status(const Response&)> receive);
  template <typename Response, typename Stub, typename Method, typename Request>
  absl::StatusOr<Response> Ask(Stub& stub, Method method, const Request& request);

  // The version after which a watch starts that does not say so: the head now.
  absl::StatusOr<v1::WatchRequest> WithStartVersion(const v1::WatchRequest& request);

  const ClientOptions options_;
  const std::unique_ptr<Connection> connection_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLIENT_H_
