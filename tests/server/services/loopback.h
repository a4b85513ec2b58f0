#ifndef RELATA_TESTS_SERVER_SERVICES_LOOPBACK_H_
#define RELATA_TESTS_SERVER_SERVICES_LOOPBACK_H_

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "relata/v1/admin_service.grpc.pb.h"
#include "relata/v1/answer_service.grpc.pb.h"
#include "relata/v1/export_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/watch_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"
#include "tests/server/call_error.h"
#include "tests/server/in_process_server.h"
#include "tests/server/proto_text.h"

namespace relata {

// A server in this process with a stub for each service.
class LoopbackTest : public ::testing::Test {
 protected:
  explicit LoopbackTest(const Limits& limits = {}) : server_(SystemClock(), limits) {}

  // One unary call with a deadline of 30 s.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(30, GPR_TIMESPAN)));
    return (stub.*method)(&context, request, response);
  }
  v1::WriteResponse Write(const std::string& request) {
    v1::WriteResponse response;
    const grpc::Status status = TryWrite(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << request;
    return response;
  }
  grpc::Status TryWrite(const std::string& request, v1::WriteResponse* response) {
    return Call(*write_, &WriteStub::Write, Proto<v1::WriteRequest>(request), response);
  }
  v1::GetEntityResponse GetEntity(const std::string& request) {
    v1::GetEntityResponse response;
    const grpc::Status status =
        Call(*read_, &ReadStub::GetEntity, Proto<v1::GetEntityRequest>(request), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  using WriteStub = v1::WriteService::Stub;
  using ReadStub = v1::ReadService::Stub;
  using AnswerStub = v1::AnswerService::Stub;
  using AdminStub = v1::AdminService::Stub;

  InProcessServer server_;
  std::unique_ptr<WriteStub> write_ = v1::WriteService::NewStub(server_.channel());
  std::unique_ptr<ReadStub> read_ = v1::ReadService::NewStub(server_.channel());
  std::unique_ptr<AnswerStub> answer_ = v1::AnswerService::NewStub(server_.channel());
  std::unique_ptr<AdminStub> admin_ = v1::AdminService::NewStub(server_.channel());
  std::unique_ptr<v1::WatchService::Stub> watch_ = v1::WatchService::NewStub(server_.channel());
  std::unique_ptr<v1::ExportService::Stub> export_ = v1::ExportService::NewStub(server_.channel());
};

}  // namespace relata

#endif  // RELATA_TESTS_SERVER_SERVICES_LOOPBACK_H_
