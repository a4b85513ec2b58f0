#include "graph/query/executor/operators/sort_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace relata::query {
namespace {

template <typename T>
int CompareNumbers(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Neither is null.
int CompareValues(const Column& a, size_t i, const Column& b, size_t j) {
  if (a.kind() != b.kind()) return CompareOrder(a.Get(i), b.Get(j));
  switch (a.kind()) {
    case Column::Kind::kInt:
      return CompareNumbers(a.ints()[i], b.ints()[j]);
    case Column::Kind::kBool:
      return CompareNumbers(a.bools()[i], b.bools()[j]);
    case Column::Kind::kDateTime:
      return CompareNumbers(a.times()[i].micros, b.times()[j].micros);
    case Column::Kind::kDatum:
      return CompareOrder(a.data()[i], b.data()[j]);
    case Column::Kind::kFloat: {
      const double x = a.floats()[i];
      const double y = b.floats()[j];
      // Whatever is not plainly less or greater (NaN) is left to the order of all values.
      if (x < y) return -1;
      if (x > y) return 1;
      return x == y ? 0 : CompareOrder(Datum::Float(x), Datum::Float(y));
    }
    default:
      return CompareOrder(a.Get(i), b.Get(j));
  }
}

// A number as one without sign, in the same order.
uint64_t Ordered(int64_t number) { return static_cast<uint64_t>(number) ^ (uint64_t{1} << 63); }
// Not for NaN; -0.0 is 0.0.
uint64_t Ordered(double number) {
  const auto bits = std::bit_cast<uint64_t>(number + 0.0);
  return (bits >> 63) != 0 ? ~bits : bits | (uint64_t{1} << 63);
}

template <typename T, typename Of>
bool OrderedAll(const std::vector<T>& values, const Of& of, std::vector<uint64_t>* out) {
  out->reserve(values.size());
  for (const T& value : values) out->push_back(Ordered(of(value)));
  return true;
}

// Numbers that are ordered as the values of the column are; false: it has others.
bool OrderedColumn(const Column& column, std::vector<uint64_t>* out) {
  out->clear();
  if (!column.nulls().empty()) return false;
  switch (column.kind()) {
    case Column::Kind::kInt:
      return OrderedAll(
          column.ints(), [](int64_t i) { return i; }, out);
    case Column::Kind::kDateTime:
      return OrderedAll(
          column.times(), [](UtcTime time) { return time.micros; }, out);
    case Column::Kind::kFloat: {
      const std::vector<double>& floats = column.floats();
      if (std::any_of(floats.begin(), floats.end(), [](double d) { return std::isnan(d); })) {
        return false;
      }
      return OrderedAll(
          floats, [](double d) { return d; }, out);
    }
    default:
      return false;
  }
}

}  // namespace

void RowOrder::Prepare() {
  first_.clear();
  if (columns_.empty() || !OrderedColumn(columns_[0], &first_)) first_.clear();
  if (first_.empty() || !keys_[0].descending) return;
  for (uint64_t& number : first_) number = ~number;
}

int CompareKeys(const std::vector<SortPlan::Key>& keys, const std::vector<Column>& a, size_t i,
                const std::vector<Column>& b, size_t j) {
  for (size_t k = 0; k < keys.size(); ++k) {
    const bool null_a = a[k].IsNull(i);
    const bool null_b = b[k].IsNull(j);
    if (null_a || null_b) {
      if (null_a && null_b) continue;
      return null_a == keys[k].nulls_first ? -1 : 1;
    }
    const int order = CompareValues(a[k], i, b[k], j);
    if (order != 0) return keys[k].descending ? -order : order;
  }
  return 0;
}

}  // namespace relata::query
