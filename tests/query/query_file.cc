#include "tests/query/query_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"

namespace relata {
namespace {

constexpr absl::string_view kErrorWord = "error ";
constexpr absl::string_view kEffectsWord = "effects: ";
constexpr absl::string_view kPlanWord = "plan";

class QueryFileReader {
 public:
  explicit QueryFileReader(absl::string_view text) {
    file_.lines = absl::StrSplit(absl::StripSuffix(text, "\n"), '\n');
  }

  absl::StatusOr<QueryFile> Read() {
    while (at_ < file_.lines.size()) {
      absl::string_view line = file_.lines[at_];
      if (absl::StripAsciiWhitespace(line).empty() || line[0] == '#') {
        ++at_;
      } else if (absl::ConsumePrefix(&line, "graph:")) {
        ++at_;
        RELATA_ASSIGN_OR_RETURN(graph_, ReadStatements(/*of_test=*/false));
      } else if (absl::ConsumePrefix(&line, "test:")) {
        RELATA_RETURN_IF_ERROR(ReadTest(absl::StripAsciiWhitespace(line)));
      } else {
        return Error("expected `graph:`, `test:`, a comment or a blank line");
      }
    }
    return std::move(file_);
  }

 private:
  absl::Status Error(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("line ", at_ + 1, ": ", what));
  }

  // Up to a blank line or, of a test, up to `----`, which stays.
  absl::StatusOr<std::vector<std::string>> ReadStatements(bool of_test) {
    std::vector<std::string> statements;
    std::string statement;
    for (; at_ < file_.lines.size(); ++at_) {
      const absl::string_view line = file_.lines[at_];
      if (of_test ? line == "----" : line.empty()) break;
      absl::StrAppend(&statement, statement.empty() ? "" : "\n", line);
      if (absl::EndsWith(line, ";")) {
        statement.pop_back();
        statements.push_back(std::exchange(statement, ""));
      }
    }
    if (!statement.empty()) statements.push_back(std::move(statement));
    return statements;
  }

  absl::Status ReadTest(absl::string_view title) {
    QueryTest test;
    test.title = std::string(title);
    test.line = static_cast<int>(at_) + 1;
    test.statements = graph_;
    for (++at_; at_ < file_.lines.size() && absl::StartsWith(file_.lines[at_], "$"); ++at_) {
      const std::vector<absl::string_view> parts =
          absl::StrSplit(file_.lines[at_], absl::MaxSplits(" = ", 1));
      if (parts.size() != 2) return Error("expected `$name = value`");
      RELATA_ASSIGN_OR_RETURN(TckValue value, ParseTckValue(parts[1]));
      test.parameters.emplace_back(parts[0].substr(1), std::move(value));
    }
    RELATA_ASSIGN_OR_RETURN(std::vector<std::string> own, ReadStatements(/*of_test=*/true));
    if (own.empty()) return Error("a test without a statement");
    if (at_ == file_.lines.size()) return Error("a test without `----`");
    test.statements.insert(test.statements.end(), own.begin(), own.end());
    test.expected_begin = ++at_;
    while (at_ < file_.lines.size() && !file_.lines[at_].empty()) {
      test.expected.push_back(file_.lines[at_++]);
    }
    test.expected_end = at_;
    file_.tests.push_back(std::move(test));
    return absl::OkStatus();
  }

  QueryFile file_;
  std::vector<std::string> graph_;
  size_t at_ = 0;
};

// The cells of a row: ` | ` outside of quotes parts them.
std::vector<std::string> SplitCells(absl::string_view row) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (size_t i = 0; i < row.size(); ++i) {
    if (!quoted && row.substr(i, 3) == " | ") {
      cells.emplace_back();
      i += 2;
      continue;
    }
    if (quoted && row[i] == '\\' && i + 1 < row.size()) cells.back().push_back(row[i++]);
    if (row[i] == '\'') quoted = !quoted;
    cells.back().push_back(row[i]);
  }
  return cells;
}

// The same text for rows of the same values; a row that is none as it stands.
std::string CanonicalRow(absl::string_view row) {
  std::vector<std::string> cells = SplitCells(row);
  for (std::string& cell : cells) {
    const absl::StatusOr<TckValue> value = ParseTckValue(cell);
    if (!value.ok()) return std::string(row);
    cell = CanonicalText(*value);
  }
  return absl::StrJoin(cells, " | ");
}

// Columns first, effects last, rows between them canonical and, unless `ordered`, ascending.
std::vector<std::string> Normalized(std::vector<std::string> lines, bool ordered) {
  if (lines.empty()) return lines;
  const auto rows = absl::StartsWith(lines[0], kEffectsWord) ? lines.begin() : lines.begin() + 1;
  const bool effects = absl::StartsWith(lines.back(), kEffectsWord);
  const auto end = effects ? lines.end() - 1 : lines.end();
  for (auto row = rows; row < end; ++row) *row = CanonicalRow(*row);
  if (!ordered && rows < end) std::sort(rows, end);
  return lines;
}

bool MeetsError(absl::string_view expected, absl::string_view got) {
  // `Class(Detail) at phase 1:8` and the message.
  const std::pair<absl::string_view, absl::string_view> want =
      absl::StrSplit(expected, absl::MaxSplits(": ", 1));
  const std::pair<absl::string_view, absl::string_view> have =
      absl::StrSplit(got, absl::MaxSplits(": ", 1));
  const absl::string_view without_place = have.first.substr(0, have.first.rfind(' '));
  if (want.first != have.first && want.first != without_place) return false;
  return absl::StrContains(have.second, want.second);
}

bool MeetsPlan(const std::vector<std::string>& expected, const std::vector<std::string>& got) {
  size_t at = 0;
  for (const std::string& line : expected) {
    while (at < got.size() && !absl::StrContains(got[at], absl::StripAsciiWhitespace(line))) ++at;
    if (at++ == got.size()) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<QueryFile> ParseQueryFile(absl::string_view text) {
  return QueryFileReader(text).Read();
}

std::string WithExpectations(const QueryFile& file,
                             const std::vector<std::vector<std::string>>& expectations) {
  std::string text;
  size_t at = 0;
  const auto copy_until = [&](size_t end) {
    for (; at < end; ++at) absl::StrAppend(&text, file.lines[at], "\n");
  };
  for (size_t i = 0; i < file.tests.size(); ++i) {
    copy_until(file.tests[i].expected_begin);
    for (const std::string& line : expectations[i]) absl::StrAppend(&text, line, "\n");
    at = file.tests[i].expected_end;
  }
  copy_until(file.lines.size());
  return text;
}

std::vector<std::string> RenderResult(const TckResult& result, const StateDifference& effects) {
  std::vector<std::string> lines;
  if (!result.plan.empty()) {
    lines = absl::StrSplit(absl::StripSuffix(result.plan, "\n"), '\n');
    lines.insert(lines.begin(), std::string(kPlanWord));
    return lines;
  }
  if (!result.columns.empty()) lines.push_back(absl::StrJoin(result.columns, " | "));
  for (const std::vector<TckValue>& row : result.rows) {
    lines.push_back(absl::StrJoin(row, " | ", [](std::string* out, const TckValue& value) {
      absl::StrAppend(out, CanonicalText(value));
    }));
  }
  if (!effects.empty()) {
    lines.push_back(
        absl::StrCat(kEffectsWord, absl::StrJoin(effects, ", ", absl::PairFormatter(" "))));
  }
  return lines;
}

std::vector<std::string> RenderError(const absl::Status& status, absl::string_view query) {
  const std::optional<query::QueryErrorInfo> info = query::GetQueryError(status);
  if (!info) {
    return {
        absl::StrCat(kErrorWord, absl::StatusCodeToString(status.code()), ": ", status.message())};
  }
  std::string place;
  if (info->span) {
    const query::SourcePosition position = query::PositionOf(query, info->span->begin);
    place = absl::StrCat(" ", position.line, ":", position.column);
  }
  return {absl::StrCat(kErrorWord, query::ErrorClassName(info->error_class), "(", info->detail,
                       ") at ",
                       info->phase == query::ErrorPhase::kCompile ? "compile time" : "runtime",
                       place, ": ", status.message())};
}

bool MeetsExpectation(const QueryTest& test, const std::vector<std::string>& got) {
  const std::vector<std::string>& expected = test.expected;
  if (expected.empty() || got.empty()) return expected == got;
  if (absl::StartsWith(expected[0], kErrorWord)) return MeetsError(expected[0], got[0]);
  if (expected[0] == kPlanWord) return MeetsPlan(expected, got);
  const bool ordered = absl::StrContains(absl::AsciiStrToUpper(test.statements.back()), "ORDER BY");
  return Normalized(expected, ordered) == Normalized(got, ordered);
}

}  // namespace relata
