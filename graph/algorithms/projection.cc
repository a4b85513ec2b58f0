#include "graph/algorithms/projection.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "graph/algorithms/projection_builder.h"

namespace relata {

absl::StatusOr<std::shared_ptr<const Projection>> Projection::Build(const Snapshot& snapshot,
                                                                    const ProjectionSpec& spec,
                                                                    size_t memory_bytes,
                                                                    RunControl& control) {
  return ProjectionBuilder(snapshot, spec, memory_bytes, control).Build();
}

absl::StatusOr<std::shared_ptr<const Projection>> Projection::FromArcs(
    std::vector<EntityId> entities, Arcs arcs, const ProjectionSpec& spec, RunControl& control) {
  std::shared_ptr<Projection> projection(new Projection(spec, std::move(entities)));
  RELATA_RETURN_IF_ERROR(projection->Orient(std::move(arcs), control));
  return projection;
}

absl::Status Projection::Orient(Arcs arcs, RunControl& control) {
  RELATA_RETURN_IF_ERROR(SortAndMerge(spec_.parallel, control, &arcs));
  if (spec_.orientation == Orientation::kDirected && !spec_.incoming) {
    out_ = std::move(arcs);
  } else {
    RELATA_ASSIGN_OR_RETURN(Arcs turned, Transpose(arcs, control));
    switch (spec_.orientation) {
      case Orientation::kDirected:
        out_ = std::move(arcs);
        in_ = std::move(turned);
        break;
      case Orientation::kReverse:
        out_ = std::move(turned);
        if (spec_.incoming) in_ = std::move(arcs);
        break;
      case Orientation::kUndirected: {
        RELATA_ASSIGN_OR_RETURN(out_, Unite(arcs, turned, spec_.parallel, control));
        break;
      }
    }
  }
  const auto least = std::min_element(out_.weights.begin(), out_.weights.end());
  if (least != out_.weights.end()) least_weight_ = *least;
  return absl::OkStatus();
}

size_t Projection::bytes() const { return numbering_.bytes() + out_.bytes() + in_.bytes(); }

}  // namespace relata
