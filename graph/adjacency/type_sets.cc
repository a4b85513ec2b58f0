#include "graph/adjacency/type_sets.h"

namespace relata {

uint32_t TypeSets::Intern(const Types& types) {
  const auto found = numbers_.find(types);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<uint32_t>(numbers_.size()) + 1;
  if (number >= kMostSets) return 0;
  if (number / kChunk >= owned_.size()) {
    owned_.push_back(std::make_unique<Chunk>());
    bytes_ += sizeof(Chunk);
    chunks_[number / kChunk].store(owned_.back().get(), std::memory_order_release);
  }
  // Nobody has the number before it is returned and stored with release.
  owned_[number / kChunk]->sets[number % kChunk] = std::make_unique<const Types>(types);
  numbers_.emplace(types, number);
  bytes_ += 2 * (sizeof(Types) + types.size() * sizeof(TypeId)) + sizeof(number);
  return number;
}

}  // namespace relata
