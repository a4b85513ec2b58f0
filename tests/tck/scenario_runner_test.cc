#include "tests/tck/scenario_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "graph/query/query_error.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// Answers each query from a script, and notes what it was asked.
class ScriptedBackend : public ScenarioBackend {
 public:
  absl::StatusOr<TckResult> Execute(absl::string_view query,
                                    const TckParameters& parameters) override {
    queries.emplace_back(query);
    for (const auto& [name, value] : parameters) {
      queries.back() += absl::StrCat(" $", name, "=", CanonicalText(value));
    }
    if (query == "CREATE ()") {
      state.nodes.insert(state.nodes.size() + 1);
      return TckResult();
    }
    if (query == "BAD" || query == "BAD AND CREATE") {
      if (query != "BAD") state.nodes.insert(99);
      return query::MakeQueryError(query::ErrorClass::kSyntax, query::ErrorPhase::kCompile,
                                   "UnexpectedSyntax", std::nullopt, "bad");
    }
    if (query == "LOST") return absl::UnavailableError("lost");
    return result;
  }
  absl::Status Register(const TckProcedure& procedure) override {
    procedures.push_back(procedure);
    return absl::OkStatus();
  }
  absl::StatusOr<GraphState> State() override { return state; }

  TckResult result;
  GraphState state;
  std::vector<std::string> queries;
  std::vector<TckProcedure> procedures;
};

class RunScenarioTest : public testing::Test {
 protected:
  ScenarioOutcome Run(absl::string_view steps) {
    const auto scenarios = ParseFeature(absl::StrCat("Feature: f\nScenario: s\n", steps), "f");
    if (!scenarios.ok()) return {false, scenarios.status().ToString(), {}};
    const NamedGraphs graphs = {{"two-nodes", {"CREATE ()", "CREATE ()"}}};
    return RunScenario(scenarios->front(), graphs, backend_);
  }
  // Of a query with the result `a | b`, rows (1, [1, 2]) and (2, []), and these steps after it.
  ScenarioOutcome RunResult(absl::string_view steps) {
    backend_.result.columns = {"a", "b"};
    backend_.result.rows = {{TckValue::Int(1), *ParseTckValue("[1, 2]")},
                            {TckValue::Int(2), *ParseTckValue("[]")}};
    return Run(absl::StrCat("When executing query:\n\"\"\"\nQ\n\"\"\"\n", steps));
  }
  ScenarioOutcome RunError(absl::string_view query, absl::string_view step) {
    return Run(absl::StrCat("When executing query:\n\"\"\"\n", query, "\n\"\"\"\n", step));
  }

  ScriptedBackend backend_;
};

TEST_F(RunScenarioTest, GraphsSetUpAndParametersComeFirst) {
  const ScenarioOutcome outcome = Run(R"(
    Given the two-nodes graph
    And having executed:
      """
      CREATE ()
      """
    And parameters are:
      | p | {a: 1} |
    When executing query:
      """
      CREATE ()
      """
    Then the result should be empty
    And the side effects should be:
      | +nodes | 1 |
    When executing control query:
      """
      Q
      """
    Then no side effects
)");
  EXPECT_TRUE(outcome.passed) << outcome.failure;
  EXPECT_THAT(backend_.queries, ElementsAre("CREATE ()", "CREATE ()", "CREATE ()",
                                            "CREATE () $p={a: 1}", "Q $p={a: 1}"));
}

TEST_F(RunScenarioTest, RowsAreComparedInOrderOnlyWhereTheStepSaysSo) {
  EXPECT_TRUE(RunResult("Then the result should be, in any order:\n"
                        "| a | b |\n| 2 | [] |\n| 1 | [1, 2] |\n")
                  .passed);
  EXPECT_TRUE(RunResult("Then the result should be, in order:\n"
                        "| a | b |\n| 1 | [1, 2] |\n| 2 | [] |\n")
                  .passed);
  EXPECT_FALSE(RunResult("Then the result should be, in order:\n"
                         "| a | b |\n| 2 | [] |\n| 1 | [1, 2] |\n")
                   .passed);
  EXPECT_TRUE(RunResult("Then the result should be (ignoring element order for lists):\n"
                        "| a | b |\n| 2 | [] |\n| 1 | [2, 1] |\n")
                  .passed);
  EXPECT_TRUE(RunResult("Then the result should be, in order (ignoring element order for lists):\n"
                        "| a | b |\n| 1 | [2, 1] |\n| 2 | [] |\n")
                  .passed);
  EXPECT_FALSE(RunResult("Then the result should be, in any order:\n"
                         "| a | b |\n| 2 | [] |\n| 1 | [2, 1] |\n")
                   .passed);
}

TEST_F(RunScenarioTest, ColumnsAndTheNumberOfRowsCount) {
  EXPECT_THAT(RunResult("Then the result should be, in any order:\n"
                        "| a | c |\n| 2 | [] |\n| 1 | [1, 2] |\n")
                  .failure,
              HasSubstr("columns differ"));
  EXPECT_THAT(RunResult("Then the result should be, in any order:\n"
                        "| a | b |\n| 2 | [] |\n| 1 | [1, 2] |\n| 2 | [] |\n")
                  .failure,
              HasSubstr("rows differ"));
  EXPECT_FALSE(RunResult("Then the result should be empty\n").passed);
}

TEST_F(RunScenarioTest, SideEffectsMustBeExactlyThose) {
  EXPECT_THAT(RunError("CREATE ()", "Then no side effects\n").failure,
              HasSubstr("expected: none\n  got:      +nodes 1"));
  EXPECT_FALSE(RunResult("Then the side effects should be:\n| +nodes | 1 |\n").passed);
  EXPECT_TRUE(RunResult("Then the side effects should be:\n| +nodes | 0 |\n").passed);
}

TEST_F(RunScenarioTest, ErrorsAreComparedByTypePhaseAndDetail) {
  const auto scores = [&](absl::string_view query, absl::string_view error) {
    const ScenarioOutcome outcome = RunError(query, absl::StrCat("Then a ", error, "\n"));
    EXPECT_TRUE(outcome.error.expected);
    return absl::StrCat(outcome.error.raised, outcome.error.type_and_phase, outcome.error.detail,
                        outcome.passed);
  };
  EXPECT_EQ(scores("BAD", "SyntaxError should be raised at compile time: UnexpectedSyntax"),
            "1111");
  EXPECT_EQ(scores("BAD", "SyntaxError should be raised at any time: *"), "1111");
  EXPECT_EQ(scores("BAD", "SyntaxError should be raised at compile time: Other"), "1100");
  EXPECT_EQ(scores("BAD", "SyntaxError should be raised at runtime: UnexpectedSyntax"), "1000");
  EXPECT_EQ(scores("BAD", "TypeError should be raised at compile time: UnexpectedSyntax"), "1000");
  EXPECT_EQ(scores("LOST", "SyntaxError should be raised at any time: *"), "1000");
  EXPECT_EQ(scores("Q", "SyntaxError should be raised at any time: *"), "0000");
  // It failed as it should, but it wrote.
  EXPECT_EQ(scores("BAD AND CREATE", "SyntaxError should be raised at any time: *"), "1110");
}

TEST_F(RunScenarioTest, AnErrorThatNobodyExpectsFails) {
  EXPECT_THAT(RunError("BAD", "Then the result should be empty\n").failure,
              HasSubstr("SyntaxError at compile time: UnexpectedSyntax"));
  EXPECT_FALSE(RunError("BAD", "Then no side effects\n").passed);
  EXPECT_FALSE(RunError("BAD", "").passed);
  EXPECT_FALSE(Run("Given having executed:\n\"\"\"\nBAD\n\"\"\"\n").passed);
}

TEST_F(RunScenarioTest, AStepThatIsNotKnownFails) {
  for (absl::string_view step :
       {"Then the moon should rise", "Then the result should be, in some order:",
        "Then a SyntaxError should be raised at noon: *", "Given the unheard-of graph"}) {
    EXPECT_FALSE(RunResult(absl::StrCat(step, "\n")).passed) << step;
  }
  EXPECT_THAT(Run("Given any graph\n").failure, HasSubstr("executes no query"));
}

TEST(ParseProcedureTest, ReadsSignatureAndTable) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const TckProcedure procedure,
      ParseProcedure("test.p(in :: INTEGER?, b :: LIST OF STRING?) :: (out :: FLOAT?) :",
                     {{"in", "b", "out"}, {"1", "[]", "2.0"}}));
  EXPECT_EQ(procedure.name, "test.p");
  EXPECT_THAT(procedure.inputs, ElementsAre(Pair("in", "INTEGER?"), Pair("b", "LIST OF STRING?")));
  EXPECT_THAT(procedure.outputs, ElementsAre(Pair("out", "FLOAT?")));
  ASSERT_EQ(procedure.rows.size(), 1u);
  EXPECT_EQ(CanonicalText(procedure.rows[0][2]), "2.0");
}

TEST(ParseProcedureTest, ATableOfOneEmptyRowHasNoColumnsAndNoRows) {
  RELATA_ASSERT_OK_AND_ASSIGN(const TckProcedure procedure, ParseProcedure("p() :: ():", {{}}));
  EXPECT_TRUE(procedure.inputs.empty());
  EXPECT_TRUE(procedure.outputs.empty());
  EXPECT_TRUE(procedure.rows.empty());
}

TEST(ParseProcedureTest, WhatDoesNotFitIsRefused) {
  EXPECT_THAT(ParseProcedure("p", {}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseProcedure("p(a) :: ()", {}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseProcedure("p(a :: ANY) :: ()", {{"a", "b"}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseProcedure("p(a :: ANY) :: ()", {{"a"}, {"?"}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace relata
