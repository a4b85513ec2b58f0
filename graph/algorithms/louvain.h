#ifndef RELATA_GRAPH_ALGORITHMS_LOUVAIN_H_
#define RELATA_GRAPH_ALGORITHMS_LOUVAIN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/algorithms/projection.h"

namespace relata {

struct LouvainOptions {
  int max_levels = 20;  // at least 1
  // A level, and a round over its vertices, that gains no more modularity is the last one.
  double tolerance = 1e-7;
};

struct LouvainResult {
  std::vector<VertexIndex> communities;  // for each vertex the lowest one of its community
  double modularity = 0.0;
  int levels = 0;
};

// Communities by the Louvain method (Blondel, Guillaume, Lambiotte, Lefebvre, "Fast unfolding of
// communities in large networks", 2008): vertices move one by one to the neighbouring community
// that raises modularity most, until none does; then each community is one vertex of a smaller
// graph, and so on. Deterministic: in the order of vertices, and of equal gains the lowest
// community. By weight where the projection has weights. The result is never worse than every
// vertex on its own. Needs an undirected projection; INVALID_ARGUMENT also an option out of its
// range; FAILED_PRECONDITION: a negative weight.
absl::StatusOr<LouvainResult> Louvain(const Projection& projection, const LouvainOptions& options,
                                      RunControl& control);

// Modularity (Newman, Girvan 2004) of a partition of an undirected projection; a loop counts twice,
// as both of its ends lie inside. 0 without arcs. `communities`: one for each vertex, below
// vertices().
double Modularity(const Projection& projection, absl::Span<const VertexIndex> communities);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_LOUVAIN_H_
