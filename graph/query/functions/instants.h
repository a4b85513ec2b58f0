#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_INSTANTS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_INSTANTS_H_

#include "absl/status/statusor.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/bound.h"

namespace relata::query {

// A point of time as queries give it: a date (its first instant, UTC), a datetime, a local datetime
// (UTC), or a text that ParseInstant reads. INVALID_ARGUMENT otherwise, and outside of what an
// Instant can hold.
absl::StatusOr<Instant> InstantOf(const Datum& value);
// As a datetime in UTC; null for the infinities.
Datum DateTimeOf(Instant instant);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_INSTANTS_H_
