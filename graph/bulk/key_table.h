#ifndef RELATA_GRAPH_BULK_KEY_TABLE_H_
#define RELATA_GRAPH_BULK_KEY_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// A compact hash map from texts to numbers, for the millions of keys of a bulk load: about 24 bytes
// a text beside its own. Nothing is ever removed. Not thread-safe.
class KeyTable {
 public:
  KeyTable();

  // nullopt: not there.
  std::optional<uint64_t> Find(absl::string_view text) const;
  // False, and nothing is changed, where the text is there.
  bool Insert(absl::string_view text, uint64_t number);

  size_t size() const { return entries_.size(); }
  // Bytes of memory.
  size_t memory() const;

 private:
  struct Entry {
    const char* text;  // its length as 32 bits, then the bytes
    uint64_t number;
  };
  struct Slot {
    uint32_t hash = 0;
    uint32_t entry = 0;  // index + 1; 0: free
  };

  static absl::string_view TextOf(const Entry& entry);
  // The slot of the text, or the free one where it belongs.
  size_t Locate(absl::string_view text, size_t hash) const;
  const char* Keep(absl::string_view text);
  void Grow();

  std::vector<Slot> slots_;  // a power of two
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t block_left_ = 0;
  char* block_at_ = nullptr;
  size_t text_bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_KEY_TABLE_H_
