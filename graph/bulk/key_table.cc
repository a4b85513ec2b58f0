#include "graph/bulk/key_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/hash/hash.h"

namespace relata {
namespace {

constexpr size_t kFirstSlots = 1024;
constexpr size_t kBlockBytes = size_t{1} << 18;

size_t HashOf(absl::string_view text) { return absl::Hash<absl::string_view>()(text); }
// The high half: the low one chooses the slot.
uint32_t HighHalf(size_t hash) { return static_cast<uint32_t>(uint64_t{hash} >> 32); }

}  // namespace

KeyTable::KeyTable() : slots_(kFirstSlots) {}

absl::string_view KeyTable::TextOf(const Entry& entry) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, entry.text, sizeof bytes);
  return {entry.text + sizeof bytes, bytes};
}

size_t KeyTable::Locate(absl::string_view text, size_t hash) const {
  const size_t mask = slots_.size() - 1;
  const uint32_t high = HighHalf(hash);
  size_t at = hash & mask;
  for (; slots_[at].entry != 0; at = (at + 1) & mask) {
    if (slots_[at].hash == high && TextOf(entries_[slots_[at].entry - 1]) == text) break;
  }
  return at;
}

std::optional<uint64_t> KeyTable::Find(absl::string_view text) const {
  const Slot& slot = slots_[Locate(text, HashOf(text))];
  if (slot.entry == 0) return std::nullopt;
  return entries_[slot.entry - 1].number;
}

bool KeyTable::Insert(absl::string_view text, uint64_t number) {
  const size_t hash = HashOf(text);
  size_t at = Locate(text, hash);
  if (slots_[at].entry != 0) return false;
  if (2 * (entries_.size() + 1) > slots_.size()) {
    Grow();
    at = Locate(text, hash);
  }
  entries_.push_back({Keep(text), number});
  slots_[at] = {HighHalf(hash), static_cast<uint32_t>(entries_.size())};
  return true;
}

const char* KeyTable::Keep(absl::string_view text) {
  const auto bytes = static_cast<uint32_t>(text.size());
  const size_t needed = sizeof bytes + text.size();
  if (block_left_ < needed) {
    block_left_ = std::max(kBlockBytes, needed);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_at_ = blocks_.back().get();
    text_bytes_ += block_left_;
  }
  char* const kept = std::exchange(block_at_, block_at_ + needed);
  block_left_ -= needed;
  std::memcpy(kept, &bytes, sizeof bytes);
  if (!text.empty()) std::memcpy(kept + sizeof bytes, text.data(), text.size());
  return kept;
}

void KeyTable::Grow() {
  std::vector<Slot> grown(2 * slots_.size());
  const size_t mask = grown.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.entry == 0) continue;
    size_t at = HashOf(TextOf(entries_[slot.entry - 1])) & mask;
    while (grown[at].entry != 0) at = (at + 1) & mask;
    grown[at] = slot;
  }
  slots_ = std::move(grown);
}

size_t KeyTable::memory() const {
  return slots_.capacity() * sizeof(Slot) + entries_.capacity() * sizeof(Entry) + text_bytes_;
}

}  // namespace relata
