#include "graph/algorithms/page_rank.h"

#include <cmath>
#include <utility>

#include "base/status_macros.h"
#include "base/wrong_field.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// What the arcs of each vertex weigh together.
std::vector<double> Strengths(const Arcs& out) {
  std::vector<double> strengths(out.vertices(), 0.0);
  for (VertexIndex v = 0; v < out.vertices(); ++v) {
    if (!out.weighted()) {
      strengths[v] = static_cast<double>(out.degree(v));
      continue;
    }
    for (const double weight : out.weights_of(v)) strengths[v] += weight;
  }
  return strengths;
}

double Received(const Arcs& in, VertexIndex v, const std::vector<double>& shares) {
  double sum = 0;
  if (!in.weighted()) {
    for (const VertexIndex u : in.of(v)) sum += shares[u];
    return sum;
  }
  const absl::Span<const VertexIndex> sources = in.of(v);
  const absl::Span<const double> weights = in.weights_of(v);
  for (size_t i = 0; i < sources.size(); ++i) sum += shares[sources[i]] * weights[i];
  return sum;
}

absl::Status CheckOptions(const PageRankOptions& options) {
  if (!(options.damping >= 0 && options.damping <= 1)) {
    return WrongField("damping", "damping must be from 0 to 1");
  }
  if (options.iterations < 0) return WrongField("iterations", "iterations must not be negative");
  if (!(options.tolerance >= 0)) {
    return WrongField("tolerance", "tolerance must not be negative");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PageRankResult> PageRank(const Projection& projection,
                                        const PageRankOptions& options, RunControl& control) {
  RELATA_RETURN_IF_ERROR(CheckOptions(options));
  RELATA_RETURN_IF_ERROR(RequireIncoming(projection, "pagerank"));
  RELATA_RETURN_IF_ERROR(RequireNoNegativeWeight(projection, "pagerank"));
  const size_t count = projection.vertices();
  const Arcs& in = projection.in();
  RELATA_RETURN_IF_ERROR(control.Reserve(count * 3 * sizeof(double)));
  RELATA_RETURN_IF_ERROR(
      control.Begin("pagerank", options.iterations * (count + projection.arcs())));
  const std::vector<double> strengths = Strengths(projection.out());
  const auto n = static_cast<double>(count);
  PageRankResult result{std::vector<double>(count, 1.0 / n), 0};
  std::vector<double> shares(count);  // what each gives for a unit of weight
  while (result.iterations < options.iterations) {
    double dangling = 0;
    for (VertexIndex v = 0; v < count; ++v) {
      const bool gives = strengths[v] > 0;
      shares[v] = gives ? result.scores[v] / strengths[v] : 0.0;
      if (!gives) dangling += result.scores[v];
    }
    const double base = (1 - options.damping) / n + options.damping / n * dangling;
    double change = 0;
    for (VertexIndex v = 0; v < count; ++v) {
      const double score = base + options.damping * Received(in, v, shares);
      change += std::abs(score - result.scores[v]);
      result.scores[v] = score;
      RELATA_RETURN_IF_ERROR(control.Advance(in.degree(v) + 1));
    }
    ++result.iterations;
    if (change < options.tolerance) break;
  }
  return result;
}

}  // namespace relata
