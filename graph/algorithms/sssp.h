#ifndef RELATA_GRAPH_ALGORITHMS_SSSP_H_
#define RELATA_GRAPH_ALGORITHMS_SSSP_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Single-source shortest paths (LDBC Graphalytics 1.0, section 2.3.8, SSSP; Dijkstra 1959): the
// least sum of weights over directed paths from `source` to each vertex; infinity: there is none.
// INVALID_ARGUMENT: no such vertex; FAILED_PRECONDITION, naming the entities: a negative weight.
// O((vertices + arcs) log vertices).
absl::StatusOr<std::vector<double>> ShortestDistances(const Projection& projection,
                                                      VertexIndex source, RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_SSSP_H_
