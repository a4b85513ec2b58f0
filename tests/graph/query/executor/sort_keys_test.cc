#include "graph/query/executor/operators/sort_keys.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "tests/graph/query/runtime/random_data.h"

namespace relata::query {
namespace {

constexpr size_t kRows = 200;

// Of the kind alone but for nulls, where they are asked for; from a small pool.
Column DrawColumn(Column::Kind kind, bool nulls, bool nan, RandomData* random) {
  Column column(kind);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<double> floats = {0.0, -0.0, 1.5, -2.5, 1e300, kInfinity, -kInfinity, 5e-324};
  for (size_t row = 0; row < kRows; ++row) {
    const auto number = static_cast<int64_t>(random->Below(20)) - 10;
    const int64_t large = number * (std::numeric_limits<int64_t>::max() / 10);
    if (nulls && random->Below(5) == 0) {
      column.AppendNull();
    } else if (kind == Column::Kind::kInt) {
      column.Append(Datum::Int(random->Below(2) == 0 ? number : large));
    } else if (kind == Column::Kind::kDateTime) {
      column.Append(DateTimeAt(UtcTime{random->Below(2) == 0 ? number : large / 2}));
    } else if (nan && random->Below(9) == 0) {
      column.Append(Datum::Float(std::nan("")));
    } else {
      column.Append(Datum::Float(floats[random->Below(floats.size())]));
    }
  }
  return column;
}

TEST(RowOrderTest, IsThatOfTheKeysWhereTheFirstIsToldByNumbers) {
  RandomData random(11);
  for (int round = 0; round < 400; ++round) {
    const Column::Kind kinds[] = {Column::Kind::kInt, Column::Kind::kFloat,
                                  Column::Kind::kDateTime};
    std::vector<SortPlan::Key> keys(2);
    std::vector<Column> columns;
    for (SortPlan::Key& key : keys) {
      key.descending = random.Below(2) == 0;
      key.nulls_first = random.Below(2) == 0;
      columns.push_back(
          DrawColumn(kinds[random.Below(3)], random.Below(3) == 0, random.Below(3) == 0, &random));
    }
    std::vector<uint32_t> expected(kRows);
    std::iota(expected.begin(), expected.end(), 0);
    std::vector<uint32_t> sorted = expected;
    std::stable_sort(expected.begin(), expected.end(), [&](uint32_t i, uint32_t j) {
      return CompareKeys(keys, columns, i, columns, j) < 0;
    });
    RowOrder order(keys, columns);
    order.Prepare();
    std::sort(sorted.begin(), sorted.end(), [&](uint32_t i, uint32_t j) { return order(i, j); });
    EXPECT_EQ(sorted, expected);
  }
}

}  // namespace
}  // namespace relata::query
