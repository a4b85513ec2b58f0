#ifndef RELATA_GRAPH_ALGORITHMS_ARCS_H_
#define RELATA_GRAPH_ALGORITHMS_ARCS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/algorithms/run_control.h"

namespace relata {

// A vertex of a projection: 0 up to the number of vertices.
using VertexIndex = uint32_t;
inline constexpr VertexIndex kNoVertex = UINT32_MAX;

// What becomes of several relationships from one vertex to another, which are one arc.
enum class ParallelWeights : uint8_t {
  kSum,    // strengths add up
  kLeast,  // of several roads the shortest counts
};

// Compressed sparse rows: the arcs from vertex v are [offsets[v], offsets[v + 1]).
struct Arcs {
  std::vector<uint64_t> offsets = {0};
  std::vector<VertexIndex> targets = {};
  std::vector<double> weights = {};  // one for each arc; empty: each weighs 1

  size_t vertices() const { return offsets.size() - 1; }
  size_t size() const { return targets.size(); }
  bool weighted() const { return !weights.empty(); }
  size_t degree(VertexIndex v) const { return offsets[v + 1] - offsets[v]; }
  absl::Span<const VertexIndex> of(VertexIndex v) const {
    return {targets.data() + offsets[v], degree(v)};
  }
  // Of the arcs of `of(v)`. Precondition: weighted.
  absl::Span<const double> weights_of(VertexIndex v) const {
    return {weights.data() + offsets[v], degree(v)};
  }
  double weight(uint64_t arc) const { return weights.empty() ? 1.0 : weights[arc]; }
  // Of memory.
  size_t bytes() const;
};

// In place: the arcs of each vertex ascend by target, and each target comes once.
absl::Status SortAndMerge(ParallelWeights parallel, RunControl& control, Arcs* arcs);
// Each arc turned round. The result is sorted.
absl::StatusOr<Arcs> Transpose(const Arcs& arcs, RunControl& control);
// Every arc of both, which are sorted and of as many vertices; one that is in both is one arc,
// whose weights are joined as `parallel` says. A loop is taken from `a`.
absl::StatusOr<Arcs> Unite(const Arcs& a, const Arcs& b, ParallelWeights parallel,
                           RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_ARCS_H_
