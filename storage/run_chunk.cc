#include "storage/run_chunk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "boost/sort/pdqsort/pdqsort.hpp"

namespace relata {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
// What a group of entries that are sorted together takes, and how many bits tell groups apart at
// most: more of them would take more places to write to at once than caches of addresses hold.
constexpr size_t kGroupBytes = size_t{256} << 10;
constexpr size_t kGroupBlockBytes = size_t{32} << 10;
constexpr int kMostGroupBits = 11;

}  // namespace

// Which bits of keys differ between them, so that the few that matter fit one number. Ids in keys
// are wide and mostly alike: of the 29 bytes of an adjacency key some 60 bits say it all.
class RunChunk::KeyBits {
 public:
  void Look(absl::string_view key) {
    if (first_.empty()) {
      first_.assign(key.data(), key.size());
      differs_.assign(key.size(), 0);
      shortest_ = longest_ = key.size();
      return;
    }
    shortest_ = std::min(shortest_, key.size());
    longest_ = std::max(longest_, key.size());
    const size_t both = std::min(key.size(), first_.size());
    for (size_t i = 0; i < both; ++i) differs_[i] |= static_cast<uint8_t>(key[i] ^ first_[i]);
  }

  // Call after the last Look: decides which bits make the number.
  void Choose() {
    int left = 64;
    for (size_t i = 0; i < longest_ && left > 0; ++i) {
      // From the shortest key's end on a byte may also be missing; it then counts as 0, which is
      // not more than any.
      const int bits = i >= shortest_ ? 8 : std::bit_width(differs_[i]);
      if (bits == 0) continue;
      if (bits > left) {
        left = -1;
        break;
      }
      parts_.push_back({i, bits});
      left -= bits;
    }
    size_t covered = parts_.empty() ? 0 : parts_.back().byte + 1;
    while (covered < shortest_ && differs_[covered] == 0) ++covered;
    exact_ = left >= 0 && shortest_ == longest_ && covered >= longest_;
    for (const Part& part : parts_) bits_ += part.bits;
  }

  // Ascends with the keys; where it is exact() it differs between all.
  uint64_t Number(absl::string_view key) const {
    uint64_t number = 0;
    for (const Part& part : parts_) number = number << part.bits | BitsOf(part, key);
    return number;
  }
  // The first `wanted` bits of the number, at most bits().
  size_t Group(absl::string_view key, int wanted) const {
    uint64_t number = 0;
    int have = 0;
    for (size_t i = 0; have < wanted; ++i) {
      number = number << parts_[i].bits | BitsOf(parts_[i], key);
      have += parts_[i].bits;
    }
    return number >> (have - wanted);
  }
  bool exact() const { return exact_; }
  int bits() const { return bits_; }

 private:
  struct Part {
    size_t byte;
    int bits;  // the low ones; those above are the same in all keys
  };
  static uint64_t BitsOf(const Part& part, absl::string_view key) {
    const uint8_t byte = part.byte < key.size() ? static_cast<uint8_t>(key[part.byte]) : 0;
    return byte & ((1U << part.bits) - 1);
  }
  std::string first_;
  std::vector<uint8_t> differs_;
  size_t shortest_ = 0;
  size_t longest_ = 0;
  std::vector<Part> parts_;
  bool exact_ = false;
  int bits_ = 0;
};

RunChunk::RunChunk() : groups_(1) {}

RunChunk::~RunChunk() = default;

RunChunk::Block RunChunk::NewBlock(size_t bytes) {
  memory_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  memory_bytes_ += bytes;
  return {memory_.back().get(), 0, bytes};
}

template <typename MakeBlock>
char* RunChunk::Allocate(size_t bytes, MakeBlock new_block, Group& group) {
  if (group.empty() || group.back().size - group.back().used < bytes) {
    group.push_back(new_block(bytes));
  }
  Block& block = group.back();
  char* const at = block.bytes + block.used;
  block.used += bytes;
  return at;
}

void RunChunk::Add(absl::string_view key, absl::string_view value, bool marked) {
  char* const entry = Allocate(
      kRunEntryHead + key.size() + value.size(),
      [this](size_t bytes) { return NewBlock(std::max(bytes, kBlockBytes)); }, groups_[0]);
  WriteRunEntry(key, value, marked, entry);
  const absl::string_view kept = RunEntryKey(entry);
  in_order_ = in_order_ && (entries_ == 0 || last_key_ < kept);
  last_key_ = kept;
  ++entries_;
}

template <typename Visit>
void RunChunk::ForEach(const Group& group, Visit visit) {
  for (const Block& block : group) {
    const char* const end = block.bytes + block.used;
    for (const char* at = block.bytes; at != end; at += RunEntryBytes(at)) visit(at);
  }
}

void RunChunk::Sort() {
  if (in_order_ || bits_ != nullptr) return;
  auto bits = std::make_unique<KeyBits>();
  ForEach(groups_[0], [&](const char* entry) { bits->Look(RunEntryKey(entry)); });
  bits->Choose();
  bits_ = std::move(bits);
  Distribute();
}

// The memory of a block is cut into blocks of groups once its entries are in theirs.
void RunChunk::Distribute() {
  const int group_bits = std::min({bits_->bits(), kMostGroupBits,
                                   static_cast<int>(std::bit_width(memory_bytes_ / kGroupBytes))});
  if (group_bits == 0) return;
  std::vector<Block> free;
  const auto cut = [&](const Block& block) {
    for (size_t at = 0; at + kGroupBlockBytes <= block.size; at += kGroupBlockBytes) {
      free.push_back({block.bytes + at, 0, kGroupBlockBytes});
    }
  };
  const auto new_block = [&](size_t bytes) {
    if (bytes > kGroupBlockBytes) return NewBlock(bytes);
    if (free.empty()) cut(NewBlock(kBlockBytes));
    const Block block = free.back();
    free.pop_back();
    return block;
  };
  const Group added = std::move(groups_[0]);
  groups_ = std::vector<Group>(size_t{1} << group_bits);
  for (const Block& block : added) {
    for (size_t at = 0; at < block.used;) {
      const char* const entry = block.bytes + at;
      const size_t bytes = RunEntryBytes(entry);
      Group& group = groups_[bits_->Group(RunEntryKey(entry), group_bits)];
      std::memcpy(Allocate(bytes, new_block, group), entry, bytes);
      at += bytes;
    }
    cut(block);
  }
}

void RunChunk::SortGroup(const Group& group, std::vector<Place>* places) const {
  places->clear();
  ForEach(group, [&](const char* entry) {
    places->push_back({bits_->Number(RunEntryKey(entry)), entry});
  });
  const auto by_number = [](const Place& a, const Place& b) { return a.order < b.order; };
  if (bits_->exact()) {
    // Told that comparing is cheap, it moves entries without a branch that is guessed wrong half of
    // the time.
    boost::sort::pdqsort_branchless(places->begin(), places->end(), by_number);
    return;
  }
  std::sort(places->begin(), places->end(), [](const Place& a, const Place& b) {
    if (a.order != b.order) return a.order < b.order;
    return RunEntryKey(a.entry) < RunEntryKey(b.entry);
  });
}

size_t RunChunk::stretches() const { return bits_ != nullptr ? groups_.size() : groups_[0].size(); }

size_t RunChunk::StretchBytes(size_t stretch) const {
  if (bits_ == nullptr) return groups_[0][stretch].used;
  size_t bytes = 0;
  for (const Block& block : groups_[stretch]) bytes += block.used;
  return bytes;
}

absl::string_view RunChunk::LowestKey(size_t stretch) const {
  if (bits_ == nullptr) return RunEntryKey(groups_[0][stretch].bytes);
  const char* lowest = nullptr;
  ForEach(groups_[stretch], [&](const char* entry) {
    if (lowest == nullptr || RunEntryKey(entry) < RunEntryKey(lowest)) lowest = entry;
  });
  return lowest == nullptr ? absl::string_view() : RunEntryKey(lowest);
}

size_t RunChunk::StretchesBelow(absl::string_view key) const {
  // Those before `low` have a key below or lie before one that has, those from `high` on have none.
  size_t low = 0;
  size_t high = stretches();
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const size_t tried = middle;
    while (middle < high && StretchBytes(middle) == 0) ++middle;
    if (middle < high && LowestKey(middle) < key) {
      low = middle + 1;
    } else {
      high = tried;
    }
  }
  return low;
}

class RunChunk::Reader final : public RunEntrySource {
 public:
  Reader(const RunChunk* chunk, size_t begin, size_t end) : chunk_(chunk), end_(end), next_(begin) {
    Settle();
  }
  void Next() override {
    at_ += chunk_->bits_ != nullptr ? 1 : RunEntryBytes(entry_);
    Settle();
  }

 private:
  void Settle() {
    if (chunk_->bits_ == nullptr) {
      SettleInBlock();
      return;
    }
    while (at_ == places_.size() && next_ < end_) {
      chunk_->SortGroup(chunk_->groups_[next_++], &places_);
      at_ = 0;
    }
    entry_ = at_ < places_.size() ? places_[at_].entry : nullptr;
  }
  void SettleInBlock() {
    const Group& blocks = chunk_->groups_[0];
    while (next_ < end_ && at_ == blocks[next_].used) {
      ++next_;
      at_ = 0;
    }
    entry_ = next_ < end_ ? blocks[next_].bytes + at_ : nullptr;
  }

  const RunChunk* const chunk_;
  const size_t end_;
  // Of entries that were added in order: the block and the byte in it. Of others: the group to sort
  // next, and the place in the one at hand.
  size_t next_ = 0;
  size_t at_ = 0;
  std::vector<Place> places_;
};

std::unique_ptr<RunEntrySource> RunChunk::Read(size_t begin, size_t end,
                                               absl::string_view from) const {
  auto reader = std::make_unique<Reader>(this, begin, end);
  while (reader->entry() != nullptr && RunEntryKey(reader->entry()) < from) reader->Next();
  return reader;
}

}  // namespace relata
