#include "graph/query/executor/operators/shortest_cycle.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

absl::StatusOr<std::vector<RelationshipRef>> ShortestCycle::Find(EntityId start,
                                                                 const std::vector<Step>& steps,
                                                                 int64_t max) {
  best_ = Meeting();
  marks_.clear();
  marks_[start] = Mark();
  std::vector<EntityId> frontier = {start};
  Expansion expansion;
  // What two branches have at one depth closes a shorter way than all that lies deeper.
  for (int64_t depth = 0; !frontier.empty() && best_.length == INT64_MAX && 2 * depth < max;
       ++depth) {
    std::vector<EntityId> found;
    for (size_t begin = 0; begin < frontier.size(); begin += kPiece) {
      const size_t count = std::min(kPiece, frontier.size() - begin);
      const auto piece = absl::MakeConstSpan(frontier).subspan(begin, count);
      RELATA_RETURN_IF_ERROR(filter_.Expand(piece, steps, &expansion));
      for (size_t i = 0; i < count; ++i) {
        for (const Edge& edge : expansion.of(i)) Visit(start, piece[i], edge, &found);
      }
      RELATA_RETURN_IF_ERROR(
          meter_.Hold(marks_.capacity() * (sizeof(EntityId) + sizeof(Mark) + 1) +
                      (frontier.capacity() + found.capacity()) * sizeof(EntityId)));
    }
    frontier = std::move(found);
  }
  if (best_.length == INT64_MAX || best_.length > max) return std::vector<RelationshipRef>();
  std::vector<RelationshipRef> way = WayTo(start, best_.from);
  std::reverse(way.begin(), way.end());
  way.push_back(best_.relationship);
  const std::vector<RelationshipRef> back = WayTo(start, best_.to);
  way.insert(way.end(), back.begin(), back.end());
  return way;
}

void ShortestCycle::Visit(EntityId start, EntityId vertex, const Edge& edge,
                          std::vector<EntityId>* found) {
  const Mark mark = marks_[vertex];
  const auto [position, fresh] = marks_.try_emplace(edge.neighbour);
  const RelationshipRef relationship = ToRelationship(edge, vertex, time_context_);
  if (fresh) {
    position->second = {relationship, vertex == start ? edge.relationship : mark.branch, vertex,
                        mark.depth + 1};
    found->push_back(edge.neighbour);
    return;
  }
  const Mark& far = position->second;
  const bool tree = edge.relationship == mark.way.ends.id || edge.relationship == far.way.ends.id;
  const bool at_start = vertex == start || edge.neighbour == start;
  if (tree || (!at_start && mark.branch == far.branch)) return;
  const int64_t length = mark.depth + far.depth + 1;
  if (length < best_.length) best_ = {vertex, edge.neighbour, relationship, length};
}

// From the node back to the start.
std::vector<RelationshipRef> ShortestCycle::WayTo(EntityId start, EntityId node) const {
  std::vector<RelationshipRef> way;
  while (node != start) {
    const Mark& mark = marks_.find(node)->second;
    way.push_back(mark.way);
    node = mark.before;
  }
  return way;
}

}  // namespace relata::query
