#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/query_cell.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Limits FewTransactions() {
  Limits limits;
  limits.max_transactions = 2;
  limits.transaction_idle_timeout = absl::Milliseconds(1500);
  return limits;
}

class QueryServiceTest : public LoopbackTest {
 protected:
  QueryServiceTest() : LoopbackTest(FewTransactions()) {}

  struct Answer {
    grpc::Status status;
    std::vector<v1::RunQueryResponse> parts;

    const v1::QueryBatch& batch() const { return parts.at(0).batch(); }
    const v1::QueryStatistics& statistics() const { return parts.back().statistics(); }
  };

  Answer Run(const v1::RunQueryRequest& request, double seconds = 30) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)));
    Answer answer;
    const auto reader = query_->RunQuery(&context, request);
    v1::RunQueryResponse part;
    while (reader->Read(&part)) answer.parts.push_back(part);
    answer.status = reader->Finish();
    return answer;
  }
  Answer Run(const std::string& text, const std::string& more = "") {
    auto request = Proto<v1::RunQueryRequest>(more);
    request.set_query(text);
    return Run(request);
  }
  Answer Must(const std::string& text, const std::string& more = "") {
    Answer answer = Run(text, more);
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message() << "\n" << text;
    if (answer.parts.empty()) answer.parts.emplace_back();
    return answer;
  }
  std::string Reason(const Answer& answer) { return UnpackError(answer.status).info.reason(); }

  std::string Begin(const std::string& request = "") {
    v1::BeginTransactionResponse response;
    const grpc::Status status = Call(*query_, &Stub::BeginTransaction,
                                     Proto<v1::BeginTransactionRequest>(request), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.transaction_id();
  }
  static std::string In(const std::string& transaction) {
    return absl::StrCat("transaction_id: '", transaction, "'");
  }
  grpc::Status Commit(const std::string& id, v1::CommitTransactionResponse* response = nullptr) {
    v1::CommitTransactionResponse ignored;
    v1::CommitTransactionRequest request;
    request.set_transaction_id(id);
    return Call(*query_, &Stub::CommitTransaction, request,
                response == nullptr ? &ignored : response);
  }
  grpc::Status Rollback(const std::string& id) {
    v1::RollbackTransactionResponse response;
    v1::RollbackTransactionRequest request;
    request.set_transaction_id(id);
    return Call(*query_, &Stub::RollbackTransaction, request, &response);
  }
  int64_t Count(const std::string& more = "") {
    return Must("MATCH (n) RETURN count(n) AS n", more).batch().columns(0).ints().values(0);
  }

  using Stub = v1::QueryService::Stub;
  std::unique_ptr<Stub> query_ = v1::QueryService::NewStub(server_.channel());
};

TEST_F(QueryServiceTest, ASmallResultIsOneMessage) {
  const Answer answer = Must("UNWIND [1, 2] AS x RETURN x, 'a' AS s");
  ASSERT_THAT(answer.parts, SizeIs(1));
  EXPECT_THAT(answer.parts[0].columns(), ElementsAre("x", "s"));
  EXPECT_EQ(answer.batch().rows(), 2u);
  EXPECT_THAT(answer.batch().columns(0).ints().values(), ElementsAre(1, 2));
  EXPECT_THAT(answer.batch().columns(1).strings().dictionary(), ElementsAre("a"));
  EXPECT_THAT(answer.batch().columns(1).strings().indexes(), ElementsAre(0, 0));
  EXPECT_EQ(answer.statistics().rows(), 2u);
}

TEST_F(QueryServiceTest, ALargeResultComesInBatches) {
  const Answer answer = Must("UNWIND range(1, 250) AS x RETURN x", "batch_rows: 100");
  EXPECT_GE(answer.parts.size(), 3u);
  std::vector<int64_t> values;
  for (const v1::RunQueryResponse& part : answer.parts) {
    EXPECT_LE(part.batch().rows(), 100u);
    for (const int64_t x : part.batch().columns(0).ints().values()) values.push_back(x);
  }
  ASSERT_THAT(values, SizeIs(250));
  EXPECT_EQ(values.front(), 1);
  EXPECT_EQ(values.back(), 250);
  EXPECT_THAT(answer.parts.back().columns(), IsEmpty());
}

TEST_F(QueryServiceTest, EveryKindOfColumnAndItsNulls) {
  const v1::QueryBatch batch =
      Must(
          "UNWIND [null, true] AS b RETURN b, null AS n, 1.5 AS f, [b] AS l, {k: b} AS m, "
          "date('2026-01-01') AS d, CASE WHEN b THEN 'x' END AS s")
          .batch();
  EXPECT_EQ(batch.columns(0).nulls(), std::string("\x01", 1));
  EXPECT_TRUE(batch.columns(0).bools().values(1));
  EXPECT_TRUE(batch.columns(1).values().values(0).value().null_value());
  EXPECT_THAT(batch.columns(2).doubles().values(), ElementsAre(1.5, 1.5));
  EXPECT_TRUE(batch.columns(3).values().values(1).value().list_value().values(0).bool_value());
  EXPECT_EQ(batch.columns(4).values().values(1).value().map_value().entries(0).name(), "k");
  EXPECT_THAT(batch.columns(5).dates().days(), ElementsAre(20454, 20454));
  EXPECT_EQ(batch.columns(6).nulls(), std::string("\x01", 1));
  EXPECT_EQ(batch.columns(6).strings().dictionary(
                static_cast<int>(batch.columns(6).strings().indexes(1))),
            "x");
}

TEST_F(QueryServiceTest, TimesArePackedWhereAllHaveThePackedForm) {
  const v1::QueryBatch batch =
      Must(
          "UNWIND [['0001-01-01T00:00:00Z', '0001-01-01', '9999-12-31T23:59:59.999999Z'], "
          "[null, null, '2026-01-01T00:00:00.000001Z'], "
          "['1969-12-31T23:59:59.5Z', '9999-12-31', '2026-01-01T00:00:00Z']] AS t "
          "RETURN datetime(t[0]) AS packed, date(t[1]) AS days, datetime(t[2]) AS to_the_end, "
          "CASE WHEN t[0] IS NULL THEN date('2026-01-01') ELSE datetime(t[0]) END AS mixed, "
          "datetime(t[2]) + duration({nanoseconds: 1}) AS nanos, "
          "datetime({epochSeconds: 0, timezone: '+08:00'}) AS offset")
          .batch();
  const auto text = [&](int column, uint64_t row) {
    return QueryCell(batch, column, row).value().ShortDebugString();
  };
  EXPECT_EQ(batch.columns(0).nulls(), std::string("\x02", 1));
  EXPECT_THAT(batch.columns(0).instants().microseconds(),
              ElementsAre(-62135596800000000, 0, -500000));
  EXPECT_EQ(text(0, 0), "datetime_value: \"0001-01-01T00:00Z\"");
  EXPECT_EQ(text(0, 1), "null_value: true");
  EXPECT_EQ(text(0, 2), "datetime_value: \"1969-12-31T23:59:59.5Z\"");
  EXPECT_THAT(batch.columns(1).dates().days(), ElementsAre(-719162, 0, 2932896));
  EXPECT_EQ(text(1, 0), "date_value: \"0001-01-01\"");
  EXPECT_EQ(text(1, 2), "date_value: \"9999-12-31\"");
  EXPECT_TRUE(batch.columns(2).has_instants());
  EXPECT_EQ(text(2, 0), "datetime_value: \"9999-12-31T23:59:59.999999Z\"");
  EXPECT_EQ(text(2, 1), "datetime_value: \"2026-01-01T00:00:00.000001Z\"");
  for (const int column : {3, 4, 5}) EXPECT_TRUE(batch.columns(column).has_values()) << column;
  EXPECT_EQ(text(3, 1), "date_value: \"2026-01-01\"");
  EXPECT_EQ(text(4, 2), "datetime_value: \"2026-01-01T00:00:00.000000001Z\"");
  EXPECT_EQ(text(5, 0), "datetime_value: \"1970-01-01T08:00+08:00\"");
}

TEST_F(QueryServiceTest, TimesOutsideFourDigitsOfTheYearAreTexts) {
  const v1::QueryBatch batch = Must(
                                   "RETURN datetime('+10000-01-01T00:00:00Z') AS late, "
                                   "datetime('0000-12-31T23:59:59Z') AS early, "
                                   "date('+10000-01-01') AS day")
                                   .batch();
  EXPECT_EQ(batch.columns(0).values().values(0).value().datetime_value(), "+10000-01-01T00:00Z");
  EXPECT_EQ(batch.columns(1).values().values(0).value().datetime_value(), "0000-12-31T23:59:59Z");
  EXPECT_EQ(batch.columns(2).values().values(0).value().date_value(), "+10000-01-01");
}

TEST_F(QueryServiceTest, NodesRelationshipsAndPathsStandOnceInABatch) {
  Must("CREATE (:B:A {_key: 'a', p: 1})-[:T {q: 2}]->(:C)");
  const v1::QueryBatch batch =
      Must("MATCH p = (a:A)-[t:T]->(c) RETURN a, t, p, [c] AS list, {m: a} AS map").batch();
  ASSERT_EQ(batch.nodes_size(), 2);
  ASSERT_EQ(batch.relationships_size(), 1);
  const v1::QueryNode& a = batch.nodes(static_cast<int>(batch.columns(0).nodes().indexes(0)));
  EXPECT_EQ(a.key(), "a");
  EXPECT_THAT(a.labels(), ElementsAre("A", "B"));
  ASSERT_EQ(a.properties_size(), 1);
  EXPECT_EQ(a.properties(0).name(), "p");
  EXPECT_EQ(a.properties(0).value().int_value(), 1);
  const v1::QueryRelationship& t = batch.relationships(0);
  EXPECT_EQ(t.type(), "T");
  EXPECT_EQ(t.from_id(), a.id());
  EXPECT_NE(t.fact_id(), 0u);
  EXPECT_EQ(t.properties(0).value().int_value(), 2);
  const v1::QueryPath& path = batch.columns(2).values().values(0).path();
  EXPECT_EQ(path.nodes_size(), 2);
  EXPECT_EQ(path.nodes(0), batch.columns(0).nodes().indexes(0));
  EXPECT_EQ(batch.columns(3).values().values(0).list().values(0).node(), path.nodes(1));
  EXPECT_EQ(batch.columns(4).values().values(0).map().entries(0).value().node(), path.nodes(0));
}

TEST_F(QueryServiceTest, ParametersOfAllTypesComeBack) {
  const v1::QueryBatch batch = Must("RETURN $m AS m", R"(parameters { name: "m" value { map_value {
      entries { name: "b" value { list_value { values { int_value: 1 } values { null_value: true } } } }
      entries { name: "a" value { decimal_value: "1.20" } }
      entries { name: "c" value { money_value { amount: "5" currency: "USD" } } }
      entries { name: "d" value { bytes_value: "x" } } } } })")
                                   .batch();
  const v1::MapValue& map = batch.columns(0).values().values(0).value().map_value();
  ASSERT_EQ(map.entries_size(), 4);
  EXPECT_EQ(map.entries(0).value().decimal_value(), "1.20");
  EXPECT_EQ(map.entries(1).value().list_value().values(0).int_value(), 1);
  EXPECT_EQ(map.entries(2).value().money_value().currency(), "USD");
  EXPECT_EQ(map.entries(3).value().bytes_value(), "x");
}

TEST_F(QueryServiceTest, AWriteIsCommittedAndSaysSo) {
  const Answer answer = Must("CREATE (:A {p: 1})-[:T]->(:A)");
  EXPECT_EQ(answer.statistics().commit_version(), 1u);
  EXPECT_NE(answer.statistics().commit_time(), "");
  EXPECT_EQ(answer.statistics().effects().nodes_created(), 2u);
  EXPECT_EQ(answer.statistics().effects().relationships_created(), 1u);
  EXPECT_EQ(answer.statistics().effects().properties_set(), 1u);
  EXPECT_EQ(Count("read { consistency { at_least_version: 1 } }"), 2);
}

TEST_F(QueryServiceTest, ARequestIdWritesOnce) {
  const std::string id =
      "request_id: 'r1' parameters { name: 'x' value { int_value: 1 } } "
      "parameters { name: 'y' value { int_value: 2 } }";
  const std::string text = "CREATE (n:R {x: $x, y: $y}) RETURN n.x AS x";
  const Answer first = Must(text, id);
  EXPECT_FALSE(first.statistics().replayed());
  EXPECT_EQ(first.batch().rows(), 1u);
  // The order of the parameters does not matter, and neither does the budget.
  const Answer again = Must(text,
                            "request_id: 'r1' parameters { name: 'y' value { int_value: 2 } } "
                            "parameters { name: 'x' value { int_value: 1 } } "
                            "budget { max_rows: 5 }");
  EXPECT_TRUE(again.statistics().replayed());
  EXPECT_EQ(again.statistics().commit_version(), first.statistics().commit_version());
  EXPECT_EQ(again.statistics().commit_time(), first.statistics().commit_time());
  EXPECT_EQ(again.statistics().effects().nodes_created(), 0u);
  EXPECT_THAT(again.parts[0].columns(), ElementsAre("x"));
  EXPECT_FALSE(again.parts[0].has_batch());
  EXPECT_EQ(Count(), 1);
  // A write of the other kind knows the id too.
  v1::WriteResponse response;
  EXPECT_EQ(UnpackError(TryWrite("request_id: 'r1' mutations { create_entity {} }", &response))
                .info.reason(),
            "REQUEST_ID_REUSED");
}

TEST_F(QueryServiceTest, ARequestIdIsBoundToWhatItWasFor) {
  const std::string text = "CREATE (:R {x: $x})";
  const std::string one = "request_id: 'r' parameters { name: 'x' value { int_value: 1 } }";
  Must(text, one);
  for (const auto& [other_text, other] : std::vector<std::pair<std::string, std::string>>{
           {"CREATE (:Q {x: $x})", one},
           {text, "request_id: 'r' parameters { name: 'x' value { int_value: 2 } }"},
           {text, one + " read { valid_time { instant: '2020-01-01' } }"}}) {
    const Answer answer = Run(other_text, other);
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(Reason(answer), "REQUEST_ID_REUSED") << answer.status.error_message();
  }
  EXPECT_EQ(Count(), 1);
  // A failure is not remembered.
  EXPECT_FALSE(Run("CREATE (:R {x: 1 / 0})", "request_id: 'f'").status.ok());
  Must("CREATE (:R {x: 1 / 1})", "request_id: 'f'");
  // Reading is not remembered either.
  Must("MATCH (n) RETURN n", "request_id: 'g'");
  EXPECT_FALSE(Must("MATCH (n) RETURN count(n) AS n", "request_id: 'g'").statistics().replayed());
  EXPECT_EQ(Count(), 2);
}

TEST_F(QueryServiceTest, ARequestIdIsForOneCommit) {
  const std::string id = Begin();
  Answer answer = Run("CREATE ()", In(id) + " request_id: 'r'");
  EXPECT_EQ(UnpackError(answer.status).field(), "request_id");
  answer = Run("CREATE ()", "request_id: '" + std::string(129, 'x') + "'");
  EXPECT_EQ(UnpackError(answer.status).field(), "request_id");
  answer =
      Run("UNWIND [1, 2] AS x CALL { CREATE () } IN TRANSACTIONS OF 1 ROWS", "request_id: 'r'");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Count(), 0);
}

TEST_F(QueryServiceTest, AViolatedConstraintIsAnErrorOfTheStatement) {
  Must("CREATE CONSTRAINT FOR (n:P) REQUIRE n.name IS UNIQUE");
  Must("CREATE (:P {name: 'Ann'})");
  const Answer alone = Run("CREATE (:P {name: 'Ann'})");
  EXPECT_EQ(alone.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(alone), "QUERY_ERROR");
  EXPECT_EQ(UnpackError(alone.status).info.metadata().at("class"), "ConstraintVerificationFailed");
  const std::string id = Begin();
  Must("CREATE (:P {name: 'Ann'})", In(id));
  const grpc::Status committed = Commit(id);
  EXPECT_EQ(committed.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(UnpackError(committed).info.metadata().at("class"), "ConstraintVerificationFailed");
}

TEST_F(QueryServiceTest, AReadAtAVersionOrWithAStampIsRepeatable) {
  Must("CREATE (:A)");
  const Answer before = Must("MATCH (n) RETURN count(n) AS n");
  Must("CREATE (:A)");
  EXPECT_EQ(Count(), 2);
  EXPECT_EQ(Count("read { consistency { exact_version: 1 } }"), 1);
  v1::RunQueryRequest again;
  *again.mutable_read()->mutable_stamp() = before.statistics().stamp();
  again.set_query("MATCH (n) RETURN count(n) AS n");
  const Answer answer = Run(again);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.batch().columns(0).ints().values(0), 1);
  EXPECT_EQ(answer.statistics().stamp().SerializeAsString(),
            before.statistics().stamp().SerializeAsString());
}

TEST_F(QueryServiceTest, ErrorsSayWhereAndWhat) {
  const Answer answer = Run("MATCH (n)\nRETURN m");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("RETURN m\n       ^"));
  const UnpackedError error = UnpackError(answer.status);
  EXPECT_EQ(error.info.reason(), "QUERY_ERROR");
  EXPECT_EQ(error.info.metadata().at("class"), "SyntaxError");
  EXPECT_EQ(error.info.metadata().at("detail"), "UndefinedVariable");
  EXPECT_EQ(error.info.metadata().at("phase"), "compile time");
  EXPECT_EQ(error.info.metadata().at("line"), "2");
  EXPECT_EQ(error.info.metadata().at("column"), "8");
  EXPECT_EQ(error.field(), "query");
}

TEST_F(QueryServiceTest, WrongRequestsNameTheField) {
  const auto field = [&](const std::string& request) {
    const Answer answer = Run(Proto<v1::RunQueryRequest>(request));
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << request;
    return UnpackError(answer.status).field();
  };
  EXPECT_EQ(field(""), "query");
  EXPECT_EQ(field("query: 'RETURN 1' batch_rows: -1"), "batch_rows");
  EXPECT_EQ(field("query: 'RETURN 1' budget { max_milliseconds: -1 }"), "budget.max_milliseconds");
  EXPECT_EQ(field("query: 'RETURN 1' parameters { value { int_value: 1 } }"), "parameters[0].name");
  EXPECT_EQ(field("query: 'RETURN 1' parameters { name: 'a' value { date_value: 'x' } }"),
            "parameters[0].value.date_value");
  EXPECT_EQ(field("query: 'RETURN 1' parameters { name: 'a' value { int_value: 1 } } "
                  "parameters { name: 'a' value { int_value: 1 } }"),
            "parameters");
}

TEST_F(QueryServiceTest, ReadOnlyRefusesWrites) {
  EXPECT_EQ(Run("CREATE (:A)", "read_only: true").status.error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Count("read_only: true"), 0);
}

TEST_F(QueryServiceTest, ATransactionSeesItsOwnWritesAndNobodyElseDoes) {
  const std::string id = Begin();
  Must("CREATE (:A)", In(id));
  EXPECT_EQ(Count(In(id)), 1);
  EXPECT_EQ(Count(), 0);
  v1::CommitTransactionResponse committed;
  EXPECT_TRUE(Commit(id, &committed).ok());
  EXPECT_EQ(committed.version(), 1u);
  EXPECT_EQ(Count(), 1);
  EXPECT_EQ(UnpackError(Commit(id)).info.reason(), "TRANSACTION_NOT_FOUND");
  EXPECT_EQ(Reason(Run("RETURN 1", In(id))), "TRANSACTION_NOT_FOUND");
}

TEST_F(QueryServiceTest, ARollbackDropsWhatWasWritten) {
  const std::string id = Begin();
  Must("CREATE (:A)", In(id));
  EXPECT_TRUE(Rollback(id).ok());
  EXPECT_EQ(Count(), 0);
}

TEST_F(QueryServiceTest, TheSecondOfTwoThatChangeTheSameIsAborted) {
  Must("CREATE (:A {n: 0})");
  const std::string first = Begin();
  const std::string second = Begin();
  Must("MATCH (a:A) SET a.n = a.n + 1", In(first));
  Must("MATCH (a:A) SET a.n = a.n + 1", In(second));
  EXPECT_TRUE(Commit(first).ok());
  EXPECT_EQ(Commit(second).error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Must("MATCH (a:A) RETURN a.n AS n").batch().columns(0).ints().values(0), 1);
}

TEST_F(QueryServiceTest, AReadOnlyTransactionKeepsItsStateAndRefusesWrites) {
  const std::string id = Begin("read_only: true");
  Must("CREATE (:A)");
  EXPECT_EQ(Count(In(id)), 0);
  EXPECT_EQ(Run("CREATE (:B)", In(id)).status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(QueryServiceTest, ATransactionHasItsDatabaseAndState) {
  const std::string id = Begin();
  for (const std::string read :
       {"database: 'main'", "consistency { exact_version: 0 }", "stamp {}"}) {
    EXPECT_EQ(Reason(Run("RETURN 1", absl::StrCat(In(id), " read { ", read, " }"))),
              "INVALID_FIELD")
        << read;
  }
}

TEST_F(QueryServiceTest, OpenTransactionsAreLimitedAndIdleOnesEnd) {
  const std::string first = Begin();
  Must("CREATE (:A)", In(first));
  Begin();
  v1::BeginTransactionResponse response;
  EXPECT_EQ(
      Call(*query_, &Stub::BeginTransaction, v1::BeginTransactionRequest(), &response).error_code(),
      grpc::StatusCode::RESOURCE_EXHAUSTED);
  absl::SleepFor(absl::Milliseconds(2500));
  EXPECT_EQ(Reason(Run("RETURN 1", In(first))), "TRANSACTION_NOT_FOUND");
  EXPECT_EQ(Count(), 0);
  Begin();
}

// Work that takes minutes where nothing stops it.
constexpr char kEndless[] =
    "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 "
    "RETURN count(*) AS n";

TEST_F(QueryServiceTest, ADeadlineStopsAStatement) {
  v1::RunQueryRequest request;
  request.set_query(kEndless);
  const absl::Time begun = absl::Now();
  EXPECT_EQ(Run(request, 0.5).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  request.mutable_budget()->set_max_milliseconds(200);
  EXPECT_EQ(Run(request).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_LT(absl::Now() - begun, absl::Seconds(15));
}

TEST_F(QueryServiceTest, ACancelStopsAStatementInATransaction) {
  const std::string id = Begin();
  grpc::ClientContext context;
  v1::RunQueryRequest request;
  request.set_query(kEndless);
  request.set_transaction_id(id);
  const auto reader = query_->RunQuery(&context, request);
  absl::SleepFor(absl::Milliseconds(200));
  // It is running: the transaction is in use.
  EXPECT_EQ(Reason(Run("RETURN 1", In(id))), "TRANSACTION_IN_USE");
  context.TryCancel();
  v1::RunQueryResponse part;
  while (reader->Read(&part)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // It has stopped once the transaction is free again.
  const absl::Time begun = absl::Now();
  std::string reason = "TRANSACTION_IN_USE";
  while (reason == "TRANSACTION_IN_USE" && absl::Now() - begun < absl::Seconds(20)) {
    reason = UnpackError(Rollback(id)).info.reason();
  }
  EXPECT_EQ(reason, "");
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
}

TEST_F(QueryServiceTest, LimitsAreNamed) {
  Must("UNWIND range(1, 100) AS i CREATE (:A {i: i})");
  EXPECT_EQ(
      Run("MATCH (a:A), (b:A) RETURN a.i AS x", "budget { max_rows: 10 }").status.error_code(),
      grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Run("UNWIND range(1, 1000000) AS x RETURN count(collect(x)) AS n",
                "budget { max_memory_bytes: 100000 }")
                .status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Run("UNWIND range(1, 1000000) AS x WITH collect(x) AS l RETURN size(l) AS n",
                "budget { max_memory_bytes: 100000 }")
                .status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(QueryServiceTest, ExplainGivesAPlanAndRunsNothing) {
  const Answer answer = Must("EXPLAIN CREATE (:A)");
  EXPECT_NE(answer.parts.back().plan(), "");
  EXPECT_THAT(answer.parts[0].columns(), IsEmpty());
  EXPECT_EQ(Count(), 0);
}

TEST_F(QueryServiceTest, TheVocabularyHoldsTheLanguageAndTheNamesInUse) {
  Must("CREATE (:Company {name: 'x'})-[:OWNS]->(:Model)");
  v1::GetVocabularyResponse response;
  ASSERT_TRUE(Call(*query_, &Stub::GetVocabulary, v1::GetVocabularyRequest(), &response).ok());
  EXPECT_THAT(response.keywords(), Contains("MATCH"));
  EXPECT_THAT(response.labels(), testing::IsSupersetOf({"Company", "Model"}));
  EXPECT_THAT(response.relationship_types(), ElementsAre("OWNS"));
  EXPECT_THAT(response.property_names(), Contains("name"));
  std::vector<std::string> names;
  for (const auto& function : response.functions()) names.push_back(function.name());
  EXPECT_THAT(names, Contains("toUpper"));
  EXPECT_THAT(names, Contains("count"));
  EXPECT_GT(response.procedures_size(), 3);
}

TEST_F(QueryServiceTest, AnUnknownDatabaseIsNotFound) {
  EXPECT_EQ(Reason(Run("RETURN 1", "read { database: 'nowhere' }")), "DATABASE_NOT_FOUND");
  v1::BeginTransactionResponse response;
  EXPECT_EQ(Call(*query_, &Stub::BeginTransaction,
                 Proto<v1::BeginTransactionRequest>("database: 'nowhere'"), &response)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace relata
