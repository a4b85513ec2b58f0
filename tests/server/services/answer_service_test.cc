#include <gmock/gmock.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using ::testing::ElementsAre;

constexpr char kGraph[] = R"pb(
  mutations { put_entity { key: "source/a" labels: "Source" } }
  mutations { put_entity { key: "a" } }
  mutations { put_entity { key: "b" } }
  mutations { put_entity { key: "c" labels: "Model" } }
  mutations { put_entity { key: "rule" labels: "Rule" } }
  mutations {
    put_relationship {
      key: "ab"
      type: "OWNS"
      from { key: "a" }
      to { key: "b" }
      facts {
        properties {
          name: "share"
          value { double_value: 0.5 }
        }
        valid_from: "2020"
        citations {
          source { key: "source/a" }
          locator: "p. 1"
        }
      }
    }
  }
  mutations {
    put_relationship {
      key: "bc"
      type: "OWNS"
      from { key: "b" }
      to { key: "c" }
      facts {
        properties {
          name: "share"
          value { double_value: 0.5 }
        }
        valid_from: "2021"
      }
    }
  }
  mutations {
    put_relationship {
      key: "ac"
      type: "OWNS"
      from { key: "a" }
      to { key: "c" }
      facts {
        properties {
          name: "share"
          value { double_value: 1.5 }
        }
        valid_from: "2022"
      }
    }
  }
  mutations {
    put_relationship {
      key: "rc"
      type: "REGULATES"
      from { key: "rule" }
      to { key: "c" }
      facts { valid_from: "2023-08-15" valid_to: "" }
    }
  })pb";

class AnswerServiceTest : public LoopbackTest {
 protected:
  void SetUp() override { Write(kGraph); }

  static std::string Keys(const v1::FindChainsResponse::Chain& chain) {
    std::vector<std::string> keys;
    for (const auto& hop : chain.hops()) keys.push_back(hop.edges(0).relationship().key());
    return absl::StrJoin(keys, ",");
  }
  grpc::Status Chains(const std::string& request, v1::FindChainsResponse* response) {
    return Call(*answer_, &AnswerStub::FindChains, Proto<v1::FindChainsRequest>(request), response);
  }
};

TEST_F(AnswerServiceTest, ChainsComeBestFirstWithTheirFacts) {
  v1::FindChainsResponse response;
  const grpc::Status status = Chains("start { key: \"a\" } steps { type: \"OWNS\" }", &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.chains_size(), 3);
  EXPECT_EQ(Keys(response.chains(0)), "ab");
  EXPECT_EQ(Keys(response.chains(1)), "ab,bc");
  EXPECT_EQ(Keys(response.chains(2)), "ac");
  EXPECT_EQ(response.chains(1).share().low(), 0.25);
  const auto& edge = response.chains(0).hops(0).edges(0);
  EXPECT_EQ(edge.relationship().facts(0).citations(0).locator(), "p. 1");
  EXPECT_EQ(edge.relationship().from().key(), "a");
  ASSERT_EQ(response.invalid_shares_size(), 1);
  EXPECT_EQ(response.invalid_shares(0).key(), "ac");
  EXPECT_FALSE(response.stamp().cut());
  EXPECT_FALSE(response.stamp().valid_time().instant().empty());
}

TEST_F(AnswerServiceTest, ChainsPageByPageAreTheSameList) {
  std::vector<std::string> keys;
  std::string token;
  do {
    v1::FindChainsRequest request =
        Proto<v1::FindChainsRequest>("start { key: \"a\" } steps { type: \"OWNS\" } page_size: 1");
    request.set_page_token(token);
    v1::FindChainsResponse response;
    ASSERT_TRUE(Call(*answer_, &AnswerStub::FindChains, request, &response).ok());
    for (const auto& chain : response.chains()) keys.push_back(Keys(chain));
    EXPECT_EQ(response.stamp().version(), 1u);
    token = response.next_page_token();
    Write(
        "mutations { delete_relationship { relationship { key: \"ac\" } } }"
        "mutations { put_relationship { key: \"ac\" type: \"OWNS\" from { key: \"a\" } to { key: "
        "\"c\" } facts {} } }");
  } while (!token.empty());
  EXPECT_THAT(keys, ElementsAre("ab", "ab,bc", "ac"));
}

TEST_F(AnswerServiceTest, WrongQuestionsNameTheField) {
  v1::FindChainsResponse response;
  const auto field = [&](const std::string& request) {
    const grpc::Status status = Chains(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << request;
    return UnpackError(status).field();
  };
  EXPECT_EQ(field("start { key: \"a\" }"), "steps");
  EXPECT_EQ(field("steps {}"), "start");
  EXPECT_EQ(field("start { key: \"a\" } steps {} min_hops: -1"), "min_hops");
  EXPECT_EQ(field("start { key: \"a\" } steps {} currency: \"yuan\""), "currency");
  EXPECT_EQ(field("start { key: \"a\" } steps {} started_from: \"2026\""), "started_from");
  EXPECT_EQ(field("start { key: \"a\" } steps {} page_token: \"!\""), "page_token");
  const grpc::Status hops = Chains("start { key: \"a\" } steps {} max_hops: 21", &response);
  EXPECT_EQ(hops.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(UnpackError(hops).info.metadata().at("limit"), "max_hops");
  EXPECT_EQ(field("start { key: \"a\" } steps {} order: AMOUNT"), "currency");
  EXPECT_EQ(field("start { key: \"a\" } steps {} read { valid_time { all: true } }"),
            "read.valid_time");
  EXPECT_EQ(field("start { key: \"a\" } steps {} started_from: \"2027-01-01\" "
                  "started_before: \"2026-01-01\""),
            "started_before");
  EXPECT_EQ(field("start { key: \"a\" } steps {} non_decreasing: true parallel: MERGED"),
            "non_decreasing");
  EXPECT_EQ(
      field("start { key: \"a\" } steps {} read { consistency { exact_time: \"9000-01-01\" } }"),
      "read.consistency.exact_time");
  EXPECT_EQ(Chains("start { key: \"zz\" } steps {}", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(AnswerServiceTest, ABudgetCutsAndSaysSo) {
  v1::FindChainsResponse response;
  ASSERT_TRUE(Chains("start { key: \"a\" } steps { type: \"OWNS\" } budget { max_expansions: 1 }",
                     &response)
                  .ok());
  EXPECT_TRUE(response.stamp().cut());
  EXPECT_TRUE(response.stamp().reproducible());
}

TEST_F(AnswerServiceTest, TimelineFindsARuleThroughItsPath) {
  v1::GetTimelineResponse response;
  const grpc::Status status =
      Call(*answer_, &AnswerStub::GetTimeline, Proto<v1::GetTimelineRequest>(R"pb(
        subjects { key: "a" }
        via { type: "OWNS" }
        max_hops: 2
        events { type: "REGULATES" direction: IN })pb"),
           &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.entries_size(), 2);
  const auto& begin = response.entries(0);
  EXPECT_EQ(begin.kind(), v1::GetTimelineResponse::BEGIN);
  EXPECT_EQ(begin.date().text(), "2023-08-15");
  EXPECT_EQ(begin.relationship().key(), "rc");
  EXPECT_EQ(begin.actor().key(), "rule");
  EXPECT_EQ(begin.subject().key(), "c");
  EXPECT_EQ(begin.reached().key(), "c");
  EXPECT_EQ(begin.paths(), 2u);
  ASSERT_EQ(begin.shortest_size(), 1);
  EXPECT_EQ(begin.shortest(0).relationship().key(), "ac");
  EXPECT_TRUE(begin.shortest(0).outgoing());
  EXPECT_EQ(response.entries(1).kind(), v1::GetTimelineResponse::END);
  EXPECT_TRUE(response.entries(1).unknown());
}

TEST_F(AnswerServiceTest, Paths) {
  v1::FindPathResponse response;
  ASSERT_TRUE(Call(*answer_, &AnswerStub::FindPath,
                   Proto<v1::FindPathRequest>("start { key: \"rule\" } end { key: \"b\" }"),
                   &response)
                  .ok());
  EXPECT_TRUE(response.found());
  ASSERT_EQ(response.hops_size(), 2);
  EXPECT_EQ(response.hops(0).relationship().key(), "rc");
  EXPECT_TRUE(response.hops(0).outgoing());
  EXPECT_EQ(response.hops(1).relationship().key(), "bc");
  EXPECT_FALSE(response.hops(1).outgoing());
  ASSERT_TRUE(Call(*answer_, &AnswerStub::FindPath,
                   Proto<v1::FindPathRequest>(
                       "start { key: \"b\" } end { key: \"a\" } steps { type: \"OWNS\" }"),
                   &response)
                  .ok());
  EXPECT_FALSE(response.found());
}

TEST_F(AnswerServiceTest, BytesThatAreNoRequestAreRefused) {
  for (const char* const method :
       {"/relata.v1.AnswerService/GetTimeline", "/relata.v1.ReadService/ListNeighbors"}) {
    const grpc::Slice garbage("\xff\xff");
    const grpc::ByteBuffer request(&garbage, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(server_.channel());
    const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, /*tag=*/nullptr);
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
    EXPECT_EQ(status.error_message(), "the request is not a message of this method");
  }
}

}  // namespace
}  // namespace relata
