#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TRUNCATION_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TRUNCATION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/temporal_parts.h"

namespace relata::query {

// Sets the local clock of `parts` back to the last beginning of `unit` (the names of
// TruncateTemporal, without case). `dated`: units longer than a day are allowed. Returns the unit
// in nanoseconds where it is shorter than a day, else a day's. ArgumentError for other units, and
// for one shorter than a day where `parts` has no time of day.
absl::StatusOr<int64_t> TruncateParts(absl::string_view unit, bool dated, TemporalParts* parts);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TRUNCATION_H_
