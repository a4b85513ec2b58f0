#include "graph/algorithms/wcc.h"

#include <numeric>

#include "base/status_macros.h"

namespace relata {
namespace {

VertexIndex Root(std::vector<VertexIndex>& parent, VertexIndex v) {
  while (parent[v] != v) {
    parent[v] = parent[parent[v]];
    v = parent[v];
  }
  return v;
}

}  // namespace

absl::StatusOr<std::vector<VertexIndex>> WeakComponents(const Projection& projection,
                                                        RunControl& control) {
  const Arcs& out = projection.out();
  RELATA_RETURN_IF_ERROR(control.Reserve(projection.vertices() * sizeof(VertexIndex)));
  RELATA_RETURN_IF_ERROR(control.Begin("weak components", projection.arcs()));
  // The parent is never above the child, so a root is the lowest of its tree.
  std::vector<VertexIndex> parent(projection.vertices());
  std::iota(parent.begin(), parent.end(), 0);
  for (VertexIndex v = 0; v < parent.size(); ++v) {
    VertexIndex root = Root(parent, v);
    for (const VertexIndex w : out.of(v)) {
      const VertexIndex other = Root(parent, w);
      if (other == root) continue;
      if (other < root) {
        parent[root] = other;
        root = other;
      } else {
        parent[other] = root;
      }
    }
    RELATA_RETURN_IF_ERROR(control.Advance(out.degree(v)));
  }
  for (VertexIndex v = 0; v < parent.size(); ++v) parent[v] = parent[parent[v]];
  return parent;
}

}  // namespace relata
