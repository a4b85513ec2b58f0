#ifndef RELATA_GRAPH_ALGORITHMS_TRIANGLES_H_
#define RELATA_GRAPH_ALGORITHMS_TRIANGLES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Triangles (Latapy, "Main-memory triangle computations for very large (sparse (power-law))
// graphs", 2008, algorithm compact-forward): each is found once, at its vertex of the lowest
// degree. Loops are left out. O(arcs^1.5).

struct TriangleCounts {
  std::vector<uint64_t> of_vertex;  // triangles that the vertex is a corner of
  uint64_t total = 0;
};

// Needs an undirected projection (INVALID_ARGUMENT).
absl::StatusOr<TriangleCounts> CountTriangles(const Projection& projection, RunControl& control);

// Local clustering coefficient (LDBC Graphalytics 1.0, section 2.3.7, LCC), of each vertex: the
// arcs between its neighbours, of the d (d - 1) that there could be; 0 where d < 2. d neighbours in
// either direction, each once. In an undirected projection an edge is an arc both ways. Needs
// incoming arcs.
absl::StatusOr<std::vector<double>> ClusteringCoefficients(const Projection& projection,
                                                           RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_TRIANGLES_H_
