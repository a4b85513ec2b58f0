#ifndef RELATA_TESTS_QUERY_QUERY_FILE_RUNNER_H_
#define RELATA_TESTS_QUERY_QUERY_FILE_RUNNER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tests/query/query_file.h"

namespace relata {

// A way to run the same tests, which must not change what they give.
struct QueryMode {
  std::string name;
  size_t batch_rows = 1024;
  bool plan_rules = true;  // false: tests of plans are left out
  bool indexes = true;
  bool reopen = false;  // closes and opens the database between statements
  bool adjacency_cache = true;
  bool grpc = false;        // over a server and a connection; of the above only batch_rows counts
  bool by_morsels = false;  // whatever can, on several threads, two ids each; tests of plans are
                            // left out
};
absl::Span<const QueryMode> QueryModes();

// What the last statement of a test gives in a mode, as an expectation. Errors are of earlier
// statements and of the test itself.
absl::StatusOr<std::vector<std::string>> RunQueryTest(const QueryTest& test, const QueryMode& mode);

// Runs all tests of a file in a mode; one text for each that failed.
std::vector<std::string> RunQueryFile(const QueryFile& file, const QueryMode& mode);

absl::StatusOr<QueryFile> ReadQueryFile(const std::string& path);

}  // namespace relata

#endif  // RELATA_TESTS_QUERY_QUERY_FILE_RUNNER_H_
