#include "graph/query/functions/truncation.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

int64_t YearOf(int64_t days) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(days, &year, &month, &day);
  return year;
}

int MonthOf(int64_t days) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(days, &year, &month, &day);
  return month;
}

int64_t FirstDayOfYears(int64_t days, int64_t count) {
  return DaysFromCivil(FloorDivide(YearOf(days), count) * count, 1, 1);
}

struct DateUnit {
  absl::string_view name;
  int64_t (*first_day)(int64_t days);
};
constexpr DateUnit kDateUnits[] = {
    {"millennium", [](int64_t days) { return FirstDayOfYears(days, 1000); }},
    {"century", [](int64_t days) { return FirstDayOfYears(days, 100); }},
    {"decade", [](int64_t days) { return FirstDayOfYears(days, 10); }},
    {"year", [](int64_t days) { return FirstDayOfYears(days, 1); }},
    {"weekYear", [](int64_t days) { return FirstDayOfWeekYear(ToWeekDate(days).week_year); }},
    {"quarter",
     [](int64_t days) { return FirstDayOfQuarter(YearOf(days), QuarterOfMonth(MonthOf(days))); }},
    {"month", [](int64_t days) { return DaysFromCivil(YearOf(days), MonthOf(days), 1); }},
    {"week", [](int64_t days) { return days - (ToWeekDate(days).day_of_week - 1); }},
};

struct TimeUnit {
  absl::string_view name;
  int64_t nanos;
};
constexpr TimeUnit kTimeUnits[] = {
    {"day", kNanosPerDay},       {"hour", 3600 * kNanosPerSecond}, {"minute", 60 * kNanosPerSecond},
    {"second", kNanosPerSecond}, {"millisecond", 1'000'000},       {"microsecond", 1'000},
};

absl::Status UnknownUnit(absl::string_view unit) {
  std::vector<absl::string_view> names;
  for (const DateUnit& known : kDateUnits) names.push_back(known.name);
  for (const TimeUnit& known : kTimeUnits) names.push_back(known.name);
  const std::string nearest = NearestName(unit, names);
  return ArgumentError(
      "InvalidArgumentValue",
      absl::StrCat(
          "there is no unit ", QuotedForError(unit), " to truncate to",
          nearest.empty() ? std::string() : absl::StrCat("; did you mean '", nearest, "'?")));
}

}  // namespace

absl::StatusOr<int64_t> TruncateParts(absl::string_view unit, bool dated, TemporalParts* parts) {
  for (const TimeUnit& known : kTimeUnits) {
    if (!absl::EqualsIgnoreCase(known.name, unit)) continue;
    if (known.nanos < kNanosPerDay && !parts->has_time) {
      return ArgumentError("InvalidArgumentValue",
                           absl::StrCat("a date has no ", known.name, " to truncate to"));
    }
    parts->nanos_of_day -= parts->nanos_of_day % known.nanos;
    return known.nanos;
  }
  for (const DateUnit& known : kDateUnits) {
    if (!absl::EqualsIgnoreCase(known.name, unit)) continue;
    if (!dated) {
      return ArgumentError("InvalidArgumentValue",
                           absl::StrCat("a time of day has no ", known.name, " to truncate to"));
    }
    parts->days = known.first_day(parts->days);
    parts->nanos_of_day = 0;
    return kNanosPerDay;
  }
  return UnknownUnit(unit);
}

}  // namespace relata::query
