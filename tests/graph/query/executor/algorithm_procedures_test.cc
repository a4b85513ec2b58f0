// What only an engine shows of relata.algorithms.*: conflicts, stops and limits. What the
// algorithms answer: tests/query/files/algorithms.test.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

constexpr int kTournament = 100;
constexpr size_t kArcs = kTournament * (kTournament - 1) / 2;

class AlgorithmProceduresTest : public ::testing::Test {
 protected:
  // Every node points to every one after it.
  void SetUp() override {
    Succeed(absl::StrCat("UNWIND range(1, ", kTournament, ") AS i CREATE (:N {i: i})"));
    Succeed("MATCH (a:N), (b:N) WHERE a.i < b.i CREATE (a)-[:R]->(b)");
  }

  static absl::StatusOr<QueryStatistics> Drain(
      const absl::StatusOr<std::unique_ptr<QueryResult>>& result) {
    RELATA_RETURN_IF_ERROR(result.status());
    Batch batch;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, (*result)->Next(&batch));
      if (!more) return (*result)->statistics();
    }
  }
  absl::StatusOr<QueryStatistics> Run(const std::string& text, const QueryOptions& options) {
    return Drain(engine_.Run(text, {}, options));
  }
  void Succeed(const std::string& text) { ASSERT_THAT(Run(text, {}), IsOk()); }

  DatabaseHarness harness_;
  QueryEngine engine_{&harness_.db()};
};

TEST_F(AlgorithmProceduresTest, AWriteConflictsWithWhatChangesItsProjection) {
  struct Case {
    const char* meanwhile;
    bool conflict;
  };
  for (const Case& c : {Case{"MATCH (a:N {i: 1}), (b:N {i: 2}) CREATE (b)-[:R]->(a)", true},
                        Case{"MATCH (:N {i: 3})-[r]->(:N {i: 4}) DELETE r", true},
                        Case{"CREATE (:N {i: 0})", true}, Case{"CREATE (:Other)", false}}) {
    SCOPED_TRACE(c.meanwhile);
    RELATA_ASSERT_OK_AND_ASSIGN(const auto transaction, engine_.Begin(false));
    ASSERT_THAT(
        Drain(transaction->Run(
            "CALL relata.algorithms.pagerank.write({labels: 'N', writeProperty: 'rank'})", {}, {})),
        IsOk());
    Succeed(c.meanwhile);
    EXPECT_EQ(absl::IsAborted(transaction->Commit().status()), c.conflict);
  }
}

TEST_F(AlgorithmProceduresTest, StopsWhereItIsCancelled) {
  constexpr int kAsks = 1000;
  int asked = 0;
  QueryOptions options;
  options.cancelled = [&] { return ++asked >= kAsks; };
  EXPECT_THAT(Run("CALL relata.algorithms.pagerank({iterations: 1000000}) YIELD node "
                  "RETURN count(node)",
                  options),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(asked, kAsks) << "went on after it was told to stop";
}

TEST_F(AlgorithmProceduresTest, TheProjectionCountsAsMemoryOfTheStatement) {
  const std::string call = "CALL relata.algorithms.wcc({}) YIELD node RETURN count(node)";
  QueryOptions little;
  little.memory_bytes = kArcs * sizeof(uint32_t);
  EXPECT_THAT(Run(call, little), StatusIs(absl::StatusCode::kResourceExhausted));
  RELATA_ASSERT_OK_AND_ASSIGN(const QueryStatistics statistics, Run(call, {}));
  EXPECT_GT(statistics.peak_memory_bytes, little.memory_bytes);
  EXPECT_GE(statistics.expansions, kArcs);
  // Kept by now, and not for free.
  EXPECT_THAT(Run(call, little), StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace relata::query
