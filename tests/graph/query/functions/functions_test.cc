// Calls of functions and operators, from data files: a line is `call -> value` or
// `call -> ! Class Detail`, an error; `#` starts a comment.

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "graph/query/query_error.h"
#include "gtest/gtest.h"
#include "tests/graph/query/functions/call_text.h"

namespace relata::query {
namespace {

// 2024-02-29T13:14:15.678901Z
constexpr int64_t kNow = 1709212455678901;
constexpr char kArrow[] = " -> ";

struct CallCase {
  int line = 0;
  std::string call;
  std::string expected;
};

std::vector<CallCase> ReadCases(const std::string& name) {
  std::ifstream file(absl::StrCat("tests/graph/query/functions/cases/", name, ".txt"));
  EXPECT_TRUE(file.is_open());
  std::vector<CallCase> cases;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const size_t arrow = line.rfind(kArrow);
    if (arrow == std::string::npos) {
      ADD_FAILURE() << name << ".txt:" << number << " has no arrow";
      continue;
    }
    cases.push_back({number, line.substr(0, arrow), line.substr(arrow + sizeof(kArrow) - 1)});
  }
  return cases;
}

std::string Show(const absl::StatusOr<Datum>& result) {
  if (result.ok()) return ShowDatum(*result);
  const std::optional<QueryErrorInfo> error = GetQueryError(result.status());
  if (!error.has_value())
    return absl::StrCat("! ", absl::StatusCodeToString(result.status().code()));
  return absl::StrCat("! ", ErrorClassName(error->error_class), " ", error->detail);
}

class FunctionsTest : public testing::TestWithParam<const char*> {};

TEST_P(FunctionsTest, GivesWhatTheFileSays) {
  uint64_t random = 1;
  CallContext context;
  context.now_micros = kNow;
  context.random_state = &random;
  const std::vector<CallCase> cases = ReadCases(GetParam());
  EXPECT_GT(cases.size(), 10u);
  for (const CallCase& c : cases) {
    const absl::StatusOr<Datum> result = Evaluate(c.call, context);
    EXPECT_EQ(Show(result), c.expected) << GetParam() << ".txt:" << c.line << ": " << c.call << "\n"
                                        << result.status();
  }
}

INSTANTIATE_TEST_SUITE_P(Files, FunctionsTest,
                         testing::Values("arithmetic", "comparison", "strings", "lists",
                                         "conversion", "aggregates", "temporal_creation",
                                         "temporal_selection", "temporal_truncation",
                                         "temporal_arithmetic", "time_zones", "types"),
                         [](const auto& file) { return std::string(file.param); });

}  // namespace
}  // namespace relata::query
