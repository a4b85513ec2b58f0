#ifndef RELATA_TESTS_TCK_SUITE_H_
#define RELATA_TESTS_TCK_SUITE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/tck/gherkin.h"
#include "tests/tck/scenario_backend.h"
#include "tests/tck/scenario_runner.h"

namespace relata {

// What a folder laid out as the TCK is holds: features/**/*.feature and graphs/NAME/NAME.json
// beside its scripts.
struct TckSuite {
  std::vector<GherkinScenario> scenarios;  // by file, in the order of the text
  int ignored = 0;                         // marked @ignore and left out
  NamedGraphs graphs;
};

// `filter`: only scenarios whose id contains it. NOT_FOUND where the folder holds no feature,
// INVALID_ARGUMENT for a file that cannot be read.
absl::StatusOr<TckSuite> ReadSuite(const std::string& directory, absl::string_view filter);

// Scenarios that are known to fail: id -> why. In the file a line is an id; comment lines (`#`)
// right above say the reason and must be there.
using KnownFailures = std::map<std::string, std::string>;
absl::StatusOr<KnownFailures> ParseKnownFailures(absl::string_view text);

struct SuiteOptions {
  int threads = 2;
  bool verbose = false;  // also names what passed
  KnownFailures known;
  bool filtered = false;  // not all scenarios are there, so known ones may be missing
};

struct SuiteCounts {
  int passed = 0;
  int failed = 0;
  // What makes the run fail: failures that are not known, known ones that passed or do not exist.
  int surprises = 0;
};

// Runs each scenario on a backend of its own and reports line by line: failures, passed and failed
// by folder, the three scores of scenarios that expect an error.
SuiteCounts RunSuite(const TckSuite& suite, const SuiteOptions& options,
                     const ScenarioBackendFactory& make_backend,
                     const std::function<void(const std::string&)>& report);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_SUITE_H_
