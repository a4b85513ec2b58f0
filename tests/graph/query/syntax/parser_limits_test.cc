#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/query/syntax/ast_text.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

// Texts built to exhaust a parser: each ends at once with a tree or an error.
namespace relata::query {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

constexpr int kMany = 100'000;
// Of the processor, so that a busy machine does not matter. All of these take far less; what is not
// linear takes far more.
constexpr std::clock_t kMostTime = 5 * CLOCKS_PER_SEC;

std::string Repeat(absl::string_view text, int times) {
  std::string out;
  out.reserve(text.size() * static_cast<size_t>(times));
  for (int i = 0; i < times; ++i) absl::StrAppend(&out, text);
  return out;
}

TEST(ParserLimitsTest, DeepNestingIsRefused) {
  const std::vector<std::string> texts = {
      "RETURN " + Repeat("(", kMany),
      "RETURN " + Repeat("(", kMany) + "1" + Repeat(")", kMany),
      "RETURN " + Repeat("[", kMany) + Repeat("]", kMany),
      "RETURN " + Repeat("{a:", kMany) + "1" + Repeat("}", kMany),
      "RETURN " + Repeat("NOT ", kMany) + "true",
      "RETURN " + Repeat("-", kMany) + "x",
      "RETURN " + Repeat("f(", kMany) + Repeat(")", kMany),
      "RETURN " + Repeat("CASE WHEN ", kMany) + "1",
      "RETURN " + Repeat("[x IN ", kMany),
      "RETURN x" + Repeat(".a", kMany),
      "RETURN x" + Repeat("[0]", kMany),
      "RETURN " + Repeat("x[", kMany),
      "RETURN 1" + Repeat(" + 1", kMany),
      "RETURN 1" + Repeat(" ^ 1", kMany),
      "RETURN x" + Repeat(" IS NULL", kMany),
      "RETURN x" + Repeat(" IN x", kMany),
      "RETURN 1" + Repeat(" OR 1 XOR 1 AND NOT 1 = 1 IN 1 + 1 * 1 ^ (1", kMany),
      "MATCH (n:" + Repeat("!", kMany) + "A) RETURN 1",
      "MATCH (n:" + Repeat("(", kMany) + "A) RETURN 1",
      "MATCH " + Repeat("(", kMany) + "a" + Repeat(")", kMany) + " RETURN 1",
      "RETURN " + Repeat("EXISTS {", kMany),
      "RETURN " + Repeat("EXISTS { MATCH (a) WHERE ", kMany),
      "MATCH (a WHERE " + Repeat("(a)-[WHERE ", kMany),
      "RETURN " + Repeat("[(a)-->(b WHERE ", kMany),
      Repeat("CALL { ", kMany),
      Repeat("FOREACH (x IN y | ", kMany),
      "RETURN x IS :: " + Repeat("LIST<", kMany),
  };
  for (const std::string& text : texts) {
    const std::clock_t start = std::clock();
    const absl::Status status = Parse(text).status();
    EXPECT_FALSE(status.ok()) << text.substr(0, 50);
    EXPECT_LT(std::clock() - start, kMostTime) << text.substr(0, 50);
  }
  EXPECT_THAT(Parse(texts[1]), StatusIs(StatusCode::kResourceExhausted, HasSubstr("400")));
  EXPECT_THAT(Parse(texts[12]), StatusIs(StatusCode::kResourceExhausted, HasSubstr("400")));
}

TEST(ParserLimitsTest, LongTextsAreRead) {
  const std::vector<std::string> texts = {
      "RETURN [1" + Repeat(", 1", kMany) + "]",
      "RETURN 1 AS x" + Repeat(", 1 AS x", kMany),
      "RETURN 1 AS x" + Repeat(" UNION RETURN 1 AS x", kMany),
      "RETURN x" + Repeat(" OR x", kMany),
      "RETURN x" + Repeat(" AND n.a = 1", kMany),
      "RETURN 1" + Repeat(" < 1", kMany),
      "MATCH (a)" + Repeat("-->()", kMany) + " RETURN a",
      "MATCH (a:A" + Repeat("|A", kMany) + ") RETURN a",
      "MATCH (a:A" + Repeat(":A", kMany) + ") RETURN a",
      Repeat("MATCH (a) ", kMany) + "RETURN a",
      "RETURN [x IN y WHERE x:A" + Repeat("|A", kMany) + " | x]",
      "RETURN CASE" + Repeat(" WHEN a THEN b", kMany) + " END",
      "RETURN '" + Repeat("\\u00e9", kMany) + "'",
      "RETURN [" + Repeat("[x IN y], ", kMany) + "1]",
      "RETURN 1" + Repeat(" ", kMany * 10),
  };
  for (const std::string& text : texts) {
    const std::clock_t start = std::clock();
    const absl::StatusOr<ast::Statement> statement = Parse(text);
    ASSERT_THAT(statement, IsOk()) << text.substr(0, 50);
    EXPECT_LT(std::clock() - start, kMostTime) << text.substr(0, 50);
    EXPECT_FALSE(AstText(*statement).empty());
  }
}

TEST(ParserLimitsTest, LimitsAreNamed) {
  ParserLimits limits;
  limits.bytes = 10;
  EXPECT_THAT(Parse("RETURN 1234", limits),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("10")));
  limits = {};
  limits.depth = 5;
  EXPECT_THAT(Parse("RETURN [[1]]", limits), IsOk());
  EXPECT_THAT(Parse("RETURN [[[[[[1]]]]]]", limits),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("line 1, column")));
  EXPECT_THAT(Parse("RETURN 1 + 1 + 1 + 1 + 1 + 1 + 1", limits),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("line 1, column")));
  limits = {};
  limits.tokens = 4;
  EXPECT_THAT(Parse("RETURN 1 + 1", limits), IsOk());
  EXPECT_THAT(Parse("RETURN 1 + 1 + 1", limits),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("more than 4 words")));
  limits = {};
  limits.depth = 5;
  // Siblings do not add up.
  EXPECT_THAT(Parse("RETURN [n:A, n:A, n:A, n:A, n:A, n:A, n:A, (n:A), [n:A]]", limits), IsOk());
}

}  // namespace
}  // namespace relata::query
