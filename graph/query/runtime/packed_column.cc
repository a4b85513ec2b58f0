#include "graph/query/runtime/packed_column.h"

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

}  // namespace

Column PackColumn(std::vector<Datum> values) {
  const std::optional<Datum::Kind> kind = OneKind(values);
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
