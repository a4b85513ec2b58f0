#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_FACT_HISTORY_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_FACT_HISTORY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// Every state over system time, oldest first, up to the version that the entity's context reads
// (without what this transaction has not committed): a list of {since, until: versions, recordedAt,
// endedAt, exists} and of a node {labels, properties: {name: [fact, …]}}, of a relationship
// {facts}; with `property` alone the facts of it ({facts}), and states in which those are the same
// are one. `until` and `endedAt` are null for the last. Facts are maps (fact_maps.h).
absl::StatusOr<Datum> HistoryOf(GraphReader& reader, const Datum& entity,
                                const std::optional<std::string>& property);

// One state of a node as HistoryOf shows it, {labels, properties}, and of a relationship, {facts}.
Datum StateMap(const EntityState& state, const NameTable& names, ContextId context);
Datum StateMap(const RelationshipState& state, const NameTable& names, ContextId context);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_FACT_HISTORY_H_
