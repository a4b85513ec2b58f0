#ifndef RELATA_TESTS_GRAPH_ALGORITHMS_ARC_GRAPH_H_
#define RELATA_TESTS_GRAPH_ALGORITHMS_ARC_GRAPH_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "graph/algorithms/projection.h"

namespace relata {

// An arc as a test writes it.
struct TestArc {
  VertexIndex from = 0;
  VertexIndex to = 0;
  double weight = 1.0;
};

// A graph as a list: what naive algorithms read.
struct ArcGraph {
  VertexIndex vertices = 0;
  std::vector<TestArc> arcs = {};
  bool weighted = false;
};

// The entities are #10, #11, …; incoming arcs are kept. What fails ends the program.
std::shared_ptr<const Projection> Project(const ArcGraph& graph, Orientation orientation,
                                          ParallelWeights parallel = ParallelWeights::kSum);

// Seeded: up to `most_vertices` (one at least), any number of arcs, some doubled or loops; weights
// are halves from 0 to 4.5, so that sums of them are exact.
ArcGraph RandomArcGraph(uint64_t seed, VertexIndex most_vertices, bool weighted);

// Runs with nothing to stop it.
RunControl Unhindered();

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ALGORITHMS_ARC_GRAPH_H_
