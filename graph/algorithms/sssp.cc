#include "graph/algorithms/sssp.h"

#include <boost/graph/detail/d_ary_heap.hpp>
#include <functional>
#include <limits>

#include "base/status_macros.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// Vertices by distance, the nearest first: the heap of Boost.Graph's own Dijkstra, which moves a
// vertex up where its distance became less, so that each is in it at most once.
using Queue = boost::d_ary_heap_indirect<VertexIndex, 4, size_t*, double*, std::less<double>>;

constexpr double kUnreached = std::numeric_limits<double>::infinity();

}  // namespace

absl::StatusOr<std::vector<double>> ShortestDistances(const Projection& projection,
                                                      VertexIndex source, RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireVertex(projection, source));
  RELATA_RETURN_IF_ERROR(RequireNoNegativeWeight(projection, "sssp"));
  const Arcs& out = projection.out();
  RELATA_RETURN_IF_ERROR(control.Reserve(projection.vertices() *
                                         (sizeof(double) + sizeof(size_t) + sizeof(VertexIndex))));
  RELATA_RETURN_IF_ERROR(control.Begin("shortest distances", projection.arcs()));
  std::vector<double> distances(projection.vertices(), kUnreached);
  std::vector<size_t> places(projection.vertices());
  Queue queue(distances.data(), places.data());
  distances[source] = 0;
  queue.push(source);
  while (!queue.empty()) {
    const VertexIndex v = queue.top();
    queue.pop();
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      const VertexIndex w = out.targets[i];
      const double through = distances[v] + out.weight(i);
      if (through >= distances[w]) continue;
      const bool is_new = distances[w] == kUnreached;
      distances[w] = through;
      if (is_new) {
        queue.push(w);
      } else {
        queue.update(w);
      }
    }
    RELATA_RETURN_IF_ERROR(control.Advance(out.degree(v)));
  }
  return distances;
}

}  // namespace relata
