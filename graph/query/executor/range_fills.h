#ifndef RELATA_GRAPH_QUERY_EXECUTOR_RANGE_FILLS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_RANGE_FILLS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/adjacency/range_fill.h"
#include "graph/query/executor/execution_context.h"
#include "graph/store/snapshot.h"

namespace relata::query {

// Reads several ranges into the adjacency cache (FillRange), on this thread and on those of the
// context's pool that are free: for statements over much of a graph of which the cache knows
// little, whose time is that of reading. Gives how many relationships were read. Spends that much
// of the statement's budget, and looks at it after each range. Precondition: as FillRange. Errors:
// those of FillRange and of QueryBudget::Spend; the others then end after the range at hand.
absl::StatusOr<uint64_t> FillRanges(const Snapshot& head, std::vector<RangeToFill> ranges,
                                    const ExecutionContext& context);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_RANGE_FILLS_H_
