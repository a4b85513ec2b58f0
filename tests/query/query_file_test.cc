#include "tests/query/query_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/query/query_error.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr absl::string_view kFile = R"(# Cities.
graph: two
CREATE (:A);
CREATE (:B);

test: first
$p = [1, 'x']
CREATE (:C);
MATCH (n)
RETURN n
----
n
(:A)

# About it.
test: second
RETURN ';' AS x;
----
)";

QueryTest Expecting(std::vector<std::string> lines, std::string query = "RETURN 1") {
  QueryTest test;
  test.statements = {std::move(query)};
  test.expected = std::move(lines);
  return test;
}

TEST(ParseQueryFileTest, ReadsGraphsParametersStatementsAndExpectations) {
  RELATA_ASSERT_OK_AND_ASSIGN(const QueryFile file, ParseQueryFile(kFile));
  ASSERT_THAT(file.tests, SizeIs(2));
  EXPECT_EQ(file.tests[0].title, "first");
  EXPECT_EQ(file.tests[0].line, 6);
  EXPECT_THAT(file.tests[0].statements,
              ElementsAre("CREATE (:A)", "CREATE (:B)", "CREATE (:C)", "MATCH (n)\nRETURN n"));
  ASSERT_THAT(file.tests[0].parameters, SizeIs(1));
  EXPECT_EQ(file.tests[0].parameters[0].first, "p");
  EXPECT_EQ(CanonicalText(file.tests[0].parameters[0].second), "[1, 'x']");
  EXPECT_THAT(file.tests[0].expected, ElementsAre("n", "(:A)"));
  EXPECT_THAT(file.tests[1].statements,
              ElementsAre("CREATE (:A)", "CREATE (:B)", "RETURN ';' AS x"));
  EXPECT_TRUE(file.tests[1].expected.empty());
}

TEST(ParseQueryFileTest, OnlyExpectationsChangeInAnUpdate) {
  RELATA_ASSERT_OK_AND_ASSIGN(const QueryFile file, ParseQueryFile(kFile));
  EXPECT_EQ(WithExpectations(file, {file.tests[0].expected, {}}), kFile);
  const std::string updated = WithExpectations(file, {{"m"}, {"x", "';'"}});
  EXPECT_THAT(updated, HasSubstr("----\nm\n\n# About it.\ntest: second"));
  EXPECT_THAT(updated, HasSubstr("----\nx\n';'\n"));
}

TEST(ParseQueryFileTest, WhatIsNotKnownIsNamedWithItsLine) {
  EXPECT_THAT(ParseQueryFile("# c\nquery\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 2: expected `graph:`")));
  EXPECT_THAT(ParseQueryFile("test: t\n----\n"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseQueryFile("test: t\nRETURN 1\n"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(MeetsExpectationTest, RowsByValueAndInOrderOnlyWhereTheQueryOrders) {
  const std::vector<std::string> got = {"x | y", "1 | 'a | b'", "2 | {a: 1, b: 2}"};
  EXPECT_TRUE(MeetsExpectation(Expecting({"x | y", "2 | {b: 2, a: 1}", "1 | 'a | b'"}), got));
  EXPECT_FALSE(MeetsExpectation(
      Expecting({"x | y", "2 | {b: 2, a: 1}", "1 | 'a | b'"}, "RETURN x\norder by x"), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({"x | y", "1 | 'a | b'"}), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({"y | x", "1 | 'a | b'", "2 | {a: 1, b: 2}"}), got));
}

TEST(MeetsExpectationTest, EffectsCount) {
  TckResult none;
  const std::vector<std::string> got = RenderResult(none, {{"+nodes", 1}});
  EXPECT_THAT(got, ElementsAre("effects: +nodes 1"));
  EXPECT_TRUE(MeetsExpectation(Expecting({"effects: +nodes 1"}), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({}), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({"effects: +nodes 1"}), {}));
}

TEST(MeetsExpectationTest, ErrorsByClassDetailPhasePlaceAndAPartOfTheMessage) {
  const absl::Status status =
      query::MakeQueryError(query::ErrorClass::kSyntax, query::ErrorPhase::kCompile,
                            "UndefinedVariable", query::Span{7, 8}, "variable `x` is not defined");
  const std::vector<std::string> got = RenderError(status, "RETURN x");
  EXPECT_THAT(got, ElementsAre("error SyntaxError(UndefinedVariable) at compile time 1:8: "
                               "variable `x` is not defined"));
  const auto meets = [&](const std::string& line) {
    return MeetsExpectation(Expecting({line}), got);
  };
  EXPECT_TRUE(meets(got[0]));
  EXPECT_TRUE(meets("error SyntaxError(UndefinedVariable) at compile time: not defined"));
  EXPECT_FALSE(meets("error SyntaxError(UndefinedVariable) at compile time 1:9: not defined"));
  EXPECT_FALSE(meets("error SyntaxError(UndefinedVariable) at runtime: not defined"));
  EXPECT_FALSE(meets("error SyntaxError(UndefinedVariable) at compile time: unknown"));
  EXPECT_FALSE(meets("error TypeError(UndefinedVariable) at compile time: not defined"));
  EXPECT_THAT(RenderError(absl::ResourceExhaustedError("memory"), ""),
              ElementsAre("error RESOURCE_EXHAUSTED: memory"));
}

TEST(MeetsExpectationTest, LinesOfAPlanInTheirOrder) {
  TckResult result;
  result.plan = "Return\n  Filter n.x > 1\n    Scan n:A\n";
  const std::vector<std::string> got = RenderResult(result, {});
  EXPECT_TRUE(MeetsExpectation(Expecting({"plan", "Filter", "  Scan n:A"}), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({"plan", "Scan n:A", "Filter"}), got));
  EXPECT_FALSE(MeetsExpectation(Expecting({"plan", "Expand"}), got));
}

}  // namespace
}  // namespace relata
