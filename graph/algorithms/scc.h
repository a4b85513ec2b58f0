#ifndef RELATA_GRAPH_ALGORITHMS_SCC_H_
#define RELATA_GRAPH_ALGORITHMS_SCC_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972,
// section 4): for each vertex the lowest one of those that it reaches and that reach it. O(vertices
// + arcs), without recursion.
absl::StatusOr<std::vector<VertexIndex>> StrongComponents(const Projection& projection,
                                                          RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_SCC_H_
