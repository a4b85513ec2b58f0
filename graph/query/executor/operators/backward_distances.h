#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_BACKWARD_DISTANCES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_BACKWARD_DISTANCES_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// How many relationships a walk needs at least from a node to a given one: for leaving out walks
// that cannot get there. Used by one thread.
class BackwardDistances {
 public:
  BackwardDistances(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context)
      : filter_(*filter), meter_(plan, context) {}

  // Of all nodes from which `steps` lead to `to` in at most `max` relationships that the filter
  // lets pass, breadth first.
  absl::Status Measure(EntityId to, std::vector<Step> steps, int64_t max) {
    return Measure({&to, 1}, std::move(steps), max);
  }
  // Likewise to the nearest of several.
  absl::Status Measure(absl::Span<const EntityId> to, std::vector<Step> steps, int64_t max);
  // nullopt: no such walk.
  std::optional<int64_t> Of(EntityId node) const;
  // All nodes that have one, in no order.
  std::vector<EntityId> Nodes() const;

 private:
  // Vertices expanded in one call.
  static constexpr size_t kPiece = 256;

  EdgeFilter& filter_;
  OperatorMeter meter_;
  absl::flat_hash_map<EntityId, int64_t> distances_;
};

// The same steps, walked the other way round.
std::vector<Step> Reversed(std::vector<Step> steps);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_BACKWARD_DISTANCES_H_
