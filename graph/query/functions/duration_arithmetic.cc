#include "graph/query/functions/duration_arithmetic.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

// Wide enough for 64 bits of months in nanoseconds times a decimal of 38 digits.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    512, 512, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;

constexpr int64_t kNanosPerMonth = Duration::kSecondsPerMonth * kNanosPerSecond;
constexpr double kBeyondDurations = 1e19;
constexpr double kLeastFraction = 1e-30;

absl::Status DurationOverflow() {
  return OverflowError("a part of the duration does not fit 64 bits; use smaller numbers");
}

Wide Widened(absl::int128 value) { return Wide(static_cast<__int128>(value)); }

Wide TenTo(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

absl::StatusOr<int64_t> ToInt64(const Wide& value) {
  if (value > std::numeric_limits<int64_t>::max() || value < std::numeric_limits<int64_t>::min()) {
    return DurationOverflow();
  }
  return static_cast<int64_t>(value);
}

// Each part over one denominator > 0.
struct Fractions {
  Wide months;
  Wide days;
  Wide nanos;
  Wide denominator = 1;
};

absl::StatusOr<Duration> Cascade(const Fractions& parts) {
  const Wide& denominator = parts.denominator;
  const Wide months = parts.months / denominator;
  // Nanoseconds over the denominator from here on.
  const Wide day_nanos = parts.days * kNanosPerDay + (parts.months % denominator) * kNanosPerMonth;
  const Wide day_unit = denominator * kNanosPerDay;
  const Wide days = day_nanos / day_unit;
  const Wide nanos = (parts.nanos + day_nanos % day_unit) / denominator;
  RELATA_ASSIGN_OR_RETURN(const int64_t whole_months, ToInt64(months));
  RELATA_ASSIGN_OR_RETURN(const int64_t whole_days, ToInt64(days));
  Wide seconds = nanos / kNanosPerSecond;
  Wide rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    seconds -= 1;
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t whole_seconds, ToInt64(seconds));
  return Duration{whole_months, whole_days, whole_seconds, static_cast<int32_t>(rest)};
}

// d * numerator / denominator.
absl::StatusOr<Duration> Scale(const Duration& d, Wide numerator, Wide denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  Fractions parts;
  parts.months = Wide(d.months) * numerator;
  parts.days = Wide(d.days) * numerator;
  parts.nanos = (Wide(d.seconds) * kNanosPerSecond + d.nanos) * numerator;
  parts.denominator = denominator;
  return Cascade(parts);
}

// How many months, days or nanoseconds a unit has.
int64_t UnitSize(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kYear:
      return 12;
    case DurationUnit::kQuarter:
      return 3;
    case DurationUnit::kMonth:
      return 1;
    case DurationUnit::kWeek:
      return 7;
    case DurationUnit::kDay:
      return 1;
    case DurationUnit::kHour:
      return 3600 * kNanosPerSecond;
    case DurationUnit::kMinute:
      return 60 * kNanosPerSecond;
    case DurationUnit::kSecond:
      return kNanosPerSecond;
    case DurationUnit::kMillisecond:
      return 1'000'000;
    case DurationUnit::kMicrosecond:
      return 1'000;
    case DurationUnit::kNanosecond:
      return 1;
  }
  return 1;
}

}  // namespace

absl::StatusOr<Duration> MakeDuration(int64_t months, int64_t days, int64_t seconds,
                                      absl::int128 nanos) {
  absl::int128 carry = nanos / kNanosPerSecond;
  absl::int128 rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    carry -= 1;
  }
  const absl::int128 total = absl::int128(seconds) + carry;
  if (total > std::numeric_limits<int64_t>::max() || total < std::numeric_limits<int64_t>::min()) {
    return DurationOverflow();
  }
  return Duration{months, days, static_cast<int64_t>(total), static_cast<int32_t>(rest)};
}

absl::StatusOr<Duration> AddDurations(const Duration& a, const Duration& b, int sign) {
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  const bool overflow = sign < 0 ? __builtin_sub_overflow(a.months, b.months, &months) ||
                                       __builtin_sub_overflow(a.days, b.days, &days) ||
                                       __builtin_sub_overflow(a.seconds, b.seconds, &seconds)
                                 : __builtin_add_overflow(a.months, b.months, &months) ||
                                       __builtin_add_overflow(a.days, b.days, &days) ||
                                       __builtin_add_overflow(a.seconds, b.seconds, &seconds);
  if (overflow) return DurationOverflow();
  return MakeDuration(months, days, seconds, absl::int128(a.nanos) + sign * b.nanos);
}

absl::StatusOr<Duration> NegateDuration(const Duration& d) {
  return AddDurations(Duration(), d, -1);
}

absl::StatusOr<Decimal> ToExactDecimal(const Datum& number) {
  double real = 0;
  if (number.kind() == Datum::Kind::kInt) return Decimal{number.AsInt(), 0};
  if (number.kind() == Datum::Kind::kFloat) {
    real = number.AsFloat();
  } else {
    const Value& value = number.AsScalar();
    if (const auto* decimal = value.get_if<Decimal>()) return *decimal;
    if (const auto* integer = value.get_if<int64_t>()) return Decimal{*integer, 0};
    real = value.get<double>();
  }
  if (!(std::fabs(real) < kBeyondDurations)) {
    return OverflowError(
        absl::StrCat(Value::Double(real).ToString(), " is too large a number for this"));
  }
  if (std::fabs(real) < kLeastFraction) return Decimal();
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), real, std::chars_format::fixed);
  absl::string_view text(buffer, static_cast<size_t>(end.ptr - buffer));
  const size_t point = text.find('.');
  if (point != absl::string_view::npos) text = text.substr(0, point + 1 + 30);
  // Few numbers have digits on both sides of the point that together are too many.
  while (text.size() > Decimal::kMaxDigits && text.back() != '.') text.remove_suffix(1);
  return Decimal::Parse(text);
}

absl::StatusOr<Duration> MultiplyDuration(const Duration& d, const Datum& number) {
  RELATA_ASSIGN_OR_RETURN(const Decimal factor, ToExactDecimal(number));
  return Scale(d, Widened(factor.mantissa), TenTo(factor.scale));
}

absl::StatusOr<Duration> DivideDuration(const Duration& d, const Datum& number) {
  RELATA_ASSIGN_OR_RETURN(const Decimal divisor, ToExactDecimal(number));
  if (divisor.mantissa == 0) return DivisionByZeroError();
  return Scale(d, TenTo(divisor.scale), Widened(divisor.mantissa));
}

absl::StatusOr<Duration> SumDuration(absl::Span<const DurationAmount> amounts) {
  Fractions parts;
  parts.denominator = TenTo(Decimal::kMaxScale);
  for (const DurationAmount& amount : amounts) {
    const Wide value = Widened(amount.amount.mantissa) *
                       TenTo(Decimal::kMaxScale - amount.amount.scale) * UnitSize(amount.unit);
    if (amount.unit <= DurationUnit::kMonth) {
      parts.months += value;
    } else if (amount.unit <= DurationUnit::kDay) {
      parts.days += value;
    } else {
      parts.nanos += value;
    }
  }
  return Cascade(parts);
}

}  // namespace relata::query
