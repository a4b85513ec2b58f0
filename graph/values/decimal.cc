#include "graph/values/decimal.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/iso_text.h"

namespace relata {
namespace {

// Wide enough for the product of two mantissas, and for one multiplied by 10^38.
using Wide = boost::multiprecision::int256_t;

// Exponents beyond this cannot give a decimal in range, whatever the digits.
constexpr int64_t kLargestExponent = 1000;
// A double holds integers up to here, and 10^22, exactly: one division then rounds correctly.
constexpr int64_t kExactInteger = int64_t{1} << 53;
constexpr int kExactPowerOfTen = 22;

absl::int128 PowerOfTen(int exponent) {
  static const auto kPowers = [] {
    std::array<absl::int128, Decimal::kMaxDigits + 1> list;
    list[0] = 1;
    for (size_t i = 1; i < list.size(); ++i) list[i] = list[i - 1] * 10;
    return list;
  }();
  return kPowers[exponent];
}

Wide ToWide(absl::int128 value) { return Wide(static_cast<__int128>(value)); }

Wide WidePower(int exponent) { return ToWide(PowerOfTen(exponent)); }

bool FitsMantissa(const Wide& value) {
  return value < WidePower(Decimal::kMaxDigits) && value > -WidePower(Decimal::kMaxDigits);
}

// value / 10^scale within the limits, by dropping zeros at the end of the fraction.
std::optional<Decimal> Fit(Wide value, int scale) {
  while (scale > Decimal::kMaxScale || (scale > 0 && !FitsMantissa(value))) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
    --scale;
  }
  if (!FitsMantissa(value)) return std::nullopt;
  return Decimal{absl::int128(static_cast<__int128>(value)), static_cast<uint8_t>(scale)};
}

absl::StatusOr<Decimal> FitOrError(const Wide& value, int scale, absl::string_view operation,
                                   const Decimal& a, const Decimal& b) {
  const std::optional<Decimal> result = Fit(value, scale);
  if (result.has_value()) return *result;
  return absl::OutOfRangeError(absl::StrCat("the exact ", operation, " of ", a.ToString(), " and ",
                                            b.ToString(), " needs more than ", Decimal::kMaxDigits,
                                            " digits; use float64 where exactness is not needed"));
}

// Both mantissas at the larger scale of the two.
struct Aligned {
  Wide a;
  Wide b;
  int scale;
};

Aligned Align(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  return {ToWide(a.mantissa) * WidePower(scale - a.scale),
          ToWide(b.mantissa) * WidePower(scale - b.scale), scale};
}

// A decimal text taken apart; all views point into it.
struct DecimalText {
  bool negative = false;
  absl::string_view whole;
  absl::string_view fraction;
  int64_t exponent = 0;
};

absl::string_view TakeDigits(absl::string_view* rest) {
  size_t size = 0;
  while (size < rest->size() && absl::ascii_isdigit(static_cast<unsigned char>((*rest)[size]))) {
    ++size;
  }
  const absl::string_view digits = rest->substr(0, size);
  rest->remove_prefix(size);
  return digits;
}

bool TakeChar(absl::string_view* rest, char c) {
  if (rest->empty() || rest->front() != c) return false;
  rest->remove_prefix(1);
  return true;
}

bool TakeExponent(absl::string_view* rest, int64_t* exponent) {
  const bool negative = TakeChar(rest, '-');
  if (!negative) TakeChar(rest, '+');
  const absl::string_view digits = TakeDigits(rest);
  if (digits.empty()) return false;
  for (const char digit : digits) {
    *exponent = std::min(*exponent * 10 + (digit - '0'), kLargestExponent);
  }
  if (negative) *exponent = -*exponent;
  return true;
}

std::optional<DecimalText> TakeApart(absl::string_view text, bool allow_exponent) {
  DecimalText parts;
  parts.negative = TakeChar(&text, '-');
  parts.whole = TakeDigits(&text);
  if (parts.whole.empty()) return std::nullopt;
  if (TakeChar(&text, '.')) {
    parts.fraction = TakeDigits(&text);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (allow_exponent && (TakeChar(&text, 'e') || TakeChar(&text, 'E')) &&
      !TakeExponent(&text, &parts.exponent)) {
    return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return parts;
}

// False where the digits do not fit.
bool AppendDigits(absl::string_view digits, absl::int128* mantissa) {
  const absl::int128 limit = PowerOfTen(Decimal::kMaxDigits);
  for (const char digit : digits) {
    if (*mantissa >= limit / 10) return false;
    *mantissa = *mantissa * 10 + (digit - '0');
  }
  return true;
}

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text, bool allow_exponent) {
  const std::optional<DecimalText> parts = TakeApart(text, allow_exponent);
  if (!parts.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(QuotedForError(text),
                                                   " is not a decimal number; write it as -12.340",
                                                   allow_exponent ? " or 2.8e9" : ""));
  }
  const auto too_long = [text] {
    return absl::InvalidArgumentError(
        absl::StrCat(QuotedForError(text), " does not fit a decimal: at most ", kMaxDigits,
                     " digits, and at most ", kMaxScale, " of them after the point"));
  };
  absl::int128 mantissa = 0;
  if (parts->fraction.size() > kMaxScale && parts->exponent == 0) return too_long();
  if (!AppendDigits(parts->whole, &mantissa) || !AppendDigits(parts->fraction, &mantissa)) {
    return too_long();
  }
  if (parts->negative) mantissa = -mantissa;
  int64_t scale = static_cast<int64_t>(parts->fraction.size()) - parts->exponent;
  if (mantissa == 0) scale = std::clamp<int64_t>(scale, 0, kMaxScale);
  if (scale > int64_t{2} * kMaxScale || scale < -kMaxDigits) return too_long();
  const int zeros = scale < 0 ? static_cast<int>(-scale) : 0;
  const std::optional<Decimal> decimal =
      Fit(ToWide(mantissa) * WidePower(zeros), static_cast<int>(scale) + zeros);
  if (!decimal.has_value()) return too_long();
  return *decimal;
}

std::string Decimal::ToString() const {
  absl::uint128 rest(mantissa < 0 ? -mantissa : mantissa);
  std::string reversed;
  for (int digits = 0; rest != 0 || digits <= scale; ++digits, rest /= 10) {
    if (digits == scale && scale > 0) reversed.push_back('.');
    reversed.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (mantissa < 0) reversed.push_back('-');
  return std::string(reversed.rbegin(), reversed.rend());
}

double Decimal::ToDouble() const {
  if (mantissa > -kExactInteger && mantissa < kExactInteger && scale <= kExactPowerOfTen) {
    return static_cast<double>(static_cast<int64_t>(mantissa)) /
           static_cast<double>(PowerOfTen(scale));
  }
  const std::string text = ToString();
  double value = 0;
  absl::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool Decimal::IsValid() const {
  return scale <= kMaxScale && mantissa < PowerOfTen(kMaxDigits) &&
         mantissa > -PowerOfTen(kMaxDigits);
}

int Compare(const Decimal& a, const Decimal& b) {
  if (a.scale == b.scale) return a.mantissa < b.mantissa ? -1 : a.mantissa > b.mantissa ? 1 : 0;
  const Aligned aligned = Align(a, b);
  return aligned.a.compare(aligned.b);
}

absl::StatusOr<Decimal> Add(const Decimal& a, const Decimal& b) {
  const Aligned aligned = Align(a, b);
  return FitOrError(aligned.a + aligned.b, aligned.scale, "sum", a, b);
}

absl::StatusOr<Decimal> Subtract(const Decimal& a, const Decimal& b) {
  const Aligned aligned = Align(a, b);
  return FitOrError(aligned.a - aligned.b, aligned.scale, "difference", a, b);
}

absl::StatusOr<Decimal> Multiply(const Decimal& a, const Decimal& b) {
  return FitOrError(ToWide(a.mantissa) * ToWide(b.mantissa), a.scale + b.scale, "product", a, b);
}

}  // namespace relata
