#include "graph/algorithms/algorithm_run.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/algorithms/betweenness.h"
#include "graph/algorithms/bfs.h"
#include "graph/algorithms/k_core.h"
#include "graph/algorithms/label_propagation.h"
#include "graph/algorithms/louvain.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/scc.h"
#include "graph/algorithms/sssp.h"
#include "graph/algorithms/triangles.h"
#include "graph/algorithms/wcc.h"

namespace relata {
namespace {

constexpr uint64_t kNoCount = UINT64_MAX;
constexpr int kDefaultLabelRounds = 10;

template <typename T>
absl::StatusOr<AlgorithmResult> Given(absl::StatusOr<std::vector<T>> values) {
  RELATA_RETURN_IF_ERROR(values.status());
  return AlgorithmResult{nullptr, *std::move(values), 0};
}

absl::StatusOr<AlgorithmResult> RunBetweenness(const Projection& projection,
                                               const AlgorithmOptions& options,
                                               RunControl& control) {
  return Given(
      Betweenness(projection, {.samples = options.samples, .seed = options.seed}, control));
}

absl::StatusOr<AlgorithmResult> RunBfs(const Projection& projection,
                                       const AlgorithmOptions& options, RunControl& control) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<uint32_t> hops,
                          BreadthFirstHops(projection, projection.Find(options.source), control));
  std::vector<uint64_t> counts(hops.begin(), hops.end());
  std::replace(counts.begin(), counts.end(), uint64_t{kUnreachedHops}, kNoCount);
  return AlgorithmResult{nullptr, std::move(counts), 0};
}

absl::StatusOr<AlgorithmResult> RunCores(const Projection& projection, const AlgorithmOptions&,
                                         RunControl& control) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<uint32_t> cores, CoreNumbers(projection, control));
  return AlgorithmResult{nullptr, std::vector<uint64_t>(cores.begin(), cores.end()), 0};
}

absl::StatusOr<AlgorithmResult> RunLabels(const Projection& projection,
                                          const AlgorithmOptions& options, RunControl& control) {
  return Given(
      PropagateLabels(projection, options.iterations.value_or(kDefaultLabelRounds), control));
}

absl::StatusOr<AlgorithmResult> RunLouvain(const Projection& projection,
                                           const AlgorithmOptions& options, RunControl& control) {
  LouvainOptions louvain;
  louvain.max_levels = options.max_levels.value_or(louvain.max_levels);
  louvain.tolerance = options.tolerance.value_or(louvain.tolerance);
  RELATA_ASSIGN_OR_RETURN(LouvainResult result, Louvain(projection, louvain, control));
  return AlgorithmResult{nullptr, std::move(result.communities), result.modularity};
}

absl::StatusOr<AlgorithmResult> RunPageRank(const Projection& projection,
                                            const AlgorithmOptions& options, RunControl& control) {
  PageRankOptions rank;
  rank.damping = options.damping.value_or(rank.damping);
  rank.iterations = options.iterations.value_or(rank.iterations);
  rank.tolerance = options.tolerance.value_or(rank.tolerance);
  RELATA_ASSIGN_OR_RETURN(PageRankResult result, PageRank(projection, rank, control));
  return AlgorithmResult{nullptr, std::move(result.scores), static_cast<double>(result.iterations)};
}

absl::StatusOr<AlgorithmResult> RunTriangles(const Projection& projection, const AlgorithmOptions&,
                                             RunControl& control) {
  RELATA_ASSIGN_OR_RETURN(TriangleCounts counts, CountTriangles(projection, control));
  return AlgorithmResult{nullptr, std::move(counts.of_vertex), static_cast<double>(counts.total)};
}

constexpr ParallelWeights kSum = ParallelWeights::kSum;

constexpr AlgorithmDefinition kAlgorithms[] = {
    {"betweenness", "score", true, "", kTakesSamples, false, false, kSum,
     "How often a node lies on shortest paths between others (Brandes), exactly or from samples.",
     RunBetweenness},
    {"bfs", "hops", false, "", kTakesSource, false, false, kSum,
     "The number of relationships on a shortest path from a node to each that it reaches.", RunBfs},
    {"cdlp", "community", false, "", kTakesIterations, false, true, kSum,
     "Communities by label propagation as LDBC Graphalytics defines it.", RunLabels},
    {"kcore", "core", false, "", kTakesNothing, true, false, kSum,
     "The largest k such that the node is in a subgraph where everybody has k neighbours.",
     RunCores},
    {"lcc", "coefficient", true, "", kTakesNothing, false, true, kSum,
     "The part of the possible relationships between a node's neighbours that there are.",
     [](const Projection& projection, const AlgorithmOptions&, RunControl& control) {
       return Given(ClusteringCoefficients(projection, control));
     }},
    {"louvain", "community", false, "modularity", kTakesWeight | kTakesTolerance | kTakesLevels,
     true, false, kSum, "Communities of high modularity by the Louvain method.", RunLouvain},
    {"pagerank", "score", true, "iterations",
     kTakesWeight | kTakesDamping | kTakesIterations | kTakesTolerance, false, true, kSum,
     "The part of its time that a random surfer spends at a node.", RunPageRank},
    {"scc", "component", false, "", kTakesNothing, false, false, kSum,
     "Strongly connected components: nodes that reach each other.",
     [](const Projection& projection, const AlgorithmOptions&, RunControl& control) {
       return Given(StrongComponents(projection, control));
     }},
    {"sssp", "distance", true, "", kTakesSource | kTakesWeight, false, false,
     ParallelWeights::kLeast,
     "The least sum of weights on a path from a node to each that it reaches.",
     [](const Projection& projection, const AlgorithmOptions& options, RunControl& control) {
       return Given(ShortestDistances(projection, projection.Find(options.source), control));
     }},
    {"triangles", "triangles", false, "total", kTakesNothing, true, false, kSum,
     "The triangles that a node is a corner of.", RunTriangles},
    {"wcc", "component", false, "", kTakesNothing, false, false, kSum,
     "Weakly connected components: nodes joined by a path, whatever its directions.",
     [](const Projection& projection, const AlgorithmOptions&, RunControl& control) {
       return Given(WeakComponents(projection, control));
     }},
};

}  // namespace

Value AlgorithmResult::ValueOf(VertexIndex vertex) const {
  if (const auto* const numbers = std::get_if<0>(&values)) {
    const double number = (*numbers)[vertex];
    return number < std::numeric_limits<double>::infinity() ? Value::Double(number) : Value();
  }
  if (const auto* const counts = std::get_if<1>(&values)) {
    const uint64_t count = (*counts)[vertex];
    return count == kNoCount ? Value() : Value::Int(static_cast<int64_t>(count));
  }
  const EntityId entity = projection->entity(std::get<2>(values)[vertex]);
  return Value::Int(static_cast<int64_t>(entity.value()));
}

absl::Span<const AlgorithmDefinition> AllAlgorithms() { return kAlgorithms; }

const AlgorithmDefinition* FindAlgorithm(absl::string_view name) {
  for (const AlgorithmDefinition& algorithm : kAlgorithms) {
    if (algorithm.name == name) return &algorithm;
  }
  return nullptr;
}

absl::StatusOr<AlgorithmResult> RunAlgorithm(const AlgorithmDefinition& algorithm,
                                             const Snapshot& snapshot, ProjectionCache& cache,
                                             ProjectionSpec spec, const AlgorithmOptions& options,
                                             RunControl& control) {
  spec.incoming = algorithm.needs_incoming;
  spec.parallel = algorithm.parallel;
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Projection> projection,
                          cache.Get(snapshot, spec, control));
  if ((algorithm.takes & kTakesSource) != 0 && projection->Find(options.source) == kNoVertex) {
    return absl::FailedPreconditionError(
        absl::StrCat("the source, entity #", options.source.value(),
                     ", is not in the projection: it bears none of the labels, or does not exist"));
  }
  RELATA_ASSIGN_OR_RETURN(AlgorithmResult result, algorithm.run(*projection, options, control));
  result.projection = std::move(projection);
  return result;
}

}  // namespace relata
