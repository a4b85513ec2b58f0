#include "graph/answers/reachability.h"

#include <limits>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/answers/seen_facts.h"

namespace relata {
namespace {

// A level with more vertices than this costs more than it saves.
constexpr size_t kMaxLevel = 50'000;

}  // namespace

absl::StatusOr<Reachability> Reachability::Make(const Snapshot& snapshot, const ReadView& view,
                                                absl::Span<const Step> steps, EntityId end,
                                                int max_hops, Budget& budget) {
  const std::vector<Step> backward = ReversedSteps(steps);
  Reachability reach;
  reach.distance_[end] = 0;
  std::vector<EntityId> level = {end};
  for (int hops = 1; hops <= max_hops && level.size() <= kMaxLevel; ++hops) {
    std::vector<EntityId> next;
    for (const EntityId vertex : level) {
      if (!budget.open()) return reach;
      size_t edges = 0;
      RELATA_RETURN_IF_ERROR(
          ForEachEdge(snapshot, {vertex}, backward, view, [&](size_t, const auto& edge) {
            ++edges;
            const EntityId neighbour = edge.neighbour();
            if (reach.distance_.emplace(neighbour, hops).second) next.push_back(neighbour);
          }));
      RELATA_RETURN_IF_ERROR(budget.Spend(edges));
    }
    reach.known_hops_ = hops;
    level = std::move(next);
    if (level.empty()) {
      reach.known_hops_ = std::numeric_limits<int>::max();
      break;
    }
  }
  return reach;
}

bool Reachability::Within(EntityId vertex, int hops) const {
  const auto found = distance_.find(vertex);
  return found != distance_.end() ? found->second <= hops : hops > known_hops_;
}

}  // namespace relata
