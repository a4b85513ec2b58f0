// Columns of every kind against a plain vector of data, by random steps.

#include "graph/query/runtime/column.h"

#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/graph/query/runtime/random_data.h"

namespace relata::query {
namespace {

constexpr Column::Kind kKinds[] = {
    Column::Kind::kDatum, Column::Kind::kBool,         Column::Kind::kInt,     Column::Kind::kFloat,
    Column::Kind::kNode,  Column::Kind::kRelationship, Column::Kind::kDateTime};

// Mostly of the kind that the column packs.
Datum DrawFor(Column::Kind kind, RandomData* random) {
  const uint64_t draw = random->Below(12);
  if (draw == 0) return random->Any(1);
  if (draw < 3) return {};
  const auto number = static_cast<int64_t>(random->Below(100));
  switch (kind) {
    case Column::Kind::kBool:
      return Datum::Bool(number < 50);
    case Column::Kind::kInt:
      return Datum::Int(number);
    case Column::Kind::kFloat:
      return Datum::Float(static_cast<double>(number) / 2);
    case Column::Kind::kNode:
      return Datum::Of(NodeRef{EntityId(1 + random->Below(9)), 0});
    case Column::Kind::kRelationship:
      return Datum::Of(RelationshipRef{
          {RelationshipId(1 + random->Below(9)), TypeId(1), EntityId(1), EntityId(2)},
          FactId(1),
          0});
    case Column::Kind::kDateTime:
      return DateTimeAt(UtcTime{(number - 50) * 123'456'789});
    case Column::Kind::kDatum:
      break;
  }
  return random->Any(1);
}

void ExpectSame(const Column& column, const std::vector<Datum>& expected) {
  ASSERT_EQ(column.size(), expected.size());
  for (size_t row = 0; row < expected.size(); ++row) {
    EXPECT_TRUE(EquivalentData(column.Get(row), expected[row])) << row;
    EXPECT_EQ(column.Get(row).kind(), expected[row].kind()) << row;
    EXPECT_EQ(column.IsNull(row), expected[row].is_null()) << row;
  }
}

TEST(ColumnTest, HoldsWhatWasAppended) {
  RandomData random(5);
  for (int round = 0; round < 3000; ++round) {
    const Column::Kind kind = kKinds[random.Below(std::size(kKinds))];
    Column column(kind);
    Column other(
        kKinds[random.Below(2) == 0 ? random.Below(std::size(kKinds)) : static_cast<size_t>(kind)]);
    std::vector<Datum> expected;
    std::vector<Datum> expected_other;
    for (uint64_t rows = random.Below(8); rows > 0; --rows) {
      expected_other.push_back(DrawFor(other.kind(), &random));
      other.Append(expected_other.back());
    }
    for (uint64_t steps = random.Below(12); steps > 0; --steps) {
      switch (random.Below(5)) {
        case 0:
          column.AppendAll(other);
          expected.insert(expected.end(), expected_other.begin(), expected_other.end());
          break;
        case 1: {
          std::vector<uint32_t> rows;
          for (uint32_t row = 0; row < expected_other.size(); ++row) {
            if (random.Below(2) == 0) rows.push_back(row);
          }
          column.AppendGathered(other, rows);
          for (const uint32_t row : rows) expected.push_back(expected_other[row]);
          break;
        }
        case 2:
          if (expected_other.empty()) break;
          column.AppendFrom(other, expected_other.size() - 1);
          expected.push_back(expected_other.back());
          break;
        case 3:
          column.Truncate(expected.size() / 2);
          expected.resize(expected.size() / 2);
          break;
        default:
          expected.push_back(DrawFor(kind, &random));
          column.Append(expected.back());
      }
      ExpectSame(column, expected);
    }
    other.Clear();
    ExpectSame(other, {});
  }
}

TEST(ColumnTest, PacksTimesOfUtcInWholeMicrosecondsAlone) {
  for (const Instant micros : {Instant{0}, Instant{-1}, Instant{1'500'000},
                               kPlusInfinity - 1'999'999, kMinusInfinity + 1'999'999}) {
    const std::optional<UtcTime> time = UtcTimeOf(DateTimeAt(UtcTime{micros}));
    ASSERT_TRUE(time) << micros;
    EXPECT_EQ(time->micros, micros);
  }
  DateTime other;
  other.nanos = 1;
  EXPECT_FALSE(UtcTimeOf(Datum::FromValue(Value::Of(DateTime(other)))));
  other = DateTime();
  other.offset_seconds = 3600;
  EXPECT_FALSE(UtcTimeOf(Datum::FromValue(Value::Of(DateTime(other)))));
  other = DateTime();
  other.zone = "Europe/London";
  EXPECT_FALSE(UtcTimeOf(Datum::FromValue(Value::Of(DateTime(other)))));
  other = DateTime();
  other.seconds = std::numeric_limits<int64_t>::max();
  EXPECT_FALSE(UtcTimeOf(Datum::FromValue(Value::Of(DateTime(other)))));
  EXPECT_FALSE(UtcTimeOf(Datum::Int(0)));
}

TEST(ColumnTest, PacksValuesInPlace) {
  Column column(Column::Kind::kInt);
  column.Resize(3);
  column.mutable_ints() = {1, 2, 3};
  EXPECT_TRUE(column.nulls().empty());
  column.SetNull(1);
  ExpectSame(column, {Datum::Int(1), Datum(), Datum::Int(3)});
  ExpectSame(column.Gather(std::vector<uint32_t>{2, 1, 2}),
             {Datum::Int(3), Datum(), Datum::Int(3)});
}

TEST(BatchTest, KeepsTheRowsNamed) {
  Batch batch;
  batch.rows = 3;
  batch.columns.emplace_back(Column::Kind::kInt);
  for (int i = 0; i < 3; ++i) batch.columns[0].Append(Datum::Int(i));
  batch.Keep(std::vector<uint32_t>{0, 2});
  EXPECT_EQ(batch.rows, 2u);
  ExpectSame(batch.columns[0], {Datum::Int(0), Datum::Int(2)});
}

}  // namespace
}  // namespace relata::query
