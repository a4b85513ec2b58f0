#include "storage/run_sorter.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/status_macros.h"
#include "boost/sort/pdqsort/pdqsort.hpp"

namespace relata {
namespace {

// An entry, in memory and in scratch files: bytes of the key (16 bits), bytes of the value (31
// bits) with the mark on top, the key, the value. Never on disk beyond the process.
constexpr size_t kEntryHead = 6;
constexpr uint32_t kMark = uint32_t{1} << 31;
constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kWriteBytes = size_t{1} << 20;
// What a group of entries that are sorted together takes, and how many bits tell groups apart at
// most: more of them would take more places to write to at once than caches of addresses hold.
constexpr size_t kGroupBytes = size_t{256} << 10;
constexpr size_t kGroupBlockBytes = size_t{32} << 10;
constexpr int kMostGroupBits = 11;

size_t KeyBytes(const char* entry) {
  uint16_t bytes = 0;
  std::memcpy(&bytes, entry, sizeof bytes);
  return bytes;
}
uint32_t ValueWord(const char* entry) {
  uint32_t word = 0;
  std::memcpy(&word, entry + 2, sizeof word);
  return word;
}
size_t ValueBytes(const char* entry) { return ValueWord(entry) & ~kMark; }
absl::string_view KeyOf(const char* entry) { return {entry + kEntryHead, KeyBytes(entry)}; }
size_t EntryBytes(const char* entry) { return kEntryHead + KeyBytes(entry) + ValueBytes(entry); }

absl::Status ScratchFailed() {
  return absl::UnavailableError(
      "sorting a bulk load: a scratch file cannot be written or read; check that the scratch "
      "folder is writable and the device has space");
}

bool WriteAll(int file, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = write(file, bytes, size);
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

// A file without a name in the folder; below 0 where there can be none.
int OpenScratch(const std::string& folder) {
  const int unnamed = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed >= 0) return unnamed;
  // Not every file system has these.
  std::string path = folder + "/scratch-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

}  // namespace

// Which bits of keys differ between them, so that the few that matter fit one number. Ids in keys
// are wide and mostly alike: of the 29 bytes of an adjacency key some 60 bits say it all.
class RunSorter::KeyBits {
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

RunSorter::RunSorter(std::string scratch_folder)
    : scratch_folder_(std::move(scratch_folder)), groups_(1) {}

RunSorter::~RunSorter() {
  for (const int file : scratch_files_) close(file);
}

RunSorter::Block RunSorter::NewBlock(size_t bytes) {
  memory_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  memory_bytes_ += bytes;
  return {memory_.back().get(), 0, bytes};
}

template <typename MakeBlock>
char* RunSorter::Allocate(size_t bytes, MakeBlock new_block, Group& group) {
  if (group.empty() || group.back().size - group.back().used < bytes) {
    group.push_back(new_block(bytes));
  }
  Block& block = group.back();
  char* const at = block.bytes + block.used;
  block.used += bytes;
  return at;
}

void RunSorter::Add(absl::string_view key, absl::string_view value, bool marked) {
  char* const entry = Allocate(
      kEntryHead + key.size() + value.size(),
      [this](size_t bytes) { return NewBlock(std::max(bytes, kBlockBytes)); }, groups_[0]);
  const auto key_bytes = static_cast<uint16_t>(key.size());
  const uint32_t value_word = static_cast<uint32_t>(value.size()) | (marked ? kMark : 0);
  std::memcpy(entry, &key_bytes, sizeof key_bytes);
  std::memcpy(entry + 2, &value_word, sizeof value_word);
  std::memcpy(entry + kEntryHead, key.data(), key.size());
  if (!value.empty()) std::memcpy(entry + kEntryHead + key.size(), value.data(), value.size());
  const absl::string_view kept = KeyOf(entry);
  in_order_ = in_order_ && (in_memory_ == 0 || last_key_ < kept);
  last_key_ = kept;
  ++in_memory_;
  ++size_;
}

template <typename Visit>
void RunSorter::ForEach(const Group& group, Visit visit) {
  for (const Block& block : group) {
    const char* const end = block.bytes + block.used;
    for (const char* at = block.bytes; at != end; at += EntryBytes(at)) visit(at);
  }
}

void RunSorter::Sort() {
  if (in_order_ || bits_ != nullptr) return;
  auto bits = std::make_unique<KeyBits>();
  ForEach(groups_[0], [&](const char* entry) { bits->Look(KeyOf(entry)); });
  bits->Choose();
  bits_ = std::move(bits);
  Distribute();
}

// The memory of a block is cut into blocks of groups once its entries are in theirs.
void RunSorter::Distribute() {
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
      const size_t bytes = EntryBytes(entry);
      Group& group = groups_[bits_->Group(KeyOf(entry), group_bits)];
      std::memcpy(Allocate(bytes, new_block, group), entry, bytes);
      at += bytes;
    }
    cut(block);
  }
}

void RunSorter::SortGroup(const Group& group, std::vector<Place>* places) const {
  places->clear();
  ForEach(group, [&](const char* entry) {
    places->push_back({bits_->Number(KeyOf(entry)), entry});
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
    return KeyOf(a.entry) < KeyOf(b.entry);
  });
}

RunSorter::Part RunSorter::All() const {
  return {0, bits_ != nullptr ? groups_.size() : groups_[0].size()};
}

std::vector<RunSorter::Part> RunSorter::Parts(size_t bytes) const {
  const Part all = All();
  if (!scratch_files_.empty()) return {all};
  std::vector<Part> parts = {{0, 0}};
  size_t taken = 0;
  for (size_t i = 0; i < all.end; ++i) {
    if (taken >= bytes) {
      parts.push_back({i, i});
      taken = 0;
    }
    parts.back().end = i + 1;
    if (bits_ == nullptr) {
      taken += groups_[0][i].used;
    } else {
      for (const Block& block : groups_[i]) taken += block.used;
    }
  }
  return parts;
}

absl::Status RunSorter::Spill() {
  if (in_memory_ == 0) return absl::OkStatus();
  Sort();
  const int file = OpenScratch(scratch_folder_);
  if (file < 0) return ScratchFailed();
  scratch_files_.push_back(file);
  std::string buffer;
  buffer.reserve(kWriteBytes + (size_t{1} << 16));
  bool written = true;
  const auto put = [&](const char* entry) {
    buffer.append(entry, EntryBytes(entry));
    if (buffer.size() < kWriteBytes) return;
    written = written && WriteAll(file, buffer.data(), buffer.size());
    buffer.clear();
  };
  std::vector<Place> places;
  for (const Group& group : groups_) {
    if (bits_ == nullptr) {
      ForEach(group, put);
    } else {
      SortGroup(group, &places);
      for (const Place& place : places) put(place.entry);
    }
  }
  written = written && WriteAll(file, buffer.data(), buffer.size());
  if (!written) return ScratchFailed();
  groups_ = std::vector<Group>(1);
  memory_.clear();
  memory_bytes_ = 0;
  bits_.reset();
  in_memory_ = 0;
  in_order_ = true;
  last_key_ = {};
  return absl::OkStatus();
}

// One sorted stretch of entries.
class RunMerge::Source {
 public:
  virtual ~Source() = default;
  // Null at the end and on error.
  const char* entry() const { return entry_; }
  virtual void Next() = 0;
  virtual absl::Status status() const { return absl::OkStatus(); }

 protected:
  const char* entry_ = nullptr;
};

class RunMerge::MemorySource final : public Source {
 public:
  MemorySource(const RunSorter* sorter, RunSorter::Part part)
      : sorter_(sorter), end_(part.end), next_(part.begin) {
    Settle();
  }
  void Next() override {
    at_ += sorter_->bits_ != nullptr ? 1 : EntryBytes(entry_);
    Settle();
  }

 private:
  void Settle() {
    if (sorter_->bits_ == nullptr) {
      SettleInBlock();
      return;
    }
    while (at_ == places_.size() && next_ < end_) {
      sorter_->SortGroup(sorter_->groups_[next_++], &places_);
      at_ = 0;
    }
    entry_ = at_ < places_.size() ? places_[at_].entry : nullptr;
  }
  void SettleInBlock() {
    const RunSorter::Group& blocks = sorter_->groups_[0];
    while (next_ < end_ && at_ == blocks[next_].used) {
      ++next_;
      at_ = 0;
    }
    entry_ = next_ < end_ ? blocks[next_].bytes + at_ : nullptr;
  }

  const RunSorter* const sorter_;
  const size_t end_;
  // Of entries that were added in order: the block and the byte in it. Of others: the group to sort
  // next, and the place in the one at hand.
  size_t next_ = 0;
  size_t at_ = 0;
  std::vector<RunSorter::Place> places_;
};

class RunMerge::FileSource final : public Source {
 public:
  explicit FileSource(int file) : file_(file) { Load(); }
  void Next() override {
    at_ += EntryBytes(entry_);
    Load();
  }
  absl::Status status() const override { return status_; }

 private:
  // Makes `entry_` the entry at `at_`, whole in the buffer.
  void Load() {
    entry_ = nullptr;
    if (!Have(kEntryHead)) return;
    if (!Have(EntryBytes(buffer_.data() + at_))) {
      status_ = ScratchFailed();
      return;
    }
    entry_ = buffer_.data() + at_;
  }
  bool Have(size_t bytes) {
    if (filled_ - at_ >= bytes) return true;
    if (at_ > 0) {  // else there may be no buffer yet
      std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
      filled_ -= at_;
      at_ = 0;
    }
    if (buffer_.size() < std::max(bytes, kReadBytes)) buffer_.resize(std::max(bytes, kReadBytes));
    while (filled_ < bytes) {
      const ssize_t got = pread(file_, buffer_.data() + filled_, buffer_.size() - filled_, offset_);
      if (got < 0) status_ = ScratchFailed();
      if (got <= 0) return false;
      filled_ += static_cast<size_t>(got);
      offset_ += got;
    }
    return true;
  }

  const int file_;
  off_t offset_ = 0;
  std::vector<char> buffer_;
  size_t at_ = 0;
  size_t filled_ = 0;
  absl::Status status_;
};

RunMerge::RunMerge(const RunSorter* sorter, RunSorter::Part part) {
  for (const int file : sorter->scratch_files_) {
    sources_.push_back(std::make_unique<FileSource>(file));
  }
  sources_.push_back(std::make_unique<MemorySource>(sorter, part));
  Pick();
}

RunMerge::~RunMerge() = default;

// Whether `a` is read after `b`.
bool RunMerge::After(const Source* a, const Source* b) {
  return KeyOf(b->entry()) < KeyOf(a->entry());
}

void RunMerge::Pick() {
  for (const std::unique_ptr<Source>& source : sources_) {
    status_.Update(source->status());
    if (source->entry() != nullptr) heap_.push_back(source.get());
  }
  std::make_heap(heap_.begin(), heap_.end(), After);
  current_ = heap_.empty() || !status_.ok() ? nullptr : heap_.front();
}

void RunMerge::Next() {
  Source* const moved = current_;
  moved->Next();
  if (moved->entry() == nullptr) {
    status_.Update(moved->status());
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  Sink();
  current_ = heap_.empty() || !status_.ok() ? nullptr : heap_.front();
}

void RunMerge::Sink() {
  if (heap_.size() < 2) return;
  Source* const moved = heap_.front();
  size_t at = 0;
  for (size_t child = 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && After(heap_[child], heap_[child + 1])) ++child;
    if (!After(moved, heap_[child])) break;
    heap_[at] = heap_[child];
    at = child;
  }
  heap_[at] = moved;
}

absl::string_view RunMerge::key() const { return KeyOf(current_->entry()); }

absl::string_view RunMerge::value() const {
  const char* const entry = current_->entry();
  return {entry + kEntryHead + KeyBytes(entry), ValueBytes(entry)};
}

bool RunMerge::marked() const { return (ValueWord(current_->entry()) & kMark) != 0; }

}  // namespace relata
