#include "graph/query/executor/operators/shortest_search.h"

#include <algorithm>

#include "base/status_macros.h"
#include "graph/query/executor/operators/backward_distances.h"

namespace relata::query {

void SearchTree::Start(EntityId root, std::vector<Step> steps, bool all) {
  all_ = all;
  steps_ = std::move(steps);
  depth_ = 0;
  frontier_.assign(1, root);
  marks_.clear();
  marks_[root] = Mark();
  ways_.clear();
}

template <typename AnyEdge>
void SearchTree::Reach(EntityId from, const AnyEdge& edge, std::vector<EntityId>* found) {
  const EntityId neighbour = edge.neighbour();
  const auto [position, fresh] = marks_.try_emplace(neighbour);
  Mark& mark = position->second;
  if (fresh) {
    mark.depth = depth_;
    found->push_back(neighbour);
  } else if (!all_ || mark.depth != depth_) {
    return;
  }
  ways_.push_back({ToRelationship(edge.ToEdge(), from, time_context_), from, mark.ways});
  mark.ways = static_cast<uint32_t>(ways_.size() - 1);
}

absl::Status SearchTree::Advance() {
  ++depth_;
  std::vector<EntityId> found;
  for (size_t begin = 0; begin < frontier_.size(); begin += kPiece) {
    const size_t count = std::min(kPiece, frontier_.size() - begin);
    RELATA_RETURN_IF_ERROR(filter_.ForEachEdge(
        absl::MakeConstSpan(frontier_).subspan(begin, count), steps_,
        [&](size_t i, const auto& edge) { Reach(frontier_[begin + i], edge, &found); }));
    RELATA_RETURN_IF_ERROR(meter_.Hold(
        marks_.capacity() * (sizeof(EntityId) + sizeof(Mark) + 1) + ways_.capacity() * sizeof(Way) +
        (frontier_.capacity() + found.capacity()) * sizeof(EntityId)));
  }
  frontier_ = std::move(found);
  return absl::OkStatus();
}

std::optional<int64_t> SearchTree::DepthOf(EntityId node) const {
  const auto position = marks_.find(node);
  if (position == marks_.end()) return std::nullopt;
  return position->second.depth;
}

void ShortestSearch::Start(EntityId from, std::optional<EntityId> to, std::vector<Step> steps,
                           int64_t max, bool all) {
  from_ = from;
  to_ = to;
  max_ = max;
  met_ = false;
  targets_.clear();
  next_target_ = 0;
  in_target_ = false;
  if (to) backward_.Start(*to, Reversed(steps), all);
  forward_.Start(from, std::move(steps), all);
}

// Advances the smaller side until the two meet. Then every shortest walk runs through exactly one
// of the new nodes that the other side knows, all of which lie on the other side's last level.
absl::Status ShortestSearch::Meet() {
  while (forward_.depth() + backward_.depth() < max_ && !forward_.frontier().empty() &&
         !backward_.frontier().empty()) {
    const bool is_forward = forward_.frontier().size() <= backward_.frontier().size();
    SearchTree& near = is_forward ? forward_ : backward_;
    const SearchTree& far = is_forward ? backward_ : forward_;
    RELATA_RETURN_IF_ERROR(near.Advance());
    for (const EntityId node : near.frontier()) {
      if (far.DepthOf(node)) targets_.push_back(node);
    }
    if (!targets_.empty()) return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ShortestSearch::NextTarget() {
  if (to_ && !met_) {
    met_ = true;
    RELATA_RETURN_IF_ERROR(Meet());
  }
  while (!to_ && next_target_ == targets_.size()) {
    if (forward_.depth() >= max_ || forward_.frontier().empty()) return false;
    RELATA_RETURN_IF_ERROR(forward_.Advance());
    targets_ = forward_.frontier();
    next_target_ = 0;
  }
  if (next_target_ == targets_.size()) return false;
  const EntityId target = targets_[next_target_++];
  before_ = FirstHalf(forward_, target);
  after_ = to_ ? FirstHalf(backward_, target) : Half();
  end_ = to_ ? *to_ : target;
  return true;
}

absl::StatusOr<bool> ShortestSearch::Next() {
  if (in_target_) {
    in_target_ = Advance(forward_, &before_);
    if (!in_target_ && to_) {
      in_target_ = Advance(backward_, &after_);
      if (in_target_) before_ = FirstHalf(forward_, targets_[next_target_ - 1]);
    }
  }
  if (!in_target_) {
    RELATA_ASSIGN_OR_RETURN(in_target_, NextTarget());
    if (!in_target_) return false;
  }
  Compose();
  return true;
}

ShortestSearch::Half ShortestSearch::FirstHalf(const SearchTree& tree, EntityId node) {
  Half half;
  Descend(tree, node, &half);
  return half;
}

// Adds the first ways from `node` down to the root.
void ShortestSearch::Descend(const SearchTree& tree, EntityId node, Half* half) {
  for (uint32_t way = tree.FirstWay(node); way != SearchTree::kNone; way = tree.FirstWay(node)) {
    half->push_back({node, way});
    node = tree.way(way).before;
  }
}

bool ShortestSearch::Advance(const SearchTree& tree, Half* half) {
  while (!half->empty()) {
    Choice& last = half->back();
    last.way = tree.way(last.way).next;
    if (last.way != SearchTree::kNone) {
      Descend(tree, tree.way(last.way).before, half);
      return true;
    }
    half->pop_back();
  }
  return false;
}

void ShortestSearch::Compose() {
  walk_.clear();
  for (size_t i = before_.size(); i-- > 0;) {
    walk_.push_back(Datum::Of(forward_.way(before_[i].way).relationship));
  }
  for (const Choice& choice : after_) {
    walk_.push_back(Datum::Of(backward_.way(choice.way).relationship));
  }
}

}  // namespace relata::query
