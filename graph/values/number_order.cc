#include "graph/values/number_order.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace relata {
namespace {

// Wide enough for 10^38 times a double below 10^39, and for a mantissa times 2^190.
using WideProduct = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    512, 512, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;

constexpr int kSignificandBits = 53;
constexpr double kTwoTo63 = 9223372036854775808.0;
// Every decimal is below the first; one that is not zero is above the second in magnitude.
constexpr double kAboveEveryDecimal = 1e39;
constexpr double kBelowEveryDecimal = 1e-39;

int Sign(bool less, bool greater) { return less ? -1 : greater ? 1 : 0; }

// `b` finite, and 0 or with a magnitude between the two limits above.
int CompareWide(const Decimal& a, double b) {
  int exponent = 0;
  const auto significand =
      static_cast<int64_t>(std::ldexp(std::frexp(b, &exponent), kSignificandBits));
  exponent -= kSignificandBits;
  WideProduct left(static_cast<__int128>(a.mantissa));
  WideProduct right(significand);
  for (int i = 0; i < a.scale; ++i) right *= 10;
  // Not <<, which a negative number would not take.
  const WideProduct power = WideProduct(1) << std::abs(exponent);
  if (exponent < 0) {
    left *= power;
  } else {
    right *= power;
  }
  return left.compare(right);
}

}  // namespace

int CompareNumbers(int64_t a, int64_t b) { return Sign(a<b, a> b); }

int CompareNumbers(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Sign(!std::isnan(a), !std::isnan(b));
  return Sign(a<b, a> b);
}

int CompareNumbers(int64_t a, double b) {
  if (std::isnan(b) || b >= kTwoTo63) return -1;
  if (b < -kTwoTo63) return 1;
  const double whole = std::trunc(b);
  const int order = CompareNumbers(a, static_cast<int64_t>(whole));
  return order != 0 ? order : Sign(whole<b, whole> b);
}

int CompareNumbers(int64_t a, const Decimal& b) { return Compare(Decimal{a, 0}, b); }

int CompareNumbers(const Decimal& a, double b) {
  if (std::isnan(b) || b >= kAboveEveryDecimal) return -1;
  if (b <= -kAboveEveryDecimal) return 1;
  if (a.mantissa == 0) return Sign(b > 0, b < 0);
  if (std::fabs(b) < kBelowEveryDecimal) return Sign(a.mantissa<0, a.mantissa> 0);
  return CompareWide(a, b);
}

size_t HashNumber(int64_t number) { return absl::HashOf(number); }

size_t HashNumber(double number) {
  if (std::isnan(number)) return absl::HashOf(absl::string_view("NaN"));
  if (number >= -kTwoTo63 && number < kTwoTo63 && std::trunc(number) == number) {
    return HashNumber(static_cast<int64_t>(number));
  }
  return absl::HashOf(number);
}

size_t HashNumber(const Decimal& number) {
  Decimal reduced = number;
  while (reduced.scale > 0 && reduced.mantissa % 10 == 0) {
    reduced.mantissa /= 10;
    --reduced.scale;
  }
  if (reduced.scale == 0 && reduced.mantissa >= std::numeric_limits<int64_t>::min() &&
      reduced.mantissa <= std::numeric_limits<int64_t>::max()) {
    return HashNumber(static_cast<int64_t>(reduced.mantissa));
  }
  // A double may equal it: then that one's hash.
  const double nearest = reduced.ToDouble();
  if (CompareNumbers(reduced, nearest) == 0) return HashNumber(nearest);
  return absl::HashOf(reduced.mantissa, reduced.scale);
}

}  // namespace relata
