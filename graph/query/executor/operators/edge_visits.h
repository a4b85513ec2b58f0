#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_VISITS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_VISITS_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/query/executor/graph_reader.h"

namespace relata::query {

// Calls visit(i, edge) for each edge that GraphReader::Expand would give, as relata::ForEachEdge
// does: in place, where the transaction has no writes of its own to lay over the stored edges.
template <typename Visit>
absl::Status VisitEdges(GraphReader& reader, ContextId context, absl::Span<const EntityId> vertices,
                        absl::Span<const Step> steps, Visit&& visit) {
  if (!reader.OverlaysEdges(context)) {
    const ReadContext& c = reader.context(context);
    return ForEachEdge(c.snapshot, vertices, steps, c.view, visit);
  }
  Expansion expansion;
  RELATA_RETURN_IF_ERROR(reader.Expand(context, vertices, steps, &expansion));
  for (size_t i = 0; i < vertices.size(); ++i) {
    for (const Edge& edge : expansion.of(i)) visit(i, ExpandedEdge(edge));
  }
  return absl::OkStatus();
}

// Calls visit(ends) with the neighbours of the same edges, some at a time, as relata::ForEachEnd.
template <typename Visit>
absl::Status VisitEnds(GraphReader& reader, ContextId context, absl::Span<const EntityId> vertices,
                       absl::Span<const Step> steps, Visit&& visit) {
  if (!reader.OverlaysEdges(context)) {
    const ReadContext& c = reader.context(context);
    return ForEachEnd(c.snapshot, vertices, steps, c.view, visit);
  }
  return VisitEdges(reader, context, vertices, steps, [&](size_t /*vertex*/, const auto& edge) {
    const EntityId end = edge.neighbour();
    visit(absl::MakeConstSpan(&end, 1));
  });
}

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_VISITS_H_
