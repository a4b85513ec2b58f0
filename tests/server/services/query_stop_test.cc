#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/services/loopback.h"

// Statements that never come to an end, one for each operator, over a real connection: cancelled by
// the client, and stopped by a limit of time. What they still do is seen in SHOW TRANSACTIONS, over
// another connection.
namespace relata {
namespace {

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

// Ten times the 100 ms in which a statement promises to stop.
constexpr milliseconds kStopsWithin(1000);
constexpr milliseconds kRunsBefore(50);

struct Endless {
  std::string name;
  std::string contains;  // the operator that its plan must have
  std::string text;
};

// 2.7e10 rows of three numbers, then `rest`.
std::string ManyRows(const std::string& rest) {
  return absl::StrCat(
      "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c ", rest);
}

std::vector<Endless> RowStatements() {
  const std::string none = "WITH a, c WHERE a + c < 0 RETURN a";
  return {
      {"Unwind", "Unwind", ManyRows("FINISH")},
      {"Filter", "Filter", ManyRows("WITH a, b, c WHERE a + b + c < 0 RETURN a")},
      {"Project", "Project", ManyRows("WITH toString(a) + c AS s WHERE s = '' RETURN s")},
      {"Aggregate", "Aggregate", ManyRows("RETURN sum(c) AS s")},
      {"Aggregate groups", "Aggregate", ManyRows("RETURN a, count(DISTINCT b) AS n")},
      {"Sort", "Sort", ManyRows("RETURN a, b, c ORDER BY c DESC LIMIT 10")},
      {"Distinct", "Distinct", ManyRows("WITH DISTINCT a FINISH")},
      {"SkipLimit", "SkipLimit", ManyRows("RETURN a SKIP 9000000000000")},
      {"Union", "Union", absl::StrCat(ManyRows(none), " UNION ALL ", ManyRows(none))},
      {"Apply", "Apply",
       ManyRows("CALL (c) { UNWIND [c] AS x RETURN x } WITH a, x AS c WHERE a + c < 0 RETURN a")},
      {"Apply one row", "Apply", absl::StrCat("CALL () { ", ManyRows(none), " } RETURN a")},
      {"Subquery in an expression", "Project",
       ManyRows("WITH a, COLLECT { UNWIND [a, b] AS x RETURN x } AS l WHERE size(l) = 0 RETURN a")},
      {"Comprehension", "Project",
       "RETURN [x IN range(1, 3000) WHERE any(y IN range(1, 3000) WHERE any(z IN range(1, 3000) "
       "WHERE "
       "x + y + z < 0))] AS l"},
      {"Argument and Eager", "Foreach", ManyRows("FOREACH (x IN [] | CREATE ())")},
  };
}

std::vector<Endless> GraphStatements() {
  return {
      {"NodeScan", "NodeScan", ManyRows("MATCH (n:N) WITH n, c WHERE n.i + c < 0 RETURN n")},
      {"KeySeek", "KeySeek",
       ManyRows("MATCH (n {_key: 'k' + (c % 30)}) WITH n, c WHERE n.i + c < 0 RETURN n")},
      {"IndexSeek", "IndexSeek",
       ManyRows("MATCH (n:N {i: c % 30}) WITH n, c WHERE n.i + c < 0 RETURN n")},
      {"RelationshipSeek", "RelationshipSeek",
       ManyRows("MATCH ()-[r:V {w: c % 30}]->() WITH r, c WHERE r.w + c < 0 RETURN r")},
      {"HashJoin", "HashJoin", ManyRows("MATCH ()-[r:T]->() WITH r, c WHERE r.w + c < 0 RETURN r")},
      {"Expand", "Expand", ManyRows("MATCH (n:N)-[:T]->(m) WITH m, c WHERE m.i + c < 0 RETURN m")},
      {"Expand into", "Expand",
       ManyRows(
           "MATCH (n:N) MATCH (m:N) MATCH (n)-[r:T]->(m) WITH r, c WHERE r.w + c < 0 RETURN r")},
      {"VarExpand", "VarExpand",
       "MATCH p = (:N)-[:T*]->() WITH p WHERE toString(length(p)) = '' RETURN p"},
      {"VarExpand far nodes", "VarExpand",
       ManyRows("CALL (c) { MATCH (:N)-[:T*]->(m) WITH DISTINCT m RETURN max(m.i) AS k } WITH k "
                "WHERE k < 0 RETURN k")},
      {"FarCount", "FarCount",
       ManyRows(
           "CALL (c) { MATCH (:N)-[:T*]->(m) RETURN count(DISTINCT m) AS k } WITH k WHERE k < 0 "
           "RETURN k")},
      {"QuantifiedExpand", "QuantifiedExpand",
       "MATCH (a:N) ((x)-[:T]->(y) WHERE x.i <> y.i)+ (b:N) WITH x WHERE size(x) < 0 RETURN x"},
      {"ShortestPath", "ShortestPath",
       ManyRows("MATCH (n:N {i: c % 30}), (m:N {i: b % 30}) WITH n, m WHERE n <> m MATCH p = "
                "shortestPath((n)-[:T*]->(m)) WITH p WHERE length(p) < 0 RETURN p")},
      {"ShortestPath by length", "ShortestPath",
       "MATCH p = SHORTEST 1000000000 (a:N {i: 0})-[:T]->+(b:N {i: 1}) WITH p WHERE length(p) < 0 "
       "RETURN p"},
      {"RelationshipScan", "RelationshipScan",
       ManyRows("CALL (c) { MATCH ()-[r:U]->() RETURN r } WITH r, c WHERE r.w + c < 0 RETURN r")},
      {"Degree", "Degree",
       ManyRows("MATCH (n:N {i: c % 30})-[:T]->(x) RETURN n.i AS i, count(x) AS d")},
      {"ProcedureCall", "ProcedureCall",
       ManyRows("CALL relata.paths('k0', 'k1') YIELD length WITH length WHERE length < 0 RETURN "
                "length")},
  };
}

class QueryStopTest : public LoopbackTest {
 protected:
  using Stub = v1::QueryService::Stub;

  // Everybody is connected with everybody by T, each with the next by V, and two by U.
  void SetUp() override {
    for (const char* text :
         {"UNWIND range(0, 29) AS i CREATE (:N {_key: 'k' + i, i: i})",
          "MATCH (a:N), (b:N) WHERE a <> b CREATE (a)-[:T {w: a.i}]->(b)",
          "MATCH (a {_key: 'k0'}), (b {_key: 'k1'}) CREATE (a)-[:U {w: 1}]->(b)",
          "MATCH (a:N), (b:N {i: a.i + 1}) CREATE (a)-[:V {w: a.i}]->(b)",
          "CREATE INDEX FOR (n:N) ON (n.i)", "CREATE INDEX FOR ()-[r:V]-() ON (r.w)"}) {
      v1::RunQueryRequest request;
      request.set_query(text);
      ASSERT_TRUE(Run(request).ok()) << text;
    }
    const auto main = server_.server().databases().Find("");
    ASSERT_TRUE(main.ok() && (*main)->graph->WaitForIndexes().ok());
  }

  grpc::Status Run(const v1::RunQueryRequest& request, v1::RunQueryResponse* last = nullptr,
                   grpc::ClientContext* given = nullptr) {
    grpc::ClientContext own;
    grpc::ClientContext& context = given == nullptr ? own : *given;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const auto reader = query_->RunQuery(&context, request);
    v1::RunQueryResponse part;
    while (reader->Read(&part)) {
      if (last != nullptr) *last = part;
    }
    return reader->Finish();
  }

  // How much the statement has done so far; nullopt: it does not run.
  std::optional<int64_t> Steps(const std::string& text) {
    v1::RunQueryRequest request;
    request.set_query("SHOW TRANSACTIONS YIELD currentQuery, steps");
    v1::RunQueryResponse answer;
    EXPECT_TRUE(Run(request, &answer).ok());
    const v1::QueryBatch& batch = answer.batch();
    for (uint64_t row = 0; row < batch.rows(); ++row) {
      const auto& texts = batch.columns(0).strings();
      if (texts.dictionary(static_cast<int>(texts.indexes(static_cast<int>(row)))) != text)
        continue;
      return batch.columns(1).ints().values(static_cast<int>(row));
    }
    return std::nullopt;
  }

  int64_t WaitUntilItRuns(const std::string& text) {
    const Time begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < std::chrono::seconds(30)) {
      const std::optional<int64_t> steps = Steps(text);
      if (steps && *steps > 0) return *steps;
      std::this_thread::sleep_for(milliseconds(1));
    }
    ADD_FAILURE() << "it does not run";
    return 0;
  }

  void ExpectPlanned(const Endless& endless) {
    v1::RunQueryRequest request;
    request.set_query(absl::StrCat("EXPLAIN ", endless.text));
    v1::RunQueryResponse answer;
    const grpc::Status status = Run(request, &answer);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_THAT(answer.plan(), ::testing::HasSubstr(endless.contains));
  }

  // Cancels it after a while; how much it did before is the measure of what it may do after.
  void ExpectCancelStops(const Endless& endless) {
    v1::RunQueryRequest request;
    request.set_query(endless.text);
    grpc::ClientContext context;
    grpc::Status status;
    std::thread caller([&] { status = Run(request, nullptr, &context); });
    WaitUntilItRuns(endless.text);
    const Time begin = std::chrono::steady_clock::now();
    const int64_t first = Steps(endless.text).value_or(0);
    std::this_thread::sleep_for(kRunsBefore);
    const int64_t at_cancel = Steps(endless.text).value_or(0);
    const Time cancelled = std::chrono::steady_clock::now();
    const double rate =
        static_cast<double>(at_cancel - first) /
        std::chrono::duration<double, std::milli>(cancelled - begin).count();  // per ms
    context.TryCancel();
    int64_t last = at_cancel;
    while (const std::optional<int64_t> steps = Steps(endless.text)) {
      last = *steps;
      if (std::chrono::steady_clock::now() - cancelled > 10 * kStopsWithin) break;
    }
    const auto took = std::chrono::steady_clock::now() - cancelled;
    caller.join();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
    EXPECT_LT(took, kStopsWithin);
    EXPECT_LE(static_cast<double>(last - at_cancel),
              rate * static_cast<double>(kStopsWithin.count()) + 100'000);
  }

  void ExpectLimitStops(const Endless& endless) {
    v1::RunQueryRequest request;
    request.set_query(endless.text);
    request.mutable_budget()->set_max_milliseconds(kRunsBefore.count());
    const Time begin = std::chrono::steady_clock::now();
    const grpc::Status status = Run(request);
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << status.error_message();
    EXPECT_LT(took, kRunsBefore + kStopsWithin);
    EXPECT_EQ(Steps(endless.text), std::nullopt) << "goes on after its answer";
  }

  void ExpectStops(const std::vector<Endless>& statements) {
    for (const Endless& endless : statements) {
      SCOPED_TRACE(endless.name);
      ExpectPlanned(endless);
      ExpectCancelStops(endless);
      ExpectLimitStops(endless);
    }
  }

  std::unique_ptr<Stub> query_ = v1::QueryService::NewStub(server_.channel());
};

TEST_F(QueryStopTest, StatementsOverRowsStop) { ExpectStops(RowStatements()); }

TEST_F(QueryStopTest, StatementsOverTheGraphStop) { ExpectStops(GraphStatements()); }

// The call's own deadline, without a limit in the request.
TEST_F(QueryStopTest, TheDeadlineOfTheCallStops) {
  const std::string text = RowStatements()[0].text;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + milliseconds(300));
  v1::RunQueryRequest request;
  request.set_query(text);
  const auto reader = query_->RunQuery(&context, request);
  v1::RunQueryResponse part;
  while (reader->Read(&part)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  const Time passed = std::chrono::steady_clock::now();
  while (Steps(text) && std::chrono::steady_clock::now() - passed < 10 * kStopsWithin) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - passed, kStopsWithin);
}

}  // namespace
}  // namespace relata
