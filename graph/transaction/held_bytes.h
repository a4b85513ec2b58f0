#ifndef RELATA_GRAPH_TRANSACTION_HELD_BYTES_H_
#define RELATA_GRAPH_TRANSACTION_HELD_BYTES_H_

#include <cstddef>
#include <string>

#include "graph/store/states.h"

namespace relata {

// What the allocator keeps beside a block, about.
inline constexpr size_t kAllocationBytes = 16;

// About how many bytes a value holds on the heap, beyond its own size. Time grows with what is in
// it.
size_t HeapBytes(const std::string& text);
// About how many bytes the window of recent writes takes for a logical key that is written: twice
// the key, in a list and in a tree.
size_t WindowBytes(const std::string& logical_key);
size_t HeapBytes(const EntityState& state);
size_t HeapBytes(const RelationshipState& state);

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_HELD_BYTES_H_
