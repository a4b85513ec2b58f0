#ifndef RELATA_GRAPH_ALGORITHMS_K_CORE_H_
#define RELATA_GRAPH_ALGORITHMS_K_CORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Core numbers (Seidman 1983) by Batagelj, Zaversnik, "An O(m) algorithm for cores decomposition of
// networks", 2003: for each vertex the largest k such that it is in a subgraph in which everybody
// has at least k neighbours. Loops do not count. Needs an undirected projection (INVALID_ARGUMENT).
// O(vertices + arcs).
absl::StatusOr<std::vector<uint32_t>> CoreNumbers(const Projection& projection,
                                                  RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_K_CORE_H_
