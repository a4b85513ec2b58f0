#ifndef RELATA_GRAPH_ALGORITHMS_BETWEENNESS_H_
#define RELATA_GRAPH_ALGORITHMS_BETWEENNESS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

struct BetweennessOptions {
  // Sources of paths that are looked at, drawn by `seed`; 0, or as many as there are vertices: all,
  // which is exact.
  uint64_t samples = 0;
  uint64_t seed = 0;
};

// Betweenness centrality (Freeman 1977) by Brandes, "A faster algorithm for betweenness
// centrality", 2001: for each vertex the sum, over pairs of other vertices, of the part of the
// shortest paths between them that pass through it. A path is as long as it has arcs: weights do
// not count. In an undirected projection a pair counts once. With samples it is an unbiased
// estimate (Brandes, Pich 2007): what the sources drawn give, times vertices / samples. Not
// normalized. O(sources (vertices + arcs)).
absl::StatusOr<std::vector<double>> Betweenness(const Projection& projection,
                                                const BetweennessOptions& options,
                                                RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_BETWEENNESS_H_
