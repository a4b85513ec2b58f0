#include "graph/query/functions/decimal_division.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

// Wide enough for a mantissa times 10^96.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    512, 512, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;

Wide PowerOfTen(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Wide ToWide(absl::int128 value) { return Wide(static_cast<__int128>(value)); }

bool Fits(const Wide& value) {
  static const Wide kLimit = PowerOfTen(Decimal::kMaxDigits);
  return value < kLimit && value > -kLimit;
}

// Whether the quotient, cut toward zero, goes one away from zero. `rest` has the dividend's sign.
bool RoundsAway(const Wide& quotient, const Wide& rest, const Wide& divisor, bool negative,
                RoundingMode mode) {
  if (rest == 0) return false;
  const Wide twice = abs(rest) * 2;
  const int half = twice.compare(abs(divisor));
  switch (mode) {
    case RoundingMode::kUp:
      return true;
    case RoundingMode::kDown:
      return false;
    case RoundingMode::kCeiling:
      return !negative;
    case RoundingMode::kFloor:
      return negative;
    case RoundingMode::kHalfUp:
      return half >= 0;
    case RoundingMode::kHalfDown:
      return half > 0;
    case RoundingMode::kHalfEven:
      return half > 0 || (half == 0 && quotient % 2 != 0);
    case RoundingMode::kHalfCeiling:
      return half > 0 || (half == 0 && !negative);
  }
  return false;
}

Wide DivideRounded(const Wide& dividend, const Wide& divisor, RoundingMode mode) {
  Wide quotient = dividend / divisor;
  const Wide rest = dividend % divisor;
  const bool negative = (dividend < 0) != (divisor < 0);
  if (RoundsAway(quotient, rest, divisor, negative, mode)) quotient += negative ? -1 : 1;
  return quotient;
}

Decimal ToDecimal(const Wide& mantissa, int scale) {
  return Decimal{absl::int128(static_cast<__int128>(mantissa)), static_cast<uint8_t>(scale)};
}

}  // namespace

absl::StatusOr<Decimal> DivideDecimals(const Decimal& a, const Decimal& b) {
  if (b.mantissa == 0) return DivisionByZeroError();
  const int wanted = std::max(0, static_cast<int>(a.scale) - static_cast<int>(b.scale));
  for (int scale = std::max(kQuotientScale, wanted); scale >= 0; --scale) {
    // a.mantissa / 10^a.scale * 10^scale / (b.mantissa / 10^b.scale)
    Wide quotient =
        DivideRounded(ToWide(a.mantissa) * PowerOfTen(scale + b.scale),
                      ToWide(b.mantissa) * PowerOfTen(a.scale), RoundingMode::kHalfEven);
    while (scale > wanted && quotient % 10 == 0) {
      quotient /= 10;
      --scale;
    }
    if (Fits(quotient)) return ToDecimal(quotient, scale);
  }
  return OverflowError("the quotient needs more than 38 digits before the point");
}

absl::StatusOr<Decimal> RemainderOfDecimals(const Decimal& a, const Decimal& b) {
  if (b.mantissa == 0) return DivisionByZeroError();
  const int scale = std::max(a.scale, b.scale);
  const Wide rest = (ToWide(a.mantissa) * PowerOfTen(scale - a.scale)) %
                    (ToWide(b.mantissa) * PowerOfTen(scale - b.scale));
  if (!Fits(rest)) return OverflowError("the remainder needs more than 38 digits");
  return ToDecimal(rest, scale);
}

Decimal RoundDecimal(const Decimal& value, int scale, RoundingMode mode) {
  if (value.scale <= scale) return value;
  return ToDecimal(DivideRounded(ToWide(value.mantissa), PowerOfTen(value.scale - scale), mode),
                   scale);
}

}  // namespace relata::query
