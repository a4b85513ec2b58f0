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
#include "graph/query/syntax/ast_text.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"

// Runs the files of data/: cases divided by lines `====`, each a query, a line `----`, and the
// syntax tree (ast_text.h) or `error DETAIL LINE:COLUMN MESSAGE`. With RELATA_UPDATE_EXPECTATIONS
// set the files are rewritten; the difference is for review.
namespace relata::query {
namespace {

constexpr absl::string_view kFolder = "tests/graph/query/syntax/data";
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
    if (halves.size() == 2) {
      cases.push_back({halves[0], halves[1]});
    } else {
      // A new case: what is expected is not written yet.
      cases.push_back({std::string(absl::StripSuffix(part, "\n")), ""});
    }
  }
  return cases;
}

std::string Outcome(const std::string& query) {
  const absl::StatusOr<ast::Statement> statement = Parse(query);
  if (statement.ok()) return AstText(*statement);
  const std::optional<QueryErrorInfo> info = GetQueryError(statement.status());
  if (!info || !info->span) return absl::StrCat("error ", statement.status().message(), "\n");
  const SourcePosition position = PositionOf(query, info->span->begin);
  return absl::StrCat("error ", info->detail, " ", position.line, ":", position.column, " ",
                      statement.status().message(), "\n");
}

bool Updating() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
  return std::getenv("RELATA_UPDATE_EXPECTATIONS") != nullptr;
}

class ParserDataTest : public testing::TestWithParam<std::string> {};

TEST_P(ParserDataTest, GivesTheTreesAndErrorsOfTheFile) {
  const std::filesystem::path path = std::filesystem::path(std::string(kFolder)) / GetParam();
  const std::vector<Case> cases = ReadCases(path);
  ASSERT_FALSE(cases.empty());
  std::string rewritten;
  for (const Case& c : cases) {
    const std::string outcome = Outcome(c.query);
    absl::StrAppend(&rewritten, rewritten.empty() ? "" : kCaseEnd, c.query, kQueryEnd, outcome);
    if (!Updating()) {
      EXPECT_EQ(outcome, c.expected) << c.query;
    }
  }
  if (Updating()) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << rewritten;
  }
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
