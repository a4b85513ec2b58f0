#ifndef RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_SOURCE_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_SOURCE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// The scan at the end of a pipeline that runs by morsels: a NodeScan or a RelationshipScan without
// a child, below operators with one child each; or an EdgeAggregate, which scans by itself. Null
// where there is none.
const PlanNode* ScanBelow(const PlanNode& pipeline);

// Cuts such a scan into morsels: ranges of ids (of an EdgeAggregate those of the near entities),
// ascending, which together have all that the scan gives, and which do not depend on how many
// threads there are. Every morsel but for those of relationships of other types has something in
// it. Used by one thread at a time, for a statement without a transaction.
class MorselSource {
 public:
  // `scan` and `context` must outlive it; of the context only what does not change is looked at.
  MorselSource(const PlanNode& scan, const ExecutionContext& context);

  // nullopt: the scan is at its end.
  absl::StatusOr<std::optional<Morsel>> Next();

 private:
  absl::StatusOr<std::optional<uint64_t>> FirstAfter(uint64_t id) const;

  const PlanNode& scan_;
  const Snapshot snapshot_;
  std::optional<LabelId> label_;
  bool nothing_ = false;  // a label that nobody has
  uint64_t ids_ = 1;      // of a morsel
  uint64_t after_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_SOURCE_H_
