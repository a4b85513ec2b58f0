// Runs the queries of killers.txt, one after the other, against one engine with little memory and
// little time, while another thread goes on asking simple questions.
//
// The file: `killer: TITLE`, then lines of the query, in which `{{N*TEXT}}` stands for TEXT N
// times, then optionally `answer: VALUE` (the first value of the first row where it comes to an
// end, `none` without a row) and `must: answer` (nothing but the answer will do). `ends: CODE...`,
// on a line before or after a killer's, says with which codes killers from there on may end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
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
using query::QueryResult;

constexpr size_t kMemoryBytes = size_t{64} << 20;
// Of the thread's own CPU time, so that other work on the machine changes nothing.
constexpr int64_t kDeadlineMicros = 500'000;
// Ten times the 100 ms in which a statement promises to stop.
constexpr int64_t kLateMicros = 1'000'000;
// Beside the statement's memory: the text, its plan, the adjacency cache, what malloc keeps.
constexpr size_t kOtherBytes = size_t{256} << 20;
constexpr size_t kKeptBytes = size_t{96} << 20;

// A deadline by this clock is one of the CPU time of the thread that looks at it.
class ThreadTimeClock : public Clock {
 public:
  int64_t NowMicros() override { return SystemClock()->NowMicros(); }
  int64_t MonotonicMicros() override {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
  }
};

struct Killer {
  std::string title;
  std::string text;
  std::vector<std::string> ends;
  std::string answer;
  bool must_answer = false;
};

std::string Expanded(absl::string_view text) {
  std::string result;
  while (true) {
    const size_t open = text.find("{{");
    const size_t star = text.find('*', open);
    int64_t times = 0;
    if (open == text.npos || star == text.npos ||
        !absl::SimpleAtoi(text.substr(open + 2, star - open - 2), &times)) {
      return absl::StrCat(result, text);
    }
    size_t close = text.find("}}", star);
    while (close + 2 < text.size() && text[close + 2] == '}') ++close;
    absl::StrAppend(&result, text.substr(0, open));
    const absl::string_view piece = text.substr(star + 1, close - star - 1);
    for (int64_t i = 0; i < times; ++i) absl::StrAppend(&result, piece);
    text.remove_prefix(close + 2);
  }
}

std::vector<Killer> ReadKillers(const std::string& path) {
  std::vector<Killer> killers;
  std::vector<std::string> ends;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    absl::string_view rest = line;
    if (rest.empty() || rest[0] == '#') continue;
    if (absl::ConsumePrefix(&rest, "ends: ")) {
      ends = absl::StrSplit(rest, ' ');
    } else if (absl::ConsumePrefix(&rest, "killer: ")) {
      killers.push_back({std::string(rest), "", ends, "", false});
    } else if (absl::ConsumePrefix(&rest, "answer: ")) {
      killers.back().answer = std::string(rest);
    } else if (rest == "must: answer") {
      killers.back().must_answer = true;
    } else {
      absl::StrAppend(&killers.back().text, Expanded(rest), "\n");
    }
  }
  return killers;
}

size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// Reads an answer to its end. Returns its first value, `none` without a row.
absl::StatusOr<std::string> Ask(QueryEngine& engine, const std::string& text,
                                const QueryOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<QueryResult> result, engine.Run(text, {}, options));
  std::string first = "none";
  bool any = false;
  Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
    if (!more) return first;
    if (!any && batch.rows > 0 && !batch.columns.empty()) {
      first = batch.columns[0].Get(0).ToString();
      any = true;
    }
  }
}

// Goes on asking on a thread of its own, and looks at the memory of the process.
class Bystander {
 public:
  explicit Bystander(QueryEngine* engine) : engine_(engine), thread_([this] { Run(); }) {}
  ~Bystander() {
    stop_ = true;
    thread_.join();
  }

  int64_t answers() const { return answers_; }
  int64_t failures() const { return failures_; }
  // The most since this was called last.
  size_t TakePeakBytes() { return peak_bytes_.exchange(0); }

 private:
  void Run() {
    while (!stop_) {
      const auto answer =
          Ask(*engine_, "MATCH (:K {i: 7})-[:T]->(b:K) WHERE b.i < 20 RETURN count(b) AS n", {});
      (answer.ok() && *answer == "19" ? answers_ : failures_) += 1;
      peak_bytes_ = std::max(peak_bytes_.load(), ResidentBytes());
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  QueryEngine* const engine_;
  std::atomic<bool> stop_{false};
  std::atomic<int64_t> answers_{0};
  std::atomic<int64_t> failures_{0};
  std::atomic<size_t> peak_bytes_{0};
  std::thread thread_;
};

class KillersTest : public testing::Test {
 protected:
  void SetUp() override {
    RELATA_ASSERT_OK_AND_ASSIGN(database_, Database::Open(&kv_, &clock_, {}));
    engine_ = std::make_unique<QueryEngine>(database_.get());
    for (const char* text :
         {"UNWIND range(0, 39) AS i CREATE (:K {i: i, name: 'node ' + i})",
          "MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:T {w: (a.i * 7 + b.i) % 13}]->(b)",
          "UNWIND range(0, 2999) AS i CREATE (:P {i: i, s: 'some text ' + i})"}) {
      RELATA_ASSERT_OK(Ask(*engine_, text, {}));
    }
  }

  void Check(const Killer& killer, const absl::StatusOr<std::string>& outcome) {
    if (outcome.ok()) {
      EXPECT_EQ(*outcome, killer.answer);
      return;
    }
    EXPECT_FALSE(killer.must_answer) << outcome.status();
    EXPECT_THAT(killer.ends, testing::Contains(absl::StatusCodeToString(outcome.status().code())))
        << outcome.status();
  }

  void Run(const Killer& killer, Bystander& bystander) {
    SCOPED_TRACE(killer.title);
    std::printf("%-55s", killer.title.c_str());
    std::fflush(stdout);
    const size_t before = ResidentBytes();
    const int64_t answers = bystander.answers();
    bystander.TakePeakBytes();
    const int64_t begin = clock_.MonotonicMicros();
    QueryOptions options;
    options.memory_bytes = kMemoryBytes;
    options.deadline_monotonic_us = begin + kDeadlineMicros;
    const absl::StatusOr<std::string> outcome = Ask(*engine_, killer.text, options);
    const int64_t micros = clock_.MonotonicMicros() - begin;
    const size_t peak = std::max(bystander.TakePeakBytes(), ResidentBytes());
    const size_t grown = peak > before ? peak - before : 0;
    std::printf("%6lld ms %5zu MB  %s\n", static_cast<long long>(micros / 1000), grown >> 20,
                outcome.ok() ? outcome->substr(0, 40).c_str()
                             : absl::StatusCodeToString(outcome.status().code()).c_str());
    Check(killer, outcome);
    EXPECT_LT(micros, kDeadlineMicros + kLateMicros);
    if (kMeasuresMemory) {
      EXPECT_LT(grown, kMemoryBytes + kOtherBytes);
    }
    if (micros > kDeadlineMicros / 2) {
      EXPECT_GT(bystander.answers(), answers);
    }
    malloc_trim(0);
  }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static constexpr bool kMeasuresMemory = false;  // the sanitizers keep what was freed
#else
  static constexpr bool kMeasuresMemory = true;
#endif
  ThreadTimeClock clock_;
  MemoryKv kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<QueryEngine> engine_;
};

TEST_F(KillersTest, EachEndsInTimeAndHarmsNobody) {
  const std::vector<Killer> killers = ReadKillers("tests/query/killers/killers.txt");
  ASSERT_GE(killers.size(), 60u);
  const size_t before = ResidentBytes();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
  const char* const wanted = std::getenv("RELATA_KILLER");  // a part of the title
  {
    Bystander bystander(engine_.get());
    for (const Killer& killer : killers) {
      if (wanted == nullptr || absl::StrContains(killer.title, wanted)) Run(killer, bystander);
    }
    EXPECT_EQ(bystander.failures(), 0);
  }
  malloc_trim(0);
  if (kMeasuresMemory) {
    EXPECT_LT(ResidentBytes(), before + kKeptBytes);
  }
  // Writes that came to no end left nothing behind.
  RELATA_ASSERT_OK_AND_ASSIGN(const std::string nodes,
                              Ask(*engine_, "MATCH (n) RETURN count(n) AS n", {}));
  EXPECT_EQ(nodes, "3040");
}

}  // namespace
}  // namespace relata
