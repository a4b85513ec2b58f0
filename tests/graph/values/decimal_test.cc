#include "graph/values/decimal.h"

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;
// More digits than any sum or product of two decimals has.
using Exact = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<160>>;

Decimal D(absl::string_view text) { return *Decimal::Parse(text); }
Exact ToExact(const Decimal& decimal) { return Exact(decimal.ToString()); }

const std::string k38Nines(38, '9');

Decimal RandomDecimal(std::mt19937_64& random) {
  std::string digits;
  const size_t count = 1 + random() % 38;
  for (size_t i = 0; i < count; ++i) digits.push_back(static_cast<char>('0' + random() % 10));
  const size_t scale = random() % (count + 1);
  std::string text = digits.substr(0, count - scale);
  if (text.empty()) text = "0";
  if (scale > 0) text += "." + digits.substr(count - scale);
  return D(random() % 2 == 0 ? text : "-" + text);
}

TEST(DecimalTest, KeepsTheScaleAsWritten) {
  for (const std::string& text :
       {std::string("0"), std::string("0.00"), std::string("1.0"), std::string("1.00"),
        std::string("-12.340"), std::string("-0.5"), k38Nines, "-" + k38Nines, "0." + k38Nines}) {
    RELATA_ASSERT_OK_AND_ASSIGN(const Decimal decimal, Decimal::Parse(text));
    EXPECT_EQ(decimal.ToString(), text);
    EXPECT_TRUE(decimal.IsValid());
  }
  EXPECT_EQ(D("1.00").scale, 2);
  EXPECT_EQ(D("-0.00").ToString(), "0.00");
  EXPECT_EQ(D("007").ToString(), "7");
}

TEST(DecimalTest, ExponentsOnRequestOnly) {
  EXPECT_EQ(Decimal::Parse("2.8e9", true)->ToString(), "2800000000");
  EXPECT_EQ(Decimal::Parse("2.80E+1", true)->ToString(), "28.0");
  EXPECT_EQ(Decimal::Parse("28e-3", true)->ToString(), "0.028");
  EXPECT_EQ(Decimal::Parse("0e99999999999", true)->ToString(), "0");
  EXPECT_EQ(Decimal::Parse("10e-39", true)->scale, 38);
  EXPECT_THAT(Decimal::Parse("2.8e9"), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* text : {"1e38", "1e-39", "1e99999999999999999999", "1e", "1e+", "e5", "1e5.0"}) {
    EXPECT_THAT(Decimal::Parse(text, true), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(DecimalTest, RefusesWhatIsNoDecimal) {
  for (const char* text : {"", "-", ".", ".5", "5.", "+5", "1,000", "1_000", "1.2.3", "0x10", "NaN",
                           " 1", "1 ", "--1", "１"}) {
    EXPECT_THAT(Decimal::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a decimal number")))
        << text;
  }
}

TEST(DecimalTest, RefusesMoreThan38Digits) {
  for (const std::string& text :
       {k38Nines + "9", "1" + k38Nines.substr(1) + ".0", "0.0" + k38Nines, "1." + k38Nines}) {
    EXPECT_THAT(Decimal::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 38 digits")))
        << text;
  }
}

TEST(DecimalTest, ComparesByValue) {
  EXPECT_EQ(Compare(D("1.0"), D("1.00")), 0);
  EXPECT_EQ(Compare(D("0"), D("-0.000")), 0);
  EXPECT_LT(Compare(D("-1"), D("0.5")), 0);
  EXPECT_GT(Compare(D("1.01"), D("1.0")), 0);
  EXPECT_LT(Compare(D("0." + k38Nines), D(k38Nines)), 0);
  EXPECT_GT(Compare(D(k38Nines), D("0." + k38Nines)), 0);
}

TEST(DecimalTest, AddsSubtractsAndMultipliesExactly) {
  EXPECT_EQ(Add(D("1.10"), D("2.205"))->ToString(), "3.305");
  EXPECT_EQ(Subtract(D("1.0"), D("1.00"))->ToString(), "0.00");
  EXPECT_EQ(Multiply(D("1.10"), D("-2.0"))->ToString(), "-2.200");
}

TEST(DecimalTest, DropsZerosOfTheFractionWhereTheLimitsForceIt) {
  const std::string huge = "1" + std::string(36, '0');  // 37 digits
  EXPECT_EQ(Add(D(huge), D("0.000"))->ToString(), huge + ".0");
  EXPECT_EQ(Multiply(D("0.20000000000000000000"), D("0.50000000000000000000"))->scale, 38);
}

TEST(DecimalTest, OverflowIsOutOfRange) {
  EXPECT_THAT(Add(D(k38Nines), D("1")), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Add(D(k38Nines), D("0.1")), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Subtract(D("-" + k38Nines), D("1")), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Multiply(D(k38Nines), D(k38Nines)), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Multiply(D("0." + k38Nines), D("0.1")), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST(DecimalTest, AgreesWithWideFloatingDecimals) {
  std::mt19937_64 random(5);
  int sums = 0;
  int products = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Decimal a = RandomDecimal(random);
    const Decimal b = RandomDecimal(random);
    EXPECT_EQ(Compare(a, b), ToExact(a).compare(ToExact(b)));
    if (const absl::StatusOr<Decimal> sum = Add(a, b); sum.ok()) {
      EXPECT_EQ(ToExact(*sum), ToExact(a) + ToExact(b));
      EXPECT_TRUE(sum->IsValid());
      ++sums;
    }
    if (const absl::StatusOr<Decimal> difference = Subtract(a, b); difference.ok()) {
      EXPECT_EQ(ToExact(*difference), ToExact(a) - ToExact(b));
    }
    if (const absl::StatusOr<Decimal> product = Multiply(a, b); product.ok()) {
      EXPECT_EQ(ToExact(*product), ToExact(a) * ToExact(b));
      EXPECT_TRUE(product->IsValid());
      ++products;
    }
  }
  EXPECT_GT(sums, 1000);
  EXPECT_GT(products, 1000);
}

TEST(DecimalTest, ToDoubleIsTheNearest) {
  EXPECT_EQ(D("0.1").ToDouble(), 0.1);
  EXPECT_EQ(D("-2.5").ToDouble(), -2.5);
  EXPECT_EQ(D("9007199254740993").ToDouble(), 9007199254740992.0);
  EXPECT_EQ(D(k38Nines).ToDouble(), 1e38);
  std::mt19937_64 random(6);
  for (int i = 0; i < 20'000; ++i) {
    const Decimal decimal = RandomDecimal(random);
    EXPECT_EQ(decimal.ToDouble(), std::stod(decimal.ToString()));
  }
}

TEST(DecimalTest, KnowsItsLimits) {
  EXPECT_FALSE((Decimal{absl::int128(1), 39}).IsValid());
  EXPECT_FALSE((Decimal{D(k38Nines).mantissa + 1, 0}).IsValid());
  EXPECT_FALSE((Decimal{-D(k38Nines).mantissa - 1, 0}).IsValid());
}

}  // namespace
}  // namespace relata
