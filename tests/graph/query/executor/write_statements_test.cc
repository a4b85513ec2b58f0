// Statements that write, and functions of facts, run whole: what a later statement sees of them.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"

namespace relata::query {
namespace {

// The rows, `a, b; c, d`, or the detail of the error.
std::string Run(QueryEngine& engine, const std::string& text) {
  const auto described = [&](const absl::Status& status) {
    const auto info = GetQueryError(status);
    return info ? info->detail
                : absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message());
  };
  auto result = engine.Run(text, {}, {});
  if (!result.ok()) return described(result.status());
  std::string rows;
  Batch batch;
  while (true) {
    const absl::StatusOr<bool> more = (*result)->Next(&batch);
    if (!more.ok()) return described(more.status());
    if (!*more) return rows;
    for (size_t row = 0; row < batch.rows; ++row) {
      absl::StrAppend(&rows, rows.empty() ? "" : "; ");
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        absl::StrAppend(&rows, i == 0 ? "" : ", ", batch.columns[i].Get(row).ToString());
      }
    }
  }
}

struct Step {
  const char* text;
  const char* rows;
};

// Runs the steps one after the other on a new database.
void RunSteps(const std::vector<Step>& steps) {
  DatabaseHarness h;
  h.clock().SetNowMicros(*ParseInstant("2026-06-01"));
  QueryEngine engine(&h.db());
  for (const Step& step : steps) {
    SCOPED_TRACE(step.text);
    EXPECT_EQ(Run(engine, step.text), step.rows);
    h.clock().AdvanceMicros(1'000'000);
  }
}

TEST(WriteStatementsTest, ARelationshipWithItsDatesAndTwoSources) {
  RunSteps({
      {"CREATE (:Source {_key: 's1', published: date('2024-02-01')}), (:Source {_key: 's2'}), "
       "(:Company {_key: 'a'}), (:Company {_key: 'b'})",
       ""},
      {"MATCH (a {_key: 'a'}), (b {_key: 'b'}) "
       "FOR PORTION OF VALID_TIME FROM '2024-05' TO .. CREATE (a)-[:OWNS {share: 0.34}]->(b) "
       "CITING ['s1', {source: 's2', stance: 'asserts', confidence: 0.5, locator: 'p. 3'}]",
       ""},
      {"MATCH ()-[r:OWNS]->() RETURN validFrom(r), validTo(r), validPrecision(r).from, "
       "confidence(r), "
       "size(citations(r)), citations(r)[0].reported, citations(r)[1].locator",
       "2024-05-01T00:00Z, null, month, 1.0, 2, 2024-02-01, p. 3"},
      {"MATCH ()-[r:OWNS]->() RETURN validAt(r, date('2024-04-30')), validAt(r, '2024-06-01'), "
       "valueAt(r, 'share', '2025-01-01')",
       "false, true, 0.34"},
      {"FOR VALID_TIME AS OF date('2024-01-01') MATCH ()-[r:OWNS]->() RETURN r.share", ""},
      {"MATCH ()-[r:OWNS]->() FOR PORTION OF VALID_TIME FROM '2025-01-01' TO '..' SET r.share = "
       "0.5",
       ""},
      {"MATCH ()-[r:OWNS]->() RETURN r.share", "0.5"},
      {"FOR VALID_TIME AS OF '2024-12-31' MATCH ()-[r:OWNS]->() RETURN r.share", "0.34"},
      {"FOR VALID_TIME ALL MATCH ()-[r:OWNS]->() RETURN r.share ORDER BY r.share", "0.34; 0.5"},
      {"MATCH ()-[r:OWNS]->() FOR PORTION OF VALID_TIME FROM '2026-01-01' TO .. DELETE r", ""},
      {"MATCH ()-[r:OWNS]->() RETURN count(r)", "0"},
      {"FOR VALID_TIME AS OF '2025-06-01' MATCH ()-[r:OWNS]->() RETURN count(r)", "1"},
      {"MATCH (s {_key: 's1'}) DETACH DELETE s",
       "FAILED_PRECONDITION: the source is cited by 2 facts; retract it instead"},
  });
}

TEST(WriteStatementsTest, PropertiesHaveAHistory) {
  RunSteps({
      {"CREATE (:C {_key: 'a', v: 1, w: 'x'})", ""},
      {"MATCH (c:C) FOR PORTION OF VALID_TIME FROM '2025-01-01' TO .. SET c.v = 2", ""},
      {"MATCH (c:C) SET c.w = 'y'", ""},
      {"MATCH (c:C) RETURN c.v, valueAt(c, 'v', '2024-01-01'), validFrom(c, 'v'), "
       "commitVersion(c), commitVersion(c, 'v'), recordedAt(c, 'v')",
       "2, 1, 2025-01-01T00:00Z, 1, 2, 2026-06-01T00:00:01Z"},
      {"MATCH (c:C) UNWIND history(c, 'v') AS h RETURN h.since, h.until, [f IN h.facts | f.value]",
       "1, 2, [1]; 2, null, [1, 2]"},
      {"MATCH (c:C) RETURN [h IN history(c) | h.since]", "[1, 2, 3]"},
      {"FOR SYSTEM_TIME AS OF VERSION 1 MATCH (c:C) RETURN c.v, c.w", "1, x"},
      {"MATCH (now:C) MATCH (past:C) FOR SYSTEM_TIME AS OF VERSION 1 RETURN now.w, past.w", "y, x"},
      {"MATCH (c:C) RETURN name(c), names(c)", "null, []"},
  });
}

TEST(WriteStatementsTest, ClausesSeeWhatOthersWrote) {
  RunSteps({
      {"UNWIND [1, 2, 1] AS i MERGE (n:N {i: i}) ON CREATE SET n.c = 1 ON MATCH SET n.c = n.c + 1 "
       "RETURN n.i, n.c",
       "1, 2; 2, 1; 1, 2"},
      {"MATCH (n:N) SET n.c = 0 WITH n UNWIND [1, 2, 3] AS k SET n.c = n.c + k RETURN DISTINCT n.c",
       "6"},
      {"FOREACH (x IN ['a', 'b'] | CREATE (m:M {x: x}) MERGE (m)-[:T]->(:K {x: x}))", ""},
      {"MATCH (m:M)-[:T]->(k:K) RETURN m.x, k.x ORDER BY m.x", "a, a; b, b"},
      {"MATCH (m:M) DELETE m", "DeleteConnectedNode"},
      {"MATCH (m:M)-[r]->() DELETE m WITH r DELETE r", ""},
      {"MATCH (n) RETURN count(n)", "4"},
      {"MATCH (k:K) SET k = {x: 'z', y: 1} SET k += {y: null, w: k.x} RETURN DISTINCT k.x, k.y, "
       "k.w",
       "z, null, z"},
      {"MERGE (:N {i: null})", "MergeReadOwnWrites"},
      {"MATCH (n:N {i: 1}) CREATE (n)-[:L {_key: 'l', q: 1}]->(n) RETURN n.i", "1"},
      {"MATCH ()-[r:L]->() RETURN r._key, keys(r)", "l, [q]"},
      {"MATCH (n:N) DETACH DELETE n RETURN n.i", "DeletedEntityAccess"},
      {"MATCH (n:N) RETURN count(*)", "2"},
  });
}

TEST(WriteStatementsTest, TheSchemaIsNamedByWhatItSays) {
  RunSteps({
      {"CREATE (:P {id: 1}), (:P {id: 2})-[:T]->(:Q)", ""},
      {"CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE", ""},
      {"CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE", "SchemaChange"},
      {"CREATE CONSTRAINT IF NOT EXISTS FOR (p:P) REQUIRE p.id IS UNIQUE", ""},
      {"CREATE (:P {id: 2})", "ConstraintViolation"},
      {"CREATE CONSTRAINT FOR (p:P) REQUIRE p.name IS NOT NULL", "ConstraintViolation"},
      {"CREATE CONSTRAINT FOR ()-[r:T]-() REQUIRE r IS ONE PER PAIR", ""},
      {"SHOW CONSTRAINTS YIELD name", "one_per_pair_T; unique_P_id"},
      {"DROP CONSTRAINT unique_P_idd", "SchemaChange"},
      {"DROP CONSTRAINT unique_P_id", ""},
      {"DROP CONSTRAINT one_per_pair_T", ""},
      {"SHOW CONSTRAINTS YIELD name", ""},
      {"DROP INDEX nothing IF EXISTS", ""},
  });
}

// A look-up by a unique value tries the entity that held it last.
TEST(WriteStatementsTest, AUniqueValueIsFoundWhoeverHoldsIt) {
  const char* const first = "MATCH (x:L {n: 1}) RETURN x.name";
  const char* const second = "MATCH (x:L {n: 2}) RETURN x.name";
  RunSteps({
      {"CREATE CONSTRAINT FOR (x:L) REQUIRE x.n IS UNIQUE", ""},
      {"CREATE (:L {n: 1, name: 'a'}), (:L {n: 2, name: 'b'}), (:M {n: 1, name: 'm'})", ""},
      {first, "a"},
      {first, "a"},
      {second, "b"},
      {"MATCH (x:L {n: 1}) DELETE x", ""},
      {first, ""},
      {"CREATE (:L {n: 1, name: 'c'})", ""},
      {first, "c"},
      {first, "c"},
      {"FOR SYSTEM_TIME AS OF VERSION 2 MATCH (x:L {n: 1}) RETURN x.name", "a"},
      {first, "c"},
      {"MATCH (x:L {n: 2}) REMOVE x:L", ""},
      {second, ""},
      {"CREATE (:L {n: 2, name: 'd'})", ""},
      {second, "d"},
      {"FOR SYSTEM_TIME AS OF VERSION 2 MATCH (x:L {n: 2}) RETURN x.name", "b"},
      {"MATCH (x:L {n: 2}) SET x.name = 'e' WITH x MATCH (y:L {n: 2}) RETURN y.name", "e"},
      {second, "e"},
  });
}

// Asked again, sizes of arrays are counted where they lie together.
TEST(WriteStatementsTest, PathsOverTwoRelationshipsAreCountedAsCommitsChangeThem) {
  const char* const count = "MATCH (a)-[:T]->(b)-[:T]->(c) RETURN count(*)";
  RunSteps({
      {"UNWIND range(1, 70) AS i CREATE (:N {i: i})", ""},
      {"MATCH (a:N), (b:N) WHERE b.i = a.i + 1 CREATE (a)-[:T]->(b)", ""},
      {count, "68"},
      {count, "68"},
      {count, "68"},
      {"MATCH (a:N {i: 3}), (b:N {i: 1}) CREATE (a)-[:T]->(b)", ""},
      {count, "70"},
      {count, "70"},
      {"MATCH (a:N {i: 5}) CREATE (a)-[:T]->(a)", ""},
      {count, "72"},
      {count, "72"},
      {"FOR SYSTEM_TIME AS OF VERSION 2 MATCH (a)-[:T]->(b)-[:T]->(c) RETURN count(*)", "68"},
      {"MATCH (:N {i: 3})-[r:T]->(:N {i: 1}) DELETE r", ""},
      {count, "70"},
      {count, "70"},
  });
}

// However many declarations carry it out.
TEST(WriteStatementsTest, ANodeKeyCountsAsOneConstraint) {
  DatabaseHarness h;
  QueryEngine engine(&h.db());
  const auto effects = [&](const std::string& text) {
    auto result = engine.Run(text, {}, {});
    EXPECT_TRUE(result.ok()) << result.status();
    return (*result)->statistics().effects;
  };
  const SideEffects made = effects("CREATE CONSTRAINT k FOR (n:P) REQUIRE (n.a, n.b) IS NODE KEY");
  EXPECT_EQ(made.constraints_added, 1U);
  EXPECT_EQ(made.constraints_removed, 0U);
  EXPECT_EQ(effects("CREATE CONSTRAINT FOR (n:P) REQUIRE n.c IS UNIQUE").constraints_added, 1U);
  EXPECT_EQ(effects("CREATE INDEX FOR (n:P) ON (n.d)").constraints_added, 0U);
  const SideEffects dropped = effects("DROP CONSTRAINT k");
  EXPECT_EQ(dropped.constraints_added, 0U);
  EXPECT_EQ(dropped.constraints_removed, 1U);
}

}  // namespace
}  // namespace relata::query
