#include "graph/query/planner/sampled_nodes.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"

namespace relata::query {

absl::StatusOr<SampledNodes> SampledNodes::Of(const Snapshot& snapshot,
                                              std::optional<LabelId> label) {
  uint64_t below = 1;
  while (below < (uint64_t{1} << 62)) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> next,
                            snapshot.ListEntities(label, EntityId(below), 1));
    if (next.empty()) break;
    below = std::max(2 * below, next.back().value());
  }
  return SampledNodes(&snapshot, label, below);
}

absl::StatusOr<std::optional<EntityId>> SampledNodes::Next() {
  // The first one after a place would be one before which there are none for long: of nodes that
  // were made in turns always those of the same kind.
  RELATA_ASSIGN_OR_RETURN(
      const std::vector<EntityId> ids,
      snapshot_->ListEntities(label_, EntityId(places_.Below(largest_)), kAtAPlace));
  if (ids.empty()) return std::nullopt;
  return ids[places_.Below(ids.size())];
}

absl::StatusOr<SampledRelationships> SampledRelationships::Of(const Snapshot& snapshot) {
  uint64_t below = 1;
  while (below < (uint64_t{1} << 62)) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> next,
                            snapshot.ListRelationships(RelationshipId(below), 1));
    if (next.empty()) break;
    below = std::max(2 * below, next.back().id.value());
  }
  return SampledRelationships(&snapshot, below);
}

absl::StatusOr<std::optional<RelationshipEnds>> SampledRelationships::Next(TypeId type) {
  RELATA_ASSIGN_OR_RETURN(
      std::vector<RelationshipEnds> ends,
      snapshot_->ListRelationships(RelationshipId(places_.Below(largest_)), kAtAPlace));
  std::erase_if(ends, [&](const RelationshipEnds& e) { return e.type != type; });
  if (ends.empty()) return std::nullopt;
  return ends[places_.Below(ends.size())];
}

bool SameSampledSize(uint64_t before, uint64_t now) {
  return std::max(before, now) <= std::min(before, now) + std::min(before, now) / 2 + 100;
}

}  // namespace relata::query
