#ifndef RELATA_GRAPH_ADJACENCY_TYPE_SETS_H_
#define RELATA_GRAPH_ADJACENCY_TYPE_SETS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/ids.h"

namespace relata {

// Sets of relationship types, each kept once under a small number: a graph has few different ones.
// Reading by number is lock-free; one writer at a time. Sets live as long as this.
class TypeSets {
 public:
  using Types = std::vector<TypeId>;  // ascending
  // Numbers are below; 0 is no set.
  static constexpr uint32_t kMostSets = uint32_t{1} << 17;

  const Types& Get(uint32_t number) const {
    return *chunks_[number / kChunk].load(std::memory_order_acquire)->sets[number % kChunk];
  }
  // The number of the set; 0 where there are too many.
  uint32_t Intern(const Types& types);
  size_t bytes() const { return bytes_; }

 private:
  static constexpr uint32_t kChunk = 256;
  struct Chunk {
    std::array<std::unique_ptr<const Types>, kChunk> sets;
  };
  std::array<std::atomic<Chunk*>, kMostSets / kChunk> chunks_{};
  std::vector<std::unique_ptr<Chunk>> owned_;
  absl::flat_hash_map<Types, uint32_t> numbers_;
  size_t bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_TYPE_SETS_H_
