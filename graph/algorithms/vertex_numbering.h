#ifndef RELATA_GRAPH_ALGORITHMS_VERTEX_NUMBERING_H_
#define RELATA_GRAPH_ALGORITHMS_VERTEX_NUMBERING_H_

#include <cstddef>
#include <vector>

#include "base/ids.h"
#include "graph/algorithms/arcs.h"

namespace relata {

// Entities numbered 0, 1, … in the order of their ids, so that of two vertices the one with the
// lower number is the one with the lower id. Immutable, thread-safe.
class VertexNumbering {
 public:
  VertexNumbering() = default;
  // `entities` ascend and are distinct; fewer than kNoVertex.
  explicit VertexNumbering(std::vector<EntityId> entities);

  size_t size() const { return entities_.size(); }
  // Precondition: vertex < size().
  EntityId entity(VertexIndex vertex) const { return entities_[vertex]; }
  // kNoVertex where the entity has no number. O(1) where the ids lie close together, else
  // O(log n).
  VertexIndex Find(EntityId entity) const;
  // Of memory.
  size_t bytes() const;

 private:
  std::vector<EntityId> entities_;
  std::vector<VertexIndex> table_;  // by id from the lowest on; empty: search
};

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_VERTEX_NUMBERING_H_
