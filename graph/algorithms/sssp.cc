#include "graph/algorithms/sssp.h"

#include <functional>
#include <limits>
#include <queue>
#include <utility>

#include "base/status_macros.h"
#include "graph/algorithms/preconditions.h"

namespace relata {

absl::StatusOr<std::vector<double>> ShortestDistances(const Projection& projection,
                                                      VertexIndex source, RunControl& control) {
  using Reached = std::pair<double, VertexIndex>;
  RELATA_RETURN_IF_ERROR(RequireVertex(projection, source));
  RELATA_RETURN_IF_ERROR(RequireNoNegativeWeight(projection, "sssp"));
  const Arcs& out = projection.out();
  // A vertex is queued once for each arc that shortened its way: at most the arcs, mostly far less.
  RELATA_RETURN_IF_ERROR(control.Reserve(projection.vertices() * sizeof(double) +
                                         projection.arcs() * sizeof(Reached)));
  RELATA_RETURN_IF_ERROR(control.Begin("shortest distances", projection.arcs()));
  std::vector<double> distances(projection.vertices(), std::numeric_limits<double>::infinity());
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue;
  distances[source] = 0;
  queue.emplace(0.0, source);
  while (!queue.empty()) {
    const auto [distance, v] = queue.top();
    queue.pop();
    if (distance > distances[v]) continue;  // a shorter way was found meanwhile
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      const VertexIndex w = out.targets[i];
      const double through = distance + out.weight(i);
      if (through >= distances[w]) continue;
      distances[w] = through;
      queue.emplace(through, w);
    }
    RELATA_RETURN_IF_ERROR(control.Advance(out.degree(v)));
  }
  return distances;
}

}  // namespace relata
