#include "bench/relata_bench/empty_server.h"

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"

namespace relata::bench {
namespace {

class EmptyReads final : public v1::ReadService::Service {
  grpc::Status GetEntity(grpc::ServerContext*, const v1::GetEntityRequest*,
                         v1::GetEntityResponse*) override {
    return grpc::Status::OK;
  }
};

class EmptyQueries final : public v1::QueryService::Service {
  grpc::Status RunQuery(grpc::ServerContext*, const v1::RunQueryRequest*,
                        grpc::ServerWriter<v1::RunQueryResponse>* out) override {
    out->Write(v1::RunQueryResponse());
    return grpc::Status::OK;
  }
};

class EmptyWrites final : public v1::WriteService::Service {
  grpc::Status Write(grpc::ServerContext*, const v1::WriteRequest*, v1::WriteResponse*) override {
    return grpc::Status::OK;
  }
};

}  // namespace

absl::Status ServeEmptyCalls(const std::string& listen, const std::string& port_file) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  EmptyReads reads;
  EmptyQueries queries;
  EmptyWrites writes;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&reads);
  builder.RegisterService(&queries);
  builder.RegisterService(&writes);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", listen));
  }
  const std::string beside = port_file + ".new";
  std::ofstream(beside) << port << "\n";
  if (std::rename(beside.c_str(), port_file.c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot write ", port_file));
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace relata::bench
