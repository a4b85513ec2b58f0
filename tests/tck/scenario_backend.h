#ifndef RELATA_TESTS_TCK_SCENARIO_BACKEND_H_
#define RELATA_TESTS_TCK_SCENARIO_BACKEND_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/tck/graph_state.h"
#include "tests/tck/tck_value.h"

namespace relata {

// Name -> value; values are no nodes, relationships or paths.
using TckParameters = std::vector<std::pair<std::string, TckValue>>;

struct TckResult {
  std::vector<std::string> columns;
  std::vector<std::vector<TckValue>> rows;
  std::string plan;  // of EXPLAIN and PROFILE
};

// A procedure that is a table: a call gives the outputs of the rows whose inputs equal the
// arguments.
struct TckProcedure {
  std::string name;
  // Name and type (`INTEGER?`) of each.
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<std::pair<std::string, std::string>> outputs;
  std::vector<std::vector<TckValue>> rows;  // inputs, then outputs
};

// One graph, empty at first, and an engine that runs queries on it. Used by one thread at a time.
class ScenarioBackend {
 public:
  virtual ~ScenarioBackend() = default;
  // Runs one query to its end. An error of the query carries a QueryErrorInfo
  // (graph/query/query_error.h).
  virtual absl::StatusOr<TckResult> Execute(absl::string_view query,
                                            const TckParameters& parameters) = 0;
  virtual absl::Status Register(const TckProcedure& procedure) = 0;
  virtual absl::StatusOr<GraphState> State() = 0;
  // Until indexes that queries created can be used.
  virtual absl::Status WaitForIndexes() { return absl::OkStatus(); }
};

// Called from several threads.
using ScenarioBackendFactory = std::function<absl::StatusOr<std::unique_ptr<ScenarioBackend>>()>;

}  // namespace relata

#endif  // RELATA_TESTS_TCK_SCENARIO_BACKEND_H_
