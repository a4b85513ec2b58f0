// Searches that would look at more than any budget allows, if they went through every walk: counted
// by the relationships that they look at and the memory that they hold.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/engine.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using query::Batch;
using query::QueryEngine;
using query::QueryOptions;

struct Answer {
  std::string first;  // value
  query::QueryStatistics statistics;
};

class SearchPruningTest : public testing::Test {
 protected:
  void SetUp() override {
    RELATA_ASSERT_OK_AND_ASSIGN(database_, Database::Open(&kv_, SystemClock(), {}));
    engine_ = std::make_unique<QueryEngine>(database_.get());
  }

  absl::StatusOr<Answer> Ask(absl::string_view text) {
    QueryOptions options;
    options.expansions = 200'000;
    RELATA_ASSIGN_OR_RETURN(const auto result, engine_->Run(text, {}, options));
    Answer answer;
    Batch batch;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
      if (!more) break;
      if (answer.first.empty() && batch.rows > 0 && !batch.columns.empty()) {
        answer.first = batch.columns[0].Get(0).ToString();
      }
    }
    answer.statistics = result->statistics();
    return answer;
  }

  void Expect(absl::string_view text, absl::string_view first) {
    SCOPED_TRACE(text);
    RELATA_ASSERT_OK_AND_ASSIGN(const Answer answer, Ask(text));
    EXPECT_EQ(answer.first, first);
  }

  MemoryKv kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<QueryEngine> engine_;
};

// Each of six nodes leads to every other one: trails of up to thirty relationships. With so many
// other nodes the search looks for its ends itself.
TEST_F(SearchPruningTest, SelectorsStopWhenEachEndHasItsPaths) {
  RELATA_ASSERT_OK(Ask("UNWIND range(1, 1000) AS i CREATE (:Other)"));
  RELATA_ASSERT_OK(Ask("UNWIND range(0, 5) AS i CREATE (:K {i: i})"));
  RELATA_ASSERT_OK(Ask("MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:T]->(b)"));
  // To itself too: there and back.
  Expect("MATCH p = SHORTEST 2 (:K {i: 0})-[:T]->+(b) RETURN count(p) AS n", "12");
  Expect("MATCH p = ANY 3 (:K {i: 0})-[:T]->+(b) RETURN count(p) AS n", "18");
  // Of one and two steps; back to the start of two and three.
  Expect("MATCH p = SHORTEST 2 GROUPS (:K {i: 0})-[:T]->+(b) RETURN count(p) AS n", "50");
  Expect("MATCH p = SHORTEST 2 SIMPLE (:K {i: 0})-[:T]->+(b) RETURN count(p) AS n", "12");
}

TEST_F(SearchPruningTest, AnAcyclicSearchDoesNotWaitForItsStart) {
  RELATA_ASSERT_OK(Ask("UNWIND range(0, 13) AS i CREATE (:K {i: i})"));
  RELATA_ASSERT_OK(Ask("MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:T]->(b)"));
  Expect("MATCH p = SHORTEST 2 ACYCLIC (:K {i: 0})-[:T]->+(b) RETURN count(p) AS n", "26");
}

// One way from :S by :C to :E, and at :C a bridge to fourteen nodes that are all linked: whoever
// crosses it does not come back.
TEST_F(SearchPruningTest, WalksLeaveOutWhatTheyCannotComeBackFrom) {
  RELATA_ASSERT_OK(Ask("CREATE (:S)-[:T]->(c:C)-[:T]->(:E), (c)-[:T]->(:K {i: 0})"));
  RELATA_ASSERT_OK(Ask("UNWIND range(1, 13) AS i CREATE (:K {i: i})"));
  RELATA_ASSERT_OK(Ask("MATCH (a:K), (b:K) WHERE a.i < b.i CREATE (a)-[:T]->(b)"));
  for (const char* mode : {"", "TRAIL", "ACYCLIC", "SIMPLE"}) {
    Expect(
        absl::StrCat("MATCH (s:S), (e:E) MATCH p = ", mode, " (s)-[:T]-+(e) RETURN count(p) AS n"),
        "1");
  }
  Expect("MATCH p = SHORTEST 3 ACYCLIC (:S)-[:T]-+(:E) RETURN count(p) AS n", "1");
  Expect("MATCH p = SHORTEST 3 (:S)-[:T]-+(:E) RETURN count(p) AS n", "1");
}

// Fourteen times two ways one after the other; all 16,384 together would be 50 MB.
TEST_F(SearchPruningTest, ASelectorOverAPatternHoldsLittleMoreThanItGives) {
  RELATA_ASSERT_OK(Ask("UNWIND range(0, 14) AS i CREATE (:D {i: i})"));
  RELATA_ASSERT_OK(
      Ask("MATCH (a:D), (b:D) WHERE b.i = a.i + 1 CREATE (a)-[:T]->(:M)-[:T]->(b), "
          "(a)-[:T]->(:M)-[:T]->(b)"));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const Answer answer,
      Ask("MATCH p = SHORTEST 2 (:D {i: 0})-[:T]->{27}()-[:T]->(:D {i: 14}) RETURN count(p) AS n"));
  EXPECT_EQ(answer.first, "2");
  EXPECT_LT(answer.statistics.peak_memory_bytes, size_t{20} << 20);
}

}  // namespace
}  // namespace relata
