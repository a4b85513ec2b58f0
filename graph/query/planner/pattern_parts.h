#ifndef RELATA_GRAPH_QUERY_PLANNER_PATTERN_PARTS_H_
#define RELATA_GRAPH_QUERY_PLANNER_PATTERN_PARTS_H_

#include <cstddef>

#include "graph/query/semantics/bound_query.h"

// What several parts of the planner ask of the pieces of a pattern.
namespace relata::query {

// The direction in which `edge` leaves its end `from`, an index of the pattern's nodes.
EdgeDirection DirectionFrom(const BoundEdge& edge, size_t from);

// Whether a part of `labels` is known only when the statement runs.
bool IsDynamic(const BoundLabels& labels);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_PATTERN_PARTS_H_
