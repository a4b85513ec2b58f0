#include <string>

#include "absl/strings/str_cat.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

absl::Status Bind(const std::string& text) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  if (!statement.ok()) return statement.status();
  const ProcedureRegistry procedures;
  return Analyze(*statement, text, procedures, nullptr).status();
}

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Were an operand copied at each level, these would be 2^60 expressions.
TEST(AnalyzerLimitsTest, NestedOperandsDoNotMultiply) {
  RELATA_EXPECT_OK(Bind(absl::StrCat("RETURN ", Repeated("CASE ", 60), "1",
                                     Repeated(" WHEN 1 THEN 2 WHEN 2 THEN 3 END", 60), " AS x")));
  RELATA_EXPECT_OK(Bind(absl::StrCat("RETURN ", Repeated("true = (", 60), "true",
                                     Repeated(" = true) = true", 60), " AS x")));
}

TEST(AnalyzerLimitsTest, LongConditionsAreOneExpression) {
  RELATA_EXPECT_OK(
      Bind(absl::StrCat("MATCH (n) WHERE n.x = 1", Repeated(" OR n.x = 2", 20'000), " RETURN n")));
}

TEST(AnalyzerLimitsTest, RefusesWhatGrowsBeyondMeasure) {
  std::string items = "RETURN 1 AS a";
  for (int i = 0; i < 10'000; ++i) absl::StrAppend(&items, ", 1 AS a", i);
  EXPECT_THAT(Bind(items), StatusIs(absl::StatusCode::kResourceExhausted));
  std::string times;
  for (int i = 0; i < 1'001; ++i) {
    absl::StrAppend(&times, "MATCH () FOR VALID_TIME AS OF '", 1000 + i, "' ");
  }
  EXPECT_THAT(Bind(times + "RETURN 1 AS x"), StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace relata::query
