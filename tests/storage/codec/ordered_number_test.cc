#include "storage/codec/ordered_number.h"

#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using boost::multiprecision::cpp_int;
using Random = std::mt19937_64;

constexpr int64_t kMaxInt = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinInt = std::numeric_limits<int64_t>::min();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

cpp_int ToBig(absl::int128 value) {
  const bool negative = value < 0;
  const absl::uint128 magnitude = negative ? ~absl::uint128(value) + 1 : absl::uint128(value);
  cpp_int big = absl::Uint128High64(magnitude);
  big <<= 64;
  big += absl::Uint128Low64(magnitude);
  return negative ? cpp_int(-big) : big;
}

// The model: a number as numerator / (2^shift * 10^scale), exact; infinities and NaN by rank.
struct Exact {
  int rank = 0;  // -1: -infinity, 0: finite, 1: infinity, 2: NaN
  cpp_int numerator;
  int shift = 0;
  int scale = 0;
};

Exact ToExact(const OrderedNumber& number) {
  Exact exact;
  if (const auto* int64 = std::get_if<int64_t>(&number)) {
    exact.numerator = *int64;
  } else if (const auto* decimal = std::get_if<OrderedDecimal>(&number)) {
    exact.numerator = ToBig(decimal->mantissa);
    exact.scale = decimal->scale;
  } else {
    const double value = std::get<double>(number);
    if (std::isnan(value)) {
      exact.rank = 2;
    } else if (std::isinf(value)) {
      exact.rank = value < 0 ? -1 : 1;
    } else {
      int exponent = 0;
      exact.numerator = static_cast<int64_t>(std::ldexp(std::frexp(value, &exponent), 53));
      exponent -= 53;
      if (exponent >= 0) {
        exact.numerator <<= exponent;
      } else {
        exact.shift = -exponent;
      }
    }
  }
  return exact;
}

cpp_int PowerOfTen(int exponent) {
  cpp_int power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

int CompareExact(const OrderedNumber& a, const OrderedNumber& b) {
  const Exact x = ToExact(a);
  const Exact y = ToExact(b);
  if (x.rank != y.rank || x.rank != 0) return (x.rank > y.rank) - (x.rank < y.rank);
  const cpp_int left = (x.numerator << y.shift) * PowerOfTen(y.scale);
  const cpp_int right = (y.numerator << x.shift) * PowerOfTen(x.scale);
  return (left > right) - (left < right);
}

std::string Show(const OrderedNumber& number) {
  std::ostringstream out;
  out.precision(17);
  if (const auto* int64 = std::get_if<int64_t>(&number)) out << "int " << *int64;
  if (const auto* float64 = std::get_if<double>(&number)) out << "float " << *float64;
  if (const auto* decimal = std::get_if<OrderedDecimal>(&number)) {
    out << "decimal " << decimal->mantissa << "e-" << int{decimal->scale};
  }
  return out.str();
}

std::string Component(const OrderedNumber& number) {
  std::string out;
  AppendOrderedNumber(&out, number);
  return out;
}

std::string Collation(const OrderedNumber& number) {
  std::string out;
  AppendNumberCollation(&out, number);
  return out;
}

int Sign(int value) { return (value > 0) - (value < 0); }

absl::int128 AnyMantissa(Random& random) {
  absl::int128 value = absl::MakeInt128(static_cast<int64_t>(random()), random());
  value >>= static_cast<int>(random() % 128);
  if (random() % 8 == 0) value = value / 1000 * 1000;
  return value;
}

double AnyDouble(Random& random) {
  switch (random() % 6) {
    case 0:
      return std::bit_cast<double>(random());
    case 1:
      return std::bit_cast<double>(random() >> 12);  // denormal
    case 2:
      return static_cast<double>(static_cast<int64_t>(random()));
    case 3:
      return static_cast<double>(static_cast<int64_t>(random() % 2000) - 1000) / 8;
    case 4:
      return static_cast<double>(static_cast<int64_t>(random() % 2000) - 1000) / 100;
    default: {
      static constexpr double kSpecial[] = {0.0,
                                            -0.0,
                                            kInfinity,
                                            -kInfinity,
                                            kNan,
                                            5e-324,
                                            -5e-324,
                                            1.7976931348623157e308,
                                            9007199254740992.0,
                                            9223372036854775808.0};
      return kSpecial[random() % std::size(kSpecial)];
    }
  }
}

OrderedNumber AnyNumber(Random& random) {
  switch (random() % 4) {
    case 0:
      return static_cast<int64_t>(random()) >> (random() % 64);
    case 1:
      return AnyDouble(random);
    case 2:
      return OrderedDecimal{AnyMantissa(random), static_cast<uint8_t>(random() % 40)};
    default:
      return OrderedDecimal{AnyMantissa(random), static_cast<uint8_t>(random())};
  }
}

// A number of any type next to or equal to `number`.
OrderedNumber Near(const OrderedNumber& number, Random& random) {
  const int step = static_cast<int>(random() % 3) - 1;
  if (const auto* decimal = std::get_if<OrderedDecimal>(&number)) {
    const uint8_t more = static_cast<uint8_t>(random() % 3);
    if (decimal->scale <= 250 && decimal->mantissa < absl::Int128Max() / 100000 &&
        decimal->mantissa > absl::Int128Min() / 100000) {
      absl::int128 mantissa = decimal->mantissa;
      for (int i = 0; i < more; ++i) mantissa *= 10;
      return OrderedDecimal{mantissa + step, static_cast<uint8_t>(decimal->scale + more)};
    }
    const double rounded = static_cast<double>(decimal->mantissa) * std::pow(10.0, -decimal->scale);
    return step == 0 ? rounded : std::nextafter(rounded, step * kInfinity);
  }
  const double value = std::holds_alternative<double>(number)
                           ? std::get<double>(number)
                           : static_cast<double>(std::get<int64_t>(number));
  if (std::fabs(value) < 9.2e18) {
    const auto whole = static_cast<int64_t>(value);
    if (random() % 2 == 0) return whole + step;
    return OrderedDecimal{(absl::int128(whole) + step) * 1000000 + static_cast<int>(random() % 3),
                          6};
  }
  return std::nextafter(value, step * kInfinity);
}

bool SameNumber(const OrderedNumber& a, const OrderedNumber& b) {
  if (a.index() != b.index()) return false;
  if (const auto* float64 = std::get_if<double>(&a)) {
    if (std::isnan(*float64)) return std::isnan(std::get<double>(b));
  }
  return a == b;
}

void ExpectOrderAndRoundTrip(const OrderedNumber& a, const OrderedNumber& b) {
  const int expected = CompareExact(a, b);
  ASSERT_EQ(Sign(Collation(a).compare(Collation(b))), expected) << Show(a) << ", " << Show(b);
  if (expected != 0) {
    ASSERT_EQ(Sign(Component(a).compare(Component(b))), expected) << Show(a) << ", " << Show(b);
  }
  const std::string component = Component(a) + "rest";
  absl::string_view rest = component;
  const std::optional<OrderedNumber> back = ConsumeOrderedNumber(&rest);
  ASSERT_TRUE(back.has_value()) << Show(a);
  ASSERT_TRUE(SameNumber(*back, a)) << Show(a) << " came back as " << Show(*back);
  ASSERT_EQ(rest, "rest");
}

TEST(OrderedNumberTest, OrderIsExactAcrossTypes) {
  Random random(7);
  for (int i = 0; i < 200000; ++i) {
    const OrderedNumber a = AnyNumber(random);
    ASSERT_NO_FATAL_FAILURE(ExpectOrderAndRoundTrip(a, AnyNumber(random)));
  }
}

TEST(OrderedNumberTest, OrderIsExactAmongNeighbours) {
  Random random(8);
  int equal = 0;
  for (int i = 0; i < 200000; ++i) {
    const OrderedNumber a = AnyNumber(random);
    const OrderedNumber b = Near(a, random);
    ASSERT_NO_FATAL_FAILURE(ExpectOrderAndRoundTrip(a, b));
    ASSERT_NO_FATAL_FAILURE(ExpectOrderAndRoundTrip(b, a));
    equal += CompareExact(a, b) == 0;
  }
  EXPECT_GT(equal, 10000);
}

TEST(OrderedNumberTest, EqualNumbersShareTheCollationAndDifferInTheTieBreak) {
  const std::vector<OrderedNumber> ones = {int64_t{1}, 1.0, OrderedDecimal{1, 0},
                                           OrderedDecimal{10, 1}, OrderedDecimal{100, 2}};
  for (const OrderedNumber& a : ones) {
    for (const OrderedNumber& b : ones) {
      EXPECT_EQ(Collation(a), Collation(b)) << Show(a) << ", " << Show(b);
      EXPECT_EQ(Component(a) == Component(b), a == b) << Show(a) << ", " << Show(b);
    }
  }
  const std::vector<OrderedNumber> zeros = {int64_t{0}, 0.0, -0.0, OrderedDecimal{0, 0},
                                            OrderedDecimal{0, 255}};
  for (const OrderedNumber& zero : zeros) EXPECT_EQ(Collation(zero), Collation(0.0)) << Show(zero);
  EXPECT_EQ(Component(0.0), Component(-0.0));
}

TEST(OrderedNumberTest, SortsExtremesAndNeighboursOfLargeIntegers) {
  const std::vector<OrderedNumber> sorted = {
      -kInfinity,
      -std::numeric_limits<double>::max(),
      OrderedDecimal{absl::Int128Min(), 0},
      -9223372036854775809.0 * 2,
      kMinInt,
      kMinInt + 1,
      int64_t{-9007199254740993},
      -9007199254740992.0,
      int64_t{-1},
      -0.1,
      OrderedDecimal{-1, 1},  // the double -0.1 is a little more than a tenth
      OrderedDecimal{-1, 255},
      -std::numeric_limits<double>::denorm_min(),
      0.0,
      std::numeric_limits<double>::denorm_min(),
      std::numeric_limits<double>::min(),
      OrderedDecimal{1, 255},
      OrderedDecimal{1, 1},
      0.1,
      OrderedDecimal{3, 1},
      0.1 + 0.2,
      int64_t{1},
      9007199254740992.0,
      int64_t{9007199254740993},
      OrderedDecimal{90071992547409935, 1},
      int64_t{9007199254740994},
      kMaxInt - 1,
      kMaxInt,
      9223372036854775808.0,
      OrderedDecimal{absl::Int128Max() - 1, 0},
      OrderedDecimal{absl::Int128Max(), 0},
      std::ldexp(1.0, 127),
      std::numeric_limits<double>::max(),
      kInfinity,
      kNan,
  };
  for (size_t i = 0; i + 1 < sorted.size(); ++i) {
    EXPECT_LT(Collation(sorted[i]), Collation(sorted[i + 1]))
        << Show(sorted[i]) << ", " << Show(sorted[i + 1]);
    EXPECT_NO_FATAL_FAILURE(ExpectOrderAndRoundTrip(sorted[i], sorted[i + 1]));
  }
}

TEST(OrderedNumberTest, AllNansAreOne) {
  EXPECT_EQ(Component(kNan), Component(-kNan));
  EXPECT_EQ(Component(kNan), Component(std::bit_cast<double>(uint64_t{0x7ff0000000000001})));
}

TEST(OrderedNumberTest, BytesAreFixedForTheDisk) {
  EXPECT_EQ(Component(int64_t{1}), std::string("\xbf\xf0\0\0\0\0\0\0\0\x01", 10));
  EXPECT_EQ(Component(1.0), std::string("\xbf\xf0\0\0\0\0\0\0\0\x02", 10));
  EXPECT_EQ(Component(OrderedDecimal{100, 2}), std::string("\xbf\xf0\0\0\0\0\0\0\0\x03\x02", 11));
  // 0.123: the double below, then 0.123 * 10^0 with the digits 12, 30.
  EXPECT_EQ(Component(OrderedDecimal{123, 3}),
            std::string("\xbf\xbf\x7c\xed\x91\x68\x72\xb0\x01\x04\x00\x0d\x1f\0\x03\x03", 16));
  EXPECT_EQ(Collation(int64_t{-1}), std::string("\x40\x0f\xff\xff\xff\xff\xff\xff\xff", 9));
}

TEST(OrderedNumberTest, NoCollationIsAPrefixOfAnother) {
  Random random(9);
  for (int i = 0; i < 50000; ++i) {
    const OrderedNumber a = AnyNumber(random);
    const OrderedNumber b = Near(a, random);
    const std::string x = Collation(a);
    const std::string y = Collation(b);
    if (x != y) {
      ASSERT_NE(x, y.substr(0, x.size())) << Show(a) << ", " << Show(b);
    }
  }
}

TEST(OrderedNumberTest, DamageGivesNothingOrACanonicalNumber) {
  Random random(10);
  int refused = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string bytes = Component(AnyNumber(random));
    for (size_t size = 0; i < 2000 && size < bytes.size(); ++size) {
      absl::string_view cut = absl::string_view(bytes).substr(0, size);
      ASSERT_EQ(ConsumeOrderedNumber(&cut), std::nullopt);
      ASSERT_EQ(cut.size(), size);
    }
    char& byte = bytes[random() % bytes.size()];
    byte = static_cast<char>(byte ^ (1 << (random() % 8)));
    absl::string_view rest = bytes;
    const std::optional<OrderedNumber> number = ConsumeOrderedNumber(&rest);
    if (!number.has_value()) {
      ++refused;
      ASSERT_EQ(rest, bytes);
    } else {
      ASSERT_EQ(Component(*number), bytes.substr(0, bytes.size() - rest.size())) << Show(*number);
    }
  }
  EXPECT_GT(refused, 10000);
}

}  // namespace
}  // namespace relata
