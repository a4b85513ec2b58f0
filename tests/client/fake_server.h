#ifndef RELATA_TESTS_CLIENT_FAKE_SERVER_H_
#define RELATA_TESTS_CLIENT_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "relata/v1/admin_service.grpc.pb.h"
#include "relata/v1/export_service.grpc.pb.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/watch_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"

namespace relata {

// The gRPC status of a Relata server with this reason and metadata.
grpc::Status RelataError(grpc::StatusCode code, const std::string& message,
                         const std::string& reason,
                         const std::map<std::string, std::string>& metadata = {});

// A server on a free loopback port that answers as a test says and remembers what it was asked.
// Set the answers before the calls; thread-safe after that.
class FakeServer : public v1::WriteService::Service,
                   public v1::ReadService::Service,
                   public v1::WatchService::Service,
                   public v1::ExportService::Service,
                   public v1::QueryService::Service,
                   public v1::AdminService::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  std::string address() const;

  // What the next calls end with, one each; OK when it is empty.
  std::deque<grpc::Status> failures;
  // Decides about a write; default: OK, version 1.
  std::function<grpc::Status(const v1::WriteRequest&, v1::WriteResponse*)> on_write;
  // Versions that Watch gives after the one asked for, before it breaks off with `watch_end`; one
  // list for each call, then the stream stays open until the client goes.
  std::deque<std::vector<uint64_t>> watch_versions;
  grpc::Status watch_end = RelataError(grpc::StatusCode::UNAVAILABLE, "the server is stopping",
                                       "TEMPORARILY_UNAVAILABLE");
  // Messages of Export, and what it ends with.
  std::vector<v1::ExportResponse> export_parts;
  grpc::Status export_end;

  // Messages of RunQuery, and what it ends with; `query_hangs`: only when the client goes.
  std::vector<v1::RunQueryResponse> query_parts;
  grpc::Status query_end;
  bool query_hangs = false;

  std::vector<v1::WriteRequest> writes();
  std::vector<v1::GetEntityRequest> gets();
  std::vector<v1::WatchRequest> watches();
  std::vector<v1::RunQueryRequest> queries();
  // `begin`, `commit ID`, `rollback ID`, in order; transactions are `t1`, `t2`, …
  std::vector<std::string> transactions();

  grpc::Status Write(grpc::ServerContext* context, const v1::WriteRequest* request,
                     v1::WriteResponse* response) override;
  grpc::Status GetEntity(grpc::ServerContext* context, const v1::GetEntityRequest* request,
                         v1::GetEntityResponse* response) override;
  grpc::Status GetDatabase(grpc::ServerContext* context, const v1::GetDatabaseRequest* request,
                           v1::Database* response) override;
  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override;
  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportResponse>* writer) override;
  grpc::Status RunQuery(grpc::ServerContext* context, const v1::RunQueryRequest* request,
                        grpc::ServerWriter<v1::RunQueryResponse>* writer) override;
  grpc::Status BeginTransaction(grpc::ServerContext* context,
                                const v1::BeginTransactionRequest* request,
                                v1::BeginTransactionResponse* response) override;
  grpc::Status CommitTransaction(grpc::ServerContext* context,
                                 const v1::CommitTransactionRequest* request,
                                 v1::CommitTransactionResponse* response) override;
  grpc::Status RollbackTransaction(grpc::ServerContext* context,
                                   const v1::RollbackTransactionRequest* request,
                                   v1::RollbackTransactionResponse* response) override;
  grpc::Status GetVocabulary(grpc::ServerContext* context, const v1::GetVocabularyRequest* request,
                             v1::GetVocabularyResponse* response) override;

 private:
  grpc::Status NextFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  std::vector<v1::WriteRequest> writes_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::GetEntityRequest> gets_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::WatchRequest> watches_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::RunQueryRequest> queries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> transactions_ ABSL_GUARDED_BY(mutex_);
  int begun_ ABSL_GUARDED_BY(mutex_) = 0;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace relata

#endif  // RELATA_TESTS_CLIENT_FAKE_SERVER_H_
