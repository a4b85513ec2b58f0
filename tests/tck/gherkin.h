#ifndef RELATA_TESTS_TCK_GHERKIN_H_
#define RELATA_TESTS_TCK_GHERKIN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// Rows of cells without outer blanks, Gherkin's own escapes (`\|`, `\\`, `\n`) undone. A row may
// have no cell.
using GherkinTable = std::vector<std::vector<std::string>>;

// One step of a scenario, without its keyword (Given, When, Then, And, But).
struct GherkinStep {
  std::string text;
  std::optional<std::string> doc_string;  // without the indentation of its opening quotes
  std::optional<GherkinTable> table;
  int line = 0;
};

// One scenario that can be run: the steps of the background first; of an outline one for each row
// of its examples.
struct GherkinScenario {
  std::string file;  // as given to ParseFeature
  std::string
      name;  // of an outline's row: the outline's name and ` #1`, ` #2`, … over all its examples
  bool ignored = false;  // tagged @ignore: not meant to be run
  std::vector<GherkinStep> steps;
  int line = 0;

  // What names it in lists and reports: `clauses/match/Match5.feature: [1] Handle … #2`.
  std::string Id() const { return file + ": " + name; }
};

// Reads a feature file: what of Gherkin the openCypher TCK uses (Feature, Background, Scenario,
// Scenario Outline, Examples, doc strings, tables, tags, comments), LF or CRLF. INVALID_ARGUMENT
// with file and line for anything else.
absl::StatusOr<std::vector<GherkinScenario>> ParseFeature(absl::string_view text,
                                                          absl::string_view file);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_GHERKIN_H_
