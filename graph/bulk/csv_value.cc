#include "graph/bulk/csv_value.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/values/period.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The number of `count` digits at `at`; below 0 where one is none.
int Digits(absl::string_view text, size_t at, size_t count) {
  int number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!IsDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// Days since 1970 of `2026-03-11`; nullopt where the text is no such date, or none of the years
// 0001 to 9999.
std::optional<int64_t> PlainDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return std::nullopt;
  }
  return DaysFromCivil(year, month, day);
}

// Microseconds since 1970 of `2023-06-05T21:26:49Z` with up to six digits of a fraction.
std::optional<Instant> PlainUtc(absl::string_view text) {
  if (text.size() < 20 || text.size() > 27 || text.back() != 'Z' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const std::optional<int64_t> days = PlainDate(text.substr(0, 10));
  const int hour = Digits(text, 11, 2);
  const int minute = Digits(text, 14, 2);
  const int second = Digits(text, 17, 2);
  if (!days || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  int64_t micros = 0;
  if (text.size() > 20) {
    const size_t digits = text.size() - 21;
    if (text[19] != '.' || digits == 0) return std::nullopt;
    micros = Digits(text, 20, digits);
    if (micros < 0) return std::nullopt;
    for (size_t i = digits; i < 6; ++i) micros *= 10;
  }
  const int64_t seconds = *days * 86'400 + hour * int64_t{3600} + minute * int64_t{60} + second;
  return seconds * kMicrosPerSecond + micros;
}

// At most 18 digits after an optional minus, which always fit; nullopt for anything else.
std::optional<int64_t> PlainInt(absl::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return std::nullopt;
  int64_t number = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return negative ? -number : number;
}

// Digits with an optional minus and an optional fraction, 15 in all at most: these and the powers
// of ten are exact as doubles, so that one division rounds as it must (Clinger, "How to Read
// Floating Point Numbers Accurately", 1990). nullopt for anything else.
std::optional<double> ShortDouble(absl::string_view text) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 16 || !IsDigit(text[0])) return std::nullopt;
  int64_t digits = 0;
  size_t point = text.size();  // where it stands; at the end there is none
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDigit(text[i])) {
      digits = digits * 10 + (text[i] - '0');
    } else if (text[i] == '.' && point == text.size() && i + 1 < text.size()) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  const size_t fraction = point == text.size() ? 0 : text.size() - point - 1;
  if (text.size() - (fraction > 0 ? 1 : 0) > 15) return std::nullopt;
  const double number = static_cast<double>(digits) / kPowers[fraction];
  return negative ? -number : number;
}

// A decimal number with an optional exponent, without `inf`, `nan` and hexadecimal.
std::optional<double> PlainDouble(absl::string_view text) {
  const char* const end = text.data() + text.size();
  const size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
  if (text.size() <= sign || !IsDigit(text[sign])) return std::nullopt;
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

bool IsNumber(absl::string_view text) { return PlainDouble(text).has_value(); }

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 && absl::ascii_isupper(text[0]) && absl::ascii_isupper(text[1]) &&
         absl::ascii_isupper(text[2]);
}

// Takes the qualifier off the front.
Qualifier TakeQualifier(absl::string_view* text) {
  Qualifier qualifier = Qualifier::kExact;
  if (text->empty() || IsDigit((*text)[0]) || (*text)[0] == '-') return qualifier;
  if (absl::ConsumePrefix(text, "~")) {
    qualifier = Qualifier::kAbout;
  } else if (absl::ConsumePrefix(text, ">=")) {
    qualifier = Qualifier::kAtLeast;
  } else if (absl::ConsumePrefix(text, ">")) {
    qualifier = Qualifier::kMoreThan;
  } else if (absl::ConsumePrefix(text, "<=")) {
    qualifier = Qualifier::kAtMost;
  } else if (absl::ConsumePrefix(text, "<")) {
    qualifier = Qualifier::kLessThan;
  }
  *text = absl::StripLeadingAsciiWhitespace(*text);
  return qualifier;
}

template <typename T>
absl::StatusOr<Value> Parsed(absl::string_view text) {
  RELATA_ASSIGN_OR_RETURN(T parsed, T::Parse(text));
  return Value::Of<T>(std::move(parsed));
}

}  // namespace

absl::StatusOr<CsvType> CsvType::Parse(absl::string_view name) {
  static constexpr std::pair<absl::string_view, Kind> kKinds[] = {
      {"text", Kind::kText},         {"string", Kind::kText},
      {"int", Kind::kInt},           {"float", Kind::kFloat},
      {"decimal", Kind::kDecimal},   {"bool", Kind::kBool},
      {"money", Kind::kMoney},       {"date", Kind::kDate},
      {"time", Kind::kTime},         {"localtime", Kind::kLocalTime},
      {"datetime", Kind::kDateTime}, {"localdatetime", Kind::kLocalDateTime},
      {"duration", Kind::kDuration}};
  CsvType type;
  type.name_ = std::string(name);
  for (const auto& [word, kind] : kKinds) {
    if (name != word) continue;
    type.kind_ = kind;
    return type;
  }
  absl::string_view currency = name;
  if (absl::ConsumePrefix(&currency, "money(") && absl::ConsumeSuffix(&currency, ")") &&
      IsCurrency(currency)) {
    type.kind_ = Kind::kMoney;
    type.currency_ = std::string(currency);
    return type;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no type '", name,
      "': use one of text, int, float, decimal, bool, money, money(USD), date, time, localtime, "
      "datetime, localdatetime, duration"));
}

absl::StatusOr<Value> CsvType::NoValue(absl::string_view text, absl::string_view wanted) const {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is no ", name_, ": write it as ", wanted));
}

absl::StatusOr<Value> CsvType::ReadQuantity(absl::string_view text) const {
  absl::string_view number = text;
  const Qualifier qualifier = TakeQualifier(&number);
  Value value;
  if (kind_ == Kind::kInt) {
    int64_t whole = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, whole);
    if (error != std::errc() || stop != end) return NoValue(text, "12");
    value = Value::Int(whole);
  } else if (kind_ == Kind::kFloat) {
    const bool percent = absl::ConsumeSuffix(&number, "%");
    const std::optional<double> real = PlainDouble(number);
    if (!real) return NoValue(text, "0.36 or 36%");
    value = Value::Double(percent ? *real / 100 : *real);
  } else if (kind_ == Kind::kDecimal) {
    if (!IsNumber(number)) return NoValue(text, "12.340");
    RELATA_ASSIGN_OR_RETURN(value, Parsed<Decimal>(number));
  } else {
    absl::string_view amount = number;
    absl::string_view currency = currency_;
    if (currency_.empty()) {
      const size_t space = number.rfind(' ');
      if (space == absl::string_view::npos) return NoValue(text, "2.8e9 USD");
      amount = absl::StripAsciiWhitespace(number.substr(0, space));
      currency = number.substr(space + 1);
      if (!IsCurrency(currency)) return NoValue(text, "2.8e9 USD");
    }
    if (!IsNumber(amount)) return NoValue(text, currency_.empty() ? "2.8e9 USD" : "2.8e9");
    RELATA_ASSIGN_OR_RETURN(const Money money, Money::Parse(amount, currency));
    value = Value::Of<Money>(money);
  }
  value.set_qualifier(qualifier);
  return value;
}

bool CsvType::ReadPlain(absl::string_view text, Value* value) const {
  if (kind_ == Kind::kText) {
    *value = Value::String(text);
    return true;
  }
  if (kind_ == Kind::kInt) {
    const std::optional<int64_t> number = PlainInt(text);
    if (number) *value = Value::Int(*number);
    return number.has_value();
  }
  if (kind_ == Kind::kFloat) {
    const std::optional<double> number = ShortDouble(text);
    if (number) *value = Value::Double(*number);
    return number.has_value();
  }
  if (kind_ == Kind::kDate) {
    const std::optional<int64_t> days = PlainDate(text);
    if (days) *value = Value::Of<Date>(Date{*days});
    return days.has_value();
  }
  return false;
}

absl::StatusOr<Value> CsvType::Read(absl::string_view text) const {
  switch (kind_) {
    case Kind::kText:
      return Value::String(text);
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kDecimal:
    case Kind::kMoney:
      return ReadQuantity(text);
    case Kind::kBool:
      if (text != "true" && text != "false") return NoValue(text, "true or false");
      return Value::Bool(text == "true");
    case Kind::kDate: {
      const std::optional<int64_t> days = PlainDate(text);
      if (!days) return NoValue(text, "2026-03-11");
      return Value::Of<Date>(Date{*days});
    }
    case Kind::kTime:
      return Parsed<Time>(text);
    case Kind::kLocalTime:
      return Parsed<LocalTime>(text);
    case Kind::kDateTime:
      return Parsed<DateTime>(text);
    case Kind::kLocalDateTime:
      return Parsed<LocalDateTime>(text);
    case Kind::kDuration:
      return Parsed<Duration>(text);
  }
  return NoValue(text, "another type");
}

absl::StatusOr<Bound> ReadCsvBound(absl::string_view text, BoundRole role) {
  // The two shapes that files are full of, without the general parser.
  if (const std::optional<int64_t> days = PlainDate(text)) {
    return BoundOf(Period{BoundKind::kDay, *days});
  }
  if (const std::optional<Instant> instant = PlainUtc(text)) return Bound::At(*instant);
  return Bound::ParseExported(text == "?" ? "" : text, role);
}

absl::StatusOr<Bound> ReadEpochBound(absl::string_view text, int64_t unit_micros, BoundRole role) {
  if (text == ".." || text == "?") return ReadCsvBound(text, role);
  // More digits than these are far out of range, whatever the unit.
  const std::optional<int64_t> units = PlainInt(text);
  Instant instant = 0;
  constexpr int64_t kDay = 86'400 * kMicrosPerSecond;
  static const Instant kFirst = DaysFromCivil(1, 1, 1) * kDay;
  static const Instant kEnd = DaysFromCivil(10'000, 1, 1) * kDay;
  if (!units || __builtin_mul_overflow(*units, unit_micros, &instant) || instant < kFirst ||
      instant >= kEnd) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is no number of a time in the years 0001 to 9999: write it as 1700000000"));
  }
  return Bound::At(instant);
}

}  // namespace relata
