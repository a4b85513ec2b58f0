#include "tests/graph/query/data_cases.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "graph/query/query_error.h"
#include "gtest/gtest.h"

namespace relata::query {
namespace {

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
      cases.push_back({std::string(absl::StripSuffix(part, "\n")), ""});
    }
  }
  return cases;
}

}  // namespace

int RunDataCases(const std::filesystem::path& path,
                 const std::function<std::string(const std::string& query)>& outcome) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
  const bool update = std::getenv("RELATA_UPDATE_EXPECTATIONS") != nullptr;
  const std::vector<Case> cases = ReadCases(path);
  EXPECT_FALSE(cases.empty()) << path;
  std::string rewritten;
  for (const Case& one : cases) {
    const std::string got = outcome(one.query);
    absl::StrAppend(&rewritten, rewritten.empty() ? "" : kCaseEnd, one.query, kQueryEnd, got);
    if (!update) {
      EXPECT_EQ(got, one.expected) << path << "\n" << one.query;
    }
  }
  if (update) std::ofstream(path, std::ios::binary | std::ios::trunc) << rewritten;
  return static_cast<int>(cases.size());
}

std::string PlaceText(absl::string_view text, uint32_t offset) {
  const SourcePosition position = PositionOf(text, offset);
  return absl::StrCat(position.line, ":", position.column);
}

}  // namespace relata::query
