// Estimated rows beside those that operators gave, as PROFILE prints both: on a graph with the
// shape of the peer benchmark's (two kinds of owners, a few regulators that have much, transfers
// between companies of which some have far more than others).
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

class EstimatesTest : public testing::Test {
 protected:
  EstimatesTest() : engine_(&h_.db()) {
    for (const char* text : {
             "UNWIND range(0, 999) AS i CREATE (:Company {id: i, country: i % 8, size: i % 100})",
             "UNWIND range(0, 999) AS i CREATE (:Person {id: i})",
             "UNWIND range(0, 9) AS i CREATE (:Regulator {id: i})",
             "CREATE INDEX FOR (c:Company) ON (c.id)",
             "CREATE INDEX FOR (c:Company) ON (c.country)",
         }) {
      Write(text);
    }
    RELATA_EXPECT_OK(h_.db().WaitForIndexes());
    for (const char* text : {
             "UNWIND range(0, 499) AS i MATCH (r:Regulator {id: i % 10}), (c:Company {id: i}) "
             "CREATE (r)-[:REGULATED]->(c)",
             "UNWIND range(0, 1999) AS i MATCH (a:Company {id: i % 1000}), "
             "(b:Company {id: (i * 37 + 11) % 1000}) CREATE (a)-[:INVESTED_IN {amount: i}]->(b)",
             "UNWIND range(0, 999) AS i MATCH (a:Person {id: i}), (b:Company {id: i * 13 % 500}) "
             "CREATE (a)-[:INVESTED_IN {amount: i}]->(b)",
             // A tenth of the companies sends half of it.
             "UNWIND range(0, 3999) AS i MATCH (a:Company {id: CASE i % 2 WHEN 0 THEN i % 100 ELSE "
             "i % 1000 END}), (b:Company {id: i * 7 % 1000}) CREATE (a)-[:TRANSFERRED]->(b)",
         }) {
      Write(text);
    }
  }

  void Write(const std::string& text) { RELATA_ASSERT_OK(engine_.Run(text, {}, {}).status()); }

  // The plan with both counts.
  std::string Profile(const std::string& text) {
    auto result = engine_.Run("PROFILE " + text, {}, {});
    if (!result.ok()) return result.status().ToString();
    Batch batch;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&batch);
      if (!more.ok()) return more.status().ToString();
      if (!*more) return (*result)->plan_text();
    }
  }

  DatabaseHarness h_;
  QueryEngine engine_;
};

struct Counts {
  double estimated = 0;
  double rows = 0;
};

// Of a line of the plan: the eight numbers at its end begin with these.
bool ReadCounts(const std::string& line, Counts* counts) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.size() < 9) return false;
  return absl::SimpleAtod(words[words.size() - 8], &counts->estimated) &&
         absl::SimpleAtod(words[words.size() - 7], &counts->rows);
}

TEST_F(EstimatesTest, AreWithinAnOrderOfMagnitudeOfWhatIsThere) {
  constexpr const char* kEstimated[] = {
      "MATCH (c:Company {id: 7}) RETURN c.size",
      "MATCH (c:Company {country: 3}) RETURN c.id",
      "MATCH (c:Company) WHERE c.id = 3 OR c.size > 50 RETURN c.id",
      "MATCH (c:Company {id: 7})-[:TRANSFERRED]->(n) RETURN n.id",
      "MATCH (c:Company {country: 3})-[:TRANSFERRED]->(n:Company) RETURN n.id",
      "MATCH (p:Person)-[i:INVESTED_IN]->(c:Company) WHERE i.amount > 500 RETURN c.id, i.amount",
      "MATCH (c:Company)-[i:INVESTED_IN]->(d:Company) RETURN c.id, d.id",
      "MATCH (r:Regulator)-[:REGULATED]->(c:Company)<-[:INVESTED_IN]-(p:Person) RETURN r.id, p.id",
      "MATCH (r:Regulator {id: 3})-[:REGULATED]->(c)-[:TRANSFERRED]->(d) RETURN c.id, d.id",
      "MATCH (a:Person)-[:INVESTED_IN]->(b)<-[:INVESTED_IN]-(c:Person) RETURN a.id, c.id",
  };
  for (const char* query : kEstimated) {
    const std::string plan = Profile(query);
    size_t operators = 0;
    const std::vector<std::string> lines = absl::StrSplit(plan, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) {
      Counts counts;
      if (!ReadCounts(line, &counts)) continue;
      ++operators;
      // Of a handful nothing hangs.
      const double low = std::min(counts.estimated, counts.rows);
      const double high = std::max(counts.estimated, counts.rows);
      EXPECT_LE(high, 10 * std::max(low, 2.0)) << query << "\n" << line << "\n" << plan;
    }
    EXPECT_GE(operators, 2u) << plan;
  }
}

}  // namespace
}  // namespace relata::query
