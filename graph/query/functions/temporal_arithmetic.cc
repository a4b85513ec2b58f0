#include "graph/query/functions/temporal_arithmetic.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/numeric/int128.h"
#include "base/status_macros.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/query/functions/time_zones.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

constexpr int64_t kMonthsPerYear = 12;

absl::Status DateOverflow() {
  return OverflowError("the result is outside the years -999999999 to 999999999");
}

absl::StatusOr<int64_t> CheckDays(absl::int128 days) {
  if (days < Date::kMinDays || days > Date::kMaxDays) return DateOverflow();
  return static_cast<int64_t>(days);
}

absl::StatusOr<LocalDateTime> AddSeconds(const LocalDateTime& point, const Duration& d, int sign) {
  const absl::int128 nanos =
      absl::int128(point.nanos) + sign * (absl::int128(d.seconds) * kNanosPerSecond + d.nanos);
  absl::int128 carry = nanos / kNanosPerSecond;
  absl::int128 rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    carry -= 1;
  }
  const absl::int128 seconds = absl::int128(point.seconds) + carry;
  if (seconds < absl::int128(Date::kMinDays) * kSecondsPerDay ||
      seconds >= absl::int128(Date::kMaxDays + 1) * kSecondsPerDay) {
    return DateOverflow();
  }
  return LocalDateTime{static_cast<int64_t>(seconds), static_cast<int32_t>(rest)};
}

// Months and days of `d`, then `extra_days`.
absl::StatusOr<int64_t> AddDateParts(int64_t days, const Duration& d, int sign,
                                     int64_t extra_days) {
  if (d.months == std::numeric_limits<int64_t>::min()) return DateOverflow();
  RELATA_ASSIGN_OR_RETURN(const int64_t moved, AddMonths(days, sign * d.months));
  return CheckDays(absl::int128(moved) + absl::int128(sign) * d.days + extra_days);
}

int64_t AddToTimeOfDay(int64_t nanos_of_day, const Duration& d, int sign) {
  const int64_t seconds = d.seconds % kSecondsPerDay;
  return FloorModulo(nanos_of_day + sign * (seconds * kNanosPerSecond + d.nanos), kNanosPerDay);
}

absl::StatusOr<Value> AddToDate(const Date& date, const Duration& d, int sign) {
  // Whole days, towards zero: -1 s and 1 ns is less than a second before.
  const int64_t seconds = d.seconds < 0 && d.nanos > 0 ? d.seconds + 1 : d.seconds;
  RELATA_ASSIGN_OR_RETURN(const int64_t days,
                          AddDateParts(date.days, d, sign, sign * (seconds / kSecondsPerDay)));
  return Value::Of(Date{days});
}

absl::StatusOr<LocalDateTime> AddToLocal(const Value& local, const Duration& d, int sign) {
  TemporalParts parts = TakeApart(local);
  RELATA_ASSIGN_OR_RETURN(parts.days, AddDateParts(parts.days, d, sign, 0));
  return AddSeconds(LocalDateTime{parts.local_seconds(), parts.nanos()}, d, sign);
}

absl::StatusOr<DateTime> AddToDateTime(const Value& date_time, const Duration& d, int sign) {
  TemporalParts parts = TakeApart(date_time);
  if (d.months != 0 || d.days != 0) {
    RELATA_ASSIGN_OR_RETURN(parts.days, AddDateParts(parts.days, d, sign, 0));
    RELATA_RETURN_IF_ERROR(ResolveLocal(&parts));
  }
  RELATA_ASSIGN_OR_RETURN(const LocalDateTime instant,
                          AddSeconds(LocalDateTime{parts.utc_seconds(), parts.nanos()}, d, sign));
  DateTime sum{instant.seconds, instant.nanos, parts.offset_seconds, std::move(parts.zone)};
  if (!sum.zone.empty()) {
    RELATA_ASSIGN_OR_RETURN(sum.offset_seconds, ZoneOffsetAt(sum.zone, sum.seconds));
  }
  if (!sum.IsValid()) return DateOverflow();
  return sum;
}

// --- differences

// Gives `parts` what only `other` has: a date, an offset.
absl::Status Complete(const TemporalParts& other, TemporalParts* parts) {
  if (other.has_date && !parts->has_date) {
    parts->has_date = true;
    parts->days = other.days;
  }
  if (!other.has_offset || parts->has_offset) return absl::OkStatus();
  parts->zone = other.zone;
  if (parts->has_date && !parts->zone.empty()) return ResolveLocal(parts);
  parts->has_offset = true;
  parts->offset_seconds = other.offset_seconds;
  return absl::OkStatus();
}

// The date that whole days and months are counted to: a day less far where the time of day has not
// been reached.
int64_t LastWholeDay(const TemporalParts& from, const TemporalParts& to) {
  if (to.days > from.days && to.nanos_of_day < from.nanos_of_day) return to.days - 1;
  if (to.days < from.days && to.nanos_of_day > from.nanos_of_day) return to.days + 1;
  return to.days;
}

int64_t MonthsBetween(int64_t from_days, int64_t to_days) {
  int64_t from_year = 0;
  int64_t to_year = 0;
  int from_month = 0;
  int to_month = 0;
  int from_day = 0;
  int to_day = 0;
  CivilFromDays(from_days, &from_year, &from_month, &from_day);
  CivilFromDays(to_days, &to_year, &to_month, &to_day);
  // Months and days as one number; a month has room for 32 days.
  const int64_t from_packed = (from_year * kMonthsPerYear + from_month) * 32 + from_day;
  const int64_t to_packed = (to_year * kMonthsPerYear + to_month) * 32 + to_day;
  return (to_packed - from_packed) / 32;
}

// from->days := days, on its clock.
absl::Status MoveToDay(int64_t days, TemporalParts* from) {
  if (days == from->days) return absl::OkStatus();
  from->days = days;
  return ResolveLocal(from);
}

}  // namespace

absl::StatusOr<int64_t> AddMonths(int64_t days, int64_t months) {
  if (months == 0) return days;
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(days, &year, &month, &day);
  int64_t total = 0;
  if (__builtin_add_overflow(year * kMonthsPerYear + month - 1, months, &total)) {
    return DateOverflow();
  }
  year = FloorDivide(total, kMonthsPerYear);
  if (year < -kMaxYear || year > kMaxYear) return DateOverflow();
  month = static_cast<int>(FloorModulo(total, kMonthsPerYear)) + 1;
  return DaysFromCivil(year, month, std::min(day, DaysInMonth(year, month)));
}

absl::StatusOr<Value> AddDuration(const Value& temporal, const Duration& d, int sign) {
  if (const auto* date = temporal.get_if<Date>()) return AddToDate(*date, d, sign);
  if (const auto* local_time = temporal.get_if<LocalTime>()) {
    return Value::Of(LocalTime{AddToTimeOfDay(local_time->nanos, d, sign)});
  }
  if (const auto* time = temporal.get_if<Time>()) {
    return Value::Of(Time{AddToTimeOfDay(time->nanos, d, sign), time->offset_seconds});
  }
  if (temporal.type() == ValueType::kLocalDateTime) {
    RELATA_ASSIGN_OR_RETURN(const LocalDateTime sum, AddToLocal(temporal, d, sign));
    return Value::Of(sum);
  }
  RELATA_ASSIGN_OR_RETURN(DateTime sum, AddToDateTime(temporal, d, sign));
  return Value::Of(std::move(sum));
}

absl::StatusOr<Duration> DurationBetween(const Value& from_value, const Value& to_value,
                                         DifferenceUnit unit) {
  TemporalParts from = TakeApart(from_value);
  TemporalParts to = TakeApart(to_value);
  const bool dated = from.has_date && to.has_date;
  if (!dated && (unit == DifferenceUnit::kMonths || unit == DifferenceUnit::kDays)) {
    return Duration();
  }
  RELATA_RETURN_IF_ERROR(Complete(from, &to));
  RELATA_RETURN_IF_ERROR(Complete(to, &from));
  if (from.has_date && from.has_offset) {
    RELATA_RETURN_IF_ERROR(MoveToZone(ZoneText{from.offset_seconds, from.zone}, &to));
  }
  Duration difference;
  if (dated && (unit == DifferenceUnit::kMonths || unit == DifferenceUnit::kAll)) {
    difference.months = MonthsBetween(from.days, LastWholeDay(from, to));
    if (unit == DifferenceUnit::kMonths) return difference;
    RELATA_ASSIGN_OR_RETURN(const int64_t days, AddMonths(from.days, difference.months));
    RELATA_RETURN_IF_ERROR(MoveToDay(days, &from));
  }
  if (dated && (unit == DifferenceUnit::kDays || unit == DifferenceUnit::kAll)) {
    difference.days = LastWholeDay(from, to) - from.days;
    if (unit == DifferenceUnit::kDays) return difference;
    RELATA_RETURN_IF_ERROR(MoveToDay(from.days + difference.days, &from));
  }
  return MakeDuration(difference.months, difference.days, to.utc_seconds() - from.utc_seconds(),
                      absl::int128(to.nanos()) - from.nanos());
}

}  // namespace relata::query
