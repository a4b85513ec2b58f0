#ifndef RELATA_GRAPH_ALGORITHMS_BFS_H_
#define RELATA_GRAPH_ALGORITHMS_BFS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

inline constexpr uint32_t kUnreachedHops = UINT32_MAX;

// Breadth-first search (LDBC Graphalytics 1.0, section 2.3.3, BFS; Moore 1959): the number of arcs
// on a shortest directed path from `source` to each vertex; kUnreachedHops: there is none.
// INVALID_ARGUMENT: no such vertex. O(vertices + arcs).
absl::StatusOr<std::vector<uint32_t>> BreadthFirstHops(const Projection& projection,
                                                       VertexIndex source, RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_BFS_H_
