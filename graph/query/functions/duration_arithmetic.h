#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_DURATION_ARITHMETIC_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_DURATION_ARITHMETIC_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/decimal.h"
#include "graph/values/temporal.h"

namespace relata::query {

// Durations as openCypher counts with them: months, days and seconds stay apart. Only a fraction
// goes down to the next group: of a month by its average length (a twelfth of 365.2425 days), of a
// day by 24 hours; below a nanosecond it is dropped. Exact otherwise. All give an ArithmeticError,
// `NumberOverflow`, where a part does not fit 64 bits.

// `nanos` of any size and sign are carried into the seconds.
absl::StatusOr<Duration> MakeDuration(int64_t months, int64_t days, int64_t seconds,
                                      absl::int128 nanos);

// a + b, or a - b where `sign` is -1.
absl::StatusOr<Duration> AddDurations(const Duration& a, const Duration& b, int sign);
absl::StatusOr<Duration> NegateDuration(const Duration& d);
// Precondition: `number` is a number. By zero: DivisionByZero.
absl::StatusOr<Duration> MultiplyDuration(const Duration& d, const Datum& number);
absl::StatusOr<Duration> DivideDuration(const Duration& d, const Datum& number);

enum class DurationUnit : uint8_t {
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
};
struct DurationAmount {
  DurationUnit unit;
  Decimal amount;
};
// The sum of the amounts: `duration({years: 12.5, days: -3})`.
absl::StatusOr<Duration> SumDuration(absl::Span<const DurationAmount> amounts);

// A number as the decimal that its text shows: 0.1 is 1/10. A float beyond 10^19, or NaN, is an
// overflow; digits after the 30th place are dropped. Precondition: a number.
absl::StatusOr<Decimal> ToExactDecimal(const Datum& number);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_DURATION_ARITHMETIC_H_
