#include "tests/client/fake_server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace relata {

grpc::Status RelataError(grpc::StatusCode code, const std::string& message,
                         const std::string& reason,
                         const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("relata");
  info.mutable_metadata()->insert(metadata.begin(), metadata.end());
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(message);
  details.add_details()->PackFrom(info);
  return grpc::Status(code, message, details.SerializeAsString());
}

FakeServer::FakeServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(static_cast<v1::WriteService::Service*>(this));
  builder.RegisterService(static_cast<v1::ReadService::Service*>(this));
  builder.RegisterService(static_cast<v1::WatchService::Service*>(this));
  builder.RegisterService(static_cast<v1::ExportService::Service*>(this));
  builder.RegisterService(static_cast<v1::QueryService::Service*>(this));
  builder.RegisterService(static_cast<v1::AdminService::Service*>(this));
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

std::string FakeServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

grpc::Status FakeServer::NextFailure() {
  if (failures.empty()) return grpc::Status::OK;
  grpc::Status next = failures.front();
  failures.pop_front();
  return next;
}

std::vector<v1::WriteRequest> FakeServer::writes() {
  MutexLock lock(&mutex_);
  return writes_;
}

std::vector<v1::GetEntityRequest> FakeServer::gets() {
  MutexLock lock(&mutex_);
  return gets_;
}

std::vector<v1::WatchRequest> FakeServer::watches() {
  MutexLock lock(&mutex_);
  return watches_;
}

std::vector<v1::RunQueryRequest> FakeServer::queries() {
  MutexLock lock(&mutex_);
  return queries_;
}

std::vector<std::string> FakeServer::transactions() {
  MutexLock lock(&mutex_);
  return transactions_;
}

grpc::Status FakeServer::RunQuery(grpc::ServerContext* context, const v1::RunQueryRequest* request,
                                  grpc::ServerWriter<v1::RunQueryResponse>* writer) {
  {
    MutexLock lock(&mutex_);
    queries_.push_back(*request);
    grpc::Status failure = NextFailure();
    if (!failure.ok()) return failure;
  }
  for (const v1::RunQueryResponse& part : query_parts) writer->Write(part);
  while (query_hangs && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
  return query_end;
}

grpc::Status FakeServer::BeginTransaction(grpc::ServerContext* /*context*/,
                                          const v1::BeginTransactionRequest* /*request*/,
                                          v1::BeginTransactionResponse* response) {
  MutexLock lock(&mutex_);
  transactions_.emplace_back("begin");
  response->set_transaction_id(absl::StrCat("t", ++begun_));
  return NextFailure();
}

grpc::Status FakeServer::CommitTransaction(grpc::ServerContext* /*context*/,
                                           const v1::CommitTransactionRequest* request,
                                           v1::CommitTransactionResponse* response) {
  MutexLock lock(&mutex_);
  transactions_.push_back(absl::StrCat("commit ", request->transaction_id()));
  response->set_version(41);
  return NextFailure();
}

grpc::Status FakeServer::RollbackTransaction(grpc::ServerContext* /*context*/,
                                             const v1::RollbackTransactionRequest* request,
                                             v1::RollbackTransactionResponse* /*response*/) {
  MutexLock lock(&mutex_);
  transactions_.push_back(absl::StrCat("rollback ", request->transaction_id()));
  return NextFailure();
}

grpc::Status FakeServer::GetVocabulary(grpc::ServerContext* /*context*/,
                                       const v1::GetVocabularyRequest* /*request*/,
                                       v1::GetVocabularyResponse* response) {
  response->add_keywords("MATCH");
  response->add_labels("Company");
  response->add_relationship_types("OWNS");
  response->add_property_names("name");
  return grpc::Status::OK;
}

grpc::Status FakeServer::Write(grpc::ServerContext* /*context*/, const v1::WriteRequest* request,
                               v1::WriteResponse* response) {
  MutexLock lock(&mutex_);
  writes_.push_back(*request);
  grpc::Status failure = NextFailure();
  if (!failure.ok()) return failure;
  if (on_write) return on_write(*request, response);
  response->set_version(1);
  return grpc::Status::OK;
}

grpc::Status FakeServer::GetEntity(grpc::ServerContext* /*context*/,
                                   const v1::GetEntityRequest* request,
                                   v1::GetEntityResponse* response) {
  MutexLock lock(&mutex_);
  gets_.push_back(*request);
  response->mutable_entity()->set_id(7);
  return NextFailure();
}

grpc::Status FakeServer::GetDatabase(grpc::ServerContext* /*context*/,
                                     const v1::GetDatabaseRequest* request,
                                     v1::Database* response) {
  response->set_name(request->name());
  response->set_head_version(40);
  return grpc::Status::OK;
}

grpc::Status FakeServer::Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                               grpc::ServerWriter<v1::WatchResponse>* writer) {
  std::vector<uint64_t> versions;
  bool last = false;
  {
    MutexLock lock(&mutex_);
    watches_.push_back(*request);
    last = watch_versions.empty();
    if (!last) {
      versions = watch_versions.front();
      watch_versions.pop_front();
    }
  }
  for (const uint64_t version : versions) {
    v1::WatchResponse event;
    event.mutable_change()->set_version(version);
    writer->Write(event);
  }
  while (last && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
  return watch_end;
}

grpc::Status FakeServer::Export(grpc::ServerContext* /*context*/,
                                const v1::ExportRequest* /*request*/,
                                grpc::ServerWriter<v1::ExportResponse>* writer) {
  {
    MutexLock lock(&mutex_);
    grpc::Status failure = NextFailure();
    if (!failure.ok()) return failure;
  }
  for (const v1::ExportResponse& part : export_parts) writer->Write(part);
  return export_end;
}

}  // namespace relata
