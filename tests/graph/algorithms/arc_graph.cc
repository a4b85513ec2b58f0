#include "tests/graph/algorithms/arc_graph.h"

#include <cstdlib>
#include <iostream>
#include <random>
#include <utility>

#include "base/clock.h"

namespace relata {

std::shared_ptr<const Projection> Project(const ArcGraph& graph, Orientation orientation,
                                          ParallelWeights parallel) {
  std::vector<EntityId> entities;
  Arcs arcs;
  for (VertexIndex v = 0; v < graph.vertices; ++v) {
    entities.emplace_back(10 + v);
    for (const TestArc& arc : graph.arcs) {
      if (arc.from != v) continue;
      arcs.targets.push_back(arc.to);
      if (graph.weighted) arcs.weights.push_back(arc.weight);
    }
    arcs.offsets.push_back(arcs.size());
  }
  ProjectionSpec spec;
  spec.orientation = orientation;
  spec.parallel = parallel;
  spec.incoming = true;
  RunControl control = Unhindered();
  auto projection = Projection::FromArcs(std::move(entities), std::move(arcs), spec, control);
  if (!projection.ok()) {
    std::cerr << projection.status() << "\n";
    std::abort();
  }
  return *projection;
}

ArcGraph RandomArcGraph(uint64_t seed, VertexIndex most_vertices, bool weighted) {
  std::mt19937_64 random(seed);
  ArcGraph graph;
  graph.vertices = 1 + static_cast<VertexIndex>(random() % most_vertices);
  graph.weighted = weighted;
  const uint64_t arcs = random() % (3 * graph.vertices + 1);
  for (uint64_t i = 0; i < arcs; ++i) {
    graph.arcs.push_back({static_cast<VertexIndex>(random() % graph.vertices),
                          static_cast<VertexIndex>(random() % graph.vertices),
                          static_cast<double>(random() % 10) / 2});
  }
  return graph;
}

RunControl Unhindered() { return RunControl(SystemClock()); }

}  // namespace relata
