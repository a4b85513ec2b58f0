#include "graph/algorithms/vertex_numbering.h"

#include <algorithm>
#include <utility>

namespace relata {
namespace {

// A table is made where it has at most so many places a vertex.
constexpr uint64_t kPlacesPerVertex = 4;

}  // namespace

VertexNumbering::VertexNumbering(std::vector<EntityId> entities) : entities_(std::move(entities)) {
  entities_.shrink_to_fit();
  if (entities_.empty()) return;
  const uint64_t first = entities_.front().value();
  const uint64_t places = entities_.back().value() - first + 1;
  if (places > kPlacesPerVertex * entities_.size()) return;
  table_.assign(places, kNoVertex);
  for (size_t i = 0; i < entities_.size(); ++i) {
    table_[entities_[i].value() - first] = static_cast<VertexIndex>(i);
  }
}

VertexIndex VertexNumbering::Find(EntityId entity) const {
  if (!table_.empty()) {
    // Wraps around for an id below the first, and then is too large too.
    const uint64_t place = entity.value() - entities_.front().value();
    return place < table_.size() ? table_[place] : kNoVertex;
  }
  const auto found = std::lower_bound(entities_.begin(), entities_.end(), entity);
  if (found == entities_.end() || *found != entity) return kNoVertex;
  return static_cast<VertexIndex>(found - entities_.begin());
}

size_t VertexNumbering::bytes() const {
  return entities_.capacity() * sizeof(EntityId) + table_.capacity() * sizeof(VertexIndex);
}

}  // namespace relata
