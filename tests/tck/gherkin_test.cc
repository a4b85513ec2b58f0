#include "tests/tck/gherkin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<GherkinScenario> Read(absl::string_view text) {
  absl::StatusOr<std::vector<GherkinScenario>> scenarios = ParseFeature(text, "a/B.feature");
  EXPECT_TRUE(scenarios.ok()) << scenarios.status();
  return scenarios.ok() ? *scenarios : std::vector<GherkinScenario>();
}

TEST(ParseFeatureTest, BackgroundComesBeforeTheStepsOfEachScenario) {
  const auto scenarios = Read(R"(#encoding: utf-8
Feature: B - letters
  Some words about it.

  Background:
    Given an empty graph

  Scenario: [1] First
    # a comment
    When executing query:
      """
      RETURN 1
      """
    Then the result should be empty

  @skipStyleCheck @ignore
  Scenario: [2] Second
    When x
)");
  ASSERT_EQ(scenarios.size(), 2u);
  EXPECT_EQ(scenarios[0].Id(), "a/B.feature: [1] First");
  EXPECT_FALSE(scenarios[0].ignored);
  ASSERT_EQ(scenarios[0].steps.size(), 3u);
  EXPECT_EQ(scenarios[0].steps[0].text, "an empty graph");
  EXPECT_EQ(scenarios[0].steps[1].text, "executing query:");
  EXPECT_EQ(scenarios[0].steps[1].doc_string, "RETURN 1");
  EXPECT_EQ(scenarios[0].steps[1].line, 10);
  EXPECT_TRUE(scenarios[1].ignored);
  EXPECT_EQ(scenarios[1].steps.size(), 2u);
}

TEST(ParseFeatureTest, ExampleRowsFillStepsDocStringsAndCells) {
  const auto scenarios = Read(R"(Feature: f
  Scenario Outline: [3] Outline
    Given the <graph> graph
    When executing query:
      """
      RETURN <expr> AS `<expr>`
      """
    Then the result should be, in any order:
      | <expr>  |
      | <value> |

    Examples:
      | graph | expr | value |
      | g1    | 1    | '\|'  |
      # not a row
    Examples: more
      | graph | expr      | value |
      | g2    | x <graph> | 'n\\n' |
)");
  ASSERT_EQ(scenarios.size(), 2u);
  EXPECT_EQ(scenarios[0].name, "[3] Outline #1");
  EXPECT_EQ(scenarios[0].steps[0].text, "the g1 graph");
  EXPECT_EQ(scenarios[0].steps[1].doc_string, "RETURN 1 AS `1`");
  EXPECT_THAT(*scenarios[0].steps[2].table, ElementsAre(ElementsAre("1"), ElementsAre("'|'")));
  EXPECT_EQ(scenarios[1].name, "[3] Outline #2");
  // What a cell brings in is not looked at again.
  EXPECT_EQ(scenarios[1].steps[1].doc_string, "RETURN x <graph> AS `x <graph>`");
  EXPECT_THAT(*scenarios[1].steps[2].table,
              ElementsAre(ElementsAre("x <graph>"), ElementsAre("'n\\n'")));
}

TEST(ParseFeatureTest, CarriageReturnsAndIndentationAreNoPartOfTheText) {
  const auto scenarios = Read(
      "Feature: f\r\n  Scenario: s\r\n    When executing query:\r\n    \"\"\"\r\n    MATCH (n)\r\n"
      "      # RETURN n\r\n\r\n    \"\"\"\r\n    And table:\r\n      | a\\nb |  | c |\r\n      "
      "|\r\n");
  ASSERT_EQ(scenarios.size(), 1u);
  EXPECT_EQ(scenarios[0].steps[0].doc_string, "MATCH (n)\n  # RETURN n\n");
  EXPECT_THAT(*scenarios[0].steps[1].table,
              ElementsAre(ElementsAre("a\nb", "", "c"), testing::IsEmpty()));
}

TEST(ParseFeatureTest, WhatIsNotGherkinIsNamedWithItsLine) {
  for (const auto& [text, where] : std::vector<std::pair<std::string, std::string>>{
           {"Scenario: s\n", "a/B.feature:1: expected `Feature:`"},
           {"Feature: f\nScenario: s\n  When x\n  Wenn y\n", ":4: neither a step"},
           {"Feature: f\nScenario: s\n  When x\n  \"\"\"\n  y\n", ":4: this doc string has no end"},
           {"Feature: f\nScenario: s\n  When x\n  | a\n", ":4: a table row must end"},
           {"Feature: f\nScenario: s\n  | a |\n", ":3: a table row without a step"},
           {"Feature: f\nScenario: s\nExamples:\n", ":3: examples without an outline"},
           {"Feature: f\nScenario Outline: s\n  When x\n", ":2: an outline without examples"},
           {"Feature: f\nScenario Outline: s\nExamples:\n|a|\n|1|2|\n", ":2: an example row"},
       }) {
    EXPECT_THAT(ParseFeature(text, "a/B.feature"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(where)))
        << text;
  }
}

}  // namespace
}  // namespace relata
