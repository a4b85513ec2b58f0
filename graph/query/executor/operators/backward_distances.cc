#include "graph/query/executor/operators/backward_distances.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

std::vector<Step> Reversed(std::vector<Step> steps) {
  for (Step& step : steps) {
    if (step.direction == Direction::kEither) continue;
    step.direction = step.direction == Direction::kOut ? Direction::kIn : Direction::kOut;
  }
  return steps;
}

absl::Status BackwardDistances::Measure(absl::Span<const EntityId> to, std::vector<Step> steps,
                                        int64_t max) {
  const std::vector<Step> back = Reversed(std::move(steps));
  distances_.clear();
  for (const EntityId node : to) distances_[node] = 0;
  std::vector<EntityId> frontier(to.begin(), to.end());
  for (int64_t distance = 1; distance <= max && !frontier.empty(); ++distance) {
    std::vector<EntityId> found;
    for (size_t begin = 0; begin < frontier.size(); begin += kPiece) {
      const size_t count = std::min(kPiece, frontier.size() - begin);
      RELATA_RETURN_IF_ERROR(filter_.ForEachEdge(
          absl::MakeConstSpan(frontier).subspan(begin, count), back, [&](size_t, const auto& edge) {
            const EntityId near = edge.neighbour();
            if (distances_.emplace(near, distance).second) {
              found.push_back(near);
            }
          }));
      RELATA_RETURN_IF_ERROR(
          meter_.Hold(distances_.capacity() * (sizeof(EntityId) + sizeof(int64_t) + 1) +
                      (frontier.capacity() + found.capacity()) * sizeof(EntityId)));
    }
    frontier = std::move(found);
  }
  return absl::OkStatus();
}

std::optional<int64_t> BackwardDistances::Of(EntityId node) const {
  const auto position = distances_.find(node);
  if (position == distances_.end()) return std::nullopt;
  return position->second;
}

std::vector<EntityId> BackwardDistances::Nodes() const {
  std::vector<EntityId> nodes;
  nodes.reserve(distances_.size());
  for (const auto& [node, distance] : distances_) nodes.push_back(node);
  return nodes;
}

}  // namespace relata::query
