#ifndef RELATA_STORAGE_RUN_SORTER_H_
#define RELATA_STORAGE_RUN_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// Sorts entries of a key, a value and a mark by key (memcmp), more than memory holds: what was
// added is sorted and put aside in a scratch file whenever the owner says so, and read back merged.
// Keys must all differ, have at most kMaxKeyBytes, and the values at most kMaxValueBytes. Scratch
// files have no name, so they vanish with the process. Not thread-safe; different sorters are
// independent.
//
// Use: Add …, with Spill in between; Sort; then one RunMerge of it all, or one of each part.
class RunSorter {
 public:
  static constexpr size_t kMaxKeyBytes = (1 << 16) - 1;
  static constexpr size_t kMaxValueBytes = (size_t{1} << 31) - 1;

  // `scratch_folder`: where scratch files go; it must exist.
  explicit RunSorter(std::string scratch_folder);
  ~RunSorter();
  RunSorter(const RunSorter&) = delete;
  RunSorter& operator=(const RunSorter&) = delete;

  // Copies the bytes.
  void Add(absl::string_view key, absl::string_view value, bool marked = false);
  // Entries added so far, spilled ones included.
  uint64_t size() const { return size_; }
  // Bytes of memory that entries take. Sorting takes some tens of MiB more.
  size_t memory() const { return memory_bytes_; }

  // Sorts what is in memory, writes it to a scratch file and frees the memory. UNAVAILABLE where
  // the file cannot be written.
  absl::Status Spill();
  // Sorts what is in memory. No Add after it.
  void Sort();

  // A stretch of the sorted entries; those of a part are below those of the next.
  struct Part {
    size_t begin = 0;  // of groups, or of blocks where entries were added in order
    size_t end = 0;
  };
  // Parts of about `bytes` each, all entries in all; one where some are in scratch files. After
  // Sort.
  std::vector<Part> Parts(size_t bytes) const;

 private:
  friend class RunMerge;
  class KeyBits;
  // Entries lie in blocks one behind the other, as the source file says.
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
  Part All() const;

  const std::string scratch_folder_;
  // What is in memory: one group in the order added, until Sort makes groups of it that follow one
  // another and each fit the processor's cache. Within a group nothing is in order: that is done
  // when it is read, while it is in the cache.
  std::vector<Group> groups_;
  std::vector<std::unique_ptr<char[]>> memory_;
  size_t memory_bytes_ = 0;
  uint64_t in_memory_ = 0;
  uint64_t size_ = 0;
  // Of what is in memory: whether it was added in order, the last key, and after Sort what orders
  // it (null where it was added so).
  bool in_order_ = true;
  absl::string_view last_key_;
  std::unique_ptr<const KeyBits> bits_;
  std::vector<int> scratch_files_;  // descriptors, owned
};

// Reads the entries of a sorter, or of a part, in the order of their keys, once. Borrows the
// sorter, on which Sort was called. Not thread-safe; different parts are read on different threads.
//   for (RunMerge merge(&sorter); merge.Valid(); merge.Next()) …
//   RELATA_RETURN_IF_ERROR(merge.status());
class RunMerge {
 public:
  explicit RunMerge(const RunSorter* sorter) : RunMerge(sorter, sorter->All()) {}
  RunMerge(const RunSorter* sorter, RunSorter::Part part);
  ~RunMerge();

  bool Valid() const { return current_ != nullptr; }
  void Next();
  // Hold until the next call of Next.
  absl::string_view key() const;
  absl::string_view value() const;
  bool marked() const;
  // UNAVAILABLE where a scratch file cannot be read.
  absl::Status status() const { return status_; }

 private:
  class Source;
  class MemorySource;
  class FileSource;
  static bool After(const Source* a, const Source* b);
  void Pick();
  void Sink();

  std::vector<std::unique_ptr<Source>> sources_;
  // Those with an entry left, as a heap with the lowest entry on top.
  std::vector<Source*> heap_;
  Source* current_ = nullptr;
  absl::Status status_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_RUN_SORTER_H_
