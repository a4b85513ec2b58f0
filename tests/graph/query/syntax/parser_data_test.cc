#include <filesystem>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/syntax/ast_text.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"
#include "tests/graph/query/data_cases.h"

// Runs the files of data/: queries with the syntax tree (ast_text.h) or
// `error DETAIL LINE:COLUMN MESSAGE`.
namespace relata::query {
namespace {

constexpr absl::string_view kSyntaxFolder = "tests/graph/query/syntax/data";

std::string SyntaxOutcome(const std::string& query) {
  const absl::StatusOr<ast::Statement> statement = Parse(query);
  if (statement.ok()) return AstText(*statement);
  const std::optional<QueryErrorInfo> info = GetQueryError(statement.status());
  if (!info || !info->span) return absl::StrCat("error ", statement.status().message(), "\n");
  return absl::StrCat("error ", info->detail, " ", PlaceText(query, info->span->begin), " ",
                      statement.status().message(), "\n");
}

class ParserDataTest : public testing::TestWithParam<std::string> {};

TEST_P(ParserDataTest, GivesTheTreesAndErrorsOfTheFile) {
  RunDataCases(std::filesystem::path(std::string(kSyntaxFolder)) / GetParam(), SyntaxOutcome);
}

INSTANTIATE_TEST_SUITE_P(Files, ParserDataTest,
                         testing::Values("administration.txt", "clauses.txt", "errors.txt",
                                         "expressions.txt", "literals.txt", "names.txt",
                                         "patterns.txt", "time.txt", "writing.txt"),
                         [](const testing::TestParamInfo<std::string>& file) {
                           return file.param.substr(0, file.param.find('.'));
                         });

}  // namespace
}  // namespace relata::query
