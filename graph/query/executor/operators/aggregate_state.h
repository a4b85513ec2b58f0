#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_STATE_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_STATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// One aggregate over all groups. Groups are numbered from 0. Used by one thread.
class AggregateState {
 public:
  virtual ~AggregateState() = default;
  // There are groups [0, groups) from now on.
  virtual void Grow(size_t groups) = 0;
  // Adds rows: row i belongs to `groups[i]`. `value` is null for count(*), `extra` for all that
  // take one argument. Runtime errors of the aggregate.
  virtual absl::Status Add(absl::Span<const uint32_t> groups, const Column* value,
                           const Column* extra) = 0;
  // Adds what the groups of another state of the same aggregate have: its group i is `groups[i]`
  // here. As if their rows had come after all of this one's. The other is used up.
  virtual absl::Status Merge(AggregateState& other, absl::Span<const uint32_t> groups) = 0;
  // Appends the result of a group. Call once a group, after all rows.
  virtual absl::Status Finish(uint32_t group, Column* out) = 0;
  // About what it holds.
  virtual size_t Bytes() const = 0;
};

std::unique_ptr<AggregateState> MakeAggregateState(const AggregatePlan::Aggregate& aggregate);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_STATE_H_
