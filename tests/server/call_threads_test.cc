#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/in_process_server.h"

namespace relata {
namespace {

// The threads of this process that answer calls.
std::set<std::string> CallThreads() {
  std::set<std::string> ids;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name == "grpcpp_sync_ser") ids.insert(task.path().filename());
  }
  return ids;
}

class CallThreadsTest : public ::testing::Test {
 protected:
  CallThreadsTest() : stub_(v1::QueryService::NewStub(server_.channel())) {}

  // Has as many calls under way at once: each waits for its client to read on, until the last has
  // begun.
  void AnswerAtOnce(int calls) {
    v1::RunQueryRequest request;
    request.set_query("UNWIND range(1, 1000000) AS n RETURN 'a text that fills messages' + n");
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::vector<std::unique_ptr<grpc::ClientReader<v1::RunQueryResponse>>> readers;
    for (int i = 0; i < calls; ++i) {
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      readers.push_back(stub_->RunQuery(contexts.back().get(), request));
      v1::RunQueryResponse response;
      ASSERT_TRUE(readers.back()->Read(&response));
    }
    for (int i = 0; i < calls; ++i) {
      contexts[i]->TryCancel();
      EXPECT_EQ(readers[i]->Finish().error_code(), grpc::StatusCode::CANCELLED);
    }
  }
  void AnswerOneAfterTheOther(int calls) {
    v1::RunQueryRequest request;
    request.set_query("RETURN 1");
    for (int i = 0; i < calls; ++i) {
      grpc::ClientContext context;
      const auto reader = stub_->RunQuery(&context, request);
      v1::RunQueryResponse response;
      while (reader->Read(&response)) continue;
      ASSERT_TRUE(reader->Finish().ok());
    }
  }

  InProcessServer server_;
  const std::unique_ptr<v1::QueryService::Stub> stub_;
};

TEST_F(CallThreadsTest, ThreadsOfCallsAtOnceStayForTheNextOnes) {
  constexpr int kCalls = 8;
  AnswerAtOnce(kCalls);
  const std::set<std::string> at_once = CallThreads();
  EXPECT_GE(at_once.size(), static_cast<size_t>(kCalls));
  AnswerOneAfterTheOther(200);
  const std::set<std::string> later = CallThreads();
  EXPECT_TRUE(std::includes(later.begin(), later.end(), at_once.begin(), at_once.end()));
}

}  // namespace
}  // namespace relata
