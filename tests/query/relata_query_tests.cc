// relata_query_tests [--update] FILE...: runs query test files in every mode. With --update it
// writes what the default mode gives into the files where that is not what they expect; look at the
// difference before it is committed. Ends with `N passed, N failed`, counted over modes; exits with
// 1 where one failed, 2 where a file cannot be read.
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/query/query_file_runner.h"

namespace relata {
namespace {

bool Update(const std::string& path, const QueryFile& file) {
  std::vector<std::vector<std::string>> expectations;
  bool complete = true;
  for (const QueryTest& test : file.tests) {
    const absl::StatusOr<std::vector<std::string>> got = RunQueryTest(test, QueryModes()[0]);
    if (!got.ok()) {
      std::printf("%s:%d: %s\n", path.c_str(), test.line, got.status().ToString().c_str());
      complete = false;
    }
    const bool keep = !got.ok() || MeetsExpectation(test, *got);
    expectations.push_back(keep ? test.expected : *got);
  }
  std::ofstream(path, std::ios::binary) << WithExpectations(file, expectations);
  return complete;
}

}  // namespace
}  // namespace relata

int main(int argc, char** argv) {
  const bool update = argc > 1 && std::string(argv[1]) == "--update";
  const int first = update ? 2 : 1;
  if (argc <= first) {
    std::fprintf(stderr, "usage: relata_query_tests [--update] FILE...\n");
    return 2;
  }
  size_t passed = 0;
  size_t failed = 0;
  for (int i = first; i < argc; ++i) {
    const absl::StatusOr<relata::QueryFile> file = relata::ReadQueryFile(argv[i]);
    if (!file.ok()) {
      std::fprintf(stderr, "relata_query_tests: %s\n", file.status().ToString().c_str());
      return 2;
    }
    if (update) {
      if (!relata::Update(argv[i], *file)) ++failed;
      continue;
    }
    for (const relata::QueryMode& mode : relata::QueryModes()) {
      const std::vector<std::string> failures = relata::RunQueryFile(*file, mode);
      for (const std::string& failure : failures) {
        std::printf("%s, %s, %s\n", argv[i], mode.name.c_str(), failure.c_str());
      }
      failed += failures.size();
      passed += file->tests.size() - failures.size();
    }
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
