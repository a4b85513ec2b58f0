#include "graph/query/executor/operators/level_ends.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

void LevelEnds::Start(EntityId start, std::vector<Step> steps) {
  steps_ = std::move(steps);
  depth_ = 0;
  level_.assign(1, start);
  trails_.clear();
  trails_[start].trails = {Trail()};
  given_.clear();
}

absl::StatusOr<bool> LevelEnds::Next(std::vector<EntityId>* found) {
  if (level_.empty() || depth_ >= max_) return false;
  RELATA_RETURN_IF_ERROR(Advance());
  if (depth_ < min_) return true;
  // At the last level nobody asks again.
  if (depth_ == min_ && min_ == max_) {
    found->insert(found->end(), level_.begin(), level_.end());
    return true;
  }
  for (const EntityId node : level_) {
    if (given_.insert(node)) found->push_back(node);
  }
  return true;
}

absl::Status LevelEnds::Advance() {
  next_level_.clear();
  in_next_.clear();
  next_trails_.clear();
  kept_ids_ = 0;
  for (size_t begin = 0; begin < level_.size(); begin += kPiece) {
    const size_t count = std::min(kPiece, level_.size() - begin);
    const auto piece = absl::MakeConstSpan(level_).subspan(begin, count);
    RELATA_RETURN_IF_ERROR(mode_ == BoundPathMode::kTrail ? AdvanceByTrails(piece)
                                                          : AdvanceByWalks(piece));
    RELATA_RETURN_IF_ERROR(Account());
  }
  ++depth_;
  std::swap(level_, next_level_);
  std::swap(trails_, next_trails_);
  return absl::OkStatus();
}

absl::Status LevelEnds::AdvanceByWalks(absl::Span<const EntityId> piece) {
  // Beyond the least length a walk from a node that was met before leads to nothing new.
  const bool only_new = depth_ >= min_;
  return filter_.ForEachEnd(piece, steps_, [&](absl::Span<const EntityId> ends) {
    if (!only_new) return in_next_.InsertAll(ends, &next_level_);
    for (const EntityId end : ends) {
      if (!given_.contains(end) && in_next_.insert(end)) next_level_.push_back(end);
    }
  });
}

absl::Status LevelEnds::AdvanceByTrails(absl::Span<const EntityId> piece) {
  RELATA_RETURN_IF_ERROR(filter_.Expand(piece, steps_, &expansion_));
  for (size_t i = 0; i < piece.size(); ++i) {
    const std::vector<Trail>& kept = trails_[piece[i]].trails;
    for (const Edge& edge : expansion_.of(i)) ReachByTrails(edge, kept);
    RELATA_RETURN_IF_ERROR(meter_.Work(expansion_.of(i).size() * kept.size()));
  }
  return absl::OkStatus();
}

void LevelEnds::ReachByTrails(const Edge& edge, const std::vector<Trail>& trails) {
  const int64_t left = max_ - depth_ - 1;
  Kept* kept = nullptr;
  for (const Trail& trail : trails) {
    if (std::find(trail.begin(), trail.end(), edge.relationship) != trail.end()) continue;
    if (kept == nullptr) {
      const auto [position, fresh] = next_trails_.try_emplace(edge.neighbour);
      if (fresh) next_level_.push_back(edge.neighbour);
      kept = &position->second;
    }
    if (kept->full) return;
    Trail longer = trail;
    longer.push_back(edge.relationship);
    if (!kept->trails.empty() && !Escapes(longer, kept->trails, left)) continue;
    kept_ids_ += longer.size();
    kept->trails.push_back(std::move(longer));
    kept->full = !Escapes(Trail(), kept->trails, left);
  }
}

bool LevelEnds::Escapes(const Trail& trail, const std::vector<Trail>& kept, int64_t allowed) {
  // One of the way on must be of the first trail that is not hit yet: try each.
  const auto hits = [&](const std::vector<RelationshipId>& chosen, const Trail& other) {
    return std::any_of(other.begin(), other.end(), [&](RelationshipId id) {
      return std::find(chosen.begin(), chosen.end(), id) != chosen.end();
    });
  };
  std::vector<RelationshipId> chosen;
  const auto search = [&](const auto& self) -> bool {
    const auto missed = std::find_if(kept.begin(), kept.end(),
                                     [&](const Trail& other) { return !hits(chosen, other); });
    if (missed == kept.end()) return true;
    if (static_cast<int64_t>(chosen.size()) == allowed) return false;
    for (const RelationshipId id : *missed) {
      if (std::find(trail.begin(), trail.end(), id) != trail.end()) continue;
      chosen.push_back(id);
      if (self(self)) return true;
      chosen.pop_back();
    }
    return false;
  };
  return search(search);
}

absl::Status LevelEnds::Account() {
  const size_t trailed = trails_.size() + next_trails_.size();
  return meter_.Hold(
      (level_.capacity() + next_level_.capacity()) * sizeof(EntityId) + given_.Bytes() +
      in_next_.Bytes() + trailed * (sizeof(EntityId) + sizeof(Kept) + 1) +
      4 * kept_ids_ * sizeof(RelationshipId) + expansion_.edges.capacity() * sizeof(Edge));
}

}  // namespace relata::query
