#include "storage/codec/ordered_bytes.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using std::nullopt;

// Numbers near the borders of every byte as well as uniform ones.
uint64_t SkewedUint64(std::mt19937_64& random) {
  const uint64_t value = random() >> (random() % 64);
  return random() % 2 == 0 ? value : ~value;
}

// Short strings over few bytes, so that common prefixes, NULs and 0xff are frequent.
std::string SkewedBytes(std::mt19937_64& random) {
  static constexpr char kAlphabet[] = {'\x00', '\x01', 'a', '\x7f', '\x80', '\xfe', '\xff'};
  std::string bytes(random() % 6, ' ');
  for (char& byte : bytes) byte = kAlphabet[random() % sizeof(kAlphabet)];
  return bytes;
}

TEST(OrderedBytesTest, FixedWidthsAreBigEndian) {
  std::string out;
  AppendUint8(&out, 0x01);
  AppendUint16(&out, 0x0203);
  AppendUint32(&out, 0x04050607);
  AppendUint64(&out, 0x08090a0b0c0d0e0fu);
  EXPECT_EQ(out, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f");
  absl::string_view rest = out;
  EXPECT_EQ(ConsumeUint8(&rest), 0x01);
  EXPECT_EQ(ConsumeUint16(&rest), 0x0203);
  EXPECT_EQ(ConsumeUint32(&rest), 0x04050607u);
  EXPECT_EQ(ConsumeUint64(&rest), 0x08090a0b0c0d0e0fu);
  EXPECT_TRUE(rest.empty());
}

TEST(OrderedBytesTest, SignedBytesAreFixedForTheDisk) {
  std::string out;
  AppendInt64(&out, std::numeric_limits<int64_t>::min());
  AppendInt64(&out, -1);
  AppendInt64(&out, 0);
  EXPECT_EQ(out,
            std::string("\0\0\0\0\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 24));
}

TEST(OrderedBytesTest, IntegerOrderIsByteOrder) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    const uint64_t a = SkewedUint64(random);
    const uint64_t b = i % 5 == 0 ? a + 1 : SkewedUint64(random);
    std::string up[2];
    std::string down[2];
    std::string with_sign[2];
    AppendUint64(&up[0], a);
    AppendUint64(&up[1], b);
    AppendUint64Descending(&down[0], a);
    AppendUint64Descending(&down[1], b);
    AppendInt64(&with_sign[0], static_cast<int64_t>(a));
    AppendInt64(&with_sign[1], static_cast<int64_t>(b));
    ASSERT_EQ(a < b, up[0] < up[1]) << a << " " << b;
    ASSERT_EQ(a<b, down[0]> down[1]) << a << " " << b;
    ASSERT_EQ(static_cast<int64_t>(a) < static_cast<int64_t>(b), with_sign[0] < with_sign[1])
        << a << " " << b;
    absl::string_view rest = up[0];
    ASSERT_EQ(ConsumeUint64(&rest), a);
    rest = down[0];
    ASSERT_EQ(ConsumeUint64Descending(&rest), a);
    rest = with_sign[0];
    ASSERT_EQ(ConsumeInt64(&rest), static_cast<int64_t>(a));
  }
}

TEST(OrderedBytesTest, BytesOrderIsByteOrderAlsoBeforeAnotherComponent) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 300000; ++i) {
    const std::string a = SkewedBytes(random);
    const std::string b = SkewedBytes(random);
    const uint8_t after_a = static_cast<uint8_t>(random());
    const uint8_t after_b = static_cast<uint8_t>(random());
    std::string key_a;
    std::string key_b;
    AppendOrderedBytes(&key_a, a);
    AppendOrderedBytes(&key_b, b);
    if (a != b) {
      ASSERT_FALSE(absl::string_view(key_a).substr(0, key_b.size()) == key_b) << "a prefix";
    }
    AppendUint8(&key_a, after_a);
    AppendUint8(&key_b, after_b);
    ASSERT_EQ(std::make_pair(a, after_a) < std::make_pair(b, after_b), key_a < key_b)
        << testing::PrintToString(a) << " " << testing::PrintToString(b);
    absl::string_view rest = key_a;
    ASSERT_EQ(ConsumeOrderedBytes(&rest), a);
    ASSERT_EQ(ConsumeUint8(&rest), after_a);
    rest = key_a;
    ASSERT_TRUE(SkipOrderedBytes(&rest));
    ASSERT_EQ(rest.size(), 1u);
  }
}

TEST(OrderedBytesTest, KeepsEmptyNulAndChinese) {
  const std::vector<std::string> sorted = {"",
                                           std::string("\0", 1),
                                           std::string("\0\0", 2),
                                           std::string("\0\xff", 2),
                                           "\x01",
                                           "DeepSeek",
                                           std::string("DeepSeek\0", 9),
                                           "DeepSeek R1",
                                           "智谱",
                                           "深",
                                           "深度求索",
                                           "深度求索科技"};
  ASSERT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
  std::string before;
  for (const std::string& text : sorted) {
    std::string key;
    AppendOrderedBytes(&key, text);
    EXPECT_LT(before, key) << text;
    absl::string_view rest = key;
    EXPECT_EQ(ConsumeOrderedBytes(&rest), text);
    EXPECT_TRUE(rest.empty());
    before = key;
  }
}

TEST(OrderedBytesTest, PrefixFormCoversExactlyTheExtensions) {
  std::mt19937_64 random(3);
  int covered = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::string text = SkewedBytes(random);
    const std::string prefix = SkewedBytes(random).substr(0, 3);
    std::string key;
    std::string start;
    AppendOrderedBytes(&key, text);
    AppendOrderedBytesPrefix(&start, prefix);
    const bool extends = text.substr(0, prefix.size()) == prefix;
    ASSERT_EQ(key.substr(0, start.size()) == start, extends)
        << testing::PrintToString(text) << " " << testing::PrintToString(prefix);
    covered += extends;
  }
  EXPECT_GT(covered, 1000);
}

TEST(OrderedBytesTest, DamageLeavesTheInputAlone) {
  for (const std::string& bad : {std::string(), std::string("abc"), std::string("abc\0", 4),
                                 std::string("abc\0\x01\0\0", 7), std::string("\0\xff", 2)}) {
    absl::string_view rest = bad;
    EXPECT_EQ(ConsumeOrderedBytes(&rest), nullopt);
    EXPECT_FALSE(SkipOrderedBytes(&rest));
    EXPECT_EQ(rest, bad);
  }
  for (size_t size = 0; size < 8; ++size) {
    const std::string bytes(size, 'x');
    absl::string_view rest = bytes;
    EXPECT_EQ(ConsumeUint64(&rest), nullopt);
    EXPECT_EQ(ConsumeUint64Descending(&rest), nullopt);
    EXPECT_EQ(ConsumeInt64(&rest), nullopt);
    EXPECT_EQ(rest.size(), size);
  }
}

}  // namespace
}  // namespace relata
