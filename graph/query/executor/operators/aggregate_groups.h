#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_GROUPS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_GROUPS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/executor/operators/aggregate_state.h"
#include "graph/query/executor/operators/row_table.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// The groups of an aggregation: a table of keys, and the states of the aggregates as columns beside
// it. Without keys there is one group, whether it has rows or not. Used by one thread.
class AggregateGroups {
 public:
  // `aggregates` must outlive it.
  AggregateGroups(size_t keys, const std::vector<AggregatePlan::Aggregate>& aggregates)
      : keys_(keys), aggregates_(aggregates), groups_(keys) {}

  // Starts over.
  void Restart();
  // Sets `numbers` to the group of each row of the keys, as many columns as there are keys.
  void FindOrAdd(absl::Span<const Column* const> keys, size_t rows, std::vector<uint32_t>* numbers);
  // Adds rows to an aggregate, as AggregateState::Add.
  absl::Status Add(size_t aggregate, absl::Span<const uint32_t> groups, const Column* value,
                   const Column* extra) {
    return states_[aggregate]->Add(groups, value, extra);
  }
  // Adds the groups of another aggregation of the same keys and aggregates, as if its rows had come
  // after all of this one's. The other is used up.
  absl::Status Merge(AggregateGroups& other);
  // Replaces `out` by the next results, at most `limit` groups: keys, then aggregates. False at the
  // end. Nothing is added any more.
  absl::StatusOr<bool> Give(size_t limit, Batch* out);
  // About what it holds.
  size_t Bytes() const;

 private:
  size_t size() const { return keys_ == 0 ? 1 : groups_.size(); }

  const size_t keys_;
  const std::vector<AggregatePlan::Aggregate>& aggregates_;
  RowTable groups_;
  std::vector<std::unique_ptr<AggregateState>> states_;
  size_t given_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_AGGREGATE_GROUPS_H_
