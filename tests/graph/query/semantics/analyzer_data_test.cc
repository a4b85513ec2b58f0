#include <filesystem>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/semantics/bound_text.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"
#include "tests/graph/query/data_cases.h"

// Runs the files of data/: queries with the bound statement (bound_text.h) or
// `CLASS DETAIL LINE:COLUMN MESSAGE`.
namespace relata::query {
namespace {

constexpr absl::string_view kFolder = "tests/graph/query/semantics/data";
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
  const std::string place = info->span ? PlaceText(text, info->span->begin) : "-";
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
  ProcedureRegistry registry;
  ASSERT_NO_FATAL_FAILURE(RegisterProcedures(registry));
  int cases_seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(kFolder))) {
    cases_seen += RunDataCases(
        entry.path(), [&registry](const std::string& query) { return Outcome(query, registry); });
  }
  EXPECT_GT(cases_seen, 150);
}

}  // namespace
}  // namespace relata::query
