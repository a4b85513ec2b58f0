#include "graph/algorithms/betweenness.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

// The first `samples` of a shuffle; ascending, so that sums are made in one order. The generator
// and the way its numbers are used are fixed by the standard: a seed draws the same everywhere.
std::vector<VertexIndex> DrawSources(size_t vertices, const BetweennessOptions& options) {
  std::vector<VertexIndex> sources(vertices);
  std::iota(sources.begin(), sources.end(), 0);
  if (options.samples == 0 || options.samples >= vertices) return sources;
  std::mt19937_64 random(options.seed);
  for (size_t i = 0; i < options.samples; ++i) {
    std::swap(sources[i], sources[i + random() % (vertices - i)]);
  }
  sources.resize(options.samples);
  std::sort(sources.begin(), sources.end());
  return sources;
}

// Adds what the shortest paths from one source after the other give.
class Accumulation {
 public:
  Accumulation(const Arcs& out, RunControl& control)
      : out_(out),
        control_(control),
        scores_(out.vertices(), 0.0),
        hops_(out.vertices(), kUnreached),
        paths_(out.vertices(), 0.0),
        dependency_(out.vertices(), 0.0) {}

  absl::Status AddFrom(VertexIndex source) {
    RELATA_RETURN_IF_ERROR(CountPaths(source));
    RELATA_RETURN_IF_ERROR(AddDependencies());
    for (const VertexIndex v : reached_) hops_[v] = kUnreached;
    return absl::OkStatus();
  }

  std::vector<double> TakeScores() { return std::move(scores_); }

 private:
  static constexpr uint32_t kUnreached = UINT32_MAX;

  absl::Status CountPaths(VertexIndex source) {
    reached_.assign(1, source);
    hops_[source] = 0;
    paths_[source] = 1;
    for (size_t head = 0; head < reached_.size(); ++head) {
      const VertexIndex v = reached_[head];
      for (const VertexIndex w : out_.of(v)) {
        if (hops_[w] == kUnreached) {
          hops_[w] = hops_[v] + 1;
          paths_[w] = 0;
          reached_.push_back(w);
        }
        if (hops_[w] == hops_[v] + 1) paths_[w] += paths_[v];
      }
      RELATA_RETURN_IF_ERROR(control_.Advance(1 + out_.degree(v)));
    }
    return absl::OkStatus();
  }

  // From the farthest vertex back: what hangs on a vertex is known once all behind it is.
  absl::Status AddDependencies() {
    for (size_t i = reached_.size(); i-- > 1;) {
      const VertexIndex v = reached_[i];
      scores_[v] += DependencyOf(v);
      RELATA_RETURN_IF_ERROR(control_.Advance(1 + out_.degree(v)));
    }
    return absl::OkStatus();
  }

  double DependencyOf(VertexIndex v) {
    double sum = 0;
    for (const VertexIndex w : out_.of(v)) {
      if (hops_[w] == hops_[v] + 1) sum += (1 + dependency_[w]) / paths_[w];
    }
    return dependency_[v] = sum * paths_[v];
  }

  const Arcs& out_;
  RunControl& control_;
  std::vector<double> scores_;
  std::vector<uint32_t> hops_;  // from the source; kUnreached between sources
  std::vector<double> paths_;   // shortest ones from the source; may be more than integers hold
  std::vector<double> dependency_;
  std::vector<VertexIndex> reached_;  // by hops
};

}  // namespace

absl::StatusOr<std::vector<double>> Betweenness(const Projection& projection,
                                                const BetweennessOptions& options,
                                                RunControl& control) {
  const size_t count = projection.vertices();
  RELATA_RETURN_IF_ERROR(
      control.Reserve(count * (3 * sizeof(double) + sizeof(uint32_t) + 2 * sizeof(VertexIndex))));
  const std::vector<VertexIndex> sources = DrawSources(count, options);
  RELATA_RETURN_IF_ERROR(
      control.Begin("betweenness", 2 * sources.size() * (count + projection.arcs())));
  Accumulation accumulation(projection.out(), control);
  for (const VertexIndex source : sources) {
    RELATA_RETURN_IF_ERROR(accumulation.AddFrom(source));
  }
  std::vector<double> scores = accumulation.TakeScores();
  double factor = projection.undirected() ? 0.5 : 1.0;
  if (!sources.empty()) factor *= static_cast<double>(count) / static_cast<double>(sources.size());
  for (double& score : scores) score *= factor;
  return scores;
}

}  // namespace relata
