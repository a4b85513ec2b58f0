#ifndef RELATA_STORAGE_RUN_CHUNK_H_
#define RELATA_STORAGE_RUN_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/run_entry.h"

namespace relata {

// Entries in memory, sorted by key in two steps: Sort moves them into groups that follow one
// another and each fit the processor's cache; within a group they are put in order when it is read,
// while it is in the cache. Entries that were added in order stay as they lie. Not thread-safe, but
// after Sort different threads may read.
class RunChunk {
 public:
  RunChunk();
  ~RunChunk();
  RunChunk(const RunChunk&) = delete;
  RunChunk& operator=(const RunChunk&) = delete;

  // Copies the bytes. Keys must all differ.
  void Add(absl::string_view key, absl::string_view value, bool marked);
  bool empty() const { return entries_ == 0; }
  // Bytes of memory that entries take.
  size_t memory() const { return memory_bytes_; }

  // No Add after it; what follows needs it.
  void Sort();
  // Entries lie in so many stretches: the keys of one are below those of the next.
  size_t stretches() const;
  size_t StretchBytes(size_t stretch) const;
  // The lowest key of the stretch; empty where it has no entry.
  absl::string_view LowestKey(size_t stretch) const;
  // How many stretches have a key below `key`, or lie before one that has. Cost: a pass over a
  // dozen of them.
  size_t StretchesBelow(absl::string_view key) const;
  // The entries of stretches [begin, end), from the key `from` on.
  std::unique_ptr<RunEntrySource> Read(size_t begin, size_t end, absl::string_view from) const;

 private:
  class KeyBits;
  class Reader;
  // Entries lie in blocks one behind the other.
  struct Block {
    char* bytes = nullptr;  // a part of memory_
    size_t used = 0;
    size_t size = 0;
  };
  using Group = std::vector<Block>;
  struct Place {
    uint64_t order;  // the first 64 bits of the key that differ between entries
    const char* entry;
  };

  // Room for `bytes` at the end of the group; in a new block where the last has none.
  template <typename MakeBlock>
  static char* Allocate(size_t bytes, MakeBlock new_block, Group& group);
  Block NewBlock(size_t bytes);
  // Calls `visit` with each entry of the group as it lies there.
  template <typename Visit>
  static void ForEach(const Group& group, Visit visit);
  void Distribute();
  // The entries of a group in order.
  void SortGroup(const Group& group, std::vector<Place>* places) const;

  // One group in the order added, until Sort.
  std::vector<Group> groups_;
  std::vector<std::unique_ptr<char[]>> memory_;
  size_t memory_bytes_ = 0;
  uint64_t entries_ = 0;
  // Whether they were added in order, and the last key.
  bool in_order_ = true;
  absl::string_view last_key_;
  // What orders them, after Sort; null where they were added in order.
  std::unique_ptr<const KeyBits> bits_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_RUN_CHUNK_H_
