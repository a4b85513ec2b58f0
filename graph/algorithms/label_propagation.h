#ifndef RELATA_GRAPH_ALGORITHMS_LABEL_PROPAGATION_H_
#define RELATA_GRAPH_ALGORITHMS_LABEL_PROPAGATION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Community detection by label propagation, made deterministic (LDBC Graphalytics 1.0, section
// 2.3.6, CDLP; Raghavan, Albert, Kumara 2007): each vertex starts with itself as label; in a round
// all take at once the label that most of their in- and out-neighbours have, of several the lowest.
// A neighbour by arcs both ways counts twice, in an undirected projection once. Ends early where a
// round changes nothing. Needs incoming arcs. INVALID_ARGUMENT: negative `iterations`.
// O(iterations (vertices + arcs)).
absl::StatusOr<std::vector<VertexIndex>> PropagateLabels(const Projection& projection,
                                                         int iterations, RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_LABEL_PROPAGATION_H_
