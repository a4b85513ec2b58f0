#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relata/v1/algorithm_service.grpc.pb.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class AlgorithmServiceTest : public LoopbackTest {
 protected:
  struct Answer {
    grpc::Status status;
    std::map<std::string, double> values;  // by key
    std::vector<std::string> stages;
    std::vector<int> batches;  // rows of each
    v1::RunAlgorithmResponse::Summary summary;
  };

  Answer Run(const std::string& request, int cancel_after_messages = -1) {
    const auto stub = v1::AlgorithmService::NewStub(server_.channel());
    grpc::ClientContext context;
    context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(30, GPR_TIMESPAN)));
    const auto reader = stub->RunAlgorithm(&context, Proto<v1::RunAlgorithmRequest>(request));
    Answer answer;
    v1::RunAlgorithmResponse message;
    while (reader->Read(&message)) {
      if (cancel_after_messages-- == 0) context.TryCancel();
      if (message.has_progress()) answer.stages.push_back(message.progress().stage());
      if (message.has_summary()) answer.summary = message.summary();
      if (message.rows().empty()) continue;
      answer.batches.push_back(message.rows_size());
      for (const v1::RunAlgorithmResponse::Row& row : message.rows()) {
        answer.values[row.key()] =
            row.has_number() ? row.number() : static_cast<double>(row.integer());
      }
    }
    answer.status = reader->Finish();
    return answer;
  }

  // A chain a -> b -> c of R, weighing 2 and 3, and d on its own.
  void WriteChain() {
    std::string request;
    for (const char* key : {"a", "b", "c", "d"}) {
      absl::StrAppend(&request, "mutations { put_entity { key: '", key, "' labels: 'N' } }\n");
    }
    const auto link = [&](const char* from, const char* to, int weight) {
      absl::StrAppend(&request, "mutations { put_relationship { type: 'R' from { key: '", from,
                      "' } to { key: '", to,
                      "' } facts { properties { name: 'w' value { int_value: ", weight,
                      " } } } } }\n");
    };
    link("a", "b", 2);
    link("b", "c", 3);
    Write(request);
  }

  // Each entity of the chain with its property `hops`.
  std::vector<std::string> Hops() {
    const auto stub = v1::QueryService::NewStub(server_.channel());
    grpc::ClientContext context;
    v1::RunQueryRequest request;
    request.set_query(
        "MATCH (n:N) RETURN n._key + ' ' + coalesce(toString(n.hops), 'null') AS text ORDER BY "
        "text");
    const auto reader = stub->RunQuery(&context, request);
    std::vector<std::string> texts;
    v1::RunQueryResponse message;
    while (reader->Read(&message)) {
      for (const v1::QueryColumn& column : message.batch().columns()) {
        for (const auto index : column.strings().indexes()) {
          texts.push_back(column.strings().dictionary(static_cast<int>(index)));
        }
      }
    }
    EXPECT_TRUE(reader->Finish().ok());
    return texts;
  }
};

TEST_F(AlgorithmServiceTest, StreamsProgressRowsAndTheSummary) {
  WriteChain();
  const Answer answer = Run("algorithm: 'pagerank' labels: 'N' iterations: 3 batch_rows: 3");
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.values.size(), 4);
  EXPECT_GT(answer.values.at("c"), answer.values.at("a"));
  EXPECT_THAT(answer.batches, ElementsAre(3, 1));
  EXPECT_THAT(answer.stages, testing::Contains("pagerank"));
  EXPECT_EQ(answer.summary.vertices(), 4);
  EXPECT_EQ(answer.summary.arcs(), 2);
  EXPECT_EQ(answer.summary.rows(), 4);
  EXPECT_EQ(answer.summary.value_name(), "score");
  EXPECT_EQ(answer.summary.name(), "iterations");
  EXPECT_EQ(answer.summary.value(), 3);
  EXPECT_GT(answer.summary.stamp().version(), 0);
}

TEST_F(AlgorithmServiceTest, TakesSourceWeightAndOrientation) {
  WriteChain();
  EXPECT_THAT(Run("algorithm: 'sssp' source { key: 'a' } weight: 'w'").values,
              ElementsAre(Pair("a", 0), Pair("b", 2), Pair("c", 5)));
  EXPECT_THAT(Run("algorithm: 'bfs' source { key: 'c' } orientation: REVERSE").values,
              ElementsAre(Pair("a", 2), Pair("b", 1), Pair("c", 0)));
  EXPECT_THAT(Run("algorithm: 'bfs' source { key: 'b' } types: 'S'").values,
              ElementsAre(Pair("b", 0)));
  EXPECT_THAT(Run("algorithm: 'kcore'").values,
              ElementsAre(Pair("a", 1), Pair("b", 1), Pair("c", 1), Pair("d", 0)));
}

TEST_F(AlgorithmServiceTest, ReadsThePast) {
  WriteChain();
  const auto before = Run("algorithm: 'wcc'").summary.stamp().version();
  Write("mutations { put_relationship { type: 'R' from { key: 'c' } to { key: 'd' } facts { } } }");
  EXPECT_EQ(Run("algorithm: 'wcc'").summary.arcs(), 3);
  const Answer past =
      Run(absl::StrCat("algorithm: 'wcc' read { consistency { exact_version: ", before, " } }"));
  EXPECT_EQ(past.summary.arcs(), 2);
  EXPECT_EQ(past.summary.stamp().version(), before);
}

TEST_F(AlgorithmServiceTest, WritesAPropertyInOneCommit) {
  WriteChain();
  const auto before = Run("algorithm: 'wcc'").summary.stamp().version();
  const Answer answer =
      Run("algorithm: 'bfs' source { key: 'a' } labels: 'N' types: 'R' orientation: DIRECTED "
          "write_property: 'hops'");
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_THAT(answer.values, IsEmpty());
  EXPECT_THAT(answer.stages, testing::Contains("writing"));
  EXPECT_EQ(answer.summary.vertices(), 4);
  EXPECT_EQ(answer.summary.arcs(), 2);
  EXPECT_EQ(answer.summary.written(), 3) << "d is not reached";
  EXPECT_EQ(answer.summary.value_name(), "hops");
  EXPECT_EQ(answer.summary.stamp().version(), before);
  EXPECT_EQ(answer.summary.commit_version(), before + 1);
  EXPECT_NE(answer.summary.commit_time(), "");
  EXPECT_THAT(Hops(), ElementsAre("a 0", "b 1", "c 2", "d null"));
  const Answer again =
      Run("algorithm: 'bfs' source { key: 'b' } labels: 'N' write_property: 'hops'");
  EXPECT_EQ(again.summary.commit_version(), before + 2);
  EXPECT_THAT(Hops(), ElementsAre("a null", "b 0", "c 1", "d null"));
}

TEST_F(AlgorithmServiceTest, WritesWithEachAlgorithmsOptions) {
  WriteChain();
  for (const char* const call :
       {"algorithm: 'pagerank' damping: 0.5 iterations: 3 tolerance: 0 weight: 'w'",
        "algorithm: 'sssp' source { key: 'a' } weight: 'w' default_weight: 2",
        "algorithm: 'cdlp' iterations: 2 damping: 0.5", "algorithm: 'louvain' max_levels: 3",
        "algorithm: 'betweenness' samples: 2 seed: 7", "algorithm: 'triangles'"}) {
    const Answer plain = Run(call);
    const Answer written = Run(absl::StrCat(call, " write_property: 'p'"));
    ASSERT_TRUE(written.status.ok()) << call << ": " << written.status.error_message();
    EXPECT_EQ(written.summary.written(), plain.values.size()) << call;
    EXPECT_EQ(written.summary.arcs(), plain.summary.arcs()) << call;
    EXPECT_EQ(written.summary.name(), plain.summary.name()) << call;
    EXPECT_DOUBLE_EQ(written.summary.value(), plain.summary.value()) << call;
  }
}

TEST_F(AlgorithmServiceTest, ARequestIdWritesOnce) {
  WriteChain();
  const std::string call =
      "algorithm: 'wcc' write_property: 'part' request_id: '5a7c1f3e-0000-4000-8000-000000000001'";
  const Answer first = Run(call);
  const Answer second = Run(call + " batch_rows: 7");
  EXPECT_FALSE(first.summary.replayed());
  EXPECT_TRUE(second.summary.replayed());
  EXPECT_EQ(second.summary.commit_version(), first.summary.commit_version());
  const grpc::Status other = Run(call + " labels: 'N'").status;
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(other.error_message(), HasSubstr("request id"));
}

TEST_F(AlgorithmServiceTest, RefusesWhatIsWrong) {
  WriteChain();
  const auto refused = [&](const std::string& request, grpc::StatusCode code,
                           const std::string& why) {
    const grpc::Status status = Run(request).status;
    EXPECT_EQ(status.error_code(), code) << request;
    EXPECT_THAT(status.error_message(), HasSubstr(why));
  };
  const auto invalid = grpc::StatusCode::INVALID_ARGUMENT;
  refused("algorithm: 'magic'", invalid, "must be one of betweenness, bfs");
  refused("algorithm: 'bfs'", invalid, "source");
  refused("algorithm: 'bfs' source { key: 'z' }", grpc::StatusCode::NOT_FOUND, "z");
  refused("algorithm: 'bfs' source { key: 'a' } labels: 'M'", grpc::StatusCode::FAILED_PRECONDITION,
          "not in the projection");
  refused("algorithm: 'wcc' weight: 'w'", invalid, "has no weights");
  refused("algorithm: 'kcore' orientation: DIRECTED", invalid, "UNDIRECTED");
  refused("algorithm: 'pagerank' damping: 2", invalid, "damping");
  refused("algorithm: 'wcc' batch_rows: -1", invalid, "batch_rows");
  refused("algorithm: 'wcc' max_milliseconds: -1", invalid, "max_milliseconds");
  refused("algorithm: 'wcc' request_id: 'x'", invalid, "write_property");
  const std::string writes = " write_property: 'p'";
  refused("algorithm: 'wcc' read { consistency { exact_version: 1 } }" + writes, invalid,
          "latest state");
  refused("algorithm: 'wcc' weight: 'w'" + writes, invalid, "has no weights");
  refused("algorithm: 'pagerank' damping: 2" + writes, invalid, "damping");
  refused("algorithm: 'kcore' orientation: DIRECTED" + writes, invalid, "UNDIRECTED");
  refused("algorithm: 'wcc' write_property: '_key'", invalid, "_key");
}

TEST_F(AlgorithmServiceTest, EndsWithTheCallAndItsTime) {
  WriteChain();
  // Far more rounds than any deadline allows.
  const std::string endless = "algorithm: 'pagerank' iterations: 2000000000";
  EXPECT_EQ(Run(endless + " max_milliseconds: 50").status.error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Run(endless, 1).status.error_code(), grpc::StatusCode::CANCELLED);
  const std::string writes = endless + " write_property: 'p'";
  EXPECT_EQ(Run(writes + " max_milliseconds: 50").status.error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Run(writes, 1).status.error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace relata
