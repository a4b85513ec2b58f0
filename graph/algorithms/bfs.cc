#include "graph/algorithms/bfs.h"

#include "base/status_macros.h"
#include "graph/algorithms/preconditions.h"

namespace relata {

absl::StatusOr<std::vector<uint32_t>> BreadthFirstHops(const Projection& projection,
                                                       VertexIndex source, RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireVertex(projection, source));
  const Arcs& out = projection.out();
  RELATA_RETURN_IF_ERROR(
      control.Reserve(projection.vertices() * (sizeof(uint32_t) + sizeof(VertexIndex))));
  RELATA_RETURN_IF_ERROR(control.Begin("breadth-first search", projection.arcs()));
  std::vector<uint32_t> hops(projection.vertices(), kUnreachedHops);
  std::vector<VertexIndex> queue;
  queue.reserve(projection.vertices());
  hops[source] = 0;
  queue.push_back(source);
  for (size_t head = 0; head < queue.size(); ++head) {
    const VertexIndex v = queue[head];
    const uint32_t next = hops[v] + 1;
    for (const VertexIndex w : out.of(v)) {
      if (hops[w] != kUnreachedHops) continue;
      hops[w] = next;
      queue.push_back(w);
    }
    RELATA_RETURN_IF_ERROR(control.Advance(out.degree(v)));
  }
  return hops;
}

}  // namespace relata
