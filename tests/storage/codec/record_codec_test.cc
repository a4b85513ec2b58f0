#include "storage/codec/record_codec.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/codec/varint.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;
using Random = std::mt19937_64;

constexpr uint8_t kFormat = 3;

// One of every kind of field, and a list.
struct Sample {
  uint8_t uint8 = 0;
  bool flag = false;
  uint32_t varint32 = 0;
  uint64_t varint64 = 0;
  int64_t zigzag = 0;
  uint64_t fixed64 = 0;
  uint64_t double_bits = 0;
  std::string text;
  std::vector<uint64_t> list;
  bool operator==(const Sample&) const = default;
};

uint64_t Skewed(Random& random) { return random() >> (random() % 64); }

Sample AnySample(Random& random) {
  Sample sample;
  sample.uint8 = static_cast<uint8_t>(random());
  sample.flag = random() % 2 == 0;
  sample.varint32 = static_cast<uint32_t>(Skewed(random));
  sample.varint64 = Skewed(random);
  sample.zigzag = static_cast<int64_t>(random() % 2 == 0 ? Skewed(random) : ~Skewed(random));
  sample.fixed64 = random();
  sample.double_bits = random();
  sample.text.resize(random() % 5 == 0 ? random() % 300 : random() % 4);
  for (char& byte : sample.text) byte = static_cast<char>(random());
  for (size_t count = random() % 4; count > 0; --count) sample.list.push_back(Skewed(random));
  return sample;
}

std::string Encode(const Sample& sample) {
  std::string out;
  RecordWriter writer(&out, kFormat);
  writer.WriteUint8(sample.uint8);
  writer.WriteBool(sample.flag);
  writer.WriteVarint32(sample.varint32);
  writer.WriteVarint64(sample.varint64);
  writer.WriteZigZag64(sample.zigzag);
  writer.WriteFixed64(sample.fixed64);
  writer.WriteDouble(std::bit_cast<double>(sample.double_bits));
  writer.WriteBytes(sample.text);
  writer.WriteVarint64(sample.list.size());
  for (const uint64_t item : sample.list) writer.WriteVarint64(item);
  return out;
}

absl::StatusOr<Sample> Decode(absl::string_view bytes) {
  RecordReader reader(bytes, "the sample", kFormat);
  Sample sample;
  sample.uint8 = reader.ReadUint8();
  sample.flag = reader.ReadBool();
  sample.varint32 = reader.ReadVarint32();
  sample.varint64 = reader.ReadVarint64();
  sample.zigzag = reader.ReadZigZag64();
  sample.fixed64 = reader.ReadFixed64();
  sample.double_bits = std::bit_cast<uint64_t>(reader.ReadDouble());
  sample.text = std::string(reader.ReadBytes());
  for (size_t count = reader.ReadCount(1); count > 0; --count) {
    sample.list.push_back(reader.ReadVarint64());
  }
  RELATA_RETURN_IF_ERROR(reader.Finish());
  return sample;
}

TEST(RecordCodecTest, RoundTrip) {
  Random random(11);
  for (int i = 0; i < 200000; ++i) {
    const Sample sample = AnySample(random);
    const absl::StatusOr<Sample> back = Decode(Encode(sample));
    ASSERT_THAT(back, IsOk());
    ASSERT_TRUE(*back == sample);
  }
}

TEST(RecordCodecTest, RoundTripOfBorders) {
  for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{16383},
                               uint64_t{16384}, std::numeric_limits<uint64_t>::max()}) {
    Sample sample;
    sample.varint64 = value;
    sample.varint32 = static_cast<uint32_t>(value);
    sample.zigzag = static_cast<int64_t>(value);
    sample.double_bits = value;
    EXPECT_THAT(Decode(Encode(sample)), IsOkAndHolds(sample));
    sample.zigzag = std::numeric_limits<int64_t>::min();
    EXPECT_THAT(Decode(Encode(sample)), IsOkAndHolds(sample));
  }
}

TEST(RecordCodecTest, BytesAreFixedForTheDisk) {
  std::string out;
  RecordWriter writer(&out, 1);
  writer.WriteVarint64(300);
  writer.WriteZigZag64(-2);
  writer.WriteFixed64(0x0102030405060708u);
  writer.WriteBytes("hi");
  writer.WriteBool(true);
  EXPECT_EQ(out, "\x01\xac\x02\x03\x08\x07\x06\x05\x04\x03\x02\x01\x02hi\x01");
}

TEST(RecordCodecTest, EveryTruncationIsDataLoss) {
  Random random(12);
  for (int i = 0; i < 500; ++i) {
    const std::string bytes = Encode(AnySample(random));
    for (size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_THAT(
          Decode(absl::string_view(bytes).substr(0, size)),
          StatusIs(absl::StatusCode::kDataLoss, HasSubstr("the sample is damaged at byte")));
    }
  }
}

TEST(RecordCodecTest, FlippedBitsNeverCrash) {
  Random random(13);
  int refused = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string bytes = Encode(AnySample(random));
    for (uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
      char& byte = bytes[random() % bytes.size()];
      byte = static_cast<char>(byte ^ (1 << (random() % 8)));
    }
    const absl::StatusOr<Sample> sample = Decode(bytes);
    if (sample.ok()) continue;
    ++refused;
    ASSERT_TRUE(sample.status().code() == absl::StatusCode::kDataLoss ||
                sample.status().code() == absl::StatusCode::kFailedPrecondition)
        << sample.status();
  }
  EXPECT_GT(refused, 1000);
}

TEST(RecordCodecTest, RandomBytesNeverCrash) {
  Random random(14);
  for (int i = 0; i < 200000; ++i) {
    std::string bytes(random() % 40, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = kFormat;
    const absl::StatusOr<Sample> sample = Decode(bytes);
    if (sample.ok()) {
      ASSERT_EQ(Encode(*sample), bytes);
    }
  }
}

TEST(RecordReaderTest, NewerFormatSaysWhatToDo) {
  std::string bytes = Encode(Sample());
  bytes[0] = kFormat + 1;
  EXPECT_THAT(Decode(bytes), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("written by a newer Relata; open it with that")));
}

TEST(RecordReaderTest, OlderFormatIsReported) {
  RecordReader reader("\x02", "the sample", kFormat);
  EXPECT_EQ(reader.format(), 2);
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(RecordReaderTest, FormatZeroIsDamage) {
  EXPECT_THAT(Decode(absl::string_view("\0", 1)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("at byte 0")));
}

TEST(RecordReaderTest, BytesLeftOverAreDamage) {
  const std::string bytes = Encode(Sample()) + "x";
  EXPECT_THAT(Decode(bytes), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("after its end")));
}

TEST(RecordReaderTest, AHugeCountIsRefusedBeforeItsItemsAreRead) {
  std::string bytes;
  RecordWriter writer(&bytes, 1);
  writer.WriteVarint64(uint64_t{1} << 60);
  RecordReader reader(bytes, "the sample", 1);
  EXPECT_EQ(reader.ReadCount(1), 0u);
  EXPECT_THAT(reader.status(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("at byte 1")));
}

TEST(RecordReaderTest, FirstErrorStays) {
  const std::string bytes = std::string("\x01\x07\xff\xff\xff\xff\xff\xff", 8);
  RecordReader reader(bytes, "commit 9", 1);
  EXPECT_FALSE(reader.ReadBool());
  const absl::Status first = reader.status();
  EXPECT_THAT(first,
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("commit 9 is damaged at byte 1")));
  EXPECT_EQ(reader.ReadVarint64(), 0u);
  EXPECT_EQ(reader.ReadFixed64(), 0u);
  EXPECT_EQ(reader.ReadBytes(), "");
  reader.MarkDamaged("later");
  EXPECT_EQ(reader.Finish(), first);
}

TEST(RecordReaderTest, MarkDamagedNamesTheByte) {
  RecordReader reader("\x01\x05", "commit 9", 1);
  reader.ReadUint8();
  reader.MarkDamaged("kind 5 is unknown");
  EXPECT_THAT(reader.Finish(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("at byte 2: kind 5 is unknown")));
}

TEST(VarintTest, OnlyTheShortestFormIsRead) {
  const std::string padded("\x80\x00", 2);
  absl::string_view rest = padded;
  EXPECT_EQ(ConsumeVarint64(&rest), std::nullopt);
  EXPECT_EQ(rest.size(), 2u);
  const std::string too_large = std::string(9, '\xff') + "\x02";
  rest = too_large;
  EXPECT_EQ(ConsumeVarint64(&rest), std::nullopt);
}

}  // namespace
}  // namespace relata
