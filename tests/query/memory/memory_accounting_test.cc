// Statements that gather: what the engine says it held is held against what was really allocated.
//
// The file: `gathers: OPERATOR`, then the statement on one line. Its plan must have the operator.
// The graph: kNodes nodes :P {i, s, same: 1}, node i with CHILD {w} to 2i + 1 and 2i + 2, and with
// NEXT to i + 1.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/engine.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/allocations.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using query::Batch;
using query::QueryEngine;
using query::QueryOptions;
using query::QueryResult;
using query::QueryTransaction;

constexpr int kNodes = 20'000;
// Beside what a statement holds: batches on their way, the run itself.
constexpr int64_t kOtherBytes = 2 << 20;

struct Gathering {
  std::string plan_operator;
  std::string text;

  bool writes() const {
    return plan_operator == "Create" || plan_operator == "Foreach" || plan_operator == "Merge" ||
           plan_operator == "Set" || plan_operator == "Delete";
  }
};

std::vector<Gathering> ReadGatherings(const std::string& path) {
  std::vector<Gathering> all;
  std::ifstream file(path);
  std::string plan_operator;
  for (std::string line; std::getline(file, line);) {
    absl::string_view rest = line;
    if (rest.empty() || rest[0] == '#') continue;
    if (absl::ConsumePrefix(&rest, "gathers: ")) {
      plan_operator = std::string(rest);
    } else {
      all.push_back({plan_operator, line});
    }
  }
  return all;
}

double MiB(int64_t bytes) { return static_cast<double>(bytes) / 1048576.0; }

struct Spent {
  int64_t accounted = 0;
  int64_t allocated = 0;
};

class MemoryAccountingTest : public testing::Test {
 protected:
  void SetUp() override {
    RELATA_ASSERT_OK_AND_ASSIGN(database_, Database::Open(&kv_, SystemClock(), {}));
    engine_ = std::make_unique<QueryEngine>(database_.get());
    for (const std::string& text :
         {absl::StrCat("UNWIND range(0, ", kNodes - 1,
                       ") AS i CREATE (:P {i: i, s: 'some text of a node ' + i, same: 1})"),
          std::string("CREATE CONSTRAINT FOR (p:P) REQUIRE p.i IS UNIQUE"),
          std::string("CREATE INDEX FOR (p:P) ON (p.same)")}) {
      RELATA_ASSERT_OK(Run(text, {}).status());
    }
    RELATA_ASSERT_OK(database_->WaitForIndexes());
    for (const char* text :
         {"UNWIND range(1, 19999) AS i MATCH (a:P {i: (i - 1) / 2}) MATCH (b:P {i: i}) CREATE "
          "(a)-[:CHILD {w: i}]->(b)",
          "UNWIND range(1, 19999) AS i MATCH (a:P {i: i - 1}) MATCH (b:P {i: i}) CREATE "
          "(a)-[:NEXT]->(b)"}) {
      RELATA_ASSERT_OK(Run(text, {}).status());
    }
  }

  // To its end; where it `rolls_back`, in a transaction that is given up.
  absl::StatusOr<Spent> Run(const std::string& text, const QueryOptions& options,
                            bool rolls_back = false) {
    Spent spent;
    std::unique_ptr<QueryTransaction> transaction;
    if (rolls_back) {
      RELATA_ASSIGN_OR_RETURN(transaction, engine_->Begin(false));
    }
    RELATA_ASSIGN_OR_RETURN(
        const std::unique_ptr<QueryResult> result,
        rolls_back ? transaction->Run(text, {}, options) : engine_->Run(text, {}, options));
    Batch batch;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
      if (!more) break;
    }
    plan_ = result->plan_text();
    spent.accounted = static_cast<int64_t>(result->statistics().peak_memory_bytes);
    return spent;
  }

  absl::StatusOr<Spent> Measure(const Gathering& gathering, const QueryOptions& options) {
    StartCounting();
    absl::StatusOr<Spent> spent = Run(gathering.text, options, gathering.writes());
    allocated_ = StopCounting().peak_bytes;
    if (spent.ok()) spent->allocated = allocated_;
    return spent;
  }

  MemoryKv kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<QueryEngine> engine_;
  std::string plan_;
  int64_t allocated_ = 0;
};

TEST_F(MemoryAccountingTest, WhatIsHeldIsAccountedFor) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
  const char* const wanted = std::getenv("RELATA_GATHERING");  // a part of the statement
  for (const Gathering& gathering : ReadGatherings("tests/query/memory/gathering.txt")) {
    if (wanted != nullptr && !absl::StrContains(gathering.text, wanted)) continue;
    SCOPED_TRACE(gathering.text);
    RELATA_ASSERT_OK(Run(absl::StrCat("EXPLAIN ", gathering.text), {}).status());
    EXPECT_TRUE(absl::StrContains(plan_, gathering.plan_operator)) << plan_;
    // Once before, for what is kept between statements: plans, names, packed adjacency.
    RELATA_ASSERT_OK(Run(gathering.text, {}, gathering.writes()).status());
    RELATA_ASSERT_OK_AND_ASSIGN(const Spent spent, Measure(gathering, {}));
    std::printf("%8.2f MiB allocated %8.2f MiB accounted  %s\n", MiB(spent.allocated),
                MiB(spent.accounted), gathering.text.substr(0, 100).c_str());
    std::fflush(stdout);
    EXPECT_LE(spent.allocated, spent.accounted * 2 + kOtherBytes);
    EXPECT_LE(spent.accounted, spent.allocated * 2 + kOtherBytes);
    // Half of it is not enough.
    if (spent.accounted < kOtherBytes) continue;
    QueryOptions half;
    half.memory_bytes = static_cast<size_t>(spent.accounted / 2);
    const absl::StatusOr<Spent> refused = Measure(gathering, half);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted) << refused.status();
    EXPECT_TRUE(absl::StrContains(
        refused.status().message(),
        absl::StrCat("beyond the ", half.memory_bytes, " bytes that the statement may hold")))
        << refused.status();
    EXPECT_LE(allocated_, static_cast<int64_t>(half.memory_bytes) * 2 + kOtherBytes);
  }
}

constexpr const char* kCommitted[] = {
    "UNWIND range(1, 20000) AS i CREATE (:Q {i: i, s: 'some text of a node ' + i})",
    "MATCH (a:P)-[:CHILD]->(b) CREATE (a)-[:AGAIN {w: 1}]->(b)",
    "MATCH (p:P) SET p.s = p.s + '!', p.more = p.i",
    "MATCH (p:P) DETACH DELETE p",
};

// What is accounted for, at most, of what is allocated. The allocator of the address sanitizer
// rounds less up than the one that the accounting knows.
#ifdef __SANITIZE_ADDRESS__
constexpr int kMostPercent = 120;
#else
constexpr int kMostPercent = 115;
#endif

// What the store itself keeps of a commit is allocated here too: the engine's copy, and the window
// of recent writes.
TEST_F(MemoryAccountingTest, WhatACommitStagesIsAccountedFor) {
  for (const char* const text : kCommitted) {
    SCOPED_TRACE(text);
    RELATA_ASSERT_OK_AND_ASSIGN(const Spent before_commit, Run(text, {}, /*rolls_back=*/true));
    const CommitVersion version = database_->Latest().version();
    // What the statement alone holds does not do for its commit, which then writes nothing.
    QueryOptions tight;
    tight.memory_bytes = static_cast<size_t>(before_commit.accounted + before_commit.accounted / 8);
    RELATA_ASSERT_OK(Run(text, tight, /*rolls_back=*/true).status());
    const absl::Status refused = Run(text, tight).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted) << refused;
    EXPECT_TRUE(absl::StrContains(refused.message(), "the transaction")) << refused;
    EXPECT_EQ(database_->Latest().version(), version);
    StartCounting();
    QueryOptions wide;
    wide.memory_bytes = size_t{1} << 30;
    RELATA_ASSERT_OK_AND_ASSIGN(const Spent spent, Run(text, wide));
    const int64_t allocated = StopCounting().peak_bytes;
    std::printf("%8.2f MiB allocated %8.2f MiB accounted, %8.2f before the commit  %s\n",
                MiB(allocated), MiB(spent.accounted), MiB(before_commit.accounted), text);
    std::fflush(stdout);
    EXPECT_GT(spent.accounted, before_commit.accounted);
    EXPECT_GE(spent.accounted, allocated * 90 / 100);
    EXPECT_LE(spent.accounted, allocated * kMostPercent / 100);
  }
}

TEST_F(MemoryAccountingTest, TheCommitOfATransactionHoldsNoMoreThanItsStatementsMight) {
  const char* const text = kCommitted[0];
  RELATA_ASSERT_OK_AND_ASSIGN(const Spent of_statement, Run(text, {}, /*rolls_back=*/true));
  const CommitVersion version = database_->Latest().version();
  QueryOptions options;
  for (const int64_t more : {of_statement.accounted / 8, of_statement.accounted}) {
    options.memory_bytes = static_cast<size_t>(of_statement.accounted + more);
    RELATA_ASSERT_OK_AND_ASSIGN(const auto transaction, engine_->Begin(false));
    RELATA_ASSERT_OK(transaction->Run(text, {}, options).status());
    const absl::Status committed = transaction->Commit().status();
    if (more == of_statement.accounted) {
      RELATA_EXPECT_OK(committed);
      continue;
    }
    EXPECT_EQ(committed.code(), absl::StatusCode::kResourceExhausted) << committed;
    EXPECT_EQ(database_->Latest().version(), version);
  }
}

// `first`, then `piece` again and again, then `last`.
std::string Repeated(absl::string_view first, absl::string_view piece, int times,
                     absl::string_view last) {
  std::string text(first);
  for (int i = 0; i < times; ++i) absl::StrAppend(&text, piece);
  absl::StrAppend(&text, last);
  return text;
}

TEST_F(MemoryAccountingTest, TextsAreCompiledWithinTheMemory) {
  constexpr int64_t kAllowed = 16 << 20;
  for (const std::string& text : {
           Repeated("RETURN [", "1,", 200'000, "1] AS l"),
           Repeated("RETURN [", "'a',", 200'000, "1] AS l"),
           Repeated("RETURN [", "{a: 1},", 100'000, "1] AS l"),
           Repeated("RETURN [", "1 + 1,", 100'000, "1] AS l"),
           Repeated("RETURN [", "[x IN [1] | x],", 50'000, "1] AS l"),
           Repeated("RETURN [", "size('a'),", 100'000, "1] AS l"),
           Repeated("RETURN [", "EXISTS { MATCH (n) },", 10'000, "1] AS l"),
           Repeated("RETURN 1 AS x", " UNION ALL RETURN 1 AS x", 5'000, ""),
           Repeated("WITH 1 AS x", " WITH x AS x", 3'900, " RETURN x"),
           Repeated("CREATE (:A {i: 1})", ", (:A {i: 1})", 20'000, ""),
           Repeated("MATCH (n)", " MATCH (m {i: 1})", 2'000, " RETURN n"),
       }) {
    SCOPED_TRACE(text.substr(0, 60));
    QueryOptions options;
    options.memory_bytes = size_t{4} << 30;
    StartCounting();
    RELATA_ASSERT_OK(Run("EXPLAIN " + text, options).status());
    const int64_t whole = StopCounting().peak_bytes;
    std::printf("%8.2f MiB  %s\n", static_cast<double>(whole) / 1048576.0,
                text.substr(0, 60).c_str());
    std::fflush(stdout);
    options.memory_bytes = kAllowed;
    StartCounting();
    const absl::Status refused = Run("EXPLAIN " + text, options).status();
    const int64_t allocated = StopCounting().peak_bytes;
    EXPECT_LE(allocated, kAllowed * 3 + kOtherBytes);
    if (whole > 3 * kAllowed) {
      EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
    }
  }
}

}  // namespace
}  // namespace relata
