// Which operators a plan is made of, told from what EXPLAIN prints.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

using testing::HasSubstr;
using testing::Not;

class PlannerTest : public testing::Test {
 protected:
  PlannerTest() : engine_(&h_.db()) {}

  std::string Explain(const std::string& text) {
    auto result = engine_.Run("EXPLAIN " + text, {}, {});
    return result.ok() ? (*result)->plan_text() : result.status().ToString();
  }
  void Write(const std::string& text) { RELATA_ASSERT_OK(engine_.Run(text, {}, {})); }

  DatabaseHarness h_;
  QueryEngine engine_;
};

TEST_F(PlannerTest, FoldsAChainOfWhichOnlyTheEndsAreAsked) {
  const std::string chain = "MATCH (a:A)-[:T]->()-[:T]->()-[:T]->(b) ";
  EXPECT_THAT(Explain(chain + "RETURN DISTINCT b"), HasSubstr("VarExpand"));
  EXPECT_THAT(Explain(chain + "RETURN count(DISTINCT b)"), HasSubstr("*3..3"));
  EXPECT_THAT(Explain(chain + "RETURN b"), Not(HasSubstr("VarExpand")));
  EXPECT_THAT(Explain("MATCH p = (a:A)-[:T]->()-[:T]->(b) RETURN DISTINCT b, length(p)"),
              Not(HasSubstr("VarExpand")));
  EXPECT_THAT(Explain("MATCH (a:A)-[:T]->(:B)-[:T]->(b) RETURN DISTINCT b"),
              Not(HasSubstr("VarExpand")));
  EXPECT_THAT(Explain("MATCH (a:A)-[:T]->()<-[:T]-(b) RETURN DISTINCT b"),
              Not(HasSubstr("VarExpand")));
  EXPECT_THAT(Explain("MERGE (a:A)-[:T]->()-[:T]->(b) RETURN DISTINCT b"),
              Not(HasSubstr("VarExpand")));
}

TEST_F(PlannerTest, CountsTheLastStepByItsDegree) {
  EXPECT_THAT(Explain("MATCH (a:A {i: 1})-[:S]->(b)-[:T]->(c) RETURN a.i, count(*)"),
              HasSubstr("Degree"));
  EXPECT_THAT(Explain("MATCH (a:A {i: 1})-[:T]->(b) RETURN count(b)"), HasSubstr("Degree"));
  EXPECT_THAT(Explain("MATCH (a:A {i: 1})-[:T]->(b) RETURN b.i, count(*)"),
              Not(HasSubstr("Degree")));
  EXPECT_THAT(Explain("MATCH (a:A {i: 1})-[:T]->(b) RETURN count(DISTINCT b)"),
              Not(HasSubstr("Degree")));
  EXPECT_THAT(Explain("MATCH (a:A {i: 1})-[:T]->(b) WHERE b.i > 1 RETURN count(*)"),
              Not(HasSubstr("Degree")));
}

TEST_F(PlannerTest, GathersRowsAroundASubqueryThatWrites) {
  EXPECT_THAT(Explain("MATCH (n) CALL (n) { CREATE (:B) } RETURN n"), HasSubstr("Eager"));
  EXPECT_THAT(Explain("MATCH (n) CALL (n) { MATCH (m) RETURN m } RETURN n, m"),
              Not(HasSubstr("Eager")));
  // A load in parts holds no more than a part.
  EXPECT_THAT(Explain("UNWIND range(1, 9) AS i CALL (i) { CREATE (:B {i: i}) } IN TRANSACTIONS"),
              Not(HasSubstr("Eager")));
}

TEST_F(PlannerTest, FollowsFirstWhatNodesOfTheLabelHaveFewOf) {
  Write(
      "UNWIND range(1, 20) AS i CREATE (p:P {i: i})-[:K]->(:Q) FOREACH (j IN range(1, 5) | CREATE "
      "(p)-[:L]->(:R))");
  Write(
      "UNWIND range(1, 40) AS i CREATE (o:O) FOREACH (j IN range(1, 25) | CREATE (o)-[:K]->(:Q))");
  // All in all there are more of K than of L, but not at nodes of P.
  const std::string plan = Explain("MATCH (l)<-[:L]-(p:P)-[:K]->(k) RETURN l.i, k.i");
  ASSERT_THAT(plan, HasSubstr(":K"));
  // What comes last is printed first.
  EXPECT_LT(plan.find(":L"), plan.find(":K")) << plan;
}

TEST_F(PlannerTest, FollowsFirstWhatLeadsToFewOfTheLabel) {
  // Of what P leads to by K little is a Q, of what it leads to by L all; there are as many of Q as
  // of S.
  Write(
      "UNWIND range(1, 20) AS i CREATE (p:P {i: i})-[:L]->(:S), (p)-[:L]->(:S) FOREACH (j IN "
      "range(1, 12) | CREATE (p)-[:K]->(:R))");
  Write("UNWIND range(1, 40) AS i CREATE (:Q)");
  const std::string plan = Explain("MATCH (s:S)<-[:L]-(p:P)-[:K]->(q:Q) RETURN s.i, p.i, q.i");
  // What comes last is printed first.
  EXPECT_LT(plan.find(":L"), plan.find(":K")) << plan;
}

TEST_F(PlannerTest, SeeksAValueOnlyWhereFewNodesHaveIt) {
  Write("UNWIND range(1, 300) AS i CREATE (:P {same: 1, own: i})");
  Write("CREATE INDEX FOR (p:P) ON (p.same)");
  Write("CREATE INDEX FOR (p:P) ON (p.own)");
  RELATA_ASSERT_OK(h_.db().WaitForIndexes());
  EXPECT_THAT(Explain("MATCH (p:P {own: 1}) RETURN p"), HasSubstr("IndexSeek"));
  EXPECT_THAT(Explain("MATCH (p:P {same: 1}) RETURN p"), Not(HasSubstr("IndexSeek")));
}

}  // namespace
}  // namespace relata::query
