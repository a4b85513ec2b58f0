#include "tests/query/differential/differential.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/query/differential/query_generator.h"
#include "tests/support/status_matchers.h"

namespace relata::differential {
namespace {

// Some 2,000 pairs, each in two modes; relata_query_fuzz runs more of them.
TEST(DifferentialTest, EngineAnswersAsTheNaiveEvaluatorDoes) {
  Counts total;
  for (uint64_t seed = 1; seed <= 70; ++seed) {
    DifferentialRun run(seed);
    RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<Finding> found, run.RunGraph(30, false));
    EXPECT_FALSE(found.has_value()) << "seed " << seed << "\n" << found->text;
    total.pairs += run.counts().pairs;
    total.with_rows += run.counts().with_rows;
    total.partitions += run.counts().partitions;
  }
  // A generator whose queries find nothing would prove nothing.
  EXPECT_GE(total.pairs, 1500);
  EXPECT_GE(total.with_rows * 2, total.pairs);
  EXPECT_GE(total.partitions, 150);
}

// What is not in any plan is not compared.
TEST(DifferentialTest, DrawnQueriesLookIntoIndexesOfEveryKind) {
  std::map<std::string, int> plans;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    PlainGraph graph = RandomGraph(random);
    RELATA_ASSERT_OK_AND_ASSIGN(const auto database, QueryDatabase::Make());
    RELATA_ASSERT_OK(database->Load(graph));
    RELATA_ASSERT_OK(database->CreateIndexes(random));
    for (int i = 0; i < 40; ++i) {
      const std::string query = ToText(DrawQuery(random, QueryShape()));
      RELATA_ASSERT_OK_AND_ASSIGN(const std::string plan, database->Explain(query));
      for (const absl::string_view line : absl::StrSplit(plan, '\n')) {
        const bool of_nodes = absl::StrContains(line, "IndexSeek");
        if (!of_nodes && !absl::StrContains(line, "RelationshipSeek")) continue;
        const std::string kind = of_nodes ? "nodes" : "relationships";
        ++plans[kind];
        plans[kind + " by several"] += absl::StrContains(line, ", ") ? 1 : 0;
        plans[kind + " in a range"] += absl::StrContains(line, " in a range") ? 1 : 0;
        plans[kind + " by a start"] += absl::StrContains(line, " by its start") ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(plans.size(), 8U);
  for (const auto& [kind, count] : plans) EXPECT_GE(count, 8) << kind;
}

TEST(DifferentialTest, FloatsMayDifferInTheirLastDigitsOnly) {
  const auto answer = [](double a, double b) {
    return Answer{{query::Datum::Float(a), query::Datum::Int(1)},
                  {query::Datum::Float(b), query::Datum::Int(2)}};
  };
  const Answer exact = answer(22.666666666666668, 3);
  EXPECT_TRUE(SameAnswers({}, false, exact, answer(22.66666666666667, 3)));
  EXPECT_FALSE(SameAnswers({}, false, exact, answer(22.6666667, 3)));
  EXPECT_FALSE(SameAnswers({}, false, exact, answer(3, 22.666666666666668)));
  // A list in which only such a float differs; rows in another order.
  const auto list = [](double a) {
    return query::Datum::Of(query::Datum::List{query::Datum::Float(a)});
  };
  EXPECT_TRUE(SameAnswers({}, false, {{list(0.1 + 0.2)}, {list(0.5)}}, {{list(0.5)}, {list(0.3)}}));
  EXPECT_FALSE(SameAnswers({}, true, {{list(0.1 + 0.2)}, {list(0.5)}}, {{list(0.5)}, {list(0.3)}}));
}

int64_t CountOf(QueryDatabase& database, const char* query) {
  const absl::StatusOr<Answer> answer = database.Run(query);
  EXPECT_THAT(answer, IsOk()) << query;
  return answer.ok() ? (*answer)[0][0].AsInt() : -1;
}

// What relata_query_fuzz has found.
TEST(DifferentialTest, ARelationshipScanBesideOtherRelationshipsDiffersFromThem) {
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<QueryDatabase> database, QueryDatabase::Make());
  RELATA_ASSERT_OK(database->Run("CREATE (a)-[:T]->(a)"));
  EXPECT_EQ(CountOf(*database,
                    "MATCH (n) OPTIONAL MATCH ()-[r:T]->(), (n)-[s]->(n) RETURN count(r) AS c"),
            0);
  RELATA_ASSERT_OK(database->Run("CREATE ()-[:T]->()"));
  EXPECT_EQ(CountOf(*database, "MATCH (n)-[s]->(n), ()-[r:T]->() RETURN count(r) AS c"), 1);
}

TEST(DifferentialTest, AWalkMayReadWhatAnEarlierClauseBound) {
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<QueryDatabase> database, QueryDatabase::Make());
  RELATA_ASSERT_OK(database->Run(
      "UNWIND range(1, 5) AS i CREATE (:A {i: i})-[:T {i: i}]->(:B)-[:T {i: i}]->(:C)"));
  EXPECT_EQ(
      CountOf(*database, "MATCH (n:A) MATCH (a:A)-[w:T*1..2 {i: n.i}]->(b) RETURN count(w) AS c"),
      10);
  EXPECT_EQ(CountOf(*database, "MATCH (n:A), (a:A)-[w:T*1..2 {i: n.i}]->(b) RETURN count(w) AS c"),
            10);
  EXPECT_EQ(CountOf(*database, "MATCH (n:A), (a:A)-[w:T*1..1 {i: b.i}]->(b) RETURN count(w) AS c"),
            0);
}

}  // namespace
}  // namespace relata::differential
