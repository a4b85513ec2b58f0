#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WALK_STEPS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WALK_STEPS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/catalog/name_table.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

Direction ToDirection(EdgeDirection direction);

// The steps of a walk over the types named (none: every type). Types that do not exist are left
// out; nullopt where that leaves none, so that the walk leads nowhere.
std::optional<std::vector<Step>> ResolveSteps(const NameTable& names,
                                              const std::vector<std::string>& types,
                                              EdgeDirection direction);

// Whether a relationship of that type is one that the steps take, whatever the direction.
bool FitsType(const std::vector<Step>& steps, TypeId type);

// The node in that row; nullopt where it is null.
std::optional<NodeRef> NodeAt(const Column& column, size_t row);

// The relationship as a value, seen from the vertex whose edge it is.
inline RelationshipRef ToRelationship(const Edge& edge, EntityId vertex, ContextId context) {
  return {edge.Ends(vertex), edge.fact, context};
}

// The relationships that a row already uses: columns of single relationships or lists of them.
class ExcludedIds {
 public:
  explicit ExcludedIds(const ExcludedColumns& columns) : columns_(columns) {}

  // Those of that row.
  void Load(const Batch& batch, size_t row);
  bool Contains(RelationshipId id) const;

 private:
  void Add(const Datum& value);

  const ExcludedColumns& columns_;
  std::vector<RelationshipId> ids_;  // ascending where there are many
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WALK_STEPS_H_
