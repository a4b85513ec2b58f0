#ifndef RELATA_GRAPH_ADJACENCY_NODE_SET_H_
#define RELATA_GRAPH_ADJACENCY_NODE_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "base/ids.h"

namespace relata {

// A set of nodes that grows: for searches that ask of each edge whether its end was met before. A
// small set is hashed; a larger one has a bit for each id, in pages that are made on need, since
// ids are dense: then asking is two loads. Not thread-safe.
class NodeSet {
 public:
  // Whether it was not there.
  bool insert(EntityId node) {
    if (!in_pages_) return InsertHashed(node);
    uint64_t& word = WordOf(node.value());
    const uint64_t bit = uint64_t{1} << (node.value() % kWordBits);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    size_ += fresh ? 1 : 0;
    return fresh;
  }
  // Appends those of the nodes that were not there to `fresh`, each once, in their order.
  void InsertAll(absl::Span<const EntityId> nodes, std::vector<EntityId>* fresh);
  bool contains(EntityId node) const {
    if (!in_pages_) return hashed_.contains(node);
    const uint64_t page = node.value() / kPageBits;
    if (page >= pages_.size() || pages_[page] == nullptr) return false;
    const uint64_t word = (*pages_[page])[node.value() % kPageBits / kWordBits];
    return (word >> (node.value() % kWordBits) & 1) != 0;
  }
  size_t size() const { return in_pages_ ? size_ : hashed_.size(); }
  // Keeps its memory.
  void clear();
  size_t Bytes() const {
    return hashed_.capacity() * (sizeof(EntityId) + 1) + pages_.capacity() * sizeof(pages_[0]) +
           page_count_ * sizeof(Page);
  }

 private:
  static constexpr size_t kMostHashed = 256;
  static constexpr uint64_t kWordBits = 64;
  static constexpr uint64_t kPageBits = 4096;
  using Page = std::array<uint64_t, kPageBits / kWordBits>;

  bool InsertHashed(EntityId node);
  uint64_t& WordOf(uint64_t id) {
    const uint64_t page = id / kPageBits;
    if (page >= pages_.size() || pages_[page] == nullptr) MakePage(page);
    return (*pages_[page])[id % kPageBits / kWordBits];
  }
  void MakePage(uint64_t page);

  bool in_pages_ = false;
  size_t size_ = 0;  // of what is in pages
  absl::flat_hash_set<EntityId> hashed_;
  std::vector<std::unique_ptr<Page>> pages_;  // by id; null: none of its ids
  size_t page_count_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_NODE_SET_H_
