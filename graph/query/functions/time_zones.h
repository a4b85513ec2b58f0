#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TIME_ZONES_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TIME_ZONES_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/values/temporal.h"

namespace relata::query {

// IANA time zones with their history, from the data that ICU brings along. Thread-safe. An unknown
// name is an ArgumentError, `InvalidArgumentValue`. Before the first rule of a zone its local mean
// time holds; in years far away its rules are continued.

absl::Status CheckZone(absl::string_view zone);

// The offset from UTC in seconds at an instant.
absl::StatusOr<int32_t> ZoneOffsetAt(absl::string_view zone, int64_t utc_seconds);

// The date-time whose local clock in `zone` shows `local_seconds` (since 1970-01-01T00:00). Where
// the clock shows it twice: with `preferred_offset` if that is one of the two, else the earlier
// one. Where the clock leaps over it: later by the length of the gap.
absl::StatusOr<DateTime> ResolveInZone(absl::string_view zone, int64_t local_seconds, int32_t nanos,
                                       std::optional<int32_t> preferred_offset);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TIME_ZONES_H_
