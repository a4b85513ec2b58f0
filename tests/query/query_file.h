#ifndef RELATA_TESTS_QUERY_QUERY_FILE_H_
#define RELATA_TESTS_QUERY_QUERY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/tck/scenario_backend.h"

namespace relata {

// One test of a query file: statements on a new database, and what the last of them must give.
struct QueryTest {
  std::string title;
  int line = 0;                         // of the title, from 1
  std::vector<std::string> statements;  // those of its graph, then its own
  TckParameters parameters;             // of the last statement
  std::vector<std::string> expected;    // lines
  // Where the lines of `expected` stand in QueryFile::lines.
  size_t expected_begin = 0;
  size_t expected_end = 0;
};

// A file of query tests:
//
//   # A comment, anywhere but inside statements and expectations.
//   graph: what the tests below start from, up to the next graph
//   CREATE (:City {name: 'Wuhan'});
//   CREATE (:City {name: 'Xiamen'});
//
//   test: a title
//   $limit = 1
//   CREATE (:City {name: 'Hefei'});
//   MATCH (c:City) RETURN c.name AS name, c ORDER BY name LIMIT $limit
//   ----
//   name | c
//   'Hefei' | (:City {name: 'Hefei'})
//
// A line that ends with `;` ends a statement; the last one of a test needs none. Expectations end
// with a blank line. They are
// - a line of column names (none for a statement without result) and a line for each row, cells as
//   in the TCK, compared by value, in any order unless the last statement has ORDER BY; then, where
//   the statement changed the graph, `effects: ` and the TCK's counts;
// - or `error SyntaxError(UndefinedVariable) at compile time 1:8: ` and a part of the message; the
//   place may be left out; `error RESOURCE_EXHAUSTED: ` for what is no error of the language;
// - or `plan`, and lines that the plan's lines must contain, in this order; rows of PROFILE do not
//   count.
struct QueryFile {
  std::vector<std::string> lines;
  std::vector<QueryTest> tests;
};

// INVALID_ARGUMENT with the line.
absl::StatusOr<QueryFile> ParseQueryFile(absl::string_view text);

// The file's text with other expectations: one list of lines for each test.
std::string WithExpectations(const QueryFile& file,
                             const std::vector<std::vector<std::string>>& expectations);

// What a statement gave, as an expectation. `effects`: what it changed.
std::vector<std::string> RenderResult(const TckResult& result, const StateDifference& effects);
// Of a statement that failed; `query` is its text.
std::vector<std::string> RenderError(const absl::Status& status, absl::string_view query);

// Whether what a test's last statement gave is what is expected.
bool MeetsExpectation(const QueryTest& test, const std::vector<std::string>& got);

}  // namespace relata

#endif  // RELATA_TESTS_QUERY_QUERY_FILE_H_
