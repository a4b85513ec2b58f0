#include "graph/query/executor/operators/sort_keys.h"

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

}  // namespace

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
