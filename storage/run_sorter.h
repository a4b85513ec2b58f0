#ifndef RELATA_STORAGE_RUN_SORTER_H_
#define RELATA_STORAGE_RUN_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/run_chunk.h"
#include "storage/run_entry.h"
#include "storage/scratch_file.h"

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
  // Entries added so far, spilled ones included, and their bytes.
  uint64_t size() const { return size_; }
  uint64_t bytes() const { return bytes_; }
  // Bytes of memory that entries take. Sorting takes some tens of MiB more.
  size_t memory() const { return chunk_->memory(); }

  // Sorts what is in memory, writes it to a scratch file and frees the memory. UNAVAILABLE where
  // the file cannot be written.
  absl::Status Spill() { return TakeToSpill()(); }
  // The same in two steps: takes out what is in memory, which memory() does not count any more, and
  // returns the work that is left, to be done once, before Sort, on any thread, while more is
  // added. The sorter must live until then.
  std::function<absl::Status()> TakeToSpill();
  // Sorts what is in memory. No Add after it.
  void Sort();

  // A stretch of the sorted entries; those of a part are below those of the next.
  struct Part {
    // Keys are in [from, to); an empty `to`: there is no end.
    std::string from;
    std::string to;
    // Where they lie of what is in memory (RunChunk's stretches).
    size_t begin = 0;
    size_t end = 0;
  };
  // Parts of about `bytes` each, all entries in all. After Sort.
  std::vector<Part> Parts(size_t bytes) const;

 private:
  friend class RunMerge;
  std::vector<Part> PartsOfMemory(size_t bytes) const;
  std::vector<Part> PartsOfFiles(size_t bytes) const;
  Part All() const { return {"", "", 0, chunk_->stretches()}; }

  const std::string scratch_folder_;
  std::unique_ptr<RunChunk> chunk_;
  std::vector<std::unique_ptr<ScratchFile>> scratch_files_;
  uint64_t size_ = 0;
  uint64_t bytes_ = 0;
};

// Reads the entries of a sorter, or of a part, in the order of their keys, once. Borrows the
// sorter, on which Sort was called. Not thread-safe; different parts are read on different threads.
//   for (RunMerge merge(&sorter); merge.Valid(); merge.Next()) …
//   RELATA_RETURN_IF_ERROR(merge.status());
class RunMerge {
 public:
  explicit RunMerge(const RunSorter* sorter) : RunMerge(sorter, sorter->All()) {}
  RunMerge(const RunSorter* sorter, const RunSorter::Part& part);
  ~RunMerge();

  bool Valid() const { return current_ != nullptr; }
  void Next();
  // Hold until the next call of Next.
  absl::string_view key() const { return RunEntryKey(current_->entry()); }
  absl::string_view value() const { return RunEntryValue(current_->entry()); }
  bool marked() const { return RunEntryMarked(current_->entry()); }
  // UNAVAILABLE where a scratch file cannot be read.
  absl::Status status() const { return status_; }

 private:
  static bool After(const RunEntrySource* a, const RunEntrySource* b);
  bool HasMore(const RunEntrySource* source) const;
  void Pick();
  void Sink();

  std::string to_;
  std::vector<std::unique_ptr<RunEntrySource>> sources_;
  // Those with an entry left, as a heap with the lowest entry on top.
  std::vector<RunEntrySource*> heap_;
  RunEntrySource* current_ = nullptr;
  absl::Status status_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_RUN_SORTER_H_
