#ifndef RELATA_GRAPH_VALUES_TEMPORAL_H_
#define RELATA_GRAPH_VALUES_TEMPORAL_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// The temporal value types of openCypher 9 (proleptic Gregorian calendar, nanoseconds; no leap
// seconds). Texts are ISO 8601, extended format: Parse reads what ToString writes, and seconds that
// are 00 may be left out of times. Years are 0000 to 9999, or signed with up to nine digits. Every
// Parse gives INVALID_ARGUMENT with the reason for anything else. IsValid says whether the fields
// keep to the ranges named here; values read from bytes may not, all others must.

// Days since 1970-01-01.
struct Date {
  static constexpr int64_t kMinDays = -365'243'219'162;  // -999999999-01-01
  static constexpr int64_t kMaxDays = 365'241'780'471;   // +999999999-12-31

  int64_t days = 0;
  auto operator<=>(const Date&) const = default;
  static absl::StatusOr<Date> Parse(absl::string_view text);  // `2026-03-11`
  std::string ToString() const;
  bool IsValid() const { return days >= kMinDays && days <= kMaxDays; }
};

// Nanoseconds since midnight, [0, 86,400e9).
struct LocalTime {
  int64_t nanos = 0;
  auto operator<=>(const LocalTime&) const = default;
  static absl::StatusOr<LocalTime> Parse(absl::string_view text);  // `10:30:00.25`, `10:30`
  std::string ToString() const;
  bool IsValid() const;
};

// A time of day with an offset from UTC, -18:00 to +18:00 in seconds. Ordered by the instant (on
// one and the same day), then by the offset.
struct Time {
  int64_t nanos = 0;  // local nanoseconds since midnight
  int32_t offset_seconds = 0;
  bool operator==(const Time&) const = default;
  std::strong_ordering operator<=>(const Time& other) const;
  static absl::StatusOr<Time> Parse(absl::string_view text);  // `10:30:00.25+08:00`, `10:30Z`
  std::string ToString() const;
  bool IsValid() const;
};

// Seconds since 1970-01-01T00:00:00 on the local clock, and nanoseconds [0, 1e9) after them.
struct LocalDateTime {
  int64_t seconds = 0;
  int32_t nanos = 0;
  auto operator<=>(const LocalDateTime&) const = default;
  static absl::StatusOr<LocalDateTime> Parse(absl::string_view text);  // `2026-03-11T10:30:00.25`
  std::string ToString() const;
  bool IsValid() const;
};

// An instant (UTC seconds and nanoseconds) with the offset it was written in and, where it had one,
// its IANA zone. Ordered by instant, then offset, then zone.
struct DateTime {
  static constexpr size_t kLongestZone = 64;

  int64_t seconds = 0;
  int32_t nanos = 0;
  int32_t offset_seconds = 0;
  std::string zone;  // `Asia/Shanghai`; empty: offset only
  bool operator==(const DateTime&) const = default;
  std::strong_ordering operator<=>(const DateTime& other) const;
  // `2026-03-11T10:30:00+08:00`, `…Z`, `…+08:00[Asia/Shanghai]`. The zone is kept and not looked
  // up, so an offset is needed.
  static absl::StatusOr<DateTime> Parse(absl::string_view text);
  std::string ToString() const;
  bool IsValid() const;
};

// Months, days, seconds and nanoseconds kept apart, as openCypher does: their lengths differ.
// Nanoseconds [0, 1e9), also where the seconds are negative: -0.5 s is -1 s and 500,000,000 ns.
struct Duration {
  // A twelfth of 365.2425 days.
  static constexpr int64_t kSecondsPerMonth = 2'629'746;

  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  int32_t nanos = 0;
  bool operator==(const Duration&) const = default;
  // By length (LengthInSeconds, then nanoseconds), then by months, then by days.
  std::strong_ordering operator<=>(const Duration& other) const;
  // `P1Y2M3W4DT5H6M7.5S`: each part optional (at least one), in this order, with a sign of its own
  // or none; a fraction on the seconds only.
  static absl::StatusOr<Duration> Parse(absl::string_view text);
  // Years and months, days, hours to seconds: `P14M` becomes `P1Y2M`; zero is `PT0S`.
  std::string ToString() const;
  // A month counted as kSecondsPerMonth and a day as 86,400 s; without the nanoseconds.
  absl::int128 LengthInSeconds() const;
  bool IsValid() const;
};

// Calendar arithmetic, for bounds and functions. `month` 1 to 12, `day` 1 to 31; a year or a number
// of days so large that int64 overflows is not allowed.
int64_t DaysFromCivil(int64_t year, int month, int day);
void CivilFromDays(int64_t days, int64_t* year, int* month, int* day);
int DaysInMonth(int64_t year, int month);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_TEMPORAL_H_
