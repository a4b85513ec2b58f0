#include "graph/values/value_codec.h"

#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/values/random_values.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

constexpr uint8_t kFormat = 1;

std::string Written(const std::function<void(RecordWriter&)>& write) {
  std::string bytes;
  RecordWriter writer(&bytes, kFormat);
  write(writer);
  return bytes;
}

std::string WrittenValue(const Value& value) {
  return Written([&](RecordWriter& out) { WriteValue(value, out); });
}

absl::StatusOr<Value> ReadBack(absl::string_view bytes) {
  RecordReader reader(bytes, "a record of the test", kFormat);
  Value value = ReadValue(reader);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return value;
}

// A record of the tag and the payload given.
absl::StatusOr<Value> ReadRaw(const std::vector<int>& bytes) {
  std::string record(1, static_cast<char>(kFormat));
  for (const int byte : bytes) record.push_back(static_cast<char>(byte));
  return ReadBack(record);
}

TEST(ValueRecordTest, RandomValuesComeBackBitForBit) {
  RandomValues values(12);
  for (int i = 0; i < 200'000; ++i) {
    const Value value = values.Any(3);
    const absl::StatusOr<Value> read = ReadBack(WrittenValue(value));
    ASSERT_THAT(read, IsOk()) << value.ToString();
    ASSERT_TRUE(Identical(*read, value)) << value.ToString() << " as " << read->ToString();
  }
}

TEST(ValueRecordTest, SmallValuesAreSmall) {
  EXPECT_EQ(WrittenValue(Value()).size(), 1 + 1);
  EXPECT_EQ(WrittenValue(Value::Int(7)).size(), 1 + 2);
  EXPECT_EQ(WrittenValue(Value::Of<int64_t>(7, Qualifier::kUpTo)).size(), 1 + 2);
  EXPECT_EQ(WrittenValue(Value::String("ab")).size(), 1 + 4);
}

TEST(ValueRecordTest, TheDeepestListComesBackADeeperOneIsDamage) {
  Value value = Value::Int(1);
  for (int i = 0; i < Value::kDeepestList; ++i) value = Value::Of(Value::List{value});
  EXPECT_TRUE(Identical(*ReadBack(WrittenValue(value)), value));
  value = Value::Of(Value::List{value});
  EXPECT_THAT(ReadBack(WrittenValue(value)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("nested too deep")));
}

TEST(ValueRecordTest, TruncationIsDataLossAtEveryByte) {
  RandomValues values(13);
  for (int i = 0; i < 2'000; ++i) {
    const std::string bytes = WrittenValue(values.Any());
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(ReadBack(bytes.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
    }
  }
}

TEST(ValueRecordTest, FlippedBitsNeverCrashAndGiveValidValuesOrDataLoss) {
  RandomValues values(14);
  int damaged = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes = WrittenValue(values.Any());
    for (uint64_t flips = 1 + values.Below(3); flips > 0; --flips) {
      char& byte = bytes[1 + values.Below(bytes.size() - 1)];
      byte = static_cast<char>(byte ^ (1 << values.Below(8)));
    }
    const absl::StatusOr<Value> read = ReadBack(bytes);
    if (read.ok()) {
      // What is read can be shown and written.
      EXPECT_FALSE(WrittenValue(*read).empty());
      EXPECT_EQ(TotalOrder(*read, *read), 0);
      read->ToString();
    } else {
      EXPECT_THAT(read, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("a record of the test")));
      ++damaged;
    }
  }
  EXPECT_GT(damaged, 10'000);
}

TEST(ValueRecordTest, FieldsOutOfRangeAreDamage) {
  const std::vector<int> records[] = {
      {static_cast<int>(ValueType::kMap)},
      {static_cast<int>(ValueType::kInt64) | 7 << 4, 0},
      {static_cast<int>(ValueType::kInt64) | 0x80, 0},
      {static_cast<int>(ValueType::kBool), 2},
      {static_cast<int>(ValueType::kDecimal), 39, 0, 0},
      {static_cast<int>(ValueType::kDecimal), 0, 2, 0},
      {static_cast<int>(ValueType::kMoney), 'u', 's', 'd', 0, 0, 0},
      {static_cast<int>(ValueType::kLocalTime), 1},
      {static_cast<int>(ValueType::kTime), 0, 0xff, 0xff, 0xff, 0xff, 0x7f},
      {static_cast<int>(ValueType::kLocalDateTime), 0, 1},
      {static_cast<int>(ValueType::kDateTime), 0, 0, 0, 1, ' '},
      {static_cast<int>(ValueType::kDuration), 0, 0, 0, 1},
      {static_cast<int>(ValueType::kList), 2, 0},
  };
  for (const std::vector<int>& record : records) {
    EXPECT_THAT(ReadRaw(record), StatusIs(absl::StatusCode::kDataLoss))
        << testing::PrintToString(record);
  }
}

TEST(ValueRecordTest, AMantissaOf39DigitsIsDamage) {
  const std::string bytes = Written([](RecordWriter& out) {
    out.WriteUint8(static_cast<uint8_t>(ValueType::kDecimal));
    out.WriteUint8(0);
    out.WriteUint8(1);
    out.WriteFixed64(std::numeric_limits<int64_t>::max());
    out.WriteFixed64(0);
  });
  EXPECT_THAT(ReadBack(bytes), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("out of range")));
}

Interval ReadIntervalBack(absl::string_view bytes, absl::Status* status) {
  RecordReader reader(bytes, "a record of the test", kFormat);
  const Interval interval = ReadInterval(reader);
  *status = reader.Finish();
  return interval;
}

std::string WrittenInterval(const Interval& interval) {
  return Written([&](RecordWriter& out) { WriteInterval(interval, out); });
}

void ExpectIntervalComesBack(const Interval& interval) {
  absl::Status status;
  const Interval read = ReadIntervalBack(WrittenInterval(interval), &status);
  RELATA_EXPECT_OK(status);
  EXPECT_EQ(read, interval) << interval.from.ToString() << " to " << interval.to.ToString();
}

TEST(IntervalRecordTest, RandomIntervalsComeBack) {
  RandomValues values(15);
  for (int i = 0; i < 100'000; ++i) {
    ExpectIntervalComesBack({values.AnyBound(BoundRole::kFrom), values.AnyBound(BoundRole::kTo)});
  }
}

TEST(BoundRecordTest, BoundsThatTheirKindDoesNotImplyComeBack) {
  const Instant infinities[] = {kMinusInfinity, -1, 0, 1'000'003, kPlusInfinity};
  for (int kind = 0; kind <= static_cast<int>(BoundKind::kCut); ++kind) {
    for (const Instant earliest : infinities) {
      for (const Instant latest : infinities) {
        for (int flags = 0; flags < 4; ++flags) {
          const Bound bound{earliest, latest, static_cast<BoundKind>(kind), (flags & 1) != 0,
                            (flags & 2) != 0};
          const std::string bytes = Written([&](RecordWriter& out) { WriteBound(bound, out); });
          RecordReader reader(bytes, "a record of the test", kFormat);
          const BoundRole role = latest == kPlusInfinity ? BoundRole::kTo : BoundRole::kFrom;
          EXPECT_EQ(ReadBound(role, reader), bound) << bound.ToString();
          RELATA_EXPECT_OK(reader.Finish());
        }
      }
    }
  }
}

TEST(IntervalRecordTest, CommonIntervalsAreSmall) {
  EXPECT_EQ(WrittenInterval(Interval{}).size(), 1 + 1);
  const Interval since_a_day{*Bound::Parse("2026-03-11", BoundRole::kFrom),
                             Bound::Unbounded(BoundRole::kTo)};
  EXPECT_EQ(WrittenInterval(since_a_day).size(), 1 + 4 + 1);
}

TEST(IntervalRecordTest, DamageIsDataLossOrAnotherInterval) {
  RandomValues values(16);
  int damaged = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes =
        WrittenInterval({values.AnyBound(BoundRole::kFrom), values.AnyBound(BoundRole::kTo)});
    const uint64_t bit = values.Below(8 * (bytes.size() - 1));
    char& byte = bytes[1 + bit / 8];
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    absl::Status status;
    const Interval read = ReadIntervalBack(bytes, &status);
    if (status.ok()) {
      ExpectIntervalComesBack(read);
      read.from.ToString();
    } else {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss));
      ++damaged;
    }
  }
  EXPECT_GT(damaged, 10'000);
}

// A record of the bound's tag and its numbers.
absl::Status ReadRawBound(int tag, const std::vector<int64_t>& numbers) {
  const std::string bytes = Written([&](RecordWriter& out) {
    out.WriteUint8(static_cast<uint8_t>(tag));
    for (const int64_t number : numbers) out.WriteZigZag64(number);
  });
  RecordReader reader(bytes, "a record of the test", kFormat);
  ReadBound(BoundRole::kFrom, reader);
  return reader.Finish();
}

TEST(BoundRecordTest, UnknownKindsAndNumbersOutOfRangeAreDamage) {
  constexpr int kZonedInstant = 15;
  RELATA_EXPECT_OK(ReadRawBound(static_cast<int>(BoundKind::kYear), {1}));
  RELATA_EXPECT_OK(ReadRawBound(kZonedInstant, {0, int64_t{-18} * 60}));
  const std::tuple<int, std::vector<int64_t>, const char*> records[] = {
      {9, {0}, "unknown kind"},
      {0x80 | static_cast<int>(BoundKind::kDay), {0}, "unknown kind"},
      {0x40 | kZonedInstant, {0, 0}, "unknown kind"},
      {static_cast<int>(BoundKind::kYear), {0}, "out of range"},
      {static_cast<int>(BoundKind::kCut), {0}, "out of range"},  // without its instants
      {kZonedInstant, {0, 18 * 60 + 1}, "out of range"},
      {kZonedInstant, {kPlusInfinity, 60}, "out of range"},
  };
  for (const auto& [tag, numbers, reason] : records) {
    EXPECT_THAT(ReadRawBound(tag, numbers),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(reason)))
        << tag;
  }
}

}  // namespace
}  // namespace relata
