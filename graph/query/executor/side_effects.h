#ifndef RELATA_GRAPH_QUERY_EXECUTOR_SIDE_EFFECTS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_SIDE_EFFECTS_H_

#include <cstdint>

namespace relata::query {

// What a statement changed: net effects by identity within the statement. What it made and deleted
// again counts as nothing.
struct SideEffects {
  uint64_t nodes_created = 0;
  uint64_t nodes_deleted = 0;
  uint64_t relationships_created = 0;
  uint64_t relationships_deleted = 0;
  uint64_t properties_set = 0;  // (entity, property) pairs whose facts changed, removed ones
                                // included; not those of what was deleted
  uint64_t labels_added = 0;    // (node, label) pairs
  uint64_t labels_removed = 0;
  uint64_t indexes_added = 0;
  uint64_t indexes_removed = 0;
  uint64_t constraints_added = 0;
  uint64_t constraints_removed = 0;

  bool any() const;
  SideEffects& operator+=(const SideEffects& other) {
    nodes_created += other.nodes_created;
    nodes_deleted += other.nodes_deleted;
    relationships_created += other.relationships_created;
    relationships_deleted += other.relationships_deleted;
    properties_set += other.properties_set;
    labels_added += other.labels_added;
    labels_removed += other.labels_removed;
    indexes_added += other.indexes_added;
    indexes_removed += other.indexes_removed;
    constraints_added += other.constraints_added;
    constraints_removed += other.constraints_removed;
    return *this;
  }
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_SIDE_EFFECTS_H_
