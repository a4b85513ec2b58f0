#include <array>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

std::string OffsetText(int32_t seconds) {
  std::string text;
  AppendIsoOffset(seconds, &text);
  return text;
}

int64_t Year(const TemporalParts& parts) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(parts.days, &year, &month, &day);
  return year;
}

int Month(const TemporalParts& parts) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(parts.days, &year, &month, &day);
  return month;
}

int DayOfMonth(const TemporalParts& parts) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(parts.days, &year, &month, &day);
  return day;
}

// A row: a name, and how its value is read.
struct TemporalComponent {
  absl::string_view name;
  Datum (*read)(const TemporalParts& parts);
};

constexpr TemporalComponent kDateComponents[] = {
    {"year", [](const TemporalParts& c) { return Datum::Int(Year(c)); }},
    {"quarter", [](const TemporalParts& c) { return Datum::Int(QuarterOfMonth(Month(c))); }},
    {"month", [](const TemporalParts& c) { return Datum::Int(Month(c)); }},
    {"week", [](const TemporalParts& c) { return Datum::Int(ToWeekDate(c.days).week); }},
    {"weekYear", [](const TemporalParts& c) { return Datum::Int(ToWeekDate(c.days).week_year); }},
    {"day", [](const TemporalParts& c) { return Datum::Int(DayOfMonth(c)); }},
    {"ordinalDay", [](const TemporalParts& c) { return Datum::Int(OrdinalDay(c.days)); }},
    {"weekDay", [](const TemporalParts& c) { return Datum::Int(ToWeekDate(c.days).day_of_week); }},
    {"dayOfWeek",
     [](const TemporalParts& c) { return Datum::Int(ToWeekDate(c.days).day_of_week); }},
    {"dayOfQuarter",
     [](const TemporalParts& c) {
       return Datum::Int(c.days - FirstDayOfQuarter(Year(c), QuarterOfMonth(Month(c))) + 1);
     }},
};
constexpr TemporalComponent kTimeComponents[] = {
    {"hour",
     [](const TemporalParts& c) { return Datum::Int(c.nanos_of_day / kNanosPerSecond / 3600); }},
    {"minute",
     [](const TemporalParts& c) { return Datum::Int(c.nanos_of_day / kNanosPerSecond / 60 % 60); }},
    {"second",
     [](const TemporalParts& c) { return Datum::Int(c.nanos_of_day / kNanosPerSecond % 60); }},
    {"millisecond", [](const TemporalParts& c) { return Datum::Int(c.nanos() / 1'000'000); }},
    {"microsecond", [](const TemporalParts& c) { return Datum::Int(c.nanos() / 1'000); }},
    {"nanosecond", [](const TemporalParts& c) { return Datum::Int(c.nanos()); }},
};
constexpr TemporalComponent kOffsetComponents[] = {
    {"timezone",
     [](const TemporalParts& c) {
       return c.zone.empty() ? Datum::String(OffsetText(c.offset_seconds)) : Datum::String(c.zone);
     }},
    {"offset", [](const TemporalParts& c) { return Datum::String(OffsetText(c.offset_seconds)); }},
    {"offsetMinutes", [](const TemporalParts& c) { return Datum::Int(c.offset_seconds / 60); }},
    {"offsetSeconds", [](const TemporalParts& c) { return Datum::Int(c.offset_seconds); }},
};
// And epochMillis, which does not fit 64 bits in the farthest years: ReadEpochMillis.
constexpr TemporalComponent kInstantComponents[] = {
    {"epochSeconds", [](const TemporalParts& c) { return Datum::Int(c.utc_seconds()); }},
};

absl::StatusOr<int64_t> CheckInt64(absl::int128 value, absl::string_view name) {
  if (value > std::numeric_limits<int64_t>::max() || value < std::numeric_limits<int64_t>::min()) {
    return OverflowError(absl::StrCat(name, " does not fit a 64-bit integer"));
  }
  return static_cast<int64_t>(value);
}

// A row: `field` / `divisor`, or what is left of that beyond whole `modulus` (0: all of it).
struct DurationComponent {
  absl::string_view name;
  enum Field : uint8_t { kMonths, kDays, kSeconds, kNanos, kNanosOfSecond } field;
  int64_t divisor;
  int64_t modulus;
};
constexpr DurationComponent kDurationComponents[] = {
    {"years", DurationComponent::kMonths, 12, 0},
    {"quarters", DurationComponent::kMonths, 3, 0},
    {"months", DurationComponent::kMonths, 1, 0},
    {"weeks", DurationComponent::kDays, 7, 0},
    {"days", DurationComponent::kDays, 1, 0},
    {"hours", DurationComponent::kSeconds, 3600, 0},
    {"minutes", DurationComponent::kSeconds, 60, 0},
    {"seconds", DurationComponent::kSeconds, 1, 0},
    {"milliseconds", DurationComponent::kNanos, 1'000'000, 0},
    {"microseconds", DurationComponent::kNanos, 1'000, 0},
    {"nanoseconds", DurationComponent::kNanos, 1, 0},
    {"quartersOfYear", DurationComponent::kMonths, 3, 4},
    {"monthsOfQuarter", DurationComponent::kMonths, 1, 3},
    {"monthsOfYear", DurationComponent::kMonths, 1, 12},
    {"daysOfWeek", DurationComponent::kDays, 1, 7},
    {"minutesOfHour", DurationComponent::kSeconds, 60, 60},
    {"secondsOfMinute", DurationComponent::kSeconds, 1, 60},
    {"millisecondsOfSecond", DurationComponent::kNanosOfSecond, 1'000'000, 0},
    {"microsecondsOfSecond", DurationComponent::kNanosOfSecond, 1'000, 0},
    {"nanosecondsOfSecond", DurationComponent::kNanosOfSecond, 1, 0},
};

absl::int128 FieldOf(const Duration& d, DurationComponent::Field field) {
  switch (field) {
    case DurationComponent::kMonths:
      return d.months;
    case DurationComponent::kDays:
      return d.days;
    case DurationComponent::kSeconds:
      return d.seconds;
    case DurationComponent::kNanos:
      return absl::int128(d.seconds) * kNanosPerSecond + d.nanos;
    case DurationComponent::kNanosOfSecond:
      return d.nanos;
  }
  return 0;
}

template <typename Rows>
std::vector<std::string> NamesOf(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

absl::Status NoComponent(const Datum& value, absl::string_view name,
                         const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, known);
  return ArgumentValueError(absl::StrCat(
      AType(value), " has no component ", QuotedForError(name),
      nearest.empty() ? std::string() : absl::StrCat("; did you mean `", nearest, "`?")));
}

absl::StatusOr<Datum> DurationProperty(const Datum& value, absl::string_view name) {
  for (const DurationComponent& component : kDurationComponents) {
    if (!absl::EqualsIgnoreCase(component.name, name)) continue;
    absl::int128 amount = FieldOf(value.AsScalar().get<Duration>(), component.field);
    amount /= component.divisor;
    if (component.modulus != 0) amount %= component.modulus;
    RELATA_ASSIGN_OR_RETURN(const int64_t result, CheckInt64(amount, component.name));
    return Datum::Int(result);
  }
  return NoComponent(value, name, NamesOf(kDurationComponents));
}

absl::StatusOr<Datum> MoneyProperty(const Datum& value, absl::string_view name) {
  const auto& money = value.AsScalar().get<Money>();
  if (name == "amount") return Datum::FromValue(Value::Of(money.amount));
  if (name == "currency") return Datum::String(money.currency_code());
  return NoComponent(value, name, {"amount", "currency"});
}

absl::StatusOr<Datum> ReadEpochMillis(const TemporalParts& parts) {
  RELATA_ASSIGN_OR_RETURN(
      const int64_t millis,
      CheckInt64(absl::int128(parts.utc_seconds()) * 1000 + parts.nanos() / 1'000'000,
                 "epochMillis"));
  return Datum::Int(millis);
}

absl::StatusOr<Datum> TemporalProperty(const Datum& value, absl::string_view name) {
  const TemporalParts parts = TakeApart(value.AsScalar());
  const bool instant = parts.has_date && parts.has_offset;
  if (instant && absl::EqualsIgnoreCase(name, "epochMillis")) return ReadEpochMillis(parts);
  std::vector<std::string> known;
  const auto find = [&](bool has, const auto& rows) -> const TemporalComponent* {
    if (!has) return nullptr;
    for (const TemporalComponent& row : rows) {
      if (absl::EqualsIgnoreCase(row.name, name)) return &row;
      known.emplace_back(row.name);
    }
    return nullptr;
  };
  const TemporalComponent* row = find(parts.has_date, kDateComponents);
  if (row == nullptr) row = find(parts.has_time, kTimeComponents);
  if (row == nullptr) row = find(parts.has_offset, kOffsetComponents);
  if (row == nullptr) row = find(instant, kInstantComponents);
  if (row != nullptr) return row->read(parts);
  return NoComponent(value, name, known);
}

}  // namespace

absl::StatusOr<Datum> PropertyOf(const Datum& value, absl::string_view name) {
  if (value.is_null()) return Datum();
  if (value.is_map()) {
    const Datum* found = value.FindKey(name);
    return found == nullptr ? Datum() : *found;
  }
  if (IsPointInTime(value.value_type())) return TemporalProperty(value, name);
  switch (value.value_type()) {
    case ValueType::kDuration:
      return DurationProperty(value, name);
    case ValueType::kMoney:
      return MoneyProperty(value, name);
    default:
      return ArgumentTypeError(absl::StrCat(AType(value), " has no property ", QuotedForError(name),
                                            "; nodes, relationships, maps, temporal values and "
                                            "money have"));
  }
}

}  // namespace relata::query
