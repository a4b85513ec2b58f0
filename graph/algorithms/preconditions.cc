#include "graph/algorithms/preconditions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/wrong_field.h"

namespace relata {

absl::Status RequireUndirected(const Projection& projection, absl::string_view algorithm) {
  if (projection.undirected()) return absl::OkStatus();
  return WrongField(
      "orientation",
      absl::StrCat(algorithm, " is defined on undirected projections: use orientation UNDIRECTED"));
}

absl::Status RequireIncoming(const Projection& projection, absl::string_view algorithm) {
  if (projection.has_in()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(algorithm, " needs a projection with incoming arcs"));
}

absl::Status RequireVertex(const Projection& projection, VertexIndex vertex) {
  if (vertex < projection.vertices()) return absl::OkStatus();
  return WrongField("source", "the source is no vertex of the projection");
}

absl::Status RequireNoNegativeWeight(const Projection& projection, absl::string_view algorithm) {
  if (projection.least_weight() >= 0) return absl::OkStatus();
  const Arcs& out = projection.out();
  const auto arc = static_cast<uint64_t>(std::min_element(out.weights.begin(), out.weights.end()) -
                                         out.weights.begin());
  const auto row = std::upper_bound(out.offsets.begin(), out.offsets.end(), arc) - 1;
  const auto from = static_cast<VertexIndex>(row - out.offsets.begin());
  return absl::FailedPreconditionError(
      absl::StrCat(algorithm, " needs weights that are not negative, and from entity #",
                   projection.entity(from).value(), " to #",
                   projection.entity(out.targets[arc]).value(), " it is ", out.weights[arc]));
}

}  // namespace relata
