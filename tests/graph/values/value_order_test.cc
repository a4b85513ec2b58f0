#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "graph/values/value.h"
#include "gtest/gtest.h"
#include "tests/graph/values/random_values.h"

namespace relata {
namespace {

Value DecimalValue(absl::string_view text) { return Value::Of(*Decimal::Parse(text)); }
Value MoneyValue(absl::string_view amount, absl::string_view currency) {
  return Value::Of(*Money::Parse(amount, currency));
}
Value L(Value::List list) { return Value::Of(std::move(list)); }

void ExpectEquivalent(const Value& a, const Value& b) {
  EXPECT_TRUE(Equivalent(a, b)) << a.ToString() << " and " << b.ToString();
  EXPECT_EQ(TotalOrder(a, b), 0);
  EXPECT_EQ(HashValue(a), HashValue(b)) << a.ToString() << " and " << b.ToString();
}

// S7: one collation of the three number types.
TEST(ValueOrderTest, NumbersAreEqualOverTypes) {
  ExpectEquivalent(Value::Int(1), Value::Double(1.0));
  ExpectEquivalent(Value::Int(1), DecimalValue("1.00"));
  ExpectEquivalent(Value::Double(1.0), DecimalValue("1.0"));
  ExpectEquivalent(Value::Double(0.5), DecimalValue("0.50"));
  ExpectEquivalent(Value::Double(1e20), DecimalValue("100000000000000000000"));
  ExpectEquivalent(Value::Double(-0.0), Value::Int(0));
  ExpectEquivalent(MoneyValue("1", "USD"), MoneyValue("1.0", "USD"));
  ExpectEquivalent(L({Value::Int(1), DecimalValue("2.0")}), L({Value::Double(1), Value::Int(2)}));
}

TEST(ValueOrderTest, NullAndNaNEqualThemselves) {
  const Value nan = Value::Double(std::numeric_limits<double>::quiet_NaN());
  ExpectEquivalent(Value(), Value());
  ExpectEquivalent(nan, Value::Double(-std::numeric_limits<double>::quiet_NaN()));
}

TEST(ValueOrderTest, UnequalValues) {
  const std::pair<Value, Value> pairs[] = {
      {Value::Int((int64_t{1} << 53) + 1), Value::Double(9007199254740992.0)},
      {DecimalValue("0.1"), Value::Double(0.1)},
      {Value::Int(1), Value::Bool(true)},
      {Value::Int(1), Value::String("1")},
      {Value::Int(1), MoneyValue("1", "USD")},
      {MoneyValue("1", "USD"), MoneyValue("1", "CNY")},
      {Value::String("a"), Value::Of(Bytes{"a"})},
      {L({Value::Int(1)}), Value::Int(1)},
      {L({}), Value()},
      {Value::Of(*DateTime::Parse("2026-03-11T02:00Z")),
       Value::Of(*DateTime::Parse("2026-03-11T10:00+08:00"))},
      {Value::Of(*Duration::Parse("P1D")), Value::Of(*Duration::Parse("PT24H"))},
  };
  for (const auto& [a, b] : pairs) {
    EXPECT_FALSE(Equivalent(a, b)) << a.ToString() << " and " << b.ToString();
  }
}

TEST(ValueOrderTest, TheSameStatementNeedsTheSameQualifier) {
  const Value about = Value::Of<int64_t>(10, Qualifier::kAbout);
  EXPECT_TRUE(Equivalent(about, Value::Int(10)));
  EXPECT_FALSE(SameStatement(about, Value::Int(10)));
  EXPECT_TRUE(SameStatement(about, Value::Of(*Decimal::Parse("10.0"), Qualifier::kAbout)));
  EXPECT_FALSE(SameStatement(L({about}), L({Value::Int(10)})));
  EXPECT_TRUE(SameStatement(L({about}), L({about})));
  EXPECT_FALSE(SameStatement(L({about}), L({about, about})));
  EXPECT_FALSE(SameStatement(Value::Int(1), Value::Int(2)));
}

TEST(ValueOrderTest, FamiliesAndValuesAscend) {
  const std::vector<Value> ascending = {
      Value::Of(Value::Map{}),
      Value::Of(Value::Map{{"a", Value::Int(1)}}),
      Value::Of(Value::Map{{"a", Value::Int(1)}, {"b", Value::Int(0)}}),
      Value::Of(Value::Map{{"a", Value::Int(2)}}),
      Value::Of(Value::Map{{"b", Value::Int(0)}}),
      L({}),
      L({Value::Int(1)}),
      L({Value::Double(1.0), Value::Int(2)}),
      L({Value::Int(1), Value()}),
      L({Value::Int(2)}),
      Value::Of(*DateTime::Parse("1969-12-31T23:59:59Z")),
      Value::Of(*DateTime::Parse("2026-03-11T02:30Z")),
      Value::Of(*DateTime::Parse("2026-03-11T10:30+08:00")),
      Value::Of(*LocalDateTime::Parse("1969-12-31T23:59:59")),
      Value::Of(*LocalDateTime::Parse("2026-03-11T02:30")),
      Value::Of(*Date::Parse("1969-12-31")),
      Value::Of(*Date::Parse("1970-01-01")),
      Value::Of(*Time::Parse("10:00+08:00")),
      Value::Of(*Time::Parse("03:00Z")),
      Value::Of(*LocalTime::Parse("00:00")),
      Value::Of(*LocalTime::Parse("00:00:00.000000001")),
      Value::Of(*Duration::Parse("PT-1S")),
      Value::Of(*Duration::Parse("P30D")),
      Value::Of(*Duration::Parse("P1M")),
      Value::Of(Bytes{""}),
      Value::Of(Bytes{"\xff"}),
      Value::String(""),
      Value::String(absl::string_view("\0", 1)),
      Value::String("a"),
      Value::String(absl::string_view("a\0", 2)),
      Value::String("ab"),
      Value::String("深度"),
      Value::String("深度求索"),
      Value::Bool(false),
      Value::Bool(true),
      Value::Double(-std::numeric_limits<double>::infinity()),
      Value::Int(std::numeric_limits<int64_t>::min()),
      DecimalValue("-0.1"),
      Value::Double(-0.0),
      DecimalValue("0.1"),
      Value::Double(0.1),
      Value::Double(9007199254740992.0),
      Value::Int((int64_t{1} << 53) + 1),
      Value::Double(std::numeric_limits<double>::infinity()),
      Value::Double(std::numeric_limits<double>::quiet_NaN()),
      MoneyValue("5", "CNY"),
      MoneyValue("1", "USD"),
      MoneyValue("1.01", "USD"),
      Value()};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      const int order = TotalOrder(ascending[i], ascending[j]);
      EXPECT_EQ(order < 0, i < j) << ascending[i].ToString() << " " << ascending[j].ToString();
      EXPECT_EQ(order > 0, i > j) << ascending[i].ToString() << " " << ascending[j].ToString();
    }
  }
}

TEST(ValueOrderTest, IsATotalOrderThatHashesAgreeWith) {
  RandomValues values(11);
  int equal = 0;
  for (int i = 0; i < 200'000; ++i) {
    Value a = i % 2 == 0 ? values.Any() : values.Number();
    Value b = i % 2 == 0 ? values.Any() : values.Number();
    Value c = i % 2 == 0 ? values.Any() : values.Number();
    EXPECT_EQ(TotalOrder(a, b) < 0, TotalOrder(b, a) > 0);
    if (TotalOrder(a, b) > 0) std::swap(a, b);
    if (TotalOrder(b, c) > 0) std::swap(b, c);
    if (TotalOrder(a, b) > 0) std::swap(a, b);
    EXPECT_LE(TotalOrder(a, c), 0) << a.ToString() << " " << b.ToString() << " " << c.ToString();
    if (Equivalent(a, b)) {
      EXPECT_EQ(HashValue(a), HashValue(b)) << a.ToString() << " " << b.ToString();
      EXPECT_EQ(TotalOrder(a, c) == 0, TotalOrder(b, c) == 0);
      ++equal;
    }
  }
  EXPECT_GT(equal, 1000);
}

TEST(ValueOrderTest, HashesSpread) {
  std::vector<size_t> hashes;
  for (int64_t i = 0; i < 1000; ++i) {
    hashes.push_back(HashValue(Value::Int(i)));
    hashes.push_back(HashValue(Value::String(std::to_string(i))));
    hashes.push_back(HashValue(L({Value::Int(i)})));
    hashes.push_back(HashValue(Value::Of(Date{i})));
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace
}  // namespace relata
