// What the cache does not know is read by several threads, and gives what one thread gives.
#include "graph/query/executor/range_fills.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

// More than one range has, and than is filled at once.
constexpr int kFilledNodes = 5000;

class RangeFillsTest : public testing::Test {
 protected:
  RangeFillsTest() : engine_(&h_.db(), 4) {
    Write(absl::StrCat("UNWIND range(1, ", kFilledNodes, ") AS i CREATE (:P {i: i})"));
    Write("CREATE INDEX FOR (p:P) ON (p.i)");
    RELATA_EXPECT_OK(h_.db().WaitForIndexes());
    Write(
        absl::StrCat("MATCH (p:P) UNWIND [0, 1, 7] AS step MATCH (q:P {i: 1 + (p.i * 3 + step) % ",
                     kFilledNodes, "}) CREATE (p)-[:T]->(q)"));
    // Nodes that none comes to, and some that none goes from.
    Write("MATCH (p:P)-[t:T]->() WHERE p.i > 4200 DELETE t");
  }

  void Write(const std::string& text) { RELATA_ASSERT_OK(engine_.Run(text, {}, {}).status()); }

  std::string Count(int threads, const std::string& what = "*",
                    std::function<bool()> cancelled = nullptr) {
    QueryOptions options;
    options.max_threads = threads;
    options.cancelled = std::move(cancelled);
    const auto result = engine_.Run(
        absl::StrCat("MATCH (a)-[:T]->(b)-[:T]->(c) RETURN count(", what, ")"), {}, options);
    if (!result.ok()) return result.status().ToString();
    Batch batch;
    const absl::StatusOr<bool> more = (*result)->Next(&batch);
    if (!more.ok()) return more.status().ToString();
    return batch.columns[0].Get(0).ToString();
  }
  void Forget() { h_.db().adjacency_cache().InvalidateAll(h_.Latest().version()); }

  DatabaseHarness h_;
  QueryEngine engine_;
};

TEST_F(RangeFillsTest, SeveralThreadsCountWhatOneCounts) {
  // Path by path.
  const std::string expected = Count(1, "c.i");
  EXPECT_GT(expected.size(), 4U) << expected;
  Forget();
  EXPECT_EQ(Count(1), expected);
  const uint64_t arrays = h_.db().adjacency_cache().GetStats().arrays;
  EXPECT_GT(arrays, uint64_t{kFilledNodes});
  for (int round = 0; round < 5; ++round) {
    Forget();
    EXPECT_EQ(Count(4), expected);
    EXPECT_EQ(h_.db().adjacency_cache().GetStats().arrays, arrays);
    EXPECT_EQ(Count(4), expected);
  }
}

TEST_F(RangeFillsTest, EndWhereTheStatementIsCancelled) {
  for (const int threads : {1, 4}) {
    Forget();
    EXPECT_THAT(Count(threads, "*", [] { return true; }), testing::HasSubstr("CANCELLED"));
    EXPECT_LT(h_.db().adjacency_cache().GetStats().arrays, uint64_t{kFilledNodes});
  }
}

}  // namespace
}  // namespace relata::query
