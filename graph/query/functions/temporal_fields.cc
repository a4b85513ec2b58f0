#include "graph/query/functions/temporal_fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/time_zones.h"
#include "graph/query/functions/truncation.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"
#include "graph/values/period.h"

namespace relata::query {
namespace {

absl::Status FieldError(absl::string_view message) {
  return ArgumentError("InvalidArgumentValue", message);
}

bool HasDate(ValueType type) { return type != ValueType::kLocalTime && type != ValueType::kTime; }
bool HasTime(ValueType type) { return type != ValueType::kDate; }
bool HasOffset(ValueType type) { return type == ValueType::kTime || type == ValueType::kDateTime; }

enum Field : uint8_t {
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kOrdinalDay,
  kDayOfQuarter,
  kDayOfWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
  kFieldCount,
};
struct FieldRange {
  absl::string_view name;
  int64_t least;
  int64_t most;
};
// In the order of Field. Days and parts of a second are checked more closely where they are set.
constexpr FieldRange kFields[kFieldCount] = {
    {"year", -kMaxYear, kMaxYear},
    {"quarter", 1, 4},
    {"month", 1, 12},
    {"week", 1, 53},
    {"ordinalDay", 1, 366},
    {"dayOfQuarter", 1, 92},
    {"dayOfWeek", 1, 7},
    {"day", 1, 31},
    {"hour", 0, 23},
    {"minute", 0, 59},
    {"second", 0, 59},
    {"millisecond", 0, 999},
    {"microsecond", 0, 999'999},
    {"nanosecond", 0, 999'999'999},
};
// The other keys of a map, and for those of its instants how many of them a second has.
constexpr absl::string_view kSelections[] = {"date",     "time",         "datetime",
                                             "timezone", "epochSeconds", "epochMillis"};

// A map of fields, read.
struct Fields {
  std::array<std::optional<int64_t>, kFieldCount> values;
  const Value* date = nullptr;
  const Value* time = nullptr;
  const Value* date_time = nullptr;
  std::optional<int64_t> epoch_seconds;
  std::optional<int64_t> epoch_millis;
  std::optional<ZoneText> zone;
  size_t count = 0;
  bool has_null = false;

  bool has(Field field) const { return values[field].has_value(); }
  int64_t get(Field field, int64_t otherwise) const { return values[field].value_or(otherwise); }
  bool has_any(Field first, Field last) const {
    for (int i = first; i <= last; ++i) {
      if (values[i].has_value()) return true;
    }
    return false;
  }
  bool has_week() const { return has(kWeek) || has(kDayOfWeek); }
};

absl::Status UnknownField(absl::string_view name) {
  std::vector<absl::string_view> known(std::begin(kSelections), std::end(kSelections));
  for (const FieldRange& field : kFields) known.push_back(field.name);
  const std::string nearest = NearestName(name, known);
  return FieldError(absl::StrCat(
      "a temporal value has no field ", QuotedForError(name),
      nearest.empty() ? std::string() : absl::StrCat("; did you mean `", nearest, "`?")));
}

absl::StatusOr<int64_t> IntegerField(absl::string_view name, const Datum& value) {
  if (value.kind() == Datum::Kind::kInt) return value.AsInt();
  return FieldError(absl::StrCat("`", name, "` must be an Integer, not ", AType(value)));
}

absl::StatusOr<const Value*> TemporalField(absl::string_view name, const Datum& value,
                                           bool needs_date, bool needs_time) {
  if (IsPointInTime(value.value_type())) {
    const TemporalParts parts = TakeApart(value.AsScalar());
    if ((!needs_date || parts.has_date) && (!needs_time || parts.has_time)) {
      return &value.AsScalar();
    }
  }
  return FieldError(absl::StrCat("`", name, "` cannot be taken from ", AType(value)));
}

absl::Status ReadSelection(absl::string_view name, const Datum& value, Fields* fields) {
  if (absl::EqualsIgnoreCase(name, "date")) {
    RELATA_ASSIGN_OR_RETURN(fields->date, TemporalField(name, value, true, false));
  } else if (absl::EqualsIgnoreCase(name, "time")) {
    RELATA_ASSIGN_OR_RETURN(fields->time, TemporalField(name, value, false, true));
  } else if (absl::EqualsIgnoreCase(name, "datetime")) {
    RELATA_ASSIGN_OR_RETURN(fields->date_time, TemporalField(name, value, true, true));
  } else if (absl::EqualsIgnoreCase(name, "epochSeconds")) {
    RELATA_ASSIGN_OR_RETURN(fields->epoch_seconds, IntegerField(name, value));
  } else if (absl::EqualsIgnoreCase(name, "epochMillis")) {
    RELATA_ASSIGN_OR_RETURN(fields->epoch_millis, IntegerField(name, value));
  } else if (absl::EqualsIgnoreCase(name, "timezone")) {
    if (!value.is_string()) return FieldError("`timezone` must be a String");
    RELATA_ASSIGN_OR_RETURN(fields->zone, ParseZone(value.AsString()));
  } else {
    return UnknownField(name);
  }
  return absl::OkStatus();
}

absl::Status ReadField(absl::string_view name, const Datum& value, Fields* fields) {
  for (size_t i = 0; i < kFieldCount; ++i) {
    const FieldRange& range = kFields[i];
    if (!absl::EqualsIgnoreCase(range.name, name)) continue;
    RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(range.name, value));
    if (number < range.least || number > range.most) {
      return FieldError(absl::StrCat("`", range.name, "` must be ", range.least, " to ", range.most,
                                     ", not ", number));
    }
    fields->values[i] = number;
    return absl::OkStatus();
  }
  return ReadSelection(name, value, fields);
}

absl::StatusOr<Fields> ReadFields(const Datum::Map& map) {
  Fields fields;
  for (const auto& [name, value] : map) {
    ++fields.count;
    if (value.is_null()) {
      fields.has_null = true;
    } else {
      RELATA_RETURN_IF_ERROR(ReadField(name, value, &fields));
    }
  }
  return fields;
}

// Fields that the type does not have, and ways to name a day that exclude one another.
absl::Status CheckFields(ValueType type, const Fields& fields) {
  const auto refuse = [](absl::string_view what) {
    return FieldError(absl::StrCat(what, " cannot be given for this type"));
  };
  if (!HasDate(type) &&
      (fields.has_any(kYear, kDay) || fields.date != nullptr || fields.date_time != nullptr)) {
    return refuse("a date");
  }
  if (!HasTime(type) && (fields.has_any(kHour, kNanosecond) || fields.time != nullptr)) {
    return refuse("a time of day");
  }
  if (!HasOffset(type) && fields.zone.has_value() && fields.count > 1) {
    return refuse("a time zone beside other fields");
  }
  const bool epoch = fields.epoch_seconds.has_value() || fields.epoch_millis.has_value();
  if (epoch && type != ValueType::kDateTime) return refuse("an epoch");
  const int sources =
      (fields.date_time != nullptr) + epoch + (fields.date != nullptr || fields.time != nullptr);
  if (sources > 1) {
    return FieldError("`datetime`, epochs and `date` or `time` exclude one another");
  }
  const int ways = (fields.has(kMonth) || fields.has(kDay)) + fields.has_week() +
                   fields.has(kOrdinalDay) + (fields.has(kQuarter) || fields.has(kDayOfQuarter));
  if (ways > 1) {
    return FieldError(
        "a day is named by month and day, by week and dayOfWeek, by quarter and dayOfQuarter or "
        "by ordinalDay; use one of these ways");
  }
  return absl::OkStatus();
}

// `field` needs `other` where the rest is not selected from another value.
absl::Status RequireBefore(const Fields& fields, Field field, Field other) {
  if (!fields.has(field) || fields.has(other)) return absl::OkStatus();
  return FieldError(absl::StrCat("`", kFields[other].name, "` must be given where `",
                                 kFields[field].name, "` is"));
}

absl::Status CheckCompleteDate(const Fields& fields) {
  if (!fields.has(kYear)) return FieldError("`year` must be given");
  RELATA_RETURN_IF_ERROR(RequireBefore(fields, kDay, kMonth));
  RELATA_RETURN_IF_ERROR(RequireBefore(fields, kDayOfWeek, kWeek));
  return RequireBefore(fields, kDayOfQuarter, kQuarter);
}

absl::Status CheckCompleteTime(const Fields& fields) {
  RELATA_RETURN_IF_ERROR(RequireBefore(fields, kMinute, kHour));
  RELATA_RETURN_IF_ERROR(RequireBefore(fields, kSecond, kMinute));
  for (const Field field : {kMillisecond, kMicrosecond, kNanosecond}) {
    RELATA_RETURN_IF_ERROR(RequireBefore(fields, field, kSecond));
  }
  return absl::OkStatus();
}

struct CivilDay {
  int64_t year = 0;
  int month = 1;
  int day = 1;

  explicit CivilDay(int64_t days) { CivilFromDays(days, &year, &month, &day); }
  // The day is cut to the last of the month.
  int64_t ToDays() const {
    return DaysFromCivil(year, month, std::min(day, DaysInMonth(year, month)));
  }
};

absl::Status NoSuchDay(Field field, int64_t value) {
  return FieldError(absl::StrCat("there is no `", kFields[field].name, "` ", value, " there"));
}

int64_t SetYear(int64_t days, int64_t year, bool week_year) {
  if (week_year) {
    const WeekDate date = ToWeekDate(days);
    const int week = std::min(date.week, WeeksInYear(year));
    return FirstDayOfWeekYear(year) + int64_t{week - 1} * 7 + date.day_of_week - 1;
  }
  CivilDay civil(days);
  civil.year = year;
  return civil.ToDays();
}

absl::Status SetWeekFields(const Fields& fields, int64_t* days) {
  WeekDate date = ToWeekDate(*days);
  const int64_t week = fields.get(kWeek, date.week);
  if (week > WeeksInYear(date.week_year)) return NoSuchDay(kWeek, week);
  *days = FirstDayOfWeekYear(date.week_year) + (week - 1) * 7 +
          fields.get(kDayOfWeek, date.day_of_week) - 1;
  return absl::OkStatus();
}

absl::Status SetQuarterFields(const Fields& fields, int64_t* days) {
  CivilDay civil(*days);
  const auto quarter = static_cast<int>(fields.get(kQuarter, QuarterOfMonth(civil.month)));
  civil.month += (quarter - QuarterOfMonth(civil.month)) * 3;
  *days = civil.ToDays();
  if (!fields.has(kDayOfQuarter)) return absl::OkStatus();
  const int64_t day = *fields.values[kDayOfQuarter];
  if (day > DaysInQuarter(civil.year, quarter)) return NoSuchDay(kDayOfQuarter, day);
  *days = FirstDayOfQuarter(civil.year, quarter) + day - 1;
  return absl::OkStatus();
}

// Sets the fields of a date that are given, larger ones first.
absl::Status SetDateFields(const Fields& fields, int64_t* days) {
  if (fields.has(kYear)) *days = SetYear(*days, *fields.values[kYear], fields.has_week());
  if (fields.has_week()) return SetWeekFields(fields, days);
  if (fields.has(kQuarter) || fields.has(kDayOfQuarter)) return SetQuarterFields(fields, days);
  CivilDay civil(*days);
  if (fields.has(kOrdinalDay)) {
    const int64_t day = *fields.values[kOrdinalDay];
    if (day > (IsLeapYear(civil.year) ? 366 : 365)) return NoSuchDay(kOrdinalDay, day);
    *days = DaysFromCivil(civil.year, 1, 1) + day - 1;
    return absl::OkStatus();
  }
  civil.month = static_cast<int>(fields.get(kMonth, civil.month));
  if (fields.has(kDay)) {
    civil.day = static_cast<int>(*fields.values[kDay]);
    if (civil.day > DaysInMonth(civil.year, civil.month)) return NoSuchDay(kDay, civil.day);
  }
  *days = civil.ToDays();
  return absl::OkStatus();
}

// Of parts of a second, the smaller ones count from the larger ones given, or from those of `kept`
// (what a truncation left) on.
absl::StatusOr<int64_t> NanosOfSecond(const Fields& fields, int64_t present, int64_t resolution) {
  if (!fields.has_any(kMillisecond, kNanosecond)) return present;
  const bool keeps_millis = resolution <= 1'000'000;
  const bool keeps_micros = resolution <= 1'000 && !fields.has(kMillisecond);
  const bool has_millis = fields.has(kMillisecond) || keeps_millis;
  const bool has_micros = fields.has(kMicrosecond) || keeps_micros;
  const int64_t millis = fields.get(kMillisecond, keeps_millis ? present / 1'000'000 : 0);
  const int64_t micros = fields.get(kMicrosecond, keeps_micros ? present / 1'000 % 1'000 : 0);
  const int64_t nanos = fields.get(kNanosecond, 0);
  if (has_millis && micros > 999) {
    return FieldError("`microsecond` must be 0 to 999 beside milliseconds");
  }
  if (has_micros && nanos > 999) {
    return FieldError("`nanosecond` must be 0 to 999 beside microseconds");
  }
  if (has_millis && nanos > 999'999) {
    return FieldError("`nanosecond` must be 0 to 999999 beside milliseconds");
  }
  return millis * 1'000'000 + micros * 1'000 + nanos;
}

// `resolution`: what the time of day was truncated to, in nanoseconds; a day where it was not.
absl::Status SetTimeFields(const Fields& fields, int64_t resolution, int64_t* nanos_of_day) {
  const int64_t second_of_day = *nanos_of_day / kNanosPerSecond;
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos,
                          NanosOfSecond(fields, *nanos_of_day % kNanosPerSecond, resolution));
  const int64_t seconds = fields.get(kHour, second_of_day / 3600) * 3600 +
                          fields.get(kMinute, second_of_day / 60 % 60) * 60 +
                          fields.get(kSecond, second_of_day % 60);
  *nanos_of_day = seconds * kNanosPerSecond + nanos;
  return absl::OkStatus();
}

// What a map selects from other values.
absl::StatusOr<TemporalParts> Select(const Fields& fields) {
  TemporalParts parts;
  if (fields.date_time != nullptr) return TakeApart(*fields.date_time);
  if (fields.epoch_seconds.has_value() || fields.epoch_millis.has_value()) {
    const absl::int128 millis =
        absl::int128(fields.epoch_seconds.value_or(0)) * 1000 + fields.epoch_millis.value_or(0);
    absl::int128 seconds = millis / 1000;
    if (millis % 1000 < 0) seconds -= 1;
    if (seconds < absl::int128(Date::kMinDays) * kSecondsPerDay ||
        seconds >= absl::int128(Date::kMaxDays + 1) * kSecondsPerDay) {
      return OverflowError("the epoch is outside the years -999999999 to 999999999");
    }
    parts.SetLocal(static_cast<int64_t>(seconds),
                   static_cast<int32_t>(static_cast<int64_t>(millis - seconds * 1000) * 1'000'000));
    parts.has_date = parts.has_time = parts.has_offset = true;
    return parts;
  }
  if (fields.time != nullptr) {
    parts = TakeApart(*fields.time);
    parts.has_date = false;
    parts.days = 0;
  }
  if (fields.date != nullptr) {
    parts.days = TakeApart(*fields.date).days;
    parts.has_date = true;
  }
  return parts;
}

// The offset that a zone has: in the zone of a date-time when it is known, else now.
absl::Status SetZone(ValueType type, const ZoneText& zone, bool same_instant, int64_t now_micros,
                     TemporalParts* parts) {
  ZoneText target = zone;
  if (type == ValueType::kTime && !zone.zone.empty()) {
    RELATA_ASSIGN_OR_RETURN(target.offset_seconds,
                            ZoneOffsetAt(zone.zone, FloorDivide(now_micros, kMicrosPerSecond)));
    target.zone.clear();
  }
  if (same_instant) {
    RELATA_RETURN_IF_ERROR(ResolveLocal(parts));
    return MoveToZone(target, parts);
  }
  parts->has_offset = target.zone.empty();
  parts->offset_seconds = target.offset_seconds;
  parts->zone = target.zone;
  return absl::OkStatus();
}

absl::StatusOr<Datum> DatumOf(absl::StatusOr<Value> value) {
  if (!value.ok()) return value.status();
  return Datum::FromValue(*std::move(value));
}

}  // namespace

absl::StatusOr<Datum> TemporalNow(ValueType type, int64_t now_micros, const ZoneText& zone) {
  TemporalParts parts;
  const int64_t seconds = FloorDivide(now_micros, kMicrosPerSecond);
  parts.SetLocal(seconds, static_cast<int32_t>(FloorModulo(now_micros, kMicrosPerSecond) * 1000));
  parts.has_date = parts.has_time = parts.has_offset = true;
  RELATA_RETURN_IF_ERROR(MoveToZone(zone, &parts));
  return DatumOf(Assemble(type, std::move(parts)));
}

absl::StatusOr<Datum> TemporalFromMap(ValueType type, const Datum& map, int64_t now_micros) {
  RELATA_ASSIGN_OR_RETURN(const Fields fields, ReadFields(map.AsMap()));
  if (fields.has_null) return Datum();
  RELATA_RETURN_IF_ERROR(CheckFields(type, fields));
  if (fields.count == 0) return FieldError("the map is empty; give at least one field");
  if (fields.count == 1 && fields.zone.has_value()) {
    return TemporalNow(type, now_micros, *fields.zone);
  }
  RELATA_ASSIGN_OR_RETURN(TemporalParts parts, Select(fields));
  if (!HasDate(type)) parts.zone.clear();  // the offset stays
  if (HasDate(type) && !parts.has_date) {
    RELATA_RETURN_IF_ERROR(CheckCompleteDate(fields));
    const int64_t year = *fields.values[kYear];
    parts.days = fields.has_week() ? FirstDayOfWeekYear(year) : DaysFromCivil(year, 1, 1);
    parts.has_date = true;
  }
  if (HasTime(type) && !parts.has_time) {
    RELATA_RETURN_IF_ERROR(CheckCompleteTime(fields));
    parts.has_time = true;
  }
  if (HasDate(type)) {
    RELATA_RETURN_IF_ERROR(SetDateFields(fields, &parts.days));
  }
  RELATA_RETURN_IF_ERROR(SetTimeFields(fields, kNanosPerDay, &parts.nanos_of_day));
  if (fields.zone.has_value()) {
    RELATA_RETURN_IF_ERROR(
        SetZone(type, *fields.zone, /*same_instant=*/parts.has_offset, now_micros, &parts));
  }
  return DatumOf(Assemble(type, std::move(parts)));
}

absl::StatusOr<Datum> TemporalFromValue(ValueType type, const Value& other) {
  TemporalParts parts = TakeApart(other);
  const Datum datum = Datum::FromValue(other);
  if (HasDate(type) && !parts.has_date) {
    return FieldError(absl::StrCat(AType(datum), " has no date to take"));
  }
  if (!HasDate(type) && !parts.has_time) {
    return FieldError(absl::StrCat(AType(datum), " has no time of day to take"));
  }
  return DatumOf(Assemble(type, std::move(parts)));
}

absl::StatusOr<Datum> TruncateTemporal(ValueType type, absl::string_view unit, const Value& value,
                                       const Datum::Map& map, int64_t now_micros) {
  RELATA_ASSIGN_OR_RETURN(const Fields fields, ReadFields(map));
  if (fields.has_null) return Datum();
  if (fields.date != nullptr || fields.time != nullptr || fields.date_time != nullptr ||
      fields.epoch_seconds.has_value() || fields.epoch_millis.has_value()) {
    return FieldError("truncate takes no other values to select from");
  }
  RELATA_RETURN_IF_ERROR(CheckFields(type, fields));
  if (!HasOffset(type) && fields.zone.has_value()) {
    return FieldError("a time zone cannot be given for this type");
  }
  TemporalParts parts = TakeApart(value);
  const Datum datum = Datum::FromValue(value);
  if ((HasDate(type) && !parts.has_date) || (!HasDate(type) && !parts.has_time)) {
    return FieldError(absl::StrCat(AType(datum), " cannot be truncated to this type"));
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t resolution, TruncateParts(unit, HasDate(type), &parts));
  if (!HasTime(type) && resolution < kNanosPerDay) {
    return FieldError(absl::StrCat("a date has no ", unit, " to truncate to"));
  }
  if (HasDate(type)) {
    RELATA_RETURN_IF_ERROR(SetDateFields(fields, &parts.days));
  }
  RELATA_RETURN_IF_ERROR(SetTimeFields(fields, resolution, &parts.nanos_of_day));
  if (fields.zone.has_value()) {
    RELATA_RETURN_IF_ERROR(SetZone(type, *fields.zone, /*same_instant=*/false, now_micros, &parts));
  }
  return DatumOf(Assemble(type, std::move(parts)));
}

absl::StatusOr<Datum> DurationFromMap(const Datum& map) {
  static constexpr absl::string_view kUnits[] = {
      "years",   "quarters", "months",       "weeks",        "days",       "hours",
      "minutes", "seconds",  "milliseconds", "microseconds", "nanoseconds"};
  std::vector<DurationAmount> amounts;
  for (const auto& [name, value] : map.AsMap()) {
    const auto unit = std::find_if(
        std::begin(kUnits), std::end(kUnits),
        [&n = name](absl::string_view candidate) { return absl::EqualsIgnoreCase(candidate, n); });
    if (unit == std::end(kUnits)) {
      const std::string nearest = NearestName(name, kUnits);
      return FieldError(absl::StrCat(
          "a duration has no field ", QuotedForError(name),
          nearest.empty() ? std::string() : absl::StrCat("; did you mean `", nearest, "`?")));
    }
    if (value.is_null()) return Datum();
    if (!value.is_number()) {
      return FieldError(absl::StrCat("`", *unit, "` must be a number, not ", AType(value)));
    }
    RELATA_ASSIGN_OR_RETURN(const Decimal amount, ToExactDecimal(value));
    amounts.push_back({static_cast<DurationUnit>(unit - std::begin(kUnits)), amount});
  }
  if (amounts.empty()) return FieldError("the map is empty; give at least one field");
  RELATA_ASSIGN_OR_RETURN(const Duration duration, SumDuration(amounts));
  return Datum::FromValue(Value::Of(duration));
}

}  // namespace relata::query
