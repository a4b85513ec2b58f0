#include "graph/query/executor/known_values.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

using Known = PropertyColumns::Column;

// The shape of all values that are not null; 0: all are null. nullopt: there are several.
std::optional<uint8_t> OneShape(const Known& known, const Known::Codes& codes) {
  uint8_t one = 0;
  for (const uint8_t shape : codes.shapes) {
    if (shape == one || known.ShapeOf(shape).type == ValueType::kNull) continue;
    if (one != 0) return std::nullopt;
    one = shape;
  }
  return one;
}

Column::Kind PackedKind(const Known::Shape& shape) {
  if (shape.qualifier != Qualifier::kExact) return Column::Kind::kDatum;
  switch (shape.type) {
    case ValueType::kBool:
      return Column::Kind::kBool;
    case ValueType::kInt64:
      return Column::Kind::kInt;
    case ValueType::kFloat64:
      return Column::Kind::kFloat;
    default:
      return Column::Kind::kDatum;
  }
}

// All of `shape` but for nulls.
Column Pack(Column::Kind kind, uint8_t shape, const Known::Codes& codes) {
  const size_t rows = codes.bits.size();
  Column column(kind);
  column.Resize(rows);
  const bool all = std::all_of(codes.shapes.begin(), codes.shapes.end(),
                               [shape](uint8_t of_row) { return of_row == shape; });
  if (all && kind == Column::Kind::kFloat) {
    std::memcpy(column.mutable_floats().data(), codes.bits.data(), rows * sizeof(double));
    return column;
  }
  for (size_t i = 0; i < rows; ++i) {
    const uint64_t bits = codes.bits[i];
    if (codes.shapes[i] != shape) {
      column.SetNull(i);
    } else if (kind == Column::Kind::kFloat) {
      column.mutable_floats()[i] = std::bit_cast<double>(bits);
    } else if (kind == Column::Kind::kInt) {
      column.mutable_ints()[i] = static_cast<int64_t>(bits);
    } else {
      column.mutable_bools()[i] = bits != 0 ? 1 : 0;
    }
  }
  return column;
}

}  // namespace

Column ColumnOfCodes(const Known& known, const Known::Codes& codes) {
  const std::optional<uint8_t> shape = OneShape(known, codes);
  if (shape && *shape != 0) {
    const Column::Kind kind = PackedKind(known.ShapeOf(*shape));
    if (kind != Column::Kind::kDatum) return Pack(kind, *shape, codes);
  }
  std::vector<Datum> values(codes.bits.size());
  absl::flat_hash_map<uint64_t, Datum> texts;
  for (size_t i = 0; i < values.size(); ++i) {
    const bool text = known.ShapeOf(codes.shapes[i]).type == ValueType::kString;
    if (!text) {
      values[i] = Datum::FromValue(known.Decode(codes.shapes[i], codes.bits[i]));
      continue;
    }
    const auto [it, is_new] = texts.try_emplace(codes.bits[i]);
    if (is_new) it->second = Datum::FromValue(known.Decode(codes.shapes[i], codes.bits[i]));
    values[i] = it->second;
  }
  return PackColumn(std::move(values));
}

Column ColumnOfValue(const Value& value) {
  Known::Shape shape;
  shape.type = value.type();
  shape.qualifier = value.qualifier();
  Column column(PackedKind(shape));
  column.Append(Datum::FromValue(value));
  return column;
}

}  // namespace relata::query
