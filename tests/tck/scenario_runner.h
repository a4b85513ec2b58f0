#ifndef RELATA_TESTS_TCK_SCENARIO_RUNNER_H_
#define RELATA_TESTS_TCK_SCENARIO_RUNNER_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/tck/gherkin.h"
#include "tests/tck/scenario_backend.h"

namespace relata {

// What came of a scenario that expects an error; each field includes the ones before it.
struct ErrorScore {
  bool expected = false;  // the scenario is such a one
  bool raised = false;
  bool type_and_phase = false;
  bool detail = false;
};

struct ScenarioOutcome {
  bool passed = false;
  // Of a failure: the step with its line, the query, what was expected and what came.
  std::string failure;
  ErrorScore error;
};

// Named graphs: name -> the queries that make it.
using NamedGraphs = std::map<std::string, std::vector<std::string>>;

// Runs the steps of a scenario on a backend that nobody has used yet. All steps must hold; one that
// is not known fails. An error that the scenario does not expect fails too, and a query that raised
// an error must not have changed the graph.
ScenarioOutcome RunScenario(const GherkinScenario& scenario, const NamedGraphs& graphs,
                            ScenarioBackend& backend);

// `NAME(in :: TYPE?, …) :: (out :: TYPE?, …):` and its table. The header may be left out where
// there are no columns. INVALID_ARGUMENT where the two do not fit.
absl::StatusOr<TckProcedure> ParseProcedure(absl::string_view signature, const GherkinTable& table);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_SCENARIO_RUNNER_H_
