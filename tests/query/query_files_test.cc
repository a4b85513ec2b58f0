// Every file of tests/query/files in every mode.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_join.h"
#include "tests/query/query_file_runner.h"

namespace relata {
namespace {

std::vector<std::string> FileNames() {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at("tests/query/files", error), end; !error && at != end;
       at.increment(error)) {
    names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class QueryFilesTest : public testing::TestWithParam<std::tuple<std::string, QueryMode>> {};

TEST_P(QueryFilesTest, EveryQueryGivesWhatIsExpected) {
  const auto& [name, mode] = GetParam();
  const absl::StatusOr<QueryFile> file = ReadQueryFile("tests/query/files/" + name + ".test");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(file->tests.empty());
  const std::vector<std::string> failures = RunQueryFile(*file, mode);
  EXPECT_TRUE(failures.empty()) << absl::StrJoin(failures, "\n");
}

INSTANTIATE_TEST_SUITE_P(Files, QueryFilesTest,
                         testing::Combine(testing::ValuesIn(FileNames()),
                                          testing::ValuesIn(QueryModes().begin(),
                                                            QueryModes().end())),
                         [](const auto& parameters) {
                           return std::get<0>(parameters.param) + "_" +
                                  std::get<1>(parameters.param).name;
                         });

}  // namespace
}  // namespace relata
