#ifndef RELATA_GRAPH_ALGORITHMS_PRECONDITIONS_H_
#define RELATA_GRAPH_ALGORITHMS_PRECONDITIONS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/algorithms/projection.h"

namespace relata {

// What an algorithm asks of its projection. `algorithm` is its name for the message. Each is
// INVALID_ARGUMENT but for the weights, which are the data's: FAILED_PRECONDITION.
absl::Status RequireUndirected(const Projection& projection, absl::string_view algorithm);
absl::Status RequireIncoming(const Projection& projection, absl::string_view algorithm);
absl::Status RequireVertex(const Projection& projection, VertexIndex vertex);
absl::Status RequireNoNegativeWeight(const Projection& projection, absl::string_view algorithm);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_PRECONDITIONS_H_
