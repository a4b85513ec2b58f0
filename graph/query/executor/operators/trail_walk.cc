#include "graph/query/executor/operators/trail_walk.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {
namespace {

// Walks up to this length are looked through, longer ones looked up.
constexpr size_t kShortWalk = 24;

}  // namespace

void TrailWalk::Start(EntityId start, std::vector<Step> steps, int64_t min, int64_t max,
                      std::optional<EntityId> into, const BackwardDistances* distances) {
  steps_ = std::move(steps);
  min_ = min;
  max_ = max;
  distances_ = distances;
  cut_ = false;
  // A search for longer walks goes on from what one for shorter walks learnt.
  if (vertices_.empty() || vertices_[0] != start || into_ != into) {
    barren_ = 0;
    look_at_ = kLongSearch;
    pause_ = 1;
  }
  into_ = into;
  begun_ = false;
  ended_ = false;
  vertices_.assign(1, start);
  walk_.clear();
  taken_.clear();
  taken_set_.clear();
  depth_ = 0;
  expanded_ = 0;
}

absl::StatusOr<bool> TrailWalk::Next() {
  if (min_ > max_) return false;
  if (!begun_) {
    begun_ = true;
    if (min_ == 0) return true;
    RELATA_RETURN_IF_ERROR(Push());
  } else if (static_cast<int64_t>(walk_.size()) < max_ && !ended_ && !steps_.empty()) {
    // On from the walk that was given last.
    RELATA_RETURN_IF_ERROR(Push());
  } else {
    cut_ = cut_ || !ended_;
    Pop();
  }
  while (depth_ > 0) {
    Frame& frame = frames_[depth_ - 1];
    if (frame.next == frame.expansion.edges.size()) {
      --depth_;
      Pop();
      continue;
    }
    const Edge& edge = frame.expansion.edges[frame.next++];
    if (!MayTake(edge)) continue;
    walk_.push_back(Datum::Of(ToRelationship(edge, vertices_.back(), time_context_)));
    taken_.push_back(edge.relationship);
    if (taken_.size() >= kShortWalk) {
      if (taken_.size() == kShortWalk) taken_set_.insert(taken_.begin(), taken_.end());
      taken_set_.insert(edge.relationship);
    }
    ended_ = mode_ == BoundPathMode::kSimple && edge.neighbour == vertices_[0];
    vertices_.push_back(edge.neighbour);
    const int64_t length = static_cast<int64_t>(walk_.size());
    if (length >= min_) {
      if (into_ && edge.neighbour == *into_) {
        barren_ = 0;
        look_at_ = kLongSearch;
        pause_ = 1;
      }
      return true;
    }
    if (length < max_ && !ended_) {
      RELATA_RETURN_IF_ERROR(Push());
    } else {
      Pop();
    }
  }
  return false;
}

// Opens the edges of the last vertex.
absl::Status TrailWalk::Push() {
  if (++expanded_ == kLongSearch && into_ && distances_ == nullptr) {
    RELATA_RETURN_IF_ERROR(own_distances_.Measure(*into_, steps_, max_ - 1));
    distances_ = &own_distances_;
  }
  RELATA_ASSIGN_OR_RETURN(const bool alive, LooksAlive());
  if (frames_.size() == depth_) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.next = 0;
  if (!alive) {
    frame.expansion.edges.clear();
    return absl::OkStatus();
  }
  kept_edges_ -= frame.expansion.edges.capacity();
  RELATA_RETURN_IF_ERROR(filter_.Expand({vertices_.back()}, steps_, &frame.expansion));
  kept_edges_ += frame.expansion.edges.capacity();
  return meter_.Hold(kept_edges_ * sizeof(Edge) + frames_.size() * kStepBytes);
}

absl::StatusOr<bool> TrailWalk::LooksAlive() {
  if (!into_ || mode_ == BoundPathMode::kWalk || ++barren_ < look_at_) return true;
  RELATA_ASSIGN_OR_RETURN(const std::optional<int64_t> least,
                          rest_.Least(vertices_, taken_, *into_, steps_));
  const bool alive = least && *least <= max_ - static_cast<int64_t>(walk_.size());
  cut_ = cut_ || (least && !alive);
  // Close by there may be more that leads nowhere.
  pause_ = alive ? std::min(2 * pause_, kRarely) : 1;
  look_at_ = barren_ + pause_;
  return alive;
}

// Takes the last relationship off the walk; nothing where there is none.
void TrailWalk::Pop() {
  ended_ = false;
  if (walk_.empty()) return;
  if (taken_.size() >= kShortWalk) taken_set_.erase(taken_.back());
  if (taken_.size() == kShortWalk) taken_set_.clear();
  walk_.pop_back();
  taken_.pop_back();
  vertices_.pop_back();
}

bool TrailWalk::MayTake(const Edge& edge) {
  if (distances_ != nullptr && !LeadsThere(edge.neighbour)) return false;
  switch (mode_) {
    case BoundPathMode::kWalk:
      return true;
    case BoundPathMode::kTrail:
      break;
    case BoundPathMode::kAcyclic:
      return !OnWalk(edge.neighbour);
    case BoundPathMode::kSimple:
      if (edge.neighbour != vertices_[0]) return !OnWalk(edge.neighbour);
      break;
  }
  if (taken_.size() >= kShortWalk) return !taken_set_.contains(edge.relationship);
  return std::find(taken_.begin(), taken_.end(), edge.relationship) == taken_.end();
}

bool TrailWalk::OnWalk(EntityId vertex) const {
  return std::find(vertices_.begin(), vertices_.end(), vertex) != vertices_.end();
}

// Whether the walk, prolonged to this vertex, can still come to its end in time.
bool TrailWalk::LeadsThere(EntityId vertex) {
  const std::optional<int64_t> distance = distances_->Of(vertex);
  if (!distance) return false;
  if (*distance <= max_ - static_cast<int64_t>(walk_.size()) - 1) return true;
  cut_ = true;
  return false;
}

}  // namespace relata::query
