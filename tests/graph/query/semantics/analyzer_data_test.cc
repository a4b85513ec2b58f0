#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "graph/query/query_error.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/semantics/bound_text.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"

// Runs the files of data/: cases divided by lines `====`, each a query, a line `----`, and the
// bound statement (bound_text.h) or `CLASS DETAIL LINE:COLUMN MESSAGE`. With
// RELATA_UPDATE_EXPECTATIONS set the files are rewritten; the difference is for review.
namespace relata::query {
namespace {

constexpr absl::string_view kFolder = "tests/graph/query/semantics/data";
constexpr absl::string_view kQueryEnd = "\n----\n";
constexpr absl::string_view kCaseEnd = "====\n";

struct Case {
  std::string query;
  std::string expected;
};

std::vector<Case> ReadCases(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<Case> cases;
  for (absl::string_view part : absl::StrSplit(text, kCaseEnd, absl::SkipWhitespace())) {
    const std::vector<std::string> halves = absl::StrSplit(part, absl::MaxSplits(kQueryEnd, 1));
    Case one;
    one.query = std::string(absl::StripSuffix(halves[0], "\n"));
    if (halves.size() == 2) one.expected = halves[1];
    cases.push_back(std::move(one));
  }
  return cases;
}

// Procedures of all shapes; none of them is called.
void RegisterProcedures(ProcedureRegistry& registry) {
  Procedure pair;
  pair.name = "test.pair";
  pair.inputs = {{"name", types::kString | types::kNull, "STRING?", std::nullopt},
                 {"size", types::kInt | types::kNull, "INTEGER?", Datum::Int(7)}};
  pair.outputs = {{"x", types::kString | types::kNull, "STRING?", std::nullopt},
                  {"y", types::kInt | types::kNull, "INTEGER?", std::nullopt}};
  ASSERT_TRUE(registry.Register(pair).ok());
  Procedure nothing;
  nothing.name = "test.nothing";
  ASSERT_TRUE(registry.Register(nothing).ok());
  Procedure with_float;
  with_float.name = "test.float";
  with_float.inputs = {{"value", types::kFloat | types::kNull, "FLOAT?", std::nullopt}};
  ASSERT_TRUE(registry.Register(with_float).ok());
}

std::string Describe(const absl::Status& status, absl::string_view text) {
  const std::optional<QueryErrorInfo> info = GetQueryError(status);
  if (!info || info->phase != ErrorPhase::kCompile) {
    return absl::StrCat("not an error at compile time: ", status.ToString(), "\n");
  }
  std::string place = "-";
  if (info->span) {
    const SourcePosition position = PositionOf(text, info->span->begin);
    place = absl::StrCat(position.line, ":", position.column);
  }
  return absl::StrCat(ErrorClassName(info->error_class), " ", info->detail, " ", place, " ",
                      status.message(), "\n");
}

std::string Outcome(absl::string_view text, const ProcedureRegistry& registry) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  if (!statement.ok()) return Describe(statement.status(), text);
  const auto bound = Analyze(*statement, text, registry, nullptr);
  if (!bound.ok()) return Describe(bound.status(), text);
  return BoundText(**bound);
}

TEST(AnalyzerDataTest, BindsAsWritten) {
  const bool update = std::getenv("RELATA_UPDATE_EXPECTATIONS") != nullptr;
  ProcedureRegistry registry;
  ASSERT_NO_FATAL_FAILURE(RegisterProcedures(registry));
  int cases_seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(kFolder))) {
    SCOPED_TRACE(entry.path().filename().string());
    std::string rewritten;
    for (const Case& one : ReadCases(entry.path())) {
      ++cases_seen;
      const std::string outcome = Outcome(one.query, registry);
      if (!update) {
        EXPECT_EQ(outcome, one.expected) << one.query;
      }
      absl::StrAppend(&rewritten, rewritten.empty() ? "" : kCaseEnd, one.query, kQueryEnd, outcome);
    }
    if (update) std::ofstream(entry.path(), std::ios::binary) << rewritten;
  }
  EXPECT_GT(cases_seen, 150);
}

}  // namespace
}  // namespace relata::query
