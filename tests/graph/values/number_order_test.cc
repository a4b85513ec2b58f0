#include "graph/values/number_order.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

using Number = std::variant<int64_t, double, Decimal>;
using Rational = boost::multiprecision::cpp_rational;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Decimal Parsed(absl::string_view text) { return *Decimal::Parse(text, true); }

// The exact value of a finite number.
Rational ExactOf(const Number& number) {
  if (const auto* i = std::get_if<int64_t>(&number)) return Rational(*i);
  if (const auto* d = std::get_if<double>(&number)) return Rational(*d);
  const Decimal& decimal = std::get<Decimal>(number);
  return Rational(boost::multiprecision::cpp_int(static_cast<__int128>(decimal.mantissa)),
                  boost::multiprecision::pow(boost::multiprecision::cpp_int(10), decimal.scale));
}

int Compared(const Number& a, const Number& b) {
  return std::visit([](const auto& x, const auto& y) { return CompareNumbers(x, y); }, a, b);
}

size_t Hashed(const Number& number) {
  return std::visit([](const auto& x) { return HashNumber(x); }, number);
}

// Numbers that lie close together, over the three types.
std::vector<Number> CloseNumbers() {
  std::vector<Number> numbers = {std::numeric_limits<int64_t>::min(),
                                 std::numeric_limits<int64_t>::max(),
                                 -0.0,
                                 std::numeric_limits<double>::max(),
                                 std::numeric_limits<double>::lowest(),
                                 std::numeric_limits<double>::min(),
                                 std::numeric_limits<double>::denorm_min(),
                                 -std::numeric_limits<double>::denorm_min(),
                                 1e38,
                                 1e39,
                                 -1e39,
                                 1e-38,
                                 1e-39,
                                 1e300};
  for (const char* text :
       {"0", "0.00", "0.1", "0.10", "0.5", "1e-38", "-1e-38", "-0.1",
        "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999",
        "9223372036854775808", "-9223372036854775809", "0.1000000000000000055511151231257827"}) {
    numbers.emplace_back(Parsed(text));
  }
  for (const int64_t base : {int64_t{0}, int64_t{1}, int64_t{1} << 53, int64_t{1} << 62,
                             -(int64_t{1} << 53), int64_t{1'000'000'000'000'000'000}}) {
    for (int64_t i = base - 2; i <= base + 2; ++i) {
      numbers.emplace_back(i);
      numbers.emplace_back(static_cast<double>(i));
      numbers.emplace_back(static_cast<double>(i) + 0.5);
      numbers.emplace_back(Decimal{absl::int128(i), 0});
      numbers.emplace_back(Decimal{absl::int128(i) * 10, 1});
      numbers.emplace_back(Decimal{absl::int128(i) * 10 + 5, 1});
      numbers.emplace_back(Decimal{absl::int128(i) * 1000 + 1, 3});
    }
  }
  return numbers;
}

void ExpectExact(const Number& a, const Number& b) {
  const int expected = ExactOf(a).compare(ExactOf(b));
  const int actual = Compared(a, b);
  EXPECT_EQ(actual < 0, expected < 0);
  EXPECT_EQ(actual > 0, expected > 0);
  if (expected == 0) {
    EXPECT_EQ(Hashed(a), Hashed(b));
  }
}

TEST(NumberOrderTest, CloseNumbersCompareByExactValue) {
  const std::vector<Number> numbers = CloseNumbers();
  for (const Number& a : numbers) {
    for (const Number& b : numbers) ExpectExact(a, b);
  }
}

TEST(NumberOrderTest, RandomNumbersCompareByExactValue) {
  std::mt19937_64 random(8);
  const auto any = [&random]() -> Number {
    switch (random() % 3) {
      case 0:
        return static_cast<int64_t>(random()) >> (random() % 64);
      case 1:
        return std::ldexp(static_cast<double>(random() % 4096),
                          static_cast<int>(random() % 80) - 40);
      default:
        return Decimal{absl::int128(static_cast<int64_t>(random()) >> (random() % 64)),
                       static_cast<uint8_t>(random() % 20)};
    }
  };
  for (int i = 0; i < 50'000; ++i) ExpectExact(any(), any());
}

TEST(NumberOrderTest, LargeIntegersAreNotRounded) {
  const int64_t odd = (int64_t{1} << 53) + 1;
  EXPECT_GT(CompareNumbers(odd, static_cast<double>(odd)), 0);
  EXPECT_EQ(CompareNumbers(odd - 1, static_cast<double>(odd)), 0);
  EXPECT_LT(CompareNumbers(std::numeric_limits<int64_t>::max(), 9223372036854775808.0), 0);
  EXPECT_EQ(CompareNumbers(std::numeric_limits<int64_t>::min(), -9223372036854775808.0), 0);
}

TEST(NumberOrderTest, TheDoubleNextToADecimalIsNotEqualToIt) {
  EXPECT_LT(CompareNumbers(Parsed("0.1"), 0.1), 0);
  EXPECT_EQ(CompareNumbers(Parsed("0.5"), 0.5), 0);
}

TEST(NumberOrderTest, NaNIsLastAndEqualToItself) {
  EXPECT_EQ(CompareNumbers(kNaN, -kNaN), 0);
  EXPECT_GT(CompareNumbers(kNaN, kInfinity), 0);
  EXPECT_LT(CompareNumbers(kInfinity, kNaN), 0);
  EXPECT_LT(CompareNumbers(int64_t{5}, kNaN), 0);
  EXPECT_LT(CompareNumbers(Parsed("5"), kNaN), 0);
  EXPECT_EQ(HashNumber(kNaN), HashNumber(-kNaN));
}

TEST(NumberOrderTest, InfinitiesAreBeyondEveryNumber) {
  EXPECT_LT(CompareNumbers(std::numeric_limits<int64_t>::max(), kInfinity), 0);
  EXPECT_GT(CompareNumbers(std::numeric_limits<int64_t>::min(), -kInfinity), 0);
  EXPECT_LT(CompareNumbers(Parsed("9e37"), kInfinity), 0);
  EXPECT_GT(CompareNumbers(Parsed("-9e37"), -kInfinity), 0);
}

}  // namespace
}  // namespace relata
