#include "graph/bulk/key_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/hash/hash.h"

namespace relata {
namespace {

constexpr size_t kFirstSlots = 1024;
constexpr size_t kBlockBytes = size_t{1} << 18;
constexpr size_t kHead = sizeof(uint64_t) + sizeof(uint32_t);

size_t HashOf(absl::string_view text) { return absl::Hash<absl::string_view>()(text); }

absl::string_view TextOf(const char* entry) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, entry + sizeof(uint64_t), sizeof bytes);
  return {entry + kHead, bytes};
}

}  // namespace

KeyTable::KeyTable() : slots_(kFirstSlots) {}

size_t KeyTable::Locate(absl::string_view text, size_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at].entry != nullptr; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && TextOf(slots_[at].entry) == text) break;
  }
  return at;
}

std::optional<uint64_t> KeyTable::NumberAt(size_t slot) const {
  if (slots_[slot].entry == nullptr) return std::nullopt;
  uint64_t number = 0;
  std::memcpy(&number, slots_[slot].entry, sizeof number);
  return number;
}

std::optional<uint64_t> KeyTable::Find(absl::string_view text) const {
  return NumberAt(Locate(text, HashOf(text)));
}

void KeyTable::FindAll(const std::vector<absl::string_view>& texts,
                       std::vector<std::optional<uint64_t>>* numbers) const {
  const size_t mask = slots_.size() - 1;
  absl::InlinedVector<size_t, 64> hashes;
  for (const absl::string_view text : texts) {
    hashes.push_back(HashOf(text));
    __builtin_prefetch(&slots_[hashes.back() & mask]);
  }
  for (const size_t hash : hashes) {
    const char* const entry = slots_[hash & mask].entry;
    if (entry != nullptr) __builtin_prefetch(entry);
  }
  numbers->clear();
  for (size_t i = 0; i < texts.size(); ++i) {
    numbers->push_back(NumberAt(Locate(texts[i], hashes[i])));
  }
}

bool KeyTable::Insert(absl::string_view text, uint64_t number) {
  const size_t hash = HashOf(text);
  size_t at = Locate(text, hash);
  if (slots_[at].entry != nullptr) return false;
  if (4 * (size_ + 1) > 3 * slots_.size()) {
    Grow();
    at = Locate(text, hash);
  }
  slots_[at] = {hash, Keep(text, number)};
  ++size_;
  return true;
}

const char* KeyTable::Keep(absl::string_view text, uint64_t number) {
  const auto bytes = static_cast<uint32_t>(text.size());
  const size_t needed = kHead + text.size();
  if (block_left_ < needed) {
    block_left_ = std::max(kBlockBytes, needed);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_at_ = blocks_.back().get();
    text_bytes_ += block_left_;
  }
  char* const kept = std::exchange(block_at_, block_at_ + needed);
  block_left_ -= needed;
  std::memcpy(kept, &number, sizeof number);
  std::memcpy(kept + sizeof number, &bytes, sizeof bytes);
  if (!text.empty()) std::memcpy(kept + kHead, text.data(), text.size());
  return kept;
}

void KeyTable::Grow() {
  std::vector<Slot> grown(2 * slots_.size());
  const size_t mask = grown.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.entry == nullptr) continue;
    size_t at = slot.hash & mask;
    while (grown[at].entry != nullptr) at = (at + 1) & mask;
    grown[at] = slot;
  }
  slots_ = std::move(grown);
}

size_t KeyTable::memory() const { return slots_.capacity() * sizeof(Slot) + text_bytes_; }

}  // namespace relata
