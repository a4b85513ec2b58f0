#include "tests/tck/scenario_runner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"

namespace relata {
namespace {

constexpr absl::string_view kRaised = " should be raised at ";

using query::ErrorPhase;
using query::QueryErrorInfo;

// `a :: T?, b :: U?`; nothing between the parentheses: none.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseFields(
    absl::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (absl::StripAsciiWhitespace(text).empty()) return fields;
  for (absl::string_view field : absl::StrSplit(text, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(field, absl::MaxSplits("::", 1));
    if (parts.size() != 2) {
      return absl::InvalidArgumentError(absl::StrCat("expected `name :: TYPE`, got `", field, "`"));
    }
    fields.emplace_back(absl::StripAsciiWhitespace(parts[0]), absl::StripAsciiWhitespace(parts[1]));
  }
  return fields;
}

absl::Status Differs(absl::string_view what, absl::string_view expected, absl::string_view got) {
  return absl::FailedPreconditionError(
      absl::StrCat(what, " differ\n  expected: ", expected, "\n  got:      ", got));
}

std::string RowsText(const std::vector<std::string>& rows) {
  return rows.empty() ? "(no rows)" : absl::StrCat("\n    ", absl::StrJoin(rows, "\n    "));
}

std::string DifferenceText(const StateDifference& difference) {
  return difference.empty() ? "none" : absl::StrJoin(difference, ", ", absl::PairFormatter(" "));
}

std::string ErrorText(absl::string_view type, absl::string_view phase, absl::string_view detail) {
  return absl::StrCat(type, " at ", phase, ": ", detail);
}

absl::string_view PhaseName(ErrorPhase phase) {
  return phase == ErrorPhase::kCompile ? "compile time" : "runtime";
}

// Runs one scenario, step by step.
class ScenarioSteps {
 public:
  ScenarioSteps(const NamedGraphs& graphs, ScenarioBackend& backend)
      : graphs_(graphs), backend_(backend) {}

  absl::Status Run(const GherkinStep& step) {
    const absl::string_view text = step.text;
    if (text == "an empty graph" || text == "any graph") return absl::OkStatus();
    if (text == "having executed:") return SetUp(step.doc_string.value_or(""));
    if (text == "parameters are:") return ReadParameters(step);
    if (text == "executing query:" || text == "executing control query:") {
      return Execute(step.doc_string.value_or(""));
    }
    if (text == "no side effects") return CheckSideEffects({});
    if (text == "the side effects should be:") return ReadSideEffects(step);
    if (text == "the result should be empty") return CheckEmpty();
    if (absl::StartsWith(text, "the result should be")) return CheckResult(step);
    absl::string_view rest = text;
    if (absl::ConsumePrefix(&rest, "there exists a procedure ")) {
      RELATA_ASSIGN_OR_RETURN(const TckProcedure procedure,
                              ParseProcedure(rest, step.table.value_or(GherkinTable())));
      return backend_.Register(procedure);
    }
    if (absl::StrContains(text, kRaised)) return CheckError(text);
    if (absl::ConsumePrefix(&rest, "the ") && absl::ConsumeSuffix(&rest, " graph")) {
      return LoadGraph(rest);
    }
    return absl::UnimplementedError("this step is not known");
  }

  // To be asked after the last step: an error of the last query that no step expected.
  absl::Status Unexpected() const {
    if (!executed_) return absl::FailedPreconditionError("the scenario executes no query");
    return error_expected_ ? absl::OkStatus() : QueryStatus();
  }
  const ErrorScore& score() const { return score_; }
  const std::string& query() const { return query_; }

 private:
  absl::Status SetUp(const std::string& query) {
    const absl::StatusOr<TckResult> result = backend_.Execute(query, {});
    if (result.ok()) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("a set-up query failed: ", result.status().ToString(), "\n", query));
  }

  absl::Status LoadGraph(absl::string_view name) {
    const auto graph = graphs_.find(std::string(name));
    if (graph == graphs_.end()) {
      return absl::NotFoundError(absl::StrCat("there is no graph named ", name));
    }
    for (const std::string& query : graph->second) RELATA_RETURN_IF_ERROR(SetUp(query));
    return absl::OkStatus();
  }

  absl::Status ReadParameters(const GherkinStep& step) {
    for (const std::vector<std::string>& row : step.table.value_or(GherkinTable())) {
      if (row.size() != 2) return absl::InvalidArgumentError("expected a name and a value");
      RELATA_ASSIGN_OR_RETURN(TckValue value, ParseTckValue(row[1]));
      parameters_.emplace_back(row[0], std::move(value));
    }
    return absl::OkStatus();
  }

  // A second query runs on what the first one left, and what follows is about the second alone.
  absl::Status Execute(const std::string& query) {
    if (executed_) RELATA_RETURN_IF_ERROR(Unexpected());
    executed_ = true;
    error_expected_ = false;
    query_ = query;
    RELATA_ASSIGN_OR_RETURN(const GraphState before, backend_.State());
    result_ = backend_.Execute(query, parameters_);
    RELATA_ASSIGN_OR_RETURN(const GraphState after, backend_.State());
    changes_ = Difference(before, after);
    return absl::OkStatus();
  }

  absl::Status QueryStatus() const {
    if (result_.ok()) return absl::OkStatus();
    std::string kind = "an error";
    if (const std::optional<QueryErrorInfo> info = query::GetQueryError(result_.status())) {
      kind =
          ErrorText(query::ErrorClassName(info->error_class), PhaseName(info->phase), info->detail);
    }
    return absl::FailedPreconditionError(
        absl::StrCat("the query raised ", kind, "\n  ", result_.status().ToString()));
  }

  absl::Status ReadSideEffects(const GherkinStep& step) {
    StateDifference expected;
    for (const std::vector<std::string>& row : step.table.value_or(GherkinTable())) {
      int64_t count = 0;
      if (row.size() != 2 || !absl::SimpleAtoi(row[1], &count)) {
        return absl::InvalidArgumentError("expected a kind of side effect and its count");
      }
      if (count != 0) expected[row[0]] = count;
    }
    return CheckSideEffects(expected);
  }

  absl::Status CheckSideEffects(const StateDifference& expected) const {
    RELATA_RETURN_IF_ERROR(QueryStatus());
    if (changes_ == expected) return absl::OkStatus();
    return Differs("side effects", DifferenceText(expected), DifferenceText(changes_));
  }

  absl::Status CheckEmpty() const {
    RELATA_RETURN_IF_ERROR(QueryStatus());
    if (result_->rows.empty()) return absl::OkStatus();
    return Differs("rows", RowsText({}), RowsText(ResultRows(false)));
  }

  absl::Status CheckResult(const GherkinStep& step) const {
    absl::string_view rest = step.text;
    absl::ConsumePrefix(&rest, "the result should be");
    const bool ordered = absl::ConsumePrefix(&rest, ", in order");
    if (!ordered) absl::ConsumePrefix(&rest, ", in any order");
    const bool ignore_list_order =
        absl::ConsumePrefix(&rest, " (ignoring element order for lists)");
    if (rest != ":" || !step.table || step.table->empty()) {
      return absl::UnimplementedError("this step is not known");
    }
    RELATA_RETURN_IF_ERROR(QueryStatus());
    if (step.table->front() != result_->columns) {
      return Differs("columns", absl::StrJoin(step.table->front(), " | "),
                     absl::StrJoin(result_->columns, " | "));
    }
    RELATA_ASSIGN_OR_RETURN(std::vector<std::string> expected,
                            ExpectedRows(*step.table, ignore_list_order));
    std::vector<std::string> got = ResultRows(ignore_list_order);
    if (!ordered) {
      std::sort(expected.begin(), expected.end());
      std::sort(got.begin(), got.end());
    }
    if (expected == got) return absl::OkStatus();
    return Differs("rows", RowsText(expected), RowsText(got));
  }

  static absl::StatusOr<std::vector<std::string>> ExpectedRows(const GherkinTable& table,
                                                               bool ignore_list_order) {
    std::vector<std::string> rows;
    for (size_t row = 1; row < table.size(); ++row) {
      if (table[row].size() != table[0].size()) {
        return absl::InvalidArgumentError("a row has another number of cells than the header");
      }
      std::vector<std::string> cells;
      for (const std::string& cell : table[row]) {
        RELATA_ASSIGN_OR_RETURN(const TckValue value, ParseTckValue(cell));
        cells.push_back(CanonicalText(value, ignore_list_order));
      }
      rows.push_back(absl::StrJoin(cells, " | "));
    }
    return rows;
  }

  std::vector<std::string> ResultRows(bool ignore_list_order) const {
    std::vector<std::string> rows;
    for (const std::vector<TckValue>& row : result_->rows) {
      rows.push_back(absl::StrJoin(row, " | ", [&](std::string* out, const TckValue& value) {
        absl::StrAppend(out, CanonicalText(value, ignore_list_order));
      }));
    }
    return rows;
  }

  // `a TYPE should be raised at PHASE: DETAIL`
  absl::Status CheckError(absl::string_view text) {
    const std::vector<absl::string_view> halves = absl::StrSplit(text, absl::MaxSplits(kRaised, 1));
    absl::string_view type = halves[0];
    if (!absl::ConsumePrefix(&type, "an ")) absl::ConsumePrefix(&type, "a ");
    const std::vector<absl::string_view> tail = absl::StrSplit(halves[1], absl::MaxSplits(": ", 1));
    const absl::string_view phase = tail[0];
    if (tail.size() != 2 ||
        (phase != "compile time" && phase != "runtime" && phase != "any time")) {
      return absl::UnimplementedError("this step is not known");
    }
    error_expected_ = true;
    const std::string expected = ErrorText(type, phase, tail[1]);
    if (result_.ok()) {
      return Differs("errors", expected,
                     absl::StrCat("no error, but rows", RowsText(ResultRows(false))));
    }
    score_.raised = true;
    const std::optional<QueryErrorInfo> info = query::GetQueryError(result_.status());
    if (!info) return Differs("errors", expected, result_.status().ToString());
    score_.type_and_phase = query::ErrorClassName(info->error_class) == type &&
                            (phase == "any time" || PhaseName(info->phase) == phase);
    score_.detail = score_.type_and_phase && (tail[1] == "*" || info->detail == tail[1]);
    if (!score_.detail) {
      return Differs("errors", expected,
                     absl::StrCat(ErrorText(query::ErrorClassName(info->error_class),
                                            PhaseName(info->phase), info->detail),
                                  " (", result_.status().message(), ")"));
    }
    if (changes_.empty()) return absl::OkStatus();
    return Differs("side effects of a failed query", "none", DifferenceText(changes_));
  }

  const NamedGraphs& graphs_;
  ScenarioBackend& backend_;
  TckParameters parameters_;
  std::string query_;
  absl::StatusOr<TckResult> result_ = TckResult();
  StateDifference changes_;
  bool executed_ = false;
  bool error_expected_ = false;
  ErrorScore score_;
};

}  // namespace

absl::StatusOr<TckProcedure> ParseProcedure(absl::string_view signature,
                                            const GherkinTable& table) {
  // NAME(inputs) :: (outputs) :
  const size_t opened = signature.find('(');
  const size_t closed = signature.find(')');
  const size_t opened_outputs = signature.find('(', opened + 1);
  const size_t closed_outputs = signature.find(')', closed + 1);
  if (opened == absl::string_view::npos || closed == absl::string_view::npos ||
      opened_outputs == absl::string_view::npos || closed_outputs == absl::string_view::npos ||
      closed > opened_outputs) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected `name(inputs) :: (outputs):`, got `", signature, "`"));
  }
  TckProcedure procedure;
  procedure.name = std::string(absl::StripAsciiWhitespace(signature.substr(0, opened)));
  RELATA_ASSIGN_OR_RETURN(procedure.inputs,
                          ParseFields(signature.substr(opened + 1, closed - opened - 1)));
  RELATA_ASSIGN_OR_RETURN(
      procedure.outputs,
      ParseFields(signature.substr(opened_outputs + 1, closed_outputs - opened_outputs - 1)));
  const size_t columns = procedure.inputs.size() + procedure.outputs.size();
  for (size_t row = 0; row < table.size(); ++row) {
    const bool empty = table[row].empty() || (table[row].size() == 1 && table[row][0].empty());
    if (columns == 0 && empty) continue;
    if (table[row].size() != columns) {
      return absl::InvalidArgumentError("the procedure's table does not fit its signature");
    }
    if (row == 0) continue;  // names, in the order of the signature
    std::vector<TckValue> values;
    for (const std::string& cell : table[row]) {
      RELATA_ASSIGN_OR_RETURN(TckValue value, ParseTckValue(cell));
      values.push_back(std::move(value));
    }
    procedure.rows.push_back(std::move(values));
  }
  return procedure;
}

ScenarioOutcome RunScenario(const GherkinScenario& scenario, const NamedGraphs& graphs,
                            ScenarioBackend& backend) {
  ScenarioSteps steps(graphs, backend);
  ScenarioOutcome outcome;
  absl::Status status;
  std::string where = "after the last step";
  for (const GherkinStep& step : scenario.steps) {
    status = steps.Run(step);
    if (!status.ok()) {
      where = absl::StrCat("line ", step.line, ": ", step.text);
      break;
    }
  }
  if (status.ok()) status = steps.Unexpected();
  outcome.passed = status.ok();
  outcome.error = steps.score();
  for (const GherkinStep& step : scenario.steps) {
    if (absl::StrContains(step.text, kRaised)) outcome.error.expected = true;
  }
  if (!outcome.passed) {
    outcome.failure = absl::StrCat(where, "\n", steps.query(), "\n", status.message());
  }
  return outcome;
}

}  // namespace relata
