#include "graph/query/executor/operators/walk_steps.h"

#include <algorithm>

namespace relata::query {
namespace {

// Up to here a list is looked through, beyond it searched.
constexpr size_t kFew = 16;

}  // namespace

Direction ToDirection(EdgeDirection direction) {
  switch (direction) {
    case EdgeDirection::kOut:
      return Direction::kOut;
    case EdgeDirection::kIn:
      return Direction::kIn;
    case EdgeDirection::kEither:
      return Direction::kEither;
  }
  return Direction::kEither;
}

std::optional<std::vector<Step>> ResolveSteps(const NameTable& names,
                                              const std::vector<std::string>& types,
                                              EdgeDirection direction) {
  std::vector<Step> steps;
  if (types.empty()) steps.push_back({TypeId(), ToDirection(direction)});
  for (const std::string& name : types) {
    if (const std::optional<TypeId> type = names.FindType(name)) {
      steps.push_back({*type, ToDirection(direction)});
    }
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

bool FitsType(const std::vector<Step>& steps, TypeId type) {
  return std::any_of(steps.begin(), steps.end(),
                     [type](const Step& step) { return !step.type.valid() || step.type == type; });
}

std::optional<NodeRef> NodeAt(const Column& column, size_t row) {
  if (column.IsNull(row)) return std::nullopt;
  if (column.kind() == Column::Kind::kNode) return column.nodes()[row];
  if (column.kind() != Column::Kind::kDatum) return std::nullopt;
  const Datum& value = column.data()[row];
  if (value.kind() != Datum::Kind::kNode) return std::nullopt;
  return value.AsNode();
}

void ExcludedIds::Add(const Datum& value) {
  if (value.kind() == Datum::Kind::kRelationship) {
    ids_.push_back(value.AsRelationship().ends.id);
  } else if (value.is_list()) {
    for (const Datum& element : value.AsList()) {
      if (element.kind() == Datum::Kind::kRelationship) Add(element);
    }
  }
}

void ExcludedIds::Load(const Batch& batch, size_t row) {
  ids_.clear();
  for (const size_t index : columns_) {
    const Column& column = batch.columns[index];
    if (column.IsNull(row)) continue;
    if (column.kind() == Column::Kind::kRelationship) {
      ids_.push_back(column.relationships()[row].ends.id);
    } else if (column.kind() == Column::Kind::kDatum) {
      Add(column.data()[row]);
    }
  }
  if (ids_.size() > kFew) std::sort(ids_.begin(), ids_.end());
}

bool ExcludedIds::Contains(RelationshipId id) const {
  if (ids_.size() > kFew) return std::binary_search(ids_.begin(), ids_.end(), id);
  return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
}

}  // namespace relata::query
