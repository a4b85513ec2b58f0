#ifndef RELATA_GRAPH_BULK_KEY_TABLE_H_
#define RELATA_GRAPH_BULK_KEY_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// A compact hash map from texts to numbers, for the millions of keys of a bulk load: 33 to 55 bytes
// a text beside its own. Nothing is ever removed. Not thread-safe.
class KeyTable {
 public:
  KeyTable();

  // nullopt: not there.
  std::optional<uint64_t> Find(absl::string_view text) const;
  // Find for each text, in their order. Quicker for some dozens at once: what each needs is fetched
  // into the processor's cache while the others are looked at.
  void FindAll(const std::vector<absl::string_view>& texts,
               std::vector<std::optional<uint64_t>>* numbers) const;
  // False, and nothing is changed, where the text is there.
  bool Insert(absl::string_view text, uint64_t number);

  size_t size() const { return size_; }
  // Bytes of memory.
  size_t memory() const;

 private:
  struct Slot {
    size_t hash = 0;
    const char* entry = nullptr;  // the number, the text's length as 32 bits, the text; null: free
  };

  // The slot of the text, or the free one where it belongs.
  size_t Locate(absl::string_view text, size_t hash) const;
  std::optional<uint64_t> NumberAt(size_t slot) const;
  const char* Keep(absl::string_view text, uint64_t number);
  void Grow();

  std::vector<Slot> slots_;  // a power of two
  size_t size_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t block_left_ = 0;
  char* block_at_ = nullptr;
  size_t text_bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_KEY_TABLE_H_
