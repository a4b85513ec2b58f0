#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_REST_OF_WALK_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_REST_OF_WALK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// Whether a walk that may not repeat itself can still come to its end, given what it has used: a
// depth-first search that asks it before it goes on leaves out all that leads nowhere, so the time
// to the next walk stays polynomial (Read and Tarjan, "Bounds on backtrack algorithms for listing
// cycles, paths, and spanning trees", 1975). One answer costs a breadth-first search. Used by one
// thread.
class RestOfWalk {
 public:
  RestOfWalk(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
             BoundPathMode mode)
      : filter_(*filter), meter_(plan, context), mode_(mode) {}

  // How many relationships the walk through `vertices` (its relationships are `taken`) needs at
  // least to be at `to`, one or more; nullopt: it cannot come there. Not for kWalk.
  absl::StatusOr<std::optional<int64_t>> Least(absl::Span<const EntityId> vertices,
                                               absl::Span<const RelationshipId> taken, EntityId to,
                                               const std::vector<Step>& steps);

 private:
  // Vertices expanded in one call.
  static constexpr size_t kPiece = 256;

  EdgeFilter& filter_;
  OperatorMeter meter_;
  const BoundPathMode mode_;
  absl::flat_hash_set<EntityId> visited_;  // or not to be visited
  absl::flat_hash_set<RelationshipId> taken_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_REST_OF_WALK_H_
