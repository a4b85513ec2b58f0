#include "graph/query/functions/instants.h"

#include "absl/strings/str_cat.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/column.h"
#include "graph/values/iso_text.h"
#include "graph/values/period.h"

namespace relata::query {
namespace {

constexpr int64_t kMostSeconds = kPlusInfinity / kMicrosPerSecond - 1;

absl::Status OutOfReach() {
  return ArgumentError("InvalidArgumentValue",
                       "the time is outside of the years that Relata can date");
}

absl::StatusOr<Instant> FromSeconds(int64_t seconds, int64_t nanos) {
  if (seconds > kMostSeconds || seconds < -kMostSeconds) return OutOfReach();
  return seconds * kMicrosPerSecond + nanos / 1000;
}

}  // namespace

absl::StatusOr<Instant> InstantOf(const Datum& value) {
  if (value.is_string()) return ParseInstant(value.AsString());
  if (value.kind() == Datum::Kind::kScalar) {
    const Value& scalar = value.AsScalar();
    if (const auto* date = scalar.get_if<Date>()) {
      const int64_t most_days = kMostSeconds / kSecondsPerDay;
      if (date->days > most_days || date->days < -most_days) return OutOfReach();
      return FromSeconds(date->days * kSecondsPerDay, 0);
    }
    if (const auto* local = scalar.get_if<LocalDateTime>()) {
      return FromSeconds(local->seconds, local->nanos);
    }
    if (const auto* zoned = scalar.get_if<DateTime>()) {
      return FromSeconds(zoned->seconds, zoned->nanos);
    }
  }
  return ArgumentError(
      "InvalidArgumentType",
      absl::StrCat("a time is a date, a datetime or a text such as '2026-03-11', not ",
                   value.is_null() ? "null" : TypeName(value)));
}

Datum DateTimeOf(Instant instant) {
  if (instant == kMinusInfinity || instant == kPlusInfinity) return Datum();
  return DateTimeAt(UtcTime{instant});
}

}  // namespace relata::query
