#include "graph/adjacency/adjacency.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/edge_walk.h"

namespace relata {
namespace {

// Replaces each edge by those of the facts that the view's policy shows.
absl::Status ChooseByFacts(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                           const ReadView& view, EdgeTimes times, Expansion* out) {
  Expansion candidates;
  std::swap(candidates, *out);
  out->offsets.assign(1, 0);
  for (size_t i = 0; i < vertices.size(); ++i) {
    std::vector<RelationshipEnds> ends;
    for (const Edge& edge : candidates.of(i)) ends.push_back(edge.Ends(vertices[i]));
    RELATA_ASSIGN_OR_RETURN(const auto states, snapshot.GetRelationships(ends));
    for (size_t k = 0; k < ends.size(); ++k) {
      if (!states[k]) continue;
      for (const VisibleFact& visible : SelectVisible(states[k]->facts, view)) {
        Edge& edge = out->edges.emplace_back(candidates.of(i)[k]);
        edge.fact = visible.fact->id;
        edge.digest = MakeDigest(*visible.fact);
        if (times == EdgeTimes::kGiven) out->valid.push_back(visible.fact->valid);
      }
    }
    out->offsets.push_back(out->edges.size());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Expand(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                    absl::Span<const Step> steps, const ReadView& view, Expansion* out,
                    EdgeTimes times) {
  out->offsets.assign(1, 0);
  out->offsets.reserve(vertices.size() + 1);
  out->edges.clear();
  out->valid.clear();
  EdgeWalk walk(snapshot, steps, view);
  const bool with_times = times == EdgeTimes::kGiven && walk.decides();
  RELATA_RETURN_IF_ERROR(walk.Run(vertices, [&](size_t i, const auto& edge) {
    // Offsets of vertices without edges follow with the next one.
    while (out->offsets.size() <= i) out->offsets.push_back(out->edges.size());
    out->edges.push_back(edge.ToEdge());
    if (with_times) out->valid.push_back(edge.valid());
  }));
  while (out->offsets.size() <= vertices.size()) out->offsets.push_back(out->edges.size());
  return walk.decides() ? absl::OkStatus() : ChooseByFacts(snapshot, vertices, view, times, out);
}

}  // namespace relata
