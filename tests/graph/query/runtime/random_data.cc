#include "tests/graph/query/runtime/random_data.h"

#include <string>
#include <utility>

namespace relata::query {

NodeRef RandomData::Node() { return {EntityId(1 + Below(3)), static_cast<ContextId>(Below(2))}; }

RelationshipRef RandomData::Relationship() {
  return {{RelationshipId(1 + Below(3)), TypeId(1), EntityId(1), EntityId(2)},
          FactId(1 + Below(2)),
          static_cast<ContextId>(Below(2))};
}

Datum RandomData::Any(int depth) {
  const uint64_t draw = Below(depth > 0 ? 12 : 8);
  if (draw < 6) return Datum::FromValue(values_.Any(depth > 0 ? 1 : 0));
  if (draw == 6) return Datum::Of(Node());
  if (draw == 7) return Datum::Of(Relationship());
  if (draw == 8) {
    PathValue path;
    path.nodes.push_back(Node());
    for (uint64_t steps = Below(3); steps > 0; --steps) {
      path.relationships.push_back(Relationship());
      path.nodes.push_back(Node());
    }
    return Datum::Of(std::move(path));
  }
  if (draw < 11) {
    Datum::List list;
    for (uint64_t size = Below(4); size > 0; --size) list.push_back(Any(depth - 1));
    return Datum::Of(std::move(list));
  }
  Datum::Map map;
  for (uint64_t size = Below(4); size > 0; --size) {
    map.emplace_back(std::string(1, static_cast<char>('a' + Below(3))), Any(depth - 1));
  }
  return Datum::SortedMap(std::move(map));
}

}  // namespace relata::query
