#include "graph/values/value.h"

#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

Value DecimalOf(absl::string_view text) { return Value::Of(*Decimal::Parse(text)); }

Value Nested(int depth) {
  Value value = Value::Int(1);
  for (int i = 0; i < depth; ++i) value = Value::Of(Value::List{value});
  return value;
}

TEST(ValueTest, TypeFollowsTheAlternative) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_EQ(Value::Bool(true).type(), ValueType::kBool);
  EXPECT_EQ(Value::Int(1).type(), ValueType::kInt64);
  EXPECT_EQ(Value::Double(1).type(), ValueType::kFloat64);
  EXPECT_EQ(DecimalOf("1").type(), ValueType::kDecimal);
  EXPECT_EQ(Value::Of(Money{}).type(), ValueType::kMoney);
  EXPECT_EQ(Value::String("a").type(), ValueType::kString);
  EXPECT_EQ(Value::Of(Bytes{"a"}).type(), ValueType::kBytes);
  EXPECT_EQ(Value::Of(Date{}).type(), ValueType::kDate);
  EXPECT_EQ(Value::Of(LocalTime{}).type(), ValueType::kLocalTime);
  EXPECT_EQ(Value::Of(Time{}).type(), ValueType::kTime);
  EXPECT_EQ(Value::Of(LocalDateTime{}).type(), ValueType::kLocalDateTime);
  EXPECT_EQ(Value::Of(DateTime{}).type(), ValueType::kDateTime);
  EXPECT_EQ(Value::Of(Duration{}).type(), ValueType::kDuration);
  EXPECT_EQ(Value::Of(Value::List{}).type(), ValueType::kList);
  EXPECT_EQ(Value::Of(Value::Map{}).type(), ValueType::kMap);
  EXPECT_EQ(ValueTypeName(ValueType::kInt64), "INT64");
  EXPECT_EQ(ValueTypeName(ValueType::kLocalDateTime), "LOCAL DATETIME");
  EXPECT_EQ(ValueTypeName(ValueType::kMap), "MAP");
}

TEST(ValueTest, ALiteralFloatStaysAFloat) {
  EXPECT_FALSE(Value::Double(1.0).get_if<int64_t>());
  EXPECT_EQ(Value::Double(1.0).get<double>(), 1.0);
}

TEST(ValueTest, NumbersAsDouble) {
  EXPECT_EQ(Value::Int(3).AsDouble(), 3.0);
  EXPECT_EQ(Value::Double(0.36).AsDouble(), 0.36);
  EXPECT_EQ(DecimalOf("0.36").AsDouble(), 0.36);
  EXPECT_TRUE(DecimalOf("1").is_number());
  EXPECT_FALSE(Value::String("1").is_number());
  EXPECT_FALSE(Value::Of(Money{}).is_number());
}

TEST(ValueTest, Display) {
  EXPECT_EQ(Value().ToString(), "null");
  EXPECT_EQ(Value::Bool(false).ToString(), "false");
  EXPECT_EQ(Value::Int(-5).ToString(), "-5");
  EXPECT_EQ(DecimalOf("1.00").ToString(), "1.00");
  EXPECT_EQ(Value::Of(*Money::Parse("2.8e9", "USD")).ToString(), "2800000000 USD");
  EXPECT_EQ(Value::String("深度求索").ToString(), "深度求索");
  EXPECT_EQ(Value::Of(Bytes{std::string("\0\xff", 2)}).ToString(), "0x00ff");
  EXPECT_EQ(Value::Of(*Date::Parse("2026-03-11")).ToString(), "2026-03-11");
  EXPECT_EQ(Value::Of(Value::List{Value::Int(1), Value::String("a"), Value()}).ToString(),
            "[1, a, null]");
  EXPECT_EQ(Value::Of(Value::Map{{"a", Value::Int(1)}, {"b", DecimalOf("2.0")}}).ToString(),
            "{a: 1, b: 2.0}");
  EXPECT_EQ(Value::Of<int64_t>(10, Qualifier::kAtLeast).ToString(), "at least 10");
  EXPECT_EQ(Value::Of<int64_t>(10, Qualifier::kUpTo).ToString(), "up to 10");
}

TEST(ValueTest, FloatsAreShownShortestAndAsFloats) {
  EXPECT_EQ(Value::Double(1.0).ToString(), "1.0");
  EXPECT_EQ(Value::Double(-0.0).ToString(), "-0.0");
  EXPECT_EQ(Value::Double(0.1).ToString(), "0.1");
  EXPECT_EQ(Value::Double(100000.0).ToString(), "100000.0");
  EXPECT_EQ(Value::Double(2.8e9).ToString(), "2.8E9");
  EXPECT_EQ(Value::Double(1e20).ToString(), "1.0E20");
  EXPECT_EQ(Value::Double(std::numeric_limits<double>::quiet_NaN()).ToString(), "NaN");
  EXPECT_EQ(Value::Double(-std::numeric_limits<double>::infinity()).ToString(), "-Infinity");
  EXPECT_EQ(Value::Double(1e-300).ToString(), "1.0E-300");
}

TEST(ValueTest, NullAndMapsCannotBeStored) {
  const Value map = Value::Of(Value::Map{{"a", Value::Int(1)}});
  EXPECT_THAT(CheckStorable(Value()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("null")));
  EXPECT_THAT(CheckStorable(map), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("maps")));
  EXPECT_THAT(CheckStorable(Value::Of(Value::List{Value::Int(1), map})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("maps")));
  RELATA_EXPECT_OK(CheckStorable(Value::Of(Value::List{})));
  RELATA_EXPECT_OK(CheckStorable(Value::Of(Value::List{Value::Int(1), Value::String("a")})));
}

TEST(ValueTest, OnlyNumbersAndMoneyTakeAQualifier) {
  RELATA_EXPECT_OK(CheckStorable(Value::Of<int64_t>(1, Qualifier::kAbout)));
  RELATA_EXPECT_OK(CheckStorable(Value::Of<double>(1, Qualifier::kAbout)));
  RELATA_EXPECT_OK(CheckStorable(Value::Of(Decimal{}, Qualifier::kAbout)));
  RELATA_EXPECT_OK(CheckStorable(Value::Of(*Money::Parse("1", "USD"), Qualifier::kAbout)));
  EXPECT_THAT(CheckStorable(Value::Of(std::string("a"), Qualifier::kAbout)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("STRING")));
  EXPECT_THAT(CheckStorable(Value::Of(Value::List{Value::Of(Date{}, Qualifier::kUpTo)})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("DATE")));
}

TEST(ValueTest, ListsAreNestedToALimit) {
  RELATA_EXPECT_OK(CheckStorable(Nested(Value::kDeepestList)));
  EXPECT_THAT(CheckStorable(Nested(Value::kDeepestList + 1)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nested deeper than 32")));
}

}  // namespace
}  // namespace relata
