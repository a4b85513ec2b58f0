#include "graph/query/executor/operators/rest_of_walk.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/backward_distances.h"

namespace relata::query {

// Backwards from `to` until the walk's last vertex is met.
absl::StatusOr<std::optional<int64_t>> RestOfWalk::Least(absl::Span<const EntityId> vertices,
                                                         absl::Span<const RelationshipId> taken,
                                                         EntityId to,
                                                         const std::vector<Step>& steps) {
  const EntityId last = vertices.back();
  const bool no_vertex_twice = mode_ != BoundPathMode::kTrail;
  visited_.clear();
  taken_.clear();
  if (no_vertex_twice) {
    visited_.insert(vertices.begin(), vertices.end());
    visited_.erase(last);
    // Only a simple walk may come back, and only to its start.
    const bool may_close = mode_ == BoundPathMode::kSimple && to == vertices.front();
    if (!may_close && (to == last || visited_.contains(to))) return std::nullopt;
  }
  taken_.insert(taken.begin(), taken.end());
  const std::vector<Step> back = Reversed(steps);
  visited_.insert(to);
  std::vector<EntityId> frontier = {to};
  for (int64_t length = 1; !frontier.empty(); ++length) {
    std::vector<EntityId> found;
    bool met = false;
    for (size_t begin = 0; begin < frontier.size() && !met; begin += kPiece) {
      const size_t count = std::min(kPiece, frontier.size() - begin);
      RELATA_RETURN_IF_ERROR(filter_.ForEachEdge(
          absl::MakeConstSpan(frontier).subspan(begin, count), back, [&](size_t, const auto& edge) {
            if (taken_.contains(edge.relationship())) return;
            met |= edge.neighbour() == last;
            if (visited_.insert(edge.neighbour()).second) found.push_back(edge.neighbour());
          }));
      RELATA_RETURN_IF_ERROR(
          meter_.Hold(visited_.capacity() * (sizeof(EntityId) + 1) +
                      taken_.capacity() * (sizeof(RelationshipId) + 1) +
                      (frontier.capacity() + found.capacity()) * sizeof(EntityId)));
    }
    if (met) return length;
    frontier = std::move(found);
  }
  return std::nullopt;
}

}  // namespace relata::query
