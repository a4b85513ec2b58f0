#include "tests/graph/algorithms/validation_run.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/algorithms/bfs.h"
#include "graph/algorithms/label_propagation.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/projection.h"
#include "graph/algorithms/sssp.h"
#include "graph/algorithms/triangles.h"
#include "graph/algorithms/wcc.h"

namespace relata {
namespace {

constexpr double kTolerance = 0.0001;

std::string KeyOf(int64_t vertex) { return absl::StrCat("v/", vertex); }

// One kernel on the projection of one graph.
class KernelRun {
 public:
  KernelRun(const ValidationGraph& graph, std::string kernel, DatabaseHarness& database)
      : graph_(graph), kernel_(std::move(kernel)), database_(database), control_(SystemClock()) {}

  absl::StatusOr<KernelOutput> Run() {
    RELATA_RETURN_IF_ERROR(Project());
    if (kernel_ == "bfs") return Hops();
    if (kernel_ == "sssp") return Distances();
    if (kernel_ == "pr") return Ranks();
    if (kernel_ == "wcc") return Labels(WeakComponents(*projection_, control_));
    if (kernel_ == "cdlp") {
      RELATA_ASSIGN_OR_RETURN(const int64_t rounds, Parameter("max-iterations"));
      return Labels(PropagateLabels(*projection_, static_cast<int>(rounds), control_));
    }
    if (kernel_ == "lcc") return Numbers(ClusteringCoefficients(*projection_, control_));
    return absl::InvalidArgumentError(absl::StrCat("there is no kernel ", kernel_));
  }

 private:
  absl::Status Project() {
    ProjectionSpec spec;
    const NameTable& names = database_.db().names();
    spec.labels = {*names.FindLabel("Vertex")};
    spec.types = {names.FindType("EDGE").value_or(TypeId(UINT32_MAX))};
    spec.orientation = graph_.directed ? Orientation::kDirected : Orientation::kUndirected;
    spec.incoming = true;
    if (kernel_ == "sssp") spec.weight = names.FindProperty("weight");
    const Snapshot snapshot = database_.Latest();
    RELATA_ASSIGN_OR_RETURN(projection_,
                            Projection::Build(snapshot, spec, size_t{1} << 30, control_));
    for (VertexIndex v = 0; v < projection_->vertices(); ++v) {
      RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> entity,
                              snapshot.GetEntityRecord(projection_->entity(v)));
      int64_t vertex = 0;
      if (!entity || !absl::SimpleAtoi(absl::StripPrefix(entity->key, "v/"), &vertex)) {
        return absl::InternalError("a vertex of the projection is none of the graph");
      }
      vertices_.push_back(vertex);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> Parameter(absl::string_view name) const {
    const auto found = graph_.parameters.find(absl::StrCat(kernel_, ".", name));
    int64_t value = 0;
    if (found != graph_.parameters.end() && absl::SimpleAtoi(found->second, &value)) return value;
    return absl::InvalidArgumentError(absl::StrCat(graph_.name, " lacks ", kernel_, ".", name));
  }

  absl::StatusOr<VertexIndex> Source() const {
    RELATA_ASSIGN_OR_RETURN(const int64_t source, Parameter("source-vertex"));
    return projection_->Find(database_.IdOf(KeyOf(source)));
  }

  absl::StatusOr<KernelOutput> Hops() {
    RELATA_ASSIGN_OR_RETURN(const VertexIndex source, Source());
    RELATA_ASSIGN_OR_RETURN(const std::vector<uint32_t> hops,
                            BreadthFirstHops(*projection_, source, control_));
    KernelOutput output;
    for (size_t v = 0; v < hops.size(); ++v) {
      output.integers[vertices_[v]] = hops[v] == kUnreachedHops ? INT64_MAX : hops[v];
    }
    return output;
  }

  absl::StatusOr<KernelOutput> Distances() {
    RELATA_ASSIGN_OR_RETURN(const VertexIndex source, Source());
    return Numbers(ShortestDistances(*projection_, source, control_));
  }

  absl::StatusOr<KernelOutput> Ranks() {
    RELATA_ASSIGN_OR_RETURN(const int64_t iterations, Parameter("num-iterations"));
    PageRankOptions options;
    options.iterations = static_cast<int>(iterations);
    const auto damping = graph_.parameters.find("pr.damping-factor");
    if (damping == graph_.parameters.end() ||
        !absl::SimpleAtod(damping->second, &options.damping)) {
      return absl::InvalidArgumentError("there is no damping factor");
    }
    RELATA_ASSIGN_OR_RETURN(PageRankResult ranks, PageRank(*projection_, options, control_));
    return Numbers(std::move(ranks.scores));
  }

  absl::StatusOr<KernelOutput> Labels(absl::StatusOr<std::vector<VertexIndex>> labels) {
    RELATA_RETURN_IF_ERROR(labels.status());
    KernelOutput output;
    for (size_t v = 0; v < labels->size(); ++v) {
      output.integers[vertices_[v]] = vertices_[(*labels)[v]];
    }
    return output;
  }

  absl::StatusOr<KernelOutput> Numbers(absl::StatusOr<std::vector<double>> numbers) {
    RELATA_RETURN_IF_ERROR(numbers.status());
    KernelOutput output;
    for (size_t v = 0; v < numbers->size(); ++v) output.numbers[vertices_[v]] = (*numbers)[v];
    return output;
  }

  const ValidationGraph& graph_;
  const std::string kernel_;
  DatabaseHarness& database_;
  RunControl control_;
  std::shared_ptr<const Projection> projection_;
  std::vector<int64_t> vertices_;  // of the files, by vertex of the projection
};

absl::Status Differs(int64_t vertex, absl::string_view reference, absl::string_view got) {
  return absl::FailedPreconditionError(
      absl::StrCat("vertex ", vertex, ": the reference is ", reference, ", the result ", got));
}

absl::Status CompareIntegers(const std::map<int64_t, std::string>& reference,
                             const std::map<int64_t, int64_t>& output) {
  for (const auto& [vertex, value] : reference) {
    if (absl::StrCat(output.at(vertex)) != value) {
      return Differs(vertex, value, absl::StrCat(output.at(vertex)));
    }
  }
  return absl::OkStatus();
}

absl::Status CompareSets(const std::map<int64_t, std::string>& reference,
                         const std::map<int64_t, int64_t>& output) {
  std::map<std::string, int64_t> to_output;
  std::map<int64_t, std::string> to_reference;
  for (const auto& [vertex, value] : reference) {
    const int64_t got = output.at(vertex);
    if (to_output.emplace(value, got).first->second != got ||
        to_reference.emplace(got, value).first->second != value) {
      return Differs(vertex, value, absl::StrCat(got));
    }
  }
  return absl::OkStatus();
}

absl::Status CompareNumbers(const std::map<int64_t, std::string>& reference,
                            const std::map<int64_t, double>& output) {
  for (const auto& [vertex, text] : reference) {
    double expected = 0;
    if (!absl::SimpleAtod(text, &expected)) return Differs(vertex, text, "unreadable");
    const double got = output.at(vertex);
    const bool equal = std::isinf(expected) || std::isinf(got)
                           ? expected == got
                           : std::abs(expected - got) <= kTolerance * std::abs(expected);
    if (!equal) return Differs(vertex, text, absl::StrCat(got));
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status SameVertices(const std::map<int64_t, std::string>& reference,
                          const std::map<int64_t, T>& output) {
  for (const auto& [vertex, value] : reference) {
    if (!output.contains(vertex)) return Differs(vertex, value, "missing");
  }
  if (reference.size() == output.size()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("there are ", output.size(), " vertices, not ",
                                                    reference.size(), " as in the reference"));
}

}  // namespace

absl::Status WriteValidationGraph(const ValidationGraph& graph, DatabaseHarness& database) {
  std::vector<Mutation> mutations = {Put("aside", {"Other"})};
  for (const int64_t vertex : graph.vertices) {
    mutations.push_back(Put(KeyOf(vertex), {"Vertex"}));
    mutations.push_back(Link("", "EDGE", "aside", KeyOf(vertex)));
  }
  for (const ValidationGraph::Edge& edge : graph.edges) {
    mutations.push_back(Link("", "EDGE", KeyOf(edge.from), KeyOf(edge.to),
                             {Holds({{"weight", Value::Double(edge.weight)}})}));
    mutations.push_back(Link("", "ASIDE", KeyOf(edge.to), KeyOf(edge.from)));
  }
  return database.Apply(std::move(mutations)).status();
}

absl::StatusOr<KernelOutput> RunKernel(const ValidationGraph& graph, const std::string& kernel,
                                       DatabaseHarness& database) {
  return KernelRun(graph, kernel, database).Run();
}

absl::Status CompareOutputs(const std::string& kernel,
                            const std::map<int64_t, std::string>& reference,
                            const KernelOutput& output) {
  if (kernel == "bfs" || kernel == "cdlp" || kernel == "wcc") {
    RELATA_RETURN_IF_ERROR(SameVertices(reference, output.integers));
    return kernel == "wcc" ? CompareSets(reference, output.integers)
                           : CompareIntegers(reference, output.integers);
  }
  RELATA_RETURN_IF_ERROR(SameVertices(reference, output.numbers));
  return CompareNumbers(reference, output.numbers);
}

}  // namespace relata
