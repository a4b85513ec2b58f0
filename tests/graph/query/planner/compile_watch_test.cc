// Lexer, parser, analysis and planner end with the statement, and ask for it as often as they work.
#include "graph/query/compile_watch.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

using absl::StatusCode;
using testing::Ge;

struct LargeStatement {
  std::string name;
  std::string text;
  uint64_t work;  // at least what it takes to compile
};

// `piece` with each `#` replaced by 0, 1, …, `count` times.
std::string Pieces(int count, absl::string_view piece, absl::string_view between) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    if (i > 0) absl::StrAppend(&text, between);
    for (const char c : piece) {
      if (c == '#') {
        absl::StrAppend(&text, i);
      } else {
        text += c;
      }
    }
  }
  return text;
}

std::vector<LargeStatement> LargeStatements() {
  return {
      // Six tokens, two operands, four expressions that are bound and compiled.
      {"comparisons",
       absl::StrCat("MATCH (n) WHERE ", Pieces(20'000, "n.a# = #", " OR "), " RETURN n"),
       uint64_t{20'000} * (6 + 2 + 4 + 4)},
      {"list", absl::StrCat("RETURN [", Pieces(100'000, "#", ","), "]"),
       uint64_t{100'000} * (2 + 1 + 1 + 1)},
      {"labels", absl::StrCat("MATCH (n:", Pieces(50'000, "L#", "|"), ") RETURN n"),
       uint64_t{50'000} * (2 + 1)},
      {"clauses", absl::StrCat(Pieces(1'000, "UNWIND [1] AS x#", " "), " RETURN 1"),
       uint64_t{1'000} * 1'000 / 2},
      {"union", Pieces(5'000, "RETURN # AS x", " UNION "), uint64_t{5'000} * (4 + 2 + 1 + 1)},
      // Each is compared with those before it, or looks at them.
      {"sorted",
       absl::StrCat("MATCH (n) RETURN ", Pieces(700, "n.a# AS x#", ", "), " ORDER BY ",
                    Pieces(700, "n.b#", ", ")),
       uint64_t{2} * 700 * 700},
      {"groups",
       absl::StrCat("MATCH (n) RETURN ", Pieces(700, "n.a# AS x#, count(n.b#) AS y#", ", ")),
       uint64_t{6} * 700 * 700},
      {"product", absl::StrCat("MATCH ", Pieces(150, "(n# {a: #})", ", "), " RETURN n0"),
       uint64_t{150} * 150 * 150 / 2},
  };
}

class CompileWatchTest : public testing::TestWithParam<LargeStatement> {
 protected:
  CompileWatchTest() : engine_(&h_.db()) {}

  // How often it was asked whether the statement is to end, which it is at the time `end`.
  uint64_t Compile(uint64_t end, StatusCode wanted) {
    uint64_t asked = 0;
    QueryOptions options;
    options.cancelled = [&asked, end] { return ++asked >= end; };
    // The comment keeps the plan cache out.
    const std::string text = absl::StrCat("EXPLAIN ", GetParam().text, " // ", end);
    EXPECT_EQ(engine_.Run(text, {}, options).status().code(), wanted) << "at " << end;
    return asked;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
};

TEST_P(CompileWatchTest, AsksAsOftenAsItWorks) {
  EXPECT_THAT(Compile(UINT64_MAX, StatusCode::kOk), Ge(GetParam().work / CompileWatch::kAskEvery));
}

TEST_P(CompileWatchTest, EndsWhereverItIsCancelled) {
  const uint64_t all = Compile(UINT64_MAX, StatusCode::kOk);
  for (uint64_t end = 1; end <= all; end += 1 + all / 20) {
    EXPECT_EQ(Compile(end, StatusCode::kCancelled), end);
  }
}

TEST_P(CompileWatchTest, EndsAtTheDeadline) {
  QueryOptions options;
  options.deadline_monotonic_us = 0;
  EXPECT_EQ(engine_.Run(absl::StrCat("EXPLAIN ", GetParam().text), {}, options).status().code(),
            StatusCode::kDeadlineExceeded);
}

INSTANTIATE_TEST_SUITE_P(LargeStatements, CompileWatchTest, testing::ValuesIn(LargeStatements()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relata::query
