#ifndef RELATA_GRAPH_ALGORITHMS_WCC_H_
#define RELATA_GRAPH_ALGORITHMS_WCC_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Weakly connected components (LDBC Graphalytics 1.0, section 2.3.5, WCC), by union-find with path
// halving (Tarjan, van Leeuwen 1984): for each vertex the lowest vertex that a path leads to which
// may go against arcs. O(arcs a(vertices)), a being the inverse of Ackermann's function.
absl::StatusOr<std::vector<VertexIndex>> WeakComponents(const Projection& projection,
                                                        RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_WCC_H_
