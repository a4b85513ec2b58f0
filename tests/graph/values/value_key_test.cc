#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "graph/values/value_codec.h"
#include "gtest/gtest.h"
#include "tests/graph/values/random_values.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

std::string KeyBytes(const Value& value) {
  std::string key;
  AppendValueKey(value, &key);
  return key;
}

int Sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

bool IsCut(const Value& value) { return ValueKeyPrefix(value).size() > kLongestCollation; }

std::string Shown(const Value& a, const Value& b) {
  return a.ToString() + " (" + absl::BytesToHexString(KeyBytes(a)) + ") and " + b.ToString() +
         " (" + absl::BytesToHexString(KeyBytes(b)) + ")";
}

void ExpectKeysInOrder(const Value& a, const Value& b) {
  if (IsCut(a) || IsCut(b)) return;
  const int order = Sign(TotalOrder(a, b));
  ASSERT_EQ(Sign(ValueKeyPrefix(a).compare(ValueKeyPrefix(b))), order) << Shown(a, b);
  if (order != 0) {
    ASSERT_EQ(Sign(KeyBytes(a).compare(KeyBytes(b))), order) << Shown(a, b);
    // Whatever follows: no key is a prefix of another.
    ASSERT_FALSE(absl::StartsWith(KeyBytes(a), KeyBytes(b)) ||
                 absl::StartsWith(KeyBytes(b), KeyBytes(a)))
        << Shown(a, b);
    ASSERT_FALSE(absl::StartsWith(KeyBytes(a), ValueKeyPrefix(b))) << Shown(a, b);
  }
}

TEST(ValueKeyTest, ByteOrderIsTotalOrder) {
  RandomValues values(17);
  for (int i = 0; i < 300'000; ++i) ExpectKeysInOrder(values.Any(), values.Any());
}

TEST(ValueKeyTest, ByteOrderIsTotalOrderAmongNumbers) {
  RandomValues values(18);
  for (int i = 0; i < 200'000; ++i) ExpectKeysInOrder(values.Number(), values.Number());
}

TEST(ValueKeyTest, ByteOrderIsTotalOrderAmongStrings) {
  RandomValues values(19);
  for (int i = 0; i < 100'000; ++i) {
    ExpectKeysInOrder(Value::Of(values.String()), Value::Of(values.String()));
  }
}

// Lists of few numbers in many types: the tie-breaks must not come between the elements.
TEST(ValueKeyTest, ByteOrderIsTotalOrderAmongListsOfNumbers) {
  RandomValues values(20);
  const auto list = [&values] {
    Value::List elements;
    for (uint64_t left = values.Below(4); left > 0; --left) {
      const auto number = static_cast<int64_t>(values.Below(3));
      switch (values.Below(4)) {
        case 0:
          elements.push_back(Value::Int(number));
          break;
        case 1:
          elements.push_back(Value::Double(static_cast<double>(number)));
          break;
        case 2:
          elements.push_back(Value::Of(Decimal{absl::int128(number) * 10, 1}));
          break;
        default:
          elements.push_back(Value::Of(Value::List{Value::Int(number)}));
      }
    }
    return Value::Of(std::move(elements));
  };
  int equal_of_other_types = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Value a = list();
    const Value b = list();
    ExpectKeysInOrder(a, b);
    if (Equivalent(a, b)) {
      ASSERT_EQ(KeyBytes(a) == KeyBytes(b), Identical(a, b)) << Shown(a, b);
      equal_of_other_types += Identical(a, b) ? 0 : 1;
    }
  }
  EXPECT_GT(equal_of_other_types, 1000);
}

TEST(ValueKeyTest, EqualNumbersShareThePrefixAndDifferByType) {
  const Value one[] = {Value::Int(1), Value::Double(1.0), Value::Of(*Decimal::Parse("1")),
                       Value::Of(*Decimal::Parse("1.00"))};
  for (const Value& a : one) {
    for (const Value& b : one) {
      EXPECT_EQ(ValueKeyPrefix(a), ValueKeyPrefix(b));
      EXPECT_EQ(KeyBytes(a) == KeyBytes(b), &a == &b);
    }
  }
  EXPECT_EQ(KeyBytes(Value::Double(-0.0)), KeyBytes(Value::Double(0.0)));
}

TEST(ValueKeyTest, QualifiersAreLeftOut) {
  EXPECT_EQ(KeyBytes(Value::Of<int64_t>(1, Qualifier::kAbout)), KeyBytes(Value::Int(1)));
}

// What DecodeValueKey gives back: no qualifiers, no negative zero.
Value Plain(const Value& value) {
  Value plain = value;
  if (const auto* list = value.get_if<Value::List>()) {
    Value::List elements;
    for (const Value& element : *list) elements.push_back(Plain(element));
    plain = Value::Of(std::move(elements));
  } else if (const auto* d = value.get_if<double>(); d != nullptr && *d == 0) {
    plain = Value::Double(0.0);
  }
  plain.set_qualifier(Qualifier::kExact);
  return plain;
}

TEST(ValueKeyTest, RandomValuesComeBackFromTheFrontOfOtherBytes) {
  RandomValues values(21);
  for (int i = 0; i < 200'000; ++i) {
    const Value value = values.Any(3);
    if (IsCut(value)) continue;
    const std::string tail = values.String();
    const std::string bytes = KeyBytes(value) + tail;
    absl::string_view rest = bytes;
    const absl::StatusOr<Value> read = DecodeValueKey(&rest);
    ASSERT_THAT(read, IsOk()) << value.ToString();
    ASSERT_TRUE(Identical(*read, Plain(value))) << value.ToString() << " as " << read->ToString();
    ASSERT_EQ(rest, tail);
  }
}

TEST(ValueKeyTest, LongValuesAreCutAndStillFoundByEquality) {
  const std::string long_text(5000, 'x');
  const Value a = Value::String(long_text + "a");
  const Value b = Value::String(long_text + "b");
  EXPECT_EQ(KeyBytes(a).size(), kLongestCollation + 8);
  EXPECT_NE(KeyBytes(a), KeyBytes(b));
  EXPECT_EQ(KeyBytes(a), ValueKeyPrefix(a));
  // The start keeps the order.
  EXPECT_LT(KeyBytes(Value::String("w" + long_text)), KeyBytes(a));
  EXPECT_LT(KeyBytes(Value::String(long_text.substr(0, 500))), KeyBytes(a));
  EXPECT_LT(KeyBytes(a), KeyBytes(Value::String(long_text.substr(0, 500) + "y")));
  // Equal lists of other types share what look-ups use.
  const Value ints = Value::Of(Value::List(300, Value::Int(1)));
  const Value floats = Value::Of(Value::List(300, Value::Double(1)));
  ASSERT_TRUE(IsCut(ints));
  EXPECT_EQ(ValueKeyPrefix(ints), ValueKeyPrefix(floats));
}

TEST(ValueKeyTest, TheCutIsAtExactly1024Bytes) {
  // A family byte before the text and two bytes that end it.
  const Value longest = Value::String(std::string(kLongestCollation - 3, 'x'));
  EXPECT_EQ(KeyBytes(longest).size(), kLongestCollation);
  const Value longer = Value::String(std::string(kLongestCollation - 2, 'x'));
  EXPECT_EQ(KeyBytes(longer).size(), kLongestCollation + 8);
  const std::string bytes = KeyBytes(longest) + "tail";
  absl::string_view rest = bytes;
  EXPECT_TRUE(Identical(*DecodeValueKey(&rest), longest));
  EXPECT_EQ(rest, "tail");
}

TEST(ValueKeyTest, ACutKeyCannotBeDecodedAndSaysSo) {
  const std::string bytes = KeyBytes(Value::String(std::string(5000, 'x'))) + "tail";
  absl::string_view rest = bytes;
  EXPECT_THAT(DecodeValueKey(&rest),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("read the value itself")));
  EXPECT_EQ(rest.size(), bytes.size());
}

// The bytes of a key are a format on disk: a change of these is a change of the format.
TEST(ValueKeyTest, BytesOnDisk) {
  EXPECT_EQ(absl::BytesToHexString(KeyBytes(Value())), "70");
  EXPECT_EQ(absl::BytesToHexString(KeyBytes(Value::Bool(true))), "5801");
  EXPECT_EQ(absl::BytesToHexString(KeyBytes(Value::String("a"))), "50610000");
  EXPECT_EQ(absl::BytesToHexString(KeyBytes(Value::Of(Date{1}))), "288000000000000001");
  EXPECT_EQ(absl::BytesToHexString(KeyBytes(Value::Of(Value::List{Value(), Value::Bool(false)}))),
            "1070580000");
  const std::string one = KeyBytes(Value::Int(1));
  EXPECT_EQ(absl::BytesToHexString(one), "60bff00000000000000001");
  const std::string cut = KeyBytes(Value::String(std::string(2000, 'x')));
  // FNV-1a of 'P', 2,000 times 'x' and two zero bytes.
  EXPECT_EQ(absl::BytesToHexString(cut.substr(kLongestCollation)), "bc712bcac8e49d67");
}

TEST(ValueKeyTest, TruncationIsDataLossAtEveryByte) {
  RandomValues values(22);
  for (int i = 0; i < 2'000; ++i) {
    const Value value = values.Any();
    const std::string key = KeyBytes(value);
    for (size_t size = 0; size < std::min(key.size(), kLongestCollation); ++size) {
      absl::string_view rest = absl::string_view(key).substr(0, size);
      EXPECT_THAT(DecodeValueKey(&rest), StatusIs(absl::StatusCode::kDataLoss)) << value.ToString();
      EXPECT_EQ(rest.size(), size);
    }
  }
}

TEST(ValueKeyTest, DamageNeverCrashesAndGivesValidValuesOrDataLoss) {
  RandomValues values(23);
  int damaged = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes = KeyBytes(values.Any());
    if (values.Below(10) == 0) {
      for (char& byte : bytes) byte = static_cast<char>(values.Below(256));
    }
    char& byte = bytes[values.Below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << values.Below(8)));
    absl::string_view rest = bytes;
    const absl::StatusOr<Value> read = DecodeValueKey(&rest);
    if (read.ok()) {
      EXPECT_EQ(TotalOrder(*read, *read), 0);
      read->ToString();
    } else {
      EXPECT_THAT(read, StatusIs(absl::StatusCode::kDataLoss));
      ++damaged;
    }
  }
  EXPECT_GT(damaged, 10'000);
}

TEST(ValueKeyTest, DeepListsInDamagedKeysAreDataLoss) {
  std::string bytes(100, '\x10');
  bytes += std::string(100, '\0');
  absl::string_view rest = bytes;
  EXPECT_THAT(DecodeValueKey(&rest), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace relata
