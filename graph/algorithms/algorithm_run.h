#ifndef RELATA_GRAPH_ALGORITHMS_ALGORITHM_RUN_H_
#define RELATA_GRAPH_ALGORITHMS_ALGORITHM_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/algorithms/projection.h"
#include "graph/algorithms/projection_cache.h"
#include "graph/algorithms/run_control.h"
#include "graph/store/snapshot.h"
#include "graph/values/value.h"

namespace relata {

// What a run can be told beside its projection. Fields that an algorithm does not take have no
// effect; what was left out has the default of the algorithm.
struct AlgorithmOptions {
  EntityId source;  // must be in the projection
  std::optional<double> damping;
  std::optional<int> iterations;
  std::optional<double> tolerance;
  std::optional<int> max_levels;
  uint64_t samples = 0;
  uint64_t seed = 0;
};

// Which of AlgorithmOptions an algorithm takes. Bits.
enum AlgorithmTakes : uint32_t {
  kTakesNothing = 0,
  kTakesSource = 1,  // and needs it
  kTakesWeight = 2,
  kTakesDamping = 4,
  kTakesIterations = 8,
  kTakesTolerance = 16,
  kTakesLevels = 32,
  kTakesSamples = 64,  // and the seed
};

// What an algorithm gave, by vertex of its projection.
struct AlgorithmResult {
  std::shared_ptr<const Projection> projection;
  // Of each vertex: a number; a count, UINT64_MAX for none; or a vertex.
  std::variant<std::vector<double>, std::vector<uint64_t>, std::vector<VertexIndex>> values;
  double summary = 0;  // what AlgorithmDefinition::summary names

  // A number or an integer; of a vertex the id of its entity. Null: not reached.
  Value ValueOf(VertexIndex vertex) const;
};

// One whole-graph algorithm, as procedures and calls offer it.
struct AlgorithmDefinition {
  absl::string_view name;         // `pagerank`
  absl::string_view value;        // what it gives for a vertex: `score`
  bool value_is_number;           // else an integer
  absl::string_view summary;      // what it gives for the graph: `modularity`; empty: nothing
  uint32_t takes;                 // AlgorithmTakes
  bool needs_undirected;          // every other orientation is refused
  bool needs_incoming;            // arcs, of the projection
  ParallelWeights parallel;       // how weights of parallel relationships join
  absl::string_view description;  // one sentence, for users
  absl::StatusOr<AlgorithmResult> (*run)(const Projection& projection,
                                         const AlgorithmOptions& options, RunControl& control);
};

// By name.
absl::Span<const AlgorithmDefinition> AllAlgorithms();
// Null where there is none.
const AlgorithmDefinition* FindAlgorithm(absl::string_view name);

// Runs it over a projection from the cache (or built for it). Of `spec` the fields `incoming` and
// `parallel` are set from the definition. INVALID_ARGUMENT: an option out of its range;
// FAILED_PRECONDITION: the source is not in the projection, or weights it cannot take; else as
// Projection::Build.
absl::StatusOr<AlgorithmResult> RunAlgorithm(const AlgorithmDefinition& algorithm,
                                             const Snapshot& snapshot, ProjectionCache& cache,
                                             ProjectionSpec spec, const AlgorithmOptions& options,
                                             RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_ALGORITHM_RUN_H_
