// What PROFILE says of an operator, from the columns of its text.
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

class ProfileTest : public testing::Test {
 protected:
  ProfileTest() : engine_(&h_.db()) {
    RELATA_EXPECT_OK(
        engine_.Run("UNWIND range(0, 9) AS i CREATE (:A {i: i})-[:T]->(:B {i: i})", {}, {})
            .status());
  }

  // Of each operator from the last to the first: its count under `heading`, which counts from the
  // right, since details have blanks in them.
  std::vector<std::string> Counts(const std::string& text, const std::string& heading,
                                  const QueryOptions& options) {
    auto result = engine_.Run("PROFILE " + text, {}, options);
    EXPECT_TRUE(result.ok()) << result.status();
    Batch batch;
    while (*(*result)->Next(&batch)) continue;
    const std::vector<std::string> lines =
        absl::StrSplit((*result)->plan_text(), '\n', absl::SkipEmpty());
    size_t from_right = 0;
    std::vector<std::string> counts;
    for (const std::string& line : lines) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
      if (&line == &lines.front()) {
        for (size_t i = 0; i < words.size(); ++i) {
          if (words[i] == heading) from_right = words.size() - i;
        }
        EXPECT_NE(from_right, 0u) << line;
        continue;
      }
      counts.push_back(words[words.size() - from_right]);
    }
    return counts;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
};

// The expansion looks at an array of each of the ten nodes; the others at none.
TEST_F(ProfileTest, HitsAreTheArraysThatAnOperatorFoundInTheCache) {
  const std::string text = "MATCH (a:A)-[t:T]->(b) RETURN a.i, b.i";
  for (const bool parallel : {false, true}) {
    QueryOptions options;
    options.max_threads = parallel ? 2 : 1;
    if (parallel) options.morsel_ids = 4;
    Counts(text, "hits", options);  // which fills the cache
    const std::vector<std::string> hits = Counts(text, "hits", options);
    int operators_with_hits = 0;
    for (const std::string& count : hits) operators_with_hits += count == "10";
    EXPECT_EQ(operators_with_hits, 1) << absl::StrJoin(hits, " ");
    for (const std::string& count : hits) EXPECT_TRUE(count == "0" || count == "10") << count;
  }
}

}  // namespace
}  // namespace relata::query
