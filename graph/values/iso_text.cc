#include "graph/values/iso_text.h"

#include <array>
#include <cstdlib>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

constexpr size_t kLongestQuote = 60;

bool IsUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

bool IsoScanner::Take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

std::optional<int> IsoScanner::TakeDigits(int count) {
  if (rest_.size() < static_cast<size_t>(count)) return std::nullopt;
  int value = 0;
  for (int i = 0; i < count; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(rest_[i]))) return std::nullopt;
    value = value * 10 + (rest_[i] - '0');
  }
  rest_.remove_prefix(count);
  return value;
}

std::optional<int64_t> IsoScanner::TakeNumber() {
  int64_t value = 0;
  size_t size = 0;
  for (; size < rest_.size() && absl::ascii_isdigit(static_cast<unsigned char>(rest_[size]));
       ++size) {
    const int digit = rest_[size] - '0';
    if (value > (std::numeric_limits<int64_t>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  if (size == 0) return std::nullopt;
  rest_.remove_prefix(size);
  return value;
}

absl::StatusOr<int32_t> IsoScanner::TakeFraction(int max_digits) {
  int32_t value = 0;
  int digits = 0;
  while (std::optional<int> digit = TakeDigits(1)) {
    if (++digits > max_digits) {
      return absl::InvalidArgumentError(
          absl::StrCat("the fraction of a second has more than ", max_digits, " digits"));
    }
    value = value * 10 + *digit;
  }
  if (digits == 0) return absl::InvalidArgumentError("no digit follows the point");
  for (; digits < max_digits; ++digits) value *= 10;
  return value;
}

absl::StatusOr<int64_t> IsoScanner::TakeYear(bool wide) {
  const bool negative = wide && Take('-');
  if (negative || (wide && Take('+'))) {
    const size_t before = rest_.size();
    const std::optional<int64_t> year = TakeNumber();
    const size_t digits = before - rest_.size();
    if (!year.has_value() || digits < 4 || digits > 9) {
      return absl::InvalidArgumentError("a year with a sign has four to nine digits");
    }
    return negative ? -*year : *year;
  }
  const std::optional<int> year = TakeDigits(4);
  if (!year.has_value()) {
    return absl::InvalidArgumentError("it does not start with a year of four digits");
  }
  if (*year == 0 && !wide) {
    return absl::InvalidArgumentError("the year is outside 0001 to 9999");
  }
  return *year;
}

absl::StatusOr<int64_t> IsoScanner::TakeMonthAndDay(int64_t year) {
  if (!Take('-')) return absl::InvalidArgumentError("`-` and a month must follow the year");
  const std::optional<int> month = TakeDigits(2);
  if (!month.has_value()) return absl::InvalidArgumentError("the month needs two digits");
  if (*month < 1 || *month > 12) {
    return absl::InvalidArgumentError(absl::StrFormat("month %02d is not 01 to 12", *month));
  }
  if (!Take('-')) return absl::InvalidArgumentError("`-` and a day must follow the month");
  const std::optional<int> day = TakeDigits(2);
  if (!day.has_value()) return absl::InvalidArgumentError("the day needs two digits");
  const int days_in_month = DaysInMonth(year, *month);
  if (*day < 1 || *day > days_in_month) {
    return absl::InvalidArgumentError(
        absl::StrFormat("day %02d is not 01 to %02d, the days of that month", *day, days_in_month));
  }
  return DaysFromCivil(year, *month, *day);
}

absl::StatusOr<int64_t> IsoScanner::TakeTimeOfDay(int max_fraction_digits, bool seconds_required) {
  const std::optional<int> hour = TakeDigits(2);
  if (!hour.has_value() || *hour > 23) {
    return absl::InvalidArgumentError("the hour is not two digits, 00 to 23");
  }
  if (!Take(':')) return absl::InvalidArgumentError("`:` and the minutes must follow the hour");
  const std::optional<int> minute = TakeDigits(2);
  if (!minute.has_value() || *minute > 59) {
    return absl::InvalidArgumentError("the minute is not two digits, 00 to 59");
  }
  int64_t nanos = (*hour * 3600 + *minute * 60) * kNanosPerSecond;
  if (!Take(':')) {
    if (!seconds_required) return nanos;
    return absl::InvalidArgumentError("`:` and the seconds must follow the minutes");
  }
  const std::optional<int> second = TakeDigits(2);
  if (!second.has_value() || *second > 59) {
    return absl::InvalidArgumentError(
        "the second is not two digits, 00 to 59 (leap seconds are not counted)");
  }
  nanos += *second * kNanosPerSecond;
  if (!Take('.')) return nanos;
  RELATA_ASSIGN_OR_RETURN(int64_t fraction, TakeFraction(max_fraction_digits));
  for (int digits = max_fraction_digits; digits < 9; ++digits) fraction *= 10;
  return nanos + fraction;
}

absl::StatusOr<int32_t> IsoScanner::TakeOffset(bool with_seconds) {
  if (Take('Z')) return 0;
  const bool negative = Take('-');
  if (!negative && !Take('+')) {
    return absl::InvalidArgumentError("the time has no zone: end it with `Z` or as `+08:00`");
  }
  const std::optional<int> hour = TakeDigits(2);
  const bool colon = hour.has_value() && Take(':');
  const std::optional<int> minute = colon ? TakeDigits(2) : std::nullopt;
  if (!minute.has_value() || *minute > 59) {
    return absl::InvalidArgumentError("the offset from UTC is not written as `+08:00`");
  }
  int32_t seconds = *hour * 3600 + *minute * 60;
  if (with_seconds && Take(':')) {
    const std::optional<int> second = TakeDigits(2);
    if (!second.has_value() || *second > 59) {
      return absl::InvalidArgumentError("the seconds of the offset are not 00 to 59");
    }
    seconds += *second;
  }
  if (seconds > kMaxOffsetSeconds) {
    return absl::InvalidArgumentError("the offset from UTC is outside -18:00 to +18:00");
  }
  return negative ? -seconds : seconds;
}

absl::Status IsoScanner::CheckEnd() const {
  if (AtEnd()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("nothing is allowed to follow before ", QuotedForError(rest_)));
}

void AppendIsoDigits(int64_t number, int width, std::string* out) {
  // Most have two digits.
  if (width == 2 && number < 100) {
    const std::array<char, 2> both = {static_cast<char>('0' + number / 10),
                                      static_cast<char>('0' + number % 10)};
    out->append(both.data(), both.size());
    return;
  }
  std::array<char, 20> digits;
  size_t begin = digits.size();
  auto rest = static_cast<uint64_t>(number);
  do {
    digits[--begin] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest > 0 || static_cast<int>(digits.size() - begin) < width);
  out->append(&digits[begin], digits.size() - begin);
}

void AppendIsoDate(int64_t days, std::string* out) {
  int64_t year;
  int month;
  int day;
  CivilFromDays(days, &year, &month, &day);
  if (year >= 0 && year <= 9999) {
    const auto digit = [](int64_t number) { return static_cast<char>('0' + number % 10); };
    const std::array<char, 10> text = {digit(year / 1000),
                                       digit(year / 100),
                                       digit(year / 10),
                                       digit(year),
                                       '-',
                                       digit(month / 10),
                                       digit(month),
                                       '-',
                                       digit(day / 10),
                                       digit(day)};
    out->append(text.data(), text.size());
    return;
  }
  if (year < 0) {
    out->push_back('-');
  } else {
    out->push_back('+');
  }
  AppendIsoDigits(std::abs(year), 4, out);
  out->push_back('-');
  AppendIsoDigits(month, 2, out);
  out->push_back('-');
  AppendIsoDigits(day, 2, out);
}

void AppendIsoFraction(int32_t nanos, std::string* out) {
  if (nanos == 0) return;
  out->push_back('.');
  int width = 9;
  for (; nanos % 1000 == 0; nanos /= 1000) width -= 3;
  AppendIsoDigits(nanos, width, out);
  while (out->back() == '0') out->pop_back();
}

void AppendIsoTimeOfDay(int64_t nanos, std::string* out) {
  const int64_t seconds = nanos / kNanosPerSecond;
  const auto fraction = static_cast<int32_t>(nanos % kNanosPerSecond);
  AppendIsoDigits(seconds / 3600, 2, out);
  out->push_back(':');
  AppendIsoDigits(seconds / 60 % 60, 2, out);
  if (seconds % 60 == 0 && fraction == 0) return;
  out->push_back(':');
  AppendIsoDigits(seconds % 60, 2, out);
  AppendIsoFraction(fraction, out);
}

void AppendIsoOffset(int32_t seconds, std::string* out) {
  if (seconds == 0) {
    out->push_back('Z');
    return;
  }
  const int32_t size = std::abs(seconds);
  out->push_back(seconds < 0 ? '-' : '+');
  AppendIsoDigits(size / 3600, 2, out);
  out->push_back(':');
  AppendIsoDigits(size / 60 % 60, 2, out);
  if (size % 60 == 0) return;
  out->push_back(':');
  AppendIsoDigits(size % 60, 2, out);
}

std::string QuotedForError(absl::string_view text) {
  if (text.size() <= kLongestQuote) return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
  size_t size = kLongestQuote;
  while (size > 0 && IsUtf8Continuation(text[size])) --size;
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, size)), "…\"");
}

}  // namespace relata
