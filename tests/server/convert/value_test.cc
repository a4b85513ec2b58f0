#include "server/convert/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "graph/values/money.h"
#include "relata/v1/value.pb.h"
#include "tests/server/proto_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<Value> ReadValue(const std::string& text) {
  return ValueFromProto(Proto<v1::Value>(text), FieldPath("value"));
}

TEST(ValueConvertTest, EveryKindComesBackAsItWas) {
  for (const std::string text :
       {"null_value: true", "bool_value: false", "int_value: -9223372036854775808",
        "double_value: 2.5", "decimal_value: \"-12.340\"",
        "money_value { amount: \"2800000000\" currency: \"USD\" }", "string_value: \"深度求索\"",
        "bytes_value: \"\\000\\377\"", "date_value: \"2026-03-11\"",
        "local_time_value: \"10:30:00.25\"", "time_value: \"10:30+08:00\"",
        "local_datetime_value: \"2026-03-11T10:30\"", "datetime_value: \"2026-03-11T10:30+08:00\"",
        "duration_value: \"P1Y2M3DT4H5M6.5S\"",
        "list_value { values { int_value: 1 } values { list_value {} } }",
        "int_value: 10 qualifier: MORE_THAN",
        "money_value { amount: \"1.5\" currency: \"CNY\" } qualifier: ABOUT"}) {
    RELATA_ASSERT_OK_AND_ASSIGN(const Value value, ReadValue(text));
    v1::Value back;
    ValueToProto(value, &back);
    EXPECT_EQ(back.DebugString(), Proto<v1::Value>(text).DebugString());
  }
}

TEST(ValueConvertTest, DoublesComeBackBitForBit) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t bits = random();
    const auto number = std::bit_cast<double>(bits);
    v1::Value proto;
    ValueToProto(Value::Double(number), &proto);
    RELATA_ASSERT_OK_AND_ASSIGN(const Value back, ValueFromProto(proto, FieldPath("value")));
    EXPECT_EQ(std::bit_cast<uint64_t>(back.get<double>()), bits);
  }
}

TEST(ValueConvertTest, AnExponentOfMoneyIsResolved) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Value value,
                              ReadValue("money_value { amount: \"2.8e9\" currency: \"USD\" }"));
  EXPECT_EQ(value.get<Money>().ToString(), "2800000000 USD");
}

TEST(ValueConvertTest, MistakesNameTheField) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "value: "},
      {"date_value: \"2026-02-30\"", "value.date_value: "},
      {"decimal_value: \"1e5\"", "value.decimal_value: "},
      {"money_value { amount: \"1\" currency: \"usd\" }", "value.money_value: "},
      {"string_value: \"x\" qualifier: ABOUT", "value.qualifier: "},
      {"map_value {}", "value: maps"},
      {"list_value { values { int_value: 1 } values {} }", "value.list_value.values[1]: "},
      {"datetime_value: \"2026-03-11T10:30:00\"", "value.datetime_value: "},
  };
  for (const auto& [text, field] : mistakes) {
    EXPECT_THAT(ReadValue(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, ::testing::StartsWith(field)))
        << text;
  }
}

TEST(ValueConvertTest, ListsNestOnlySoDeep) {
  v1::Value proto;
  v1::Value* at = &proto;
  for (int i = 0; i < 33; ++i) at = at->mutable_list_value()->add_values();
  at->set_int_value(1);
  EXPECT_THAT(ValueFromProto(proto, FieldPath("value")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deeper than 32")));
}

}  // namespace
}  // namespace relata
