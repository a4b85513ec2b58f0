#include "graph/query/planner/pattern_parts.h"

#include <algorithm>

namespace relata::query {

EdgeDirection DirectionFrom(const BoundEdge& edge, size_t from) {
  return edge.left == from ? edge.direction : Reversed(edge.direction);
}

bool IsDynamic(const BoundLabels& labels) {
  return labels.kind == BoundLabels::Kind::kDynamic ||
         std::any_of(labels.args.begin(), labels.args.end(), IsDynamic);
}

}  // namespace relata::query
