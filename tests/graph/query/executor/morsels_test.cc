// Statements that run by morsels: they give what they give on one thread, in the same order, keep
// every limit, and end when they are told to.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "graph/query/executor/worker_pool.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kNodes = 600;

class MorselsTest : public testing::Test {
 protected:
  MorselsTest() : engine_(&h_.db(), 4) {
    Write(absl::StrCat("UNWIND range(1, ", kNodes,
                       ") AS i CREATE (:P {i: i, of: i % 7, x: 1.0 / i, name: 'n' + i})"));
    Write("MATCH (p:P) WHERE p.i % 3 = 0 SET p:Q");
    Write("CREATE INDEX FOR (p:P) ON (p.i)");
    RELATA_EXPECT_OK(h_.db().WaitForIndexes());
    Write(
        "MATCH (p:P) UNWIND [1, 2, 5] AS step MATCH (q:P {i: 1 + (p.i * 7 + step) % 600}) "
        "CREATE (p)-[:T {w: p.i + step}]->(q)");
    // Ids with holes, and relationships that were deleted.
    Write("MATCH (p:P) WHERE p.i > 200 AND p.i < 300 DETACH DELETE p");
  }

  void Write(const std::string& text) { RELATA_ASSERT_OK(engine_.Run(text, {}, {}).status()); }

  static QueryOptions Options(int threads) {
    QueryOptions options;
    options.morsel_rows = 0;
    options.morsel_ids = 16;
    options.max_threads = threads;
    return options;
  }

  // Its rows as text, each with a line end; or the error.
  std::string Rows(const std::string& text, const QueryOptions& options) {
    auto result = engine_.Run(text, {}, options);
    if (!result.ok()) return result.status().ToString();
    std::string rows;
    Batch batch;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&batch);
      if (!more.ok()) return more.status().ToString();
      if (!*more) break;
      for (size_t row = 0; row < batch.rows; ++row) {
        for (const Column& column : batch.columns) {
          absl::StrAppend(&rows, column.Get(row).ToString(), " ");
        }
        rows += "\n";
      }
    }
    plan_ = (*result)->plan_text();
    peak_bytes_ = (*result)->statistics().peak_memory_bytes;
    return rows;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
  std::string plan_;
  size_t peak_bytes_ = 0;
};

constexpr const char* kLargeQueries[] = {
    "MATCH (p:P) RETURN p.i",
    "MATCH (p:Q) WHERE p.i % 2 = 0 RETURN p.i, p.name",
    "MATCH (p:P)-[t:T]->(q:Q) WHERE t.w > 100 RETURN p.i, t.w, q.i",
    "MATCH ()-[t:T]->(q) RETURN t.w, q.i",
    "MATCH (p:Q)-[:T]->()-[:T]->(q) RETURN p.i, q.i",
    "MATCH (p:P) RETURN DISTINCT p.of",
    "MATCH (p:P)-[:T]->(q) RETURN DISTINCT q.of, p.of",
    "MATCH (p:P) RETURN p.name ORDER BY p.of, p.x LIMIT 17",
    "MATCH (p:P)-[t:T]->(q) RETURN p.i, q.i ORDER BY q.of SKIP 3 LIMIT 40",
    "MATCH (p:P)-[t:T]->(q) RETURN p.i, q.i ORDER BY q.of",
    "MATCH (p:P) RETURN count(*), count(p.x), sum(p.i), min(p.name), max(p.x), avg(p.i)",
    "MATCH (p:P)-[t:T]->(q) WHERE t.w > 1 RETURN q.of, count(*), sum(t.w), collect(p.i)",
    "MATCH (p:P)-[t:T]->(q) WHERE t.w > 1 RETURN p.i, count(DISTINCT q.of), sum(DISTINCT q.of)",
    "MATCH (p:P) RETURN p.of, percentileDisc(p.i, 0.3), percentileCont(DISTINCT p.of, 0.5)",
    "MATCH (p)-[t:T]->(q) RETURN p.of, count(*), sum(t.w), min(q.x), avg(t.w)",
    "MATCH (p:Q)<-[t:T]-(q:P) RETURN q.name, count(DISTINCT t.w), sum(p.x)",
    "MATCH (p:Nobody) RETURN count(*), sum(p.i)",
    "MATCH (p:P) WHERE p.i > 10000 RETURN p.of, count(*)",
    "MATCH (p:P) RETURN p.of AS a, count(*) AS b UNION ALL MATCH (p:Q) RETURN p.of AS a, 1 AS b",
    "MATCH (p:P) WITH p ORDER BY p.name LIMIT 30 MATCH (p)-[:T]->(q) RETURN p.i, q.i",
    "MATCH (p:P) WHERE EXISTS { (p)-[:T]->(:Q) } RETURN p.i",
    "MATCH (p:P) WHERE p.i IN range(1, 90) RETURN p.i",
    // What is above keeps sets of values and makes operators while threads begin.
    "MATCH (p:P) WITH p.i AS i SKIP 1 WITH i WHERE i IN range(1, 450) RETURN i",
    "MATCH (p:P) WITH p SKIP 1 WITH p WHERE EXISTS { (p)-[:T]->(:Q) } RETURN p.i",
};

TEST_F(MorselsTest, GivesTheRowsOfOneThreadInTheirOrder) {
  QueryOptions serial;
  serial.morsel_rows = 1e300;
  for (const char* query : kLargeQueries) {
    const std::string expected = Rows(query, serial);
    EXPECT_THAT(expected, Not(HasSubstr("INVALID"))) << query;
    for (const int threads : {1, 2, 4}) {
      for (const uint64_t ids : {1, 16, 500}) {
        QueryOptions options = Options(threads);
        options.morsel_ids = ids;
        options.batch_rows = ids == 16 ? 3 : 1024;
        EXPECT_EQ(Rows(query, options), expected) << query << " on " << threads;
      }
    }
  }
}

TEST_F(MorselsTest, SumsOfFloatsDoNotDependOnThreads) {
  const std::string query =
      "MATCH (p:P) RETURN p.of, sum(p.x), avg(p.x), stDev(p.x), stDevP(p.x) ORDER BY p.of";
  const std::string expected = Rows(query, Options(1));
  for (int run = 0; run < 20; ++run) EXPECT_EQ(Rows(query, Options(4)), expected);
}

TEST_F(MorselsTest, ProfileTellsWhatThreadsDid) {
  Rows("PROFILE MATCH (p:P)-[:T]->(q) WHERE q.i > 0 RETURN q.of, count(*)", Options(4));
  EXPECT_THAT(plan_, HasSubstr(" on threads of their own"));
  int scans = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(plan_, '\n'))) {
    if (line.find("NodeScan") == std::string::npos) continue;
    ++scans;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    ASSERT_GE(words.size(), 9u) << plan_;
    // Every node of the label was met once, whoever met it.
    EXPECT_EQ(words[words.size() - 7], "501") << plan_;
    EXPECT_EQ(words[words.size() - 3], "501") << plan_;
  }
  EXPECT_EQ(scans, 1) << plan_;
}

// Rewriting recurses, so beyond 500 operators below each other it is left.
TEST_F(MorselsTest, VeryDeepPlansStayAsTheyAre) {
  const auto morsels = [&](int depth) {
    std::string text = "EXPLAIN MATCH (p:P) WITH p.i AS i";
    for (int step = 0; step < depth; ++step) absl::StrAppend(&text, " WITH i + 1 AS i WHERE i > 0");
    auto result = engine_.Run(text + " RETURN count(i)", {}, Options(4));
    EXPECT_TRUE(result.ok()) << result.status();
    return absl::StrContains((*result)->plan_text(), "by morsels");
  };
  EXPECT_TRUE(morsels(10));
  EXPECT_TRUE(morsels(200));
  EXPECT_FALSE(morsels(600));
}

TEST_F(MorselsTest, SmallOnesStayAsTheyAre) {
  QueryOptions options;
  ASSERT_TRUE(engine_.Run("EXPLAIN MATCH (p:P) RETURN p.of, count(*)", {}, options).ok());
  EXPECT_THAT((*engine_.Run("EXPLAIN MATCH (p:P) RETURN p.of, count(*)", {}, options))->plan_text(),
              Not(HasSubstr("morsels")));
  // A LIMIT without an order stops early, a statement that writes and a volatile one stay whole.
  for (const char* query :
       {"EXPLAIN MATCH (p:P) RETURN p.i LIMIT 3", "EXPLAIN MATCH (p:P) SET p.y = 1",
        "EXPLAIN MATCH (p:P) RETURN rand()"}) {
    EXPECT_THAT((*engine_.Run(query, {}, Options(4)))->plan_text(), Not(HasSubstr("morsels")))
        << query;
  }
}

TEST_F(MorselsTest, TheFirstErrorInOrderIsGiven) {
  // The rows of two morsels fail, each with its own text in the message.
  const std::string query =
      "MATCH (p:P) RETURN count(CASE WHEN p.i IN [150, 500] THEN date('x' + p.i) END)";
  const std::string expected = Rows(query, Options(1));
  EXPECT_THAT(expected, HasSubstr("x150"));
  for (int run = 0; run < 10; ++run) EXPECT_EQ(Rows(query, Options(4)), expected);
}

TEST_F(MorselsTest, LimitsHoldForAllThreadsTogether) {
  QueryOptions options = Options(4);
  options.expansions = 1000;
  const std::string walk = "MATCH (p:P)-[:T]->()-[t:T]->(q) WHERE t.w > 5 RETURN q.of, count(*)";
  EXPECT_THAT(Rows(walk, options), HasSubstr("RESOURCE_EXHAUSTED"));
  options = Options(4);
  EXPECT_THAT(
      Rows("MATCH (p:P)-[:T]->(q)-[:T]->(r) RETURN p.i, collect([q.name, r.name])", options),
      Not(HasSubstr("RESOURCE_EXHAUSTED")));
  options.memory_bytes = 20'000;
  EXPECT_THAT(
      Rows("MATCH (p:P)-[:T]->(q)-[:T]->(r) RETURN p.i, collect([q.name, r.name])", options),
      HasSubstr("RESOURCE_EXHAUSTED"));
}

TEST_F(MorselsTest, CancellingEndsEveryThread) {
  std::atomic<int> asked{0};
  QueryOptions options = Options(4);
  options.cancelled = [&asked] { return asked.fetch_add(1) > 3; };
  const std::string walk =
      "MATCH (a:P)-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[t:T]->(b) WHERE t.w > 5 RETURN b.of, "
      "count(*)";
  EXPECT_THAT(Rows(walk, options), HasSubstr("CANCELLED"));
  // One look for each of the threads, and no more work after it.
  EXPECT_LT(asked.load(), 30);
}

TEST_F(MorselsTest, AMorselWithManyRowsIsReadOnWhereItStands) {
  // All in one morsel: more rows than are kept of one.
  QueryOptions options = Options(4);
  options.morsel_ids = 100'000;
  options.batch_rows = 64;
  const std::string query =
      "MATCH (p:P)-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[:T]->(b) RETURN p.i, b.i";
  QueryOptions serial;
  serial.morsel_rows = 1e300;
  const std::string expected = Rows(query, serial);
  EXPECT_GT(expected.size(), 400'000u);
  EXPECT_EQ(Rows(query, options), expected);
  // Its rows are never all held.
  EXPECT_LT(peak_bytes_, 4u << 20);
}

TEST_F(MorselsTest, AResultThatIsDroppedEndsItsThreads) {
  for (int run = 0; run < 20; ++run) {
    auto result = engine_.Run("MATCH (p:P)-[:T]->()-[:T]->(q) RETURN p.i, q.i", {}, Options(4));
    RELATA_ASSERT_OK(result.status());
    Batch batch;
    RELATA_ASSERT_OK((*result)->Next(&batch).status());
  }
}

// The nodes of the first morsel make enough for other threads to be asked; of those after it each
// makes a million rows that nobody wants.
TEST_F(MorselsTest, AResultThatIsDroppedEndsWhatIsUnderWay) {
  std::atomic<int> asked{0};
  QueryOptions options = Options(4);
  options.cancelled = [&asked] {
    ++asked;
    return false;
  };
  int before = 0;
  {
    auto result = engine_.Run(
        "MATCH (p:P) UNWIND range(1, CASE WHEN p.i < 17 THEN 9000 ELSE 1000000 END) AS x "
        "WITH p, x WHERE x < 2 RETURN p.i",
        {}, options);
    RELATA_ASSERT_OK(result.status());
    Batch batch;
    ASSERT_TRUE(*(*result)->Next(&batch));
    EXPECT_GT(batch.rows, 0u);
    before = asked;
  }
  EXPECT_LT(asked - before, 1000) << "of 3,900 a morsel";
}

// Nodes up to 16 make enough for other threads to be asked; node 17 meets the limit at once, each
// other one makes a million rows that nobody wants.
TEST_F(MorselsTest, MemoryThatOneThreadLacksEndsTheOthers) {
  std::atomic<int> asked{0};
  QueryOptions options = Options(4);
  options.memory_bytes = 4 << 20;
  options.cancelled = [&asked] {
    ++asked;
    return false;
  };
  const std::string query =
      "MATCH (p:P) UNWIND range(1, CASE WHEN p.i < 17 THEN 9000 ELSE 1000000 END) AS x "
      "WITH p, x WHERE x < CASE p.i WHEN 17 THEN 200000 ELSE 2 END RETURN p.i, collect('n' + x)";
  EXPECT_THAT(Rows(query, options), HasSubstr("RESOURCE_EXHAUSTED"));
  EXPECT_LT(asked.load(), 1500) << "of 3,900 a morsel, for some 30 of them";
}

TEST_F(MorselsTest, ExpansionsOfAllThreadsTogetherEndThem) {
  std::atomic<int> asked{0};
  QueryOptions options = Options(4);
  options.expansions = 3'000;
  options.cancelled = [&asked] {
    ++asked;
    return false;
  };
  const std::string walk =
      "MATCH (a:P)-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[:T]->()-[t:T]->(b) "
      "WHERE t.w > 5 RETURN b.of, count(*)";
  EXPECT_THAT(Rows(walk, options), HasSubstr("expansions"));
  EXPECT_LT(asked.load(), 200) << "of some 800 for all of it";
}

TEST_F(MorselsTest, AStatementInATransactionSeesItsWrites) {
  auto transaction = engine_.Begin(/*read_only=*/false);
  RELATA_ASSERT_OK(transaction.status());
  RELATA_ASSERT_OK((*transaction)->Run("CREATE (:P {i: 1000, of: 99})", {}, {}).status());
  auto result = (*transaction)->Run("MATCH (p:P) RETURN max(p.of), count(*)", {}, Options(4));
  RELATA_ASSERT_OK(result.status());
  Batch batch;
  ASSERT_TRUE(*(*result)->Next(&batch));
  EXPECT_EQ(batch.columns[0].Get(0).AsInt(), 99);
  EXPECT_EQ(batch.columns[1].Get(0).AsInt(), 502);
}

TEST_F(MorselsTest, StatementsShareThePool) {
  const std::string query = "MATCH (p:P)-[:T]->()-[:T]->(q) RETURN p.of, count(*), sum(q.i)";
  const std::string expected = Rows(query, Options(1));
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int run = 0; run < 10; ++run) {
        auto result = engine_.Run(query, {}, Options(4));
        Batch batch;
        std::string rows;
        while (result.ok() && *(*result)->Next(&batch)) {
          for (size_t row = 0; row < batch.rows; ++row) {
            for (const Column& column : batch.columns) {
              absl::StrAppend(&rows, column.Get(row).ToString(), " ");
            }
            rows += "\n";
          }
        }
        wrong += rows != expected;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0);
}

TEST(WorkerPoolTest, RunsNoMoreThanItHasThreads) {
  std::atomic<int> ran{0};
  std::atomic<bool> go{false};
  const auto wait = [&] {
    ++ran;
    while (!go) std::this_thread::yield();
  };
  {
    WorkerPool pool(2);
    EXPECT_TRUE(pool.TryRun(wait));
    EXPECT_TRUE(pool.TryRun(wait));
    EXPECT_FALSE(pool.TryRun(wait));
    go = true;
    // A thread that is free again takes the next.
    while (!pool.TryRun(wait)) std::this_thread::yield();
  }
  EXPECT_EQ(ran.load(), 3);
  EXPECT_FALSE(WorkerPool(0).TryRun(wait));
}

}  // namespace
}  // namespace relata::query
