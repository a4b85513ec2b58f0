#include "storage/codec/ordered_number.h"

#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>

#include "storage/codec/ordered_bytes.h"

namespace relata {
namespace {

using Uint128 = unsigned __int128;
using BigInt = boost::multiprecision::cpp_int;

constexpr uint8_t kInt64Type = 1;
constexpr uint8_t kFloat64Type = 2;
constexpr uint8_t kDecimalType = 3;

constexpr uint8_t kExact = 0;
constexpr uint8_t kBetween = 1;

constexpr uint64_t kFloatSignBit = uint64_t{1} << 63;
constexpr int kSignificandBits = 53;
constexpr int kExponentBias = 1024;
// Digits of the largest magnitude of an int128.
constexpr int kMaxDigits = 39;
// The highest power of five below 2^127.
constexpr int kMaxPowerOfFive = 54;
// What fits one 64-bit division in TruncateFast.
constexpr int kFastScale = 19;

// Largest magnitude of a negative int128; the largest positive number is one less.
constexpr Uint128 kMaxNegative = Uint128{1} << 127;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr uint64_t kNanBits = std::bit_cast<uint64_t>(kNan);

int BitWidth(Uint128 value) {
  const auto high = static_cast<uint64_t>(value >> 64);
  return static_cast<int>(high != 0 ? 64 + std::bit_width(high)
                                    : std::bit_width(static_cast<uint64_t>(value)));
}

Uint128 Power(Uint128 base, int exponent) {
  Uint128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

Uint128 Magnitude(absl::int128 value) {
  const auto bits = static_cast<Uint128>(static_cast<__int128>(value));
  return value < 0 ? ~bits + 1 : bits;
}

// magnitude / 10^scale without trailing zeros of the fraction; magnitude > 0.
struct Decimal {
  Uint128 magnitude;
  int scale;
};

Decimal Reduced(Decimal decimal) {
  while (decimal.scale > 0 && decimal.magnitude % 10 == 0) {
    decimal.magnitude /= 10;
    --decimal.scale;
  }
  return decimal;
}

// The double at or next below a positive value.
struct Truncated {
  double value;
  bool exact;
};

// quotient * 2^exponent, plus something less than one unit of the quotient where `more`.
// Precondition: 2^54 <= quotient, or `more` is false.
template <typename Integer>
Truncated TruncateBits(const Integer& quotient, int bit_width, int exponent, bool more) {
  const int drop = bit_width > kSignificandBits ? bit_width - kSignificandBits : 0;
  const Integer kept = quotient >> drop;
  const bool exact = !more && (kept << drop) == quotient;
  return {std::ldexp(static_cast<double>(static_cast<uint64_t>(kept)), exponent + drop), exact};
}

// magnitude < 2^64 and scale <= kFastScale: one division of 128 bits.
Truncated TruncateFast(const Decimal& decimal) {
  const int shift = 128 - BitWidth(decimal.magnitude);
  const Uint128 numerator = decimal.magnitude << shift;
  const Uint128 divisor = Power(10, decimal.scale);
  const Uint128 quotient = numerator / divisor;
  return TruncateBits(quotient, BitWidth(quotient), -shift, numerator % divisor != 0);
}

BigInt PowerOfTen(int exponent) {
  BigInt power = 1;
  for (; exponent > kFastScale; exponent -= kFastScale) {
    power *= static_cast<uint64_t>(Power(10, kFastScale));
  }
  power *= static_cast<uint64_t>(Power(10, exponent));
  return power;
}

Truncated TruncateExactly(const Decimal& decimal) {
  BigInt numerator = static_cast<uint64_t>(decimal.magnitude >> 64);
  numerator <<= 64;
  numerator += static_cast<uint64_t>(decimal.magnitude);
  const BigInt divisor = PowerOfTen(decimal.scale);
  // Enough bits for a quotient of at least 2^54.
  const int shift = static_cast<int>(msb(divisor)) + kSignificandBits + 2;
  numerator <<= shift;
  BigInt quotient;
  BigInt remainder;
  divide_qr(numerator, divisor, quotient, remainder);
  return TruncateBits(quotient, static_cast<int>(msb(quotient)) + 1, -shift, remainder != 0);
}

Truncated Truncate(const Decimal& decimal) {
  if (decimal.scale == 0) {
    return TruncateBits(decimal.magnitude, BitWidth(decimal.magnitude), 0, false);
  }
  if (decimal.scale <= kFastScale && (decimal.magnitude >> 64) == 0) return TruncateFast(decimal);
  return TruncateExactly(decimal);
}

void AppendDigits(std::string* out, const Decimal& decimal) {
  char digits[kMaxDigits] = {};
  int count = 0;
  for (Uint128 rest = decimal.magnitude; rest != 0; rest /= 10) {
    digits[count++] = static_cast<char>(rest % 10);
  }
  AppendUint16(out, static_cast<uint16_t>(count - decimal.scale + kExponentBias));
  int last = 0;
  while (digits[last] == 0) ++last;
  for (int i = count - 1; i >= last; i -= 2) {
    const int pair = 10 * digits[i] + (i > last ? digits[i - 1] : 0);
    AppendUint8(out, static_cast<uint8_t>(pair + 1));
  }
  AppendUint8(out, 0);
}

void AppendDouble(std::string* out, double value) {
  AppendUint64(out, std::bit_cast<uint64_t>(value) | kFloatSignBit);
}

void ComplementFrom(std::string* out, size_t start) {
  for (size_t i = start; i < out->size(); ++i) (*out)[i] = static_cast<char>(~(*out)[i]);
}

void AppendDoubleCollation(std::string* out, double value) {
  const size_t start = out->size();
  AppendDouble(out, std::isnan(value) ? kNan : std::fabs(value));
  AppendUint8(out, kExact);
  if (value < 0) ComplementFrom(out, start);
}

void AppendDecimalCollation(std::string* out, bool negative, Uint128 magnitude, int scale) {
  if (magnitude == 0) return AppendDoubleCollation(out, 0.0);
  const size_t start = out->size();
  const Decimal decimal = Reduced({magnitude, scale});
  const Truncated truncated = Truncate(decimal);
  AppendDouble(out, truncated.value);
  AppendUint8(out, truncated.exact ? kExact : kBetween);
  if (!truncated.exact) AppendDigits(out, decimal);
  if (negative) ComplementFrom(out, start);
}

// A collation as read: `exact` says which of the two forms of the magnitude it has.
struct Collation {
  bool negative = false;
  bool exact = true;
  double value = 0;    // where exact
  Uint128 digits = 0;  // else digits * 10^power
  int power = 0;
};

// *value = *value * factor + addend, unless that is beyond the largest magnitude of an int128.
bool MultiplyAdd(Uint128* value, Uint128 factor, Uint128 addend) {
  Uint128 product;
  if (__builtin_mul_overflow(*value, factor, &product)) return false;
  if (__builtin_add_overflow(product, addend, value)) return false;
  return *value <= kMaxNegative;
}

// A byte of a collation, complemented where `flip` is 0xff.
std::optional<uint8_t> ConsumeFlipped(absl::string_view* input, uint8_t flip) {
  const std::optional<uint8_t> byte = ConsumeUint8(input);
  if (!byte.has_value()) return std::nullopt;
  return static_cast<uint8_t>(*byte ^ flip);
}

bool ConsumeDigits(absl::string_view* input, uint8_t flip, Collation* collation) {
  const std::optional<uint8_t> high = ConsumeFlipped(input, flip);
  const std::optional<uint8_t> low = ConsumeFlipped(input, flip);
  if (!high.has_value() || !low.has_value()) return false;
  collation->power = (*high << 8 | *low) - kExponentBias;
  std::optional<uint8_t> pair = ConsumeFlipped(input, flip);
  while (pair.has_value() && *pair != 0) {
    const std::optional<uint8_t> next = ConsumeFlipped(input, flip);
    if (!next.has_value() || *pair > 100) return false;
    const int digits = *pair - 1;
    // A zero at the very end only fills the pair up.
    const bool one_digit = *next == 0 && digits % 10 == 0;
    const bool fits = one_digit ? MultiplyAdd(&collation->digits, 10, digits / 10)
                                : MultiplyAdd(&collation->digits, 100, digits);
    if (!fits) return false;
    collation->power -= one_digit ? 1 : 2;
    pair = next;
  }
  return pair.has_value() && collation->digits != 0;
}

std::optional<Collation> ConsumeCollation(absl::string_view* input) {
  std::optional<uint64_t> bits = ConsumeUint64(input);
  if (!bits.has_value()) return std::nullopt;
  Collation collation;
  collation.negative = (*bits & kFloatSignBit) == 0;
  const uint8_t flip = collation.negative ? 0xff : 0;
  if (collation.negative) bits = ~*bits;
  collation.value = std::bit_cast<double>(*bits & ~kFloatSignBit);
  const std::optional<uint8_t> form = ConsumeFlipped(input, flip);
  if (!form.has_value() || *form > kBetween) return std::nullopt;
  collation.exact = *form == kExact;
  if (!collation.exact) {
    if (!ConsumeDigits(input, flip, &collation)) return std::nullopt;
    return collation;
  }
  if (std::isnan(collation.value) && std::bit_cast<uint64_t>(collation.value) != kNanBits) {
    return std::nullopt;
  }
  if (collation.negative && !(collation.value > 0)) return std::nullopt;
  return collation;
}

// |value| * 10^scale where that is a whole number that fits an int128. For a double the value is
// odd * 2^exponent, so that the product is odd * 5^scale * 2^(scale + exponent).
std::optional<Uint128> ScaledDouble(double value, int scale) {
  if (value == 0) return Uint128{0};
  if (!std::isfinite(value) || scale > kMaxPowerOfFive) return std::nullopt;
  int exponent = 0;
  auto odd = static_cast<uint64_t>(std::ldexp(std::frexp(value, &exponent), kSignificandBits));
  exponent -= kSignificandBits;
  const int zeros = std::countr_zero(odd);
  odd >>= zeros;
  exponent += zeros + scale;
  if (exponent < 0 || exponent > 127) return std::nullopt;
  Uint128 scaled = odd;
  if (!MultiplyAdd(&scaled, Power(5, scale), 0)) return std::nullopt;
  if (!MultiplyAdd(&scaled, Uint128{1} << exponent, 0)) return std::nullopt;
  return scaled;
}

std::optional<Uint128> ScaledDigits(Uint128 digits, int power) {
  if (power < 0 || power >= kMaxDigits) return std::nullopt;
  Uint128 scaled = digits;
  if (!MultiplyAdd(&scaled, Power(10, power), 0)) return std::nullopt;
  return scaled;
}

// The signed mantissa of the value at `scale`.
std::optional<absl::int128> Mantissa(const Collation& collation, int scale) {
  const std::optional<Uint128> magnitude =
      collation.exact ? ScaledDouble(collation.value, scale)
                      : ScaledDigits(collation.digits, collation.power + scale);
  if (!magnitude.has_value()) return std::nullopt;
  if (!collation.negative && *magnitude == kMaxNegative) return std::nullopt;
  return absl::int128(static_cast<__int128>(collation.negative ? ~*magnitude + 1 : *magnitude));
}

std::optional<OrderedNumber> ConsumeTieBreak(const Collation& collation, absl::string_view* input) {
  const std::optional<uint8_t> type = ConsumeUint8(input);
  if (type == kFloat64Type && collation.exact) {
    return collation.negative ? -collation.value : collation.value;
  }
  if (type == kInt64Type) {
    const std::optional<absl::int128> whole = Mantissa(collation, 0);
    if (!whole.has_value() || *whole < std::numeric_limits<int64_t>::min() ||
        *whole > std::numeric_limits<int64_t>::max()) {
      return std::nullopt;
    }
    return static_cast<int64_t>(*whole);
  }
  if (type == kDecimalType) {
    const std::optional<uint8_t> scale = ConsumeUint8(input);
    if (!scale.has_value()) return std::nullopt;
    const std::optional<absl::int128> mantissa = Mantissa(collation, *scale);
    if (!mantissa.has_value()) return std::nullopt;
    return OrderedDecimal{*mantissa, *scale};
  }
  return std::nullopt;
}

}  // namespace

void AppendNumberCollation(std::string* out, const OrderedNumber& number) {
  if (const auto* float64 = std::get_if<double>(&number)) {
    AppendDoubleCollation(out, *float64);
  } else if (const auto* int64 = std::get_if<int64_t>(&number)) {
    AppendDecimalCollation(out, *int64 < 0, Magnitude(*int64), 0);
  } else {
    const auto& decimal = std::get<OrderedDecimal>(number);
    AppendDecimalCollation(out, decimal.mantissa < 0, Magnitude(decimal.mantissa), decimal.scale);
  }
}

void AppendOrderedNumber(std::string* out, const OrderedNumber& number) {
  AppendNumberCollation(out, number);
  if (std::holds_alternative<int64_t>(number)) {
    AppendUint8(out, kInt64Type);
  } else if (std::holds_alternative<double>(number)) {
    AppendUint8(out, kFloat64Type);
  } else {
    AppendUint8(out, kDecimalType);
    AppendUint8(out, std::get<OrderedDecimal>(number).scale);
  }
}

bool SkipNumberCollation(absl::string_view* input) {
  absl::string_view rest = *input;
  if (!ConsumeCollation(&rest).has_value()) return false;
  *input = rest;
  return true;
}

std::optional<OrderedNumber> ConsumeOrderedNumber(absl::string_view* input) {
  absl::string_view rest = *input;
  const std::optional<Collation> collation = ConsumeCollation(&rest);
  if (!collation.has_value()) return std::nullopt;
  const size_t collation_size = input->size() - rest.size();
  std::optional<OrderedNumber> number = ConsumeTieBreak(*collation, &rest);
  if (!number.has_value()) return std::nullopt;
  if (!collation->exact) {
    // The double and the digits must belong together.
    std::string again;
    AppendNumberCollation(&again, *number);
    if (again != input->substr(0, collation_size)) return std::nullopt;
  }
  *input = rest;
  return number;
}

}  // namespace relata
