#include "graph/query/runtime/packed_column.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace relata::query {
namespace {

std::optional<Column::Kind> PackedKind(Datum::Kind kind) {
  switch (kind) {
    case Datum::Kind::kBool:
      return Column::Kind::kBool;
    case Datum::Kind::kInt:
      return Column::Kind::kInt;
    case Datum::Kind::kFloat:
      return Column::Kind::kFloat;
    case Datum::Kind::kNode:
      return Column::Kind::kNode;
    case Datum::Kind::kRelationship:
      return Column::Kind::kRelationship;
    default:
      return std::nullopt;
  }
}

// kNull: nothing but nulls. nullopt: different kinds.
std::optional<Datum::Kind> OneKind(const std::vector<Datum>& values) {
  Datum::Kind kind = Datum::Kind::kNull;
  for (const Datum& value : values) {
    if (value.is_null() || value.kind() == kind) continue;
    if (kind != Datum::Kind::kNull) return std::nullopt;
    kind = value.kind();
  }
  return kind;
}

// nullopt: some are no times that a column packs.
std::optional<Column> PackTimes(const std::vector<Datum>& values) {
  const auto first = std::find_if(values.begin(), values.end(),
                                  [](const Datum& value) { return !value.is_null(); });
  if (first == values.end() || !UtcTimeOf(*first)) return std::nullopt;
  Column column(Column::Kind::kDateTime);
  column.Resize(values.size());
  for (size_t row = 0; row < values.size(); ++row) {
    if (values[row].is_null()) {
      column.SetNull(row);
      continue;
    }
    const std::optional<UtcTime> time = UtcTimeOf(values[row]);
    if (!time) return std::nullopt;
    column.mutable_times()[row] = *time;
  }
  return column;
}

}  // namespace

Column PackColumn(std::vector<Datum> values) {
  const std::optional<Datum::Kind> kind = OneKind(values);
  if (kind == Datum::Kind::kScalar) {
    if (std::optional<Column> times = PackTimes(values)) return *std::move(times);
  }
  const std::optional<Column::Kind> packed = kind ? PackedKind(*kind) : std::nullopt;
  Column column(packed.value_or(Column::Kind::kDatum));
  if (!packed) {
    column.Resize(values.size());
    column.mutable_data() = std::move(values);
    return column;
  }
  column.Reserve(values.size());
  for (const Datum& value : values) column.Append(value);
  return column;
}

}  // namespace relata::query
