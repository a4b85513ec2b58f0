#include "bench/relata_bench/empty_server.h"

#include <grpcpp/grpcpp.h>

#include "bench/relata_bench/bare_server.h"
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
  EmptyReads reads;
  EmptyQueries queries;
  EmptyWrites writes;
  return ServeUntilTerminated({&reads, &queries, &writes}, listen, port_file);
}

}  // namespace relata::bench
