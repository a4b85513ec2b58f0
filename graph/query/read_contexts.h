#ifndef RELATA_GRAPH_QUERY_READ_CONTEXTS_H_
#define RELATA_GRAPH_QUERY_READ_CONTEXTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/engine.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// The snapshot of a statement that names no system time itself: as the options say, else `latest`.
// OUT_OF_RANGE, INVALID_ARGUMENT as Database::AtVersion and AtTime.
absl::StatusOr<Snapshot> StatementSnapshot(Database& database, const QueryOptions& options,
                                           const Snapshot& latest);

// Resolves the time contexts of a statement (S11.1). `own`: the snapshot of contexts that name no
// system time; `own_writes` as in ReadContext. `context` evaluates the operands, so it needs
// parameters and its two clocks. INVALID_ARGUMENT, with the clause, for an operand that is no time,
// a window that is empty, a policy with an unknown field.
absl::StatusOr<std::vector<ReadContext>> ResolveContexts(const CompiledStatement& statement,
                                                         const QueryOptions& options,
                                                         const Snapshot& own, bool own_writes,
                                                         Database& database,
                                                         ExecutionContext& context);

// S5.2 as a map: {minConfidence, minSources, trusted, barred, disputed, reportedUntil, raw}.
// Sources are keys or nodes. INVALID_ARGUMENT.
absl::StatusOr<std::shared_ptr<const BeliefPolicy>> PolicyFromMap(const Datum& map,
                                                                  const Snapshot& snapshot);
// A date (its first instant, UTC), datetime, local datetime (UTC), or a text that ParseInstant
// reads. INVALID_ARGUMENT.
absl::StatusOr<Instant> InstantFromDatum(const Datum& value);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_READ_CONTEXTS_H_
