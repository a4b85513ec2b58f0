#include "graph/query/functions/temporal_text.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

absl::Status Reason(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

size_t CountDigits(absl::string_view text) {
  size_t count = 0;
  while (count < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[count]))) {
    ++count;
  }
  return count;
}

absl::StatusOr<int64_t> DayOfMonth(int64_t year, int month, int day) {
  if (month < 1 || month > 12) return Reason("the month is not 01 to 12");
  if (day < 1 || day > DaysInMonth(year, month)) return Reason("that month has no such day");
  return DaysFromCivil(year, month, day);
}

absl::StatusOr<int64_t> DayOfYear(int64_t year, int ordinal) {
  if (ordinal < 1 || ordinal > (IsLeapYear(year) ? 366 : 365)) {
    return Reason("that year has no such day");
  }
  return DaysFromCivil(year, 1, 1) + ordinal - 1;
}

absl::StatusOr<int64_t> DayOfWeek(int64_t year, int week, int day) {
  if (week < 1 || week > WeeksInYear(year)) return Reason("that year has no such week");
  if (day < 1 || day > 7) return Reason("the day of the week is not 1 to 7");
  return FirstDayOfWeekYear(year) + (week - 1) * int64_t{7} + day - 1;
}

absl::StatusOr<int64_t> DayOfQuarter(int64_t year, int quarter, int day) {
  if (quarter < 1 || quarter > 4) return Reason("the quarter is not 1 to 4");
  if (day < 1 || day > DaysInQuarter(year, quarter)) return Reason("that quarter has no such day");
  return FirstDayOfQuarter(year, quarter) + day - 1;
}

// A reader of dates and times. Its errors are only reasons.
class TemporalScanner {
 public:
  explicit TemporalScanner(absl::string_view text) : scanner_(text) {}

  bool AtEnd() const { return scanner_.AtEnd(); }
  bool Take(char c) { return scanner_.Take(c); }
  absl::string_view rest() const { return scanner_.rest(); }

  absl::StatusOr<int64_t> TakeDate() {
    const absl::string_view text = scanner_.rest();
    const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
    if (!sign && CountDigits(text) < 4) return Reason("a date starts with a year of four digits");
    RELATA_ASSIGN_OR_RETURN(const int64_t year, TakeYear(sign));
    const bool dash = scanner_.Take('-');
    if (scanner_.Take('W')) return TakeWeek(year, dash);
    if (scanner_.Take('Q')) return TakeQuarter(year, dash);
    const size_t digits = CountDigits(scanner_.rest());
    if (digits == 0) {
      if (dash) return Reason("a month must follow the dash");
      return DaysFromCivil(year, 1, 1);
    }
    if (digits == 3) return DayOfYear(year, *scanner_.TakeDigits(3));
    if (digits != 2 && (dash || digits != 4)) return Reason("it has an odd number of digits");
    const int month = *scanner_.TakeDigits(2);
    const bool day_follows = dash ? scanner_.Take('-') : digits == 4;
    std::optional<int> day = 1;
    if (day_follows) day = scanner_.TakeDigits(2);
    if (!day.has_value()) return Reason("the day needs two digits");
    return DayOfMonth(year, month, *day);
  }

  // Nanoseconds since midnight.
  absl::StatusOr<int64_t> TakeTime() {
    const std::optional<int> hour = scanner_.TakeDigits(2);
    if (!hour.has_value() || *hour > 23) return Reason("the hour is not two digits, 00 to 23");
    int64_t seconds = *hour * int64_t{3600};
    const bool colon = scanner_.Take(':');
    if (!colon && CountDigits(scanner_.rest()) == 0) return seconds * kNanosPerSecond;
    const std::optional<int> minute = scanner_.TakeDigits(2);
    if (!minute.has_value() || *minute > 59) {
      return Reason("the minutes are not two digits, 00 to 59");
    }
    seconds += *minute * int64_t{60};
    const bool second_follows = colon ? scanner_.Take(':') : CountDigits(scanner_.rest()) > 0;
    if (!second_follows) return seconds * kNanosPerSecond;
    const std::optional<int> second = scanner_.TakeDigits(2);
    if (!second.has_value() || *second > 59) {
      return Reason("the seconds are not two digits, 00 to 59");
    }
    const int64_t nanos = (seconds + *second) * kNanosPerSecond;
    if (!scanner_.Take('.') && !scanner_.Take(',')) return nanos;
    RELATA_ASSIGN_OR_RETURN(const int32_t fraction, scanner_.TakeFraction(9));
    return nanos + fraction;
  }

  // Offset and zone up to the end, into `parts`; nothing where there is none.
  absl::Status TakeZone(bool zone_allowed, TemporalParts* parts) {
    absl::string_view text = scanner_.rest();
    const size_t bracket = text.find('[');
    const absl::string_view offset = text.substr(0, bracket);
    if (!offset.empty()) {
      if (offset[0] != 'Z' && offset[0] != '+' && offset[0] != '-') {
        return Reason(absl::StrCat(QuotedForError(offset), " is not understood"));
      }
      RELATA_ASSIGN_OR_RETURN(const ZoneText zone, ParseZone(offset));
      parts->has_offset = true;
      parts->offset_seconds = zone.offset_seconds;
    }
    if (bracket == absl::string_view::npos) return absl::OkStatus();
    const absl::string_view name = text.substr(bracket);
    if (!zone_allowed || name.size() < 3 || name.back() != ']') {
      return Reason(absl::StrCat(QuotedForError(name), " is not understood"));
    }
    RELATA_ASSIGN_OR_RETURN(ZoneText zone, ParseZone(name.substr(1, name.size() - 2)));
    if (zone.zone.empty()) return Reason("only the name of a time zone stands in brackets");
    parts->zone = std::move(zone.zone);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<int64_t> TakeYear(bool sign) {
    if (!sign) return *scanner_.TakeDigits(4);
    const bool negative = scanner_.Take('-');
    if (!negative) scanner_.Take('+');
    const size_t digits = CountDigits(scanner_.rest());
    if (digits < 1 || digits > 9) return Reason("a year with a sign has one to nine digits");
    const int64_t year = *scanner_.TakeNumber();
    return negative ? -year : year;
  }

  absl::StatusOr<int64_t> TakeWeek(int64_t year, bool dash) {
    const std::optional<int> week = scanner_.TakeDigits(2);
    if (!week.has_value()) return Reason("the week needs two digits");
    std::optional<int> day = 1;
    if (dash ? scanner_.Take('-') : CountDigits(scanner_.rest()) > 0) day = scanner_.TakeDigits(1);
    if (!day.has_value()) return Reason("the day of the week is missing after the dash");
    return DayOfWeek(year, *week, *day);
  }

  absl::StatusOr<int64_t> TakeQuarter(int64_t year, bool dash) {
    const std::optional<int> quarter = scanner_.TakeDigits(1);
    if (!quarter.has_value()) return Reason("the quarter needs one digit");
    std::optional<int> day = 1;
    if (dash ? scanner_.Take('-') : CountDigits(scanner_.rest()) > 0) day = scanner_.TakeDigits(2);
    if (!day.has_value()) return Reason("the day of the quarter needs two digits");
    return DayOfQuarter(year, *quarter, *day);
  }

  IsoScanner scanner_;
};

absl::StatusOr<TemporalParts> ParseParts(ValueType type, absl::string_view text) {
  TemporalScanner scanner(text);
  TemporalParts parts;
  const bool dated = type != ValueType::kLocalTime && type != ValueType::kTime;
  const bool zoned = type == ValueType::kTime || type == ValueType::kDateTime;
  if (dated) {
    RELATA_ASSIGN_OR_RETURN(parts.days, scanner.TakeDate());
    parts.has_date = true;
  }
  if (type != ValueType::kDate && (!dated || scanner.Take('T'))) {
    RELATA_ASSIGN_OR_RETURN(parts.nanos_of_day, scanner.TakeTime());
  }
  if (zoned) {
    RELATA_RETURN_IF_ERROR(scanner.TakeZone(/*zone_allowed=*/dated, &parts));
  } else if (!scanner.AtEnd()) {
    return Reason(absl::StrCat(QuotedForError(scanner.rest()), " is not understood"));
  }
  return parts;
}

absl::string_view KindName(ValueType type) {
  switch (type) {
    case ValueType::kDate:
      return "date; write it as 2015-07-21";
    case ValueType::kLocalTime:
      return "local time; write it as 21:40:32.142";
    case ValueType::kTime:
      return "time; write it as 21:40:32.142+01:00";
    case ValueType::kLocalDateTime:
      return "local date-time; write it as 2015-07-21T21:40:32.142";
    case ValueType::kDateTime:
      return "date-time; write it as 2015-07-21T21:40:32.142+02:00[Europe/Stockholm]";
    default:
      return "duration; write it as P1Y2M3DT4H5M6.5S";
  }
}

absl::Status NotA(ValueType type, absl::string_view text, absl::string_view reason) {
  const absl::string_view kind = KindName(type);
  const size_t advice = kind.find(';');
  return ArgumentError("InvalidArgumentValue",
                       absl::StrCat(QuotedForError(text), " is not a ", kind.substr(0, advice),
                                    ": ", reason, kind.substr(advice)));
}

// --- durations

// A part of a duration's text by its letter, in the order in which they may come.
struct DurationPart {
  char letter;
  DurationUnit unit;
};
constexpr DurationPart kDateParts[] = {{'Y', DurationUnit::kYear},
                                       {'M', DurationUnit::kMonth},
                                       {'W', DurationUnit::kWeek},
                                       {'D', DurationUnit::kDay}};
constexpr DurationPart kTimeParts[] = {
    {'H', DurationUnit::kHour}, {'M', DurationUnit::kMinute}, {'S', DurationUnit::kSecond}};

// `-12.5` as it stands before a letter; `,` is as good as `.`.
absl::StatusOr<Decimal> TakeAmount(absl::string_view* text) {
  std::string number;
  if (!text->empty() && (text->front() == '-' || text->front() == '+')) {
    if (text->front() == '-') number = "-";
    text->remove_prefix(1);
  }
  size_t size = CountDigits(*text);
  if (size == 0) return Reason("a number is missing before a letter");
  absl::StrAppend(&number, text->substr(0, size));
  text->remove_prefix(size);
  if (!text->empty() && (text->front() == '.' || text->front() == ',')) {
    size = CountDigits(text->substr(1));
    if (size == 0) return Reason("no digit follows the point");
    absl::StrAppend(&number, ".", text->substr(1, size));
    text->remove_prefix(size + 1);
  }
  absl::StatusOr<Decimal> amount = Decimal::Parse(number);
  if (!amount.ok()) return Reason("a number in it has too many digits");
  return amount;
}

template <size_t kSize>
absl::Status TakeUnits(const DurationPart (&parts)[kSize], absl::string_view* text,
                       std::vector<DurationAmount>* amounts) {
  size_t next = 0;
  while (!text->empty() && text->front() != 'T') {
    RELATA_ASSIGN_OR_RETURN(const Decimal amount, TakeAmount(text));
    while (next < kSize && (text->empty() || parts[next].letter != text->front())) ++next;
    if (next == kSize) {
      return Reason("a number is not followed by its letter, in the order Y M W D, T, H M S");
    }
    amounts->push_back({parts[next].unit, amount});
    text->remove_prefix(1);
    ++next;
  }
  return absl::OkStatus();
}

// After `P`: `14DT16H12M`.
absl::StatusOr<std::vector<DurationAmount>> ParseUnits(absl::string_view text) {
  std::vector<DurationAmount> amounts;
  RELATA_RETURN_IF_ERROR(TakeUnits(kDateParts, &text, &amounts));
  if (!text.empty()) {
    text.remove_prefix(1);
    if (text.empty()) return Reason("nothing follows the T");
    RELATA_RETURN_IF_ERROR(TakeUnits(kTimeParts, &text, &amounts));
    if (!text.empty()) return Reason("a second T follows");
  }
  if (amounts.empty()) return Reason("nothing follows the P");
  return amounts;
}

// After `P`: `2012-02-02T14:37:21.545` or `20120202T143721`; nullopt where it is no such text.
absl::StatusOr<std::optional<std::vector<DurationAmount>>> ParseDateLike(absl::string_view text) {
  const size_t digits = CountDigits(text);
  const bool extended = digits == 4 && text.size() > 4 && text[4] == '-';
  if (!extended && (digits != 8 || text.size() < 9 || text[8] != 'T')) {
    return std::optional<std::vector<DurationAmount>>();
  }
  IsoScanner scanner(text);
  std::vector<DurationAmount> amounts;
  amounts.push_back({DurationUnit::kYear, Decimal{*scanner.TakeDigits(4), 0}});
  for (const DurationUnit unit : {DurationUnit::kMonth, DurationUnit::kDay}) {
    const bool dash = !extended || scanner.Take('-');
    const std::optional<int> number = dash ? scanner.TakeDigits(2) : std::nullopt;
    if (!number.has_value()) return Reason("months and days need two digits each");
    amounts.push_back({unit, Decimal{*number, 0}});
  }
  if (scanner.AtEnd()) return std::optional(std::move(amounts));
  if (!scanner.Take('T')) return Reason("T and a time must follow the date");
  TemporalScanner time(scanner.rest());
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos, time.TakeTime());
  if (!time.AtEnd()) {
    return Reason(absl::StrCat(QuotedForError(time.rest()), " is not understood"));
  }
  amounts.push_back({DurationUnit::kNanosecond, Decimal{nanos, 0}});
  return std::optional(std::move(amounts));
}

}  // namespace

absl::StatusOr<Value> ParseTemporal(ValueType type, absl::string_view text) {
  absl::StatusOr<TemporalParts> parts = ParseParts(type, text);
  if (!parts.ok()) {
    if (GetQueryError(parts.status()).has_value()) return parts.status();  // a zone
    return NotA(type, text, parts.status().message());
  }
  const bool checks_offset = !parts->zone.empty() && parts->has_offset;
  const int32_t offset = parts->offset_seconds;
  RELATA_ASSIGN_OR_RETURN(Value value, Assemble(type, *std::move(parts)));
  if (checks_offset && value.get<DateTime>().offset_seconds != offset) {
    return NotA(type, text, "its time zone had another offset then");
  }
  return value;
}

absl::StatusOr<Duration> ParseDurationText(absl::string_view text) {
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  if (rest.empty() || rest.front() != 'P') {
    return NotA(ValueType::kDuration, text, "it does not start with P");
  }
  rest.remove_prefix(1);
  absl::StatusOr<std::vector<DurationAmount>> amounts = std::vector<DurationAmount>();
  absl::StatusOr<std::optional<std::vector<DurationAmount>>> dated = ParseDateLike(rest);
  if (!dated.ok()) {
    amounts = dated.status();
  } else {
    amounts = dated->has_value() ? **std::move(dated) : ParseUnits(rest);
  }
  if (!amounts.ok()) return NotA(ValueType::kDuration, text, amounts.status().message());
  if (negative) {
    for (DurationAmount& amount : *amounts) amount.amount.mantissa = -amount.amount.mantissa;
  }
  return SumDuration(*amounts);
}

}  // namespace relata::query
