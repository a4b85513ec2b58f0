#include "graph/query/executor/operators/far_nodes.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

void FarNodes::Start(EntityId start, std::vector<Step> steps) {
  start_ = start;
  steps_ = std::move(steps);
  start_given_ = false;
  depth_ = 0;
  frontier_.assign(1, start);
  next_ = 0;
  next_frontier_.clear();
  marks_.clear();
  marks_[start] = Mark();
}

absl::StatusOr<bool> FarNodes::Next(std::vector<EntityId>* found) {
  if (min_ == 0 && !start_given_) {
    start_given_ = true;
    found->push_back(start_);
  }
  if (next_ == frontier_.size()) {
    frontier_ = std::exchange(next_frontier_, {});
    next_ = 0;
    ++depth_;
  }
  if (frontier_.empty() || depth_ >= max_) return false;
  const size_t count = std::min(kPiece, frontier_.size() - next_);
  const absl::Span<const EntityId> piece = absl::MakeConstSpan(frontier_).subspan(next_, count);
  size_t marked = count;
  Mark mark;
  RELATA_RETURN_IF_ERROR(filter_.ForEachEdge(piece, steps_, [&](size_t i, const auto& edge) {
    if (i != marked) mark = marks_[piece[marked = i]];
    Visit(piece[i], mark, {edge.neighbour(), edge.relationship()}, found);
  }));
  next_ += count;
  RELATA_RETURN_IF_ERROR(
      meter_.Hold(marks_.capacity() * (sizeof(Mark) + sizeof(EntityId) + 1) +
                  (frontier_.capacity() + next_frontier_.capacity()) * sizeof(EntityId)));
  return true;
}

void FarNodes::Visit(EntityId vertex, const Mark& mark, const Hop& edge,
                     std::vector<EntityId>* found) {
  const auto [position, fresh] = marks_.try_emplace(edge.neighbour);
  if (fresh) {
    position->second = {edge.relationship, vertex == start_ ? edge.relationship : mark.branch,
                        mark.depth + 1};
    next_frontier_.push_back(edge.neighbour);
    found->push_back(edge.neighbour);
    return;
  }
  if (start_given_ || !Closes(vertex, mark, edge, position->second)) return;
  start_given_ = true;
  found->push_back(start_);
}

bool FarNodes::Closes(EntityId vertex, const Mark& mark, const Hop& edge, const Mark& far) const {
  if (mode_ == BoundPathMode::kAcyclic) return false;
  if (!either_) return edge.neighbour == start_;
  if (mode_ == BoundPathMode::kWalk) {
    // There and back again, or a loop.
    return edge.neighbour == start_;
  }
  if (edge.relationship == mark.tree || edge.relationship == far.tree) return false;
  if (edge.neighbour == start_) return true;
  return (vertex == start_ || mark.branch != far.branch) && mark.depth + far.depth + 1 <= max_;
}

}  // namespace relata::query
