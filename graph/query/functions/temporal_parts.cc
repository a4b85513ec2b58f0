#include "graph/query/functions/temporal_parts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/time_zones.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

absl::Status OutsideYears() {
  return OverflowError("the result is outside the years -999999999 to 999999999");
}

absl::Status BadOffset(absl::string_view text) {
  return ArgumentError("InvalidArgumentValue",
                       absl::StrCat(QuotedForError(text),
                                    " is no offset from UTC; write it as Z, +01:00 or -0130, "
                                    "-18:00 to +18:00"));
}

template <typename T>
absl::StatusOr<Value> Checked(T value) {
  if (!value.IsValid()) return OutsideYears();
  return Value::Of(std::move(value));
}

}  // namespace

int64_t TemporalParts::local_seconds() const {
  return days * kSecondsPerDay + nanos_of_day / kNanosPerSecond;
}

int32_t TemporalParts::nanos() const {
  return static_cast<int32_t>(nanos_of_day % kNanosPerSecond);
}

void TemporalParts::SetLocal(int64_t seconds, int32_t nanos) {
  days = FloorDivide(seconds, kSecondsPerDay);
  nanos_of_day = FloorModulo(seconds, kSecondsPerDay) * kNanosPerSecond + nanos;
}

bool IsPointInTime(ValueType type) {
  return type == ValueType::kDate || type == ValueType::kLocalTime || type == ValueType::kTime ||
         type == ValueType::kLocalDateTime || type == ValueType::kDateTime;
}

TemporalParts TakeApart(const Value& temporal) {
  TemporalParts parts;
  if (const auto* date = temporal.get_if<Date>()) {
    parts.days = date->days;
    parts.has_date = true;
  } else if (const auto* local_time = temporal.get_if<LocalTime>()) {
    parts.nanos_of_day = local_time->nanos;
    parts.has_time = true;
  } else if (const auto* time = temporal.get_if<Time>()) {
    parts.nanos_of_day = time->nanos;
    parts.offset_seconds = time->offset_seconds;
    parts.has_time = parts.has_offset = true;
  } else if (const auto* local = temporal.get_if<LocalDateTime>()) {
    parts.SetLocal(local->seconds, local->nanos);
    parts.has_date = parts.has_time = true;
  } else {
    const auto& date_time = temporal.get<DateTime>();
    parts.SetLocal(date_time.seconds + date_time.offset_seconds, date_time.nanos);
    parts.offset_seconds = date_time.offset_seconds;
    parts.zone = date_time.zone;
    parts.has_date = parts.has_time = parts.has_offset = true;
  }
  return parts;
}

absl::StatusOr<Value> Assemble(ValueType type, TemporalParts parts) {
  switch (type) {
    case ValueType::kDate:
      return Checked(Date{parts.days});
    case ValueType::kLocalTime:
      return Value::Of(LocalTime{parts.nanos_of_day});
    case ValueType::kTime:
      return Value::Of(Time{parts.nanos_of_day, parts.offset_seconds});
    default:
      break;
  }
  if (!Date{parts.days}.IsValid()) return OutsideYears();
  if (type == ValueType::kLocalDateTime) {
    return Value::Of(LocalDateTime{parts.local_seconds(), parts.nanos()});
  }
  RELATA_RETURN_IF_ERROR(ResolveLocal(&parts));
  return Checked(DateTime{parts.utc_seconds(), parts.nanos(), parts.offset_seconds, parts.zone});
}

absl::StatusOr<ZoneText> ParseZone(absl::string_view text) {
  if (text == "Z" || text == "z") return ZoneText();
  if (text.empty() || (text[0] != '+' && text[0] != '-')) {
    RELATA_RETURN_IF_ERROR(CheckZone(text));
    return ZoneText{0, std::string(text)};
  }
  // `+hh`, `+hhmm`, `+hh:mm`, `+hhmmss`, `+hh:mm:ss`
  IsoScanner scanner(text.substr(1));
  int32_t seconds = 0;
  int unit = 3600;
  bool colons = false;
  for (int i = 0; i < 3 && (i == 0 || !scanner.AtEnd()); ++i, unit /= 60) {
    const bool colon = i > 0 && scanner.Take(':');
    if (i == 1) colons = colon;
    const std::optional<int> number = scanner.TakeDigits(2);
    if (!number.has_value() || (i > 0 && (*number > 59 || colon != colons))) {
      return BadOffset(text);
    }
    seconds += *number * unit;
  }
  if (!scanner.AtEnd() || seconds > kMaxOffsetSeconds) return BadOffset(text);
  return ZoneText{text[0] == '-' ? -seconds : seconds, std::string()};
}

absl::Status ResolveLocal(TemporalParts* parts) {
  if (parts->zone.empty()) return absl::OkStatus();
  const std::optional<int32_t> preferred =
      parts->has_offset ? std::optional<int32_t>(parts->offset_seconds) : std::nullopt;
  RELATA_ASSIGN_OR_RETURN(
      const DateTime resolved,
      ResolveInZone(parts->zone, parts->local_seconds(), parts->nanos(), preferred));
  parts->has_offset = true;
  parts->offset_seconds = resolved.offset_seconds;
  parts->SetLocal(resolved.seconds + resolved.offset_seconds, resolved.nanos);
  return absl::OkStatus();
}

absl::Status MoveToZone(const ZoneText& zone, TemporalParts* parts) {
  const int64_t utc = parts->utc_seconds();
  const int32_t nanos = parts->nanos();
  parts->zone = zone.zone;
  parts->offset_seconds = zone.offset_seconds;
  if (!zone.zone.empty()) {
    RELATA_ASSIGN_OR_RETURN(parts->offset_seconds, ZoneOffsetAt(zone.zone, utc));
  }
  parts->SetLocal(utc + parts->offset_seconds, nanos);
  return absl::OkStatus();
}

}  // namespace relata::query
