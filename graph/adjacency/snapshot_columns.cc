#include "graph/adjacency/snapshot_columns.h"

#include "graph/adjacency/adjacency_cache.h"

namespace relata {

std::shared_ptr<PropertyColumns> ColumnsOf(const Snapshot& snapshot) {
  AdjacencyCache* const cache = snapshot.adjacency_cache();
  if (cache == nullptr) return nullptr;
  if (!snapshot.store().at_head()) return cache->past_columns().At(snapshot.version());
  // Owned by the cache.
  return std::shared_ptr<PropertyColumns>(std::shared_ptr<void>(), &cache->columns());
}

}  // namespace relata
