#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_ARITHMETIC_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_ARITHMETIC_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "graph/values/temporal.h"
#include "graph/values/value.h"

namespace relata::query {

// Dates, times and durations together, as openCypher 9 counts: first months (the day is cut to the
// month's last), then days, then seconds. Results outside the years -999999999 to 999999999 are
// ArithmeticErrors, `NumberOverflow`.

// temporal + d, or temporal - d where `sign` is -1. Dates take whole days out of d's seconds, times
// of day only its seconds. A date-time of a zone keeps to its local clock for months and days, to
// the instant for seconds. Precondition: a date, time, local time, date-time or local date-time.
absl::StatusOr<Value> AddDuration(const Value& temporal, const Duration& d, int sign);

// Days since 1970-01-01 after that many months, the day cut to the last of its month.
absl::StatusOr<int64_t> AddMonths(int64_t days, int64_t months);

// In what groups a difference is given.
enum class DifferenceUnit : uint8_t { kAll, kMonths, kDays, kSeconds };
// `to` - `from` as duration.between and its like give it. Where one of the two has no date, the
// other one's date serves for both; where one has no time of day, midnight; where one has no
// offset, the other one's zone or offset. kMonths, kDays: whole ones only, the rest is dropped.
// Precondition as above, for both.
absl::StatusOr<Duration> DurationBetween(const Value& from, const Value& to, DifferenceUnit unit);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_ARITHMETIC_H_
