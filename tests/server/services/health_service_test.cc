#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/server/in_process_server.h"

namespace relata {
namespace {

namespace health = grpc::health::v1;

class HealthServiceTest : public ::testing::Test {
 protected:
  HealthServiceTest() : stub_(health::Health::NewStub(server_.channel())) {}

  InProcessServer server_;
  const std::unique_ptr<health::Health::Stub> stub_;
};

TEST_F(HealthServiceTest, TheServerServes) {
  grpc::ClientContext context;
  health::HealthCheckResponse response;
  ASSERT_TRUE(stub_->Check(&context, health::HealthCheckRequest(), &response).ok());
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
}

TEST_F(HealthServiceTest, OtherServicesAreNotFound) {
  grpc::ClientContext context;
  health::HealthCheckRequest request;
  request.set_service("no.such.Service");
  health::HealthCheckResponse response;
  EXPECT_EQ(stub_->Check(&context, request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthServiceTest, AWatcherLearnsThatTheServerStops) {
  grpc::ClientContext context;
  const auto reader = stub_->Watch(&context, health::HealthCheckRequest());
  health::HealthCheckResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  server_.server().Stop(absl::Seconds(5));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_code() << ": " << status.error_message();
}

// gRPC waits for the callbacks of services that have some on a thread of its own, beside those that
// answer.
TEST_F(HealthServiceTest, NoServiceIsMadeOfCallbacks) {
  grpc::ClientContext context;
  health::HealthCheckResponse response;
  ASSERT_TRUE(stub_->Check(&context, health::HealthCheckRequest(), &response).ok());
  int answering = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    EXPECT_NE(name, "nexting_thread");
    answering += name == "grpcpp_sync_ser" ? 1 : 0;
  }
  EXPECT_GT(answering, 0);
}

}  // namespace
}  // namespace relata
