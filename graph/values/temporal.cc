#include "graph/values/temporal.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/iso_text.h"

namespace relata {
namespace {

constexpr int kTimeFractionDigits = 9;

absl::Status NotA(absl::string_view kind, absl::string_view example, absl::string_view text,
                  absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(QuotedForError(text), " is not a ", kind, ": ",
                                                 reason, ". Write it as ", example, "."));
}

absl::StatusOr<int64_t> TakeDate(IsoScanner& scanner) {
  RELATA_ASSIGN_OR_RETURN(const int64_t year, scanner.TakeYear(/*wide=*/true));
  return scanner.TakeMonthAndDay(year);
}

absl::StatusOr<int64_t> TakeTime(IsoScanner& scanner) {
  return scanner.TakeTimeOfDay(kTimeFractionDigits, /*seconds_required=*/false);
}

absl::StatusOr<LocalDateTime> TakeLocalDateTime(IsoScanner& scanner) {
  RELATA_ASSIGN_OR_RETURN(const int64_t days, TakeDate(scanner));
  if (!scanner.Take('T')) return absl::InvalidArgumentError("`T` and a time must follow the date");
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos, TakeTime(scanner));
  return LocalDateTime{days * kSecondsPerDay + nanos / kNanosPerSecond,
                       static_cast<int32_t>(nanos % kNanosPerSecond)};
}

bool IsZoneCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
}

bool IsZone(absl::string_view zone) {
  return zone.size() <= DateTime::kLongestZone &&
         std::all_of(zone.begin(), zone.end(), IsZoneCharacter);
}

// `[Asia/Shanghai]` up to the end; empty where there is nothing.
absl::StatusOr<std::string> TakeZone(const IsoScanner& scanner) {
  absl::string_view rest = scanner.rest();
  if (rest.empty()) return std::string();
  if (rest.size() < 3 || rest.front() != '[' || rest.back() != ']') return scanner.CheckEnd();
  rest = rest.substr(1, rest.size() - 2);
  if (IsZone(rest)) return std::string(rest);
  return absl::InvalidArgumentError(absl::StrCat(QuotedForError(rest), " is not a time zone"));
}

bool IsTimeOfDay(int64_t nanos) { return nanos >= 0 && nanos < kNanosPerDay; }

bool IsOffset(int32_t seconds) {
  return seconds >= -kMaxOffsetSeconds && seconds <= kMaxOffsetSeconds;
}

bool IsSecondsAndNanos(int64_t seconds, int32_t nanos) {
  return seconds >= Date::kMinDays * kSecondsPerDay &&
         seconds < (Date::kMaxDays + 1) * kSecondsPerDay && nanos >= 0 && nanos < kNanosPerSecond;
}

void AppendDateTime(int64_t seconds, int32_t nanos, std::string* out) {
  int64_t days = seconds / kSecondsPerDay;
  if (seconds % kSecondsPerDay < 0) --days;
  AppendIsoDate(days, out);
  out->push_back('T');
  AppendIsoTimeOfDay((seconds - days * kSecondsPerDay) * kNanosPerSecond + nanos, out);
}

int64_t UtcNanos(const Time& time) { return time.nanos - time.offset_seconds * kNanosPerSecond; }

}  // namespace

absl::StatusOr<Date> Date::Parse(absl::string_view text) {
  IsoScanner scanner(text);
  absl::StatusOr<int64_t> parsed = TakeDate(scanner);
  if (parsed.ok() && !scanner.AtEnd()) parsed = scanner.CheckEnd();
  if (!parsed.ok()) return NotA("date", "2026-03-11", text, parsed.status().message());
  return Date{*parsed};
}

std::string Date::ToString() const {
  std::string text;
  AppendIsoDate(days, &text);
  return text;
}

absl::StatusOr<LocalTime> LocalTime::Parse(absl::string_view text) {
  IsoScanner scanner(text);
  absl::StatusOr<int64_t> parsed = TakeTime(scanner);
  if (parsed.ok() && !scanner.AtEnd()) parsed = scanner.CheckEnd();
  if (!parsed.ok()) return NotA("local time", "10:30:00.25", text, parsed.status().message());
  return LocalTime{*parsed};
}

std::string LocalTime::ToString() const {
  std::string text;
  AppendIsoTimeOfDay(nanos, &text);
  return text;
}

bool LocalTime::IsValid() const { return IsTimeOfDay(nanos); }

std::strong_ordering Time::operator<=>(const Time& other) const {
  return std::make_tuple(UtcNanos(*this), offset_seconds) <=>
         std::make_tuple(UtcNanos(other), other.offset_seconds);
}

absl::StatusOr<Time> Time::Parse(absl::string_view text) {
  const auto parse = [text]() -> absl::StatusOr<Time> {
    IsoScanner scanner(text);
    RELATA_ASSIGN_OR_RETURN(const int64_t time_of_day, TakeTime(scanner));
    RELATA_ASSIGN_OR_RETURN(const int32_t offset, scanner.TakeOffset(/*with_seconds=*/true));
    RELATA_RETURN_IF_ERROR(scanner.CheckEnd());
    return Time{time_of_day, offset};
  };
  absl::StatusOr<Time> time = parse();
  if (!time.ok()) return NotA("time", "10:30:00.25+08:00", text, time.status().message());
  return time;
}

std::string Time::ToString() const {
  std::string text;
  AppendIsoTimeOfDay(nanos, &text);
  AppendIsoOffset(offset_seconds, &text);
  return text;
}

bool Time::IsValid() const { return IsTimeOfDay(nanos) && IsOffset(offset_seconds); }

absl::StatusOr<LocalDateTime> LocalDateTime::Parse(absl::string_view text) {
  IsoScanner scanner(text);
  absl::StatusOr<LocalDateTime> parsed = TakeLocalDateTime(scanner);
  if (parsed.ok() && !scanner.AtEnd()) parsed = scanner.CheckEnd();
  if (parsed.ok()) return parsed;
  return NotA("local date-time", "2026-03-11T10:30:00", text, parsed.status().message());
}

std::string LocalDateTime::ToString() const {
  std::string text;
  AppendDateTime(seconds, nanos, &text);
  return text;
}

bool LocalDateTime::IsValid() const { return IsSecondsAndNanos(seconds, nanos); }

std::strong_ordering DateTime::operator<=>(const DateTime& other) const {
  return std::tie(seconds, nanos, offset_seconds, zone) <=>
         std::tie(other.seconds, other.nanos, other.offset_seconds, other.zone);
}

absl::StatusOr<DateTime> DateTime::Parse(absl::string_view text) {
  const auto parse = [text]() -> absl::StatusOr<DateTime> {
    IsoScanner scanner(text);
    RELATA_ASSIGN_OR_RETURN(const LocalDateTime local, TakeLocalDateTime(scanner));
    RELATA_ASSIGN_OR_RETURN(const int32_t offset, scanner.TakeOffset(/*with_seconds=*/true));
    RELATA_ASSIGN_OR_RETURN(std::string zone_name, TakeZone(scanner));
    return DateTime{local.seconds - offset, local.nanos, offset, std::move(zone_name)};
  };
  absl::StatusOr<DateTime> parsed = parse();
  if (parsed.ok() && !parsed->IsValid()) {
    parsed = absl::InvalidArgumentError("in UTC it is outside the years that can be stored");
  }
  if (parsed.ok()) return parsed;
  return NotA("date-time", "2026-03-11T10:30:00+08:00", text, parsed.status().message());
}

std::string DateTime::ToString() const {
  std::string text;
  AppendDateTime(seconds + offset_seconds, nanos, &text);
  AppendIsoOffset(offset_seconds, &text);
  if (!zone.empty()) absl::StrAppend(&text, "[", zone, "]");
  return text;
}

bool DateTime::IsValid() const {
  return IsSecondsAndNanos(seconds, nanos) && IsOffset(offset_seconds) &&
         IsSecondsAndNanos(seconds + offset_seconds, nanos) && IsZone(zone);
}

}  // namespace relata
