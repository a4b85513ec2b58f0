#include "graph/answers/paths.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/wrong_field.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/answers/seen_facts.h"

namespace relata {
namespace {

// A relationship on a shortest path from the root of a search: `near` is one hop nearer to the root
// than `far`.
struct TreeEdge {
  EntityId near;
  EntityId far;
  RelationshipEnds ends;
};

// Breadth-first search from one end, one level at a time.
class Side {
 public:
  Side(const Snapshot& snapshot, const ReadView& view, std::vector<Step> steps, EntityId root,
       Budget& budget)
      : snapshot_(snapshot), view_(view), steps_(std::move(steps)), budget_(budget) {
    distance_[root] = 0;
    level_ = {root};
  }

  // Finds the vertices one hop farther. Stops in between where the budget is spent.
  absl::Status Advance() {
    const int hops = this->hops() + 1;
    std::vector<TreeEdge>& edges = edges_.emplace_back();
    std::vector<EntityId> next;
    for (const EntityId vertex : level_) {
      if (!budget_.open()) return absl::OkStatus();
      size_t seen = 0;
      RELATA_RETURN_IF_ERROR(
          ForEachEdge(snapshot_, {vertex}, steps_, view_, [&](size_t, const auto& edge) {
            ++seen;
            const EntityId neighbour = edge.neighbour();
            const auto [place, is_new] = distance_.emplace(neighbour, hops);
            if (is_new) next.push_back(neighbour);
            if (place->second == hops) {
              edges.push_back({vertex, neighbour, edge.ToEdge().Ends(vertex)});
            }
          }));
      RELATA_RETURN_IF_ERROR(budget_.Spend(seen));
    }
    level_ = std::move(next);
    return absl::OkStatus();
  }

  // Levels found.
  int hops() const { return static_cast<int>(edges_.size()); }
  // The vertices of the last level.
  const std::vector<EntityId>& level() const { return level_; }
  bool Knows(EntityId vertex) const { return distance_.contains(vertex); }
  // The edges between levels i and i + 1.
  const std::vector<TreeEdge>& edges(int i) const { return edges_[i]; }

 private:
  const Snapshot& snapshot_;
  const ReadView& view_;
  const std::vector<Step> steps_;
  Budget& budget_;
  absl::flat_hash_map<EntityId, int> distance_;
  std::vector<EntityId> level_;
  std::vector<std::vector<TreeEdge>> edges_;
};

// A step of a shortest path, seen from the start.
struct Hop {
  EntityId to;
  RelationshipEnds ends;
};
// The steps by which a shortest path may leave a vertex.
using HopsByVertex = absl::flat_hash_map<EntityId, std::vector<Hop>>;

// All shortest paths through the vertices at which both sides met, as a graph of steps. Each vertex
// lies at one distance from the start, so one map serves all hops.
HopsByVertex ShortestHops(const Side& forward, const Side& backward,
                          absl::flat_hash_set<EntityId> meeting) {
  HopsByVertex hops;
  absl::flat_hash_set<EntityId> on_path = meeting;
  for (int i = forward.hops(); i-- > 0;) {
    absl::flat_hash_set<EntityId> nearer;
    for (const TreeEdge& edge : forward.edges(i)) {
      if (!on_path.contains(edge.far)) continue;
      hops[edge.near].push_back({edge.far, edge.ends});
      nearer.insert(edge.near);
    }
    on_path = std::move(nearer);
  }
  on_path = std::move(meeting);
  for (int i = backward.hops(); i-- > 0;) {
    absl::flat_hash_set<EntityId> nearer;
    for (const TreeEdge& edge : backward.edges(i)) {
      if (!on_path.contains(edge.far)) continue;
      hops[edge.far].push_back({edge.near, edge.ends});
      nearer.insert(edge.near);
    }
    on_path = std::move(nearer);
  }
  return hops;
}

// Of the shortest paths the one with the lowest relationship ids. The lowest hop decides alone:
// each has an id of its own.
std::vector<Hop> LowestPath(const HopsByVertex& hops, EntityId start, EntityId end) {
  std::vector<Hop> path;
  for (EntityId vertex = start; vertex != end; vertex = path.back().to) {
    const std::vector<Hop>& choices = hops.at(vertex);
    path.push_back(
        *std::min_element(choices.begin(), choices.end(),
                          [](const Hop& a, const Hop& b) { return a.ends.id < b.ends.id; }));
  }
  return path;
}

absl::Status CheckRequest(const ReadView& view, const PathRequest& request) {
  if (view.valid.kind != ValidTime::Kind::kInstant) {
    return WrongField("read.valid_time",
                      "a path is of one instant of valid time, not of a window or all of it");
  }
  if (request.steps.empty()) {
    return absl::InvalidArgumentError("a path needs at least one step (type and direction)");
  }
  if (request.max_hops < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_hops must be 0 (no limit) or more, not ", request.max_hops));
  }
  return absl::OkStatus();
}

// Searches from both ends until they meet; the vertices where they did, none where there is no path
// or the budget is spent.
absl::StatusOr<absl::flat_hash_set<EntityId>> Meet(const PathRequest& request, Side& forward,
                                                   Side& backward, const Budget& budget) {
  absl::flat_hash_set<EntityId> meeting;
  while (meeting.empty() && !forward.level().empty() && !backward.level().empty()) {
    if (request.max_hops > 0 && forward.hops() + backward.hops() >= request.max_hops) break;
    const bool go_forward = forward.level().size() <= backward.level().size();
    Side& side = go_forward ? forward : backward;
    const Side& other = go_forward ? backward : forward;
    RELATA_RETURN_IF_ERROR(side.Advance());
    if (!budget.open()) break;
    for (const EntityId vertex : side.level()) {
      if (other.Knows(vertex)) meeting.insert(vertex);
    }
  }
  return meeting;
}

}  // namespace

absl::StatusOr<PathAnswer> ShortestPath(const Snapshot& snapshot, const ReadView& view,
                                        const PathRequest& request, Budget& budget) {
  RELATA_RETURN_IF_ERROR(CheckRequest(view, request));
  RELATA_RETURN_IF_ERROR(CheckExists(snapshot, request.start, "start"));
  RELATA_RETURN_IF_ERROR(CheckExists(snapshot, request.end, "end"));
  PathAnswer answer;
  if (request.start == request.end) {
    answer.path.emplace();
    return answer;
  }
  Side forward(snapshot, view, request.steps, request.start, budget);
  Side backward(snapshot, view, ReversedSteps(request.steps), request.end, budget);
  RELATA_ASSIGN_OR_RETURN(auto meeting, Meet(request, forward, backward, budget));
  if (meeting.empty()) {
    answer.cut = !budget.open();
    answer.reproducible = budget.state() != Budget::State::kTimeSpent;
    return answer;
  }
  const std::vector<Hop> hops =
      LowestPath(ShortestHops(forward, backward, std::move(meeting)), request.start, request.end);
  std::vector<RelationshipEnds> ends;
  ends.reserve(hops.size());
  for (const Hop& hop : hops) ends.push_back(hop.ends);
  RELATA_ASSIGN_OR_RETURN(auto facts, SeenFacts(snapshot, view, ends));
  answer.path.emplace();
  for (size_t i = 0; i < hops.size(); ++i) {
    if (!facts[i]) {
      return absl::InternalError(
          absl::StrCat("relationship ", ends[i].id.value(), " changed within one snapshot"));
    }
    answer.path->push_back({ends[i], hops[i].to, *std::move(facts[i])});
  }
  return answer;
}

}  // namespace relata
