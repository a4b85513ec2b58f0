#include "storage/run_sorter.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

// An entry, in memory and in scratch files: bytes of the key (16 bits), bytes of the value (31
// bits) with the mark on top, the key, the value. Never on disk beyond the process.
constexpr size_t kEntryHead = 6;
constexpr uint32_t kMark = uint32_t{1} << 31;
constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kWriteBytes = size_t{1} << 20;

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

// Which bits of keys differ between them, so that the few that matter fit one number. Ids in keys
// are wide and mostly alike: of the 29 bytes of an adjacency key some 60 bits say it all.
class KeyBits {
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
    for (const Part& part : parts_) {
      const uint8_t byte = part.byte < key.size() ? static_cast<uint8_t>(key[part.byte]) : 0;
      number = number << part.bits | (byte & ((1U << part.bits) - 1));
    }
    return number;
  }
  bool exact() const { return exact_; }
  int bits() const { return bits_; }

 private:
  struct Part {
    size_t byte;
    int bits;  // the low ones; those above are the same in all keys
  };
  std::string first_;
  std::vector<uint8_t> differs_;
  size_t shortest_ = 0;
  size_t longest_ = 0;
  std::vector<Part> parts_;
  bool exact_ = false;
  int bits_ = 0;
};

// Stable radix sort by the low `bits` of `order`, the lowest digit first.
template <typename Place>
void SortByOrder(int bits, std::vector<Place>& places) {
  constexpr int kDigit = 11;
  constexpr size_t kBuckets = size_t{1} << kDigit;
  std::vector<Place> other(places.size());
  for (int shift = 0; shift < bits; shift += kDigit) {
    std::array<size_t, kBuckets> starts{};
    const auto digit = [shift](const Place& p) { return (p.order >> shift) & (kBuckets - 1); };
    for (const Place& p : places) ++starts[digit(p)];
    size_t sum = 0;
    for (size_t& start : starts) sum += std::exchange(start, sum);
    for (const Place& p : places) other[starts[digit(p)]++] = p;
    places.swap(other);
  }
}

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

RunSorter::~RunSorter() {
  for (const int file : scratch_files_) close(file);
}

char* RunSorter::Allocate(size_t bytes) {
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < bytes) {
    const size_t size = std::max(kBlockBytes, bytes);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), 0, size});
    block_bytes_ += size;
  }
  Block& block = blocks_.back();
  char* const at = block.bytes.get() + block.used;
  block.used += bytes;
  return at;
}

void RunSorter::Add(absl::string_view key, absl::string_view value, bool marked) {
  char* const entry = Allocate(kEntryHead + key.size() + value.size());
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

size_t RunSorter::memory() const {
  return block_bytes_ + (in_order_ ? 0 : in_memory_ * 2 * sizeof(Place));
}

template <typename Visit>
void RunSorter::ForEachAdded(Visit visit) const {
  for (const Block& block : blocks_) {
    const char* const end = block.bytes.get() + block.used;
    for (const char* at = block.bytes.get(); at != end; at += EntryBytes(at)) visit(at);
  }
}

void RunSorter::SortPlaces() {
  KeyBits bits;
  ForEachAdded([&](const char* entry) { bits.Look(KeyOf(entry)); });
  bits.Choose();
  places_.reserve(in_memory_);
  ForEachAdded([&](const char* entry) { places_.push_back({bits.Number(KeyOf(entry)), entry}); });
  SortByOrder(bits.bits(), places_);
  if (bits.exact()) return;
  const auto by_key = [](const Place& a, const Place& b) {
    return KeyOf(a.entry) < KeyOf(b.entry);
  };
  for (size_t begin = 0; begin < places_.size();) {
    size_t end = begin + 1;
    while (end < places_.size() && places_[end].order == places_[begin].order) ++end;
    if (end - begin > 1) {
      std::sort(places_.begin() + static_cast<ptrdiff_t>(begin),
                places_.begin() + static_cast<ptrdiff_t>(end), by_key);
    }
    begin = end;
  }
}

void RunSorter::Sort() {
  if (!in_order_ && places_.empty()) SortPlaces();
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
  if (places_.empty()) {
    ForEachAdded(put);
  } else {
    for (const Place& place : places_) put(place.entry);
  }
  written = written && WriteAll(file, buffer.data(), buffer.size());
  if (!written) return ScratchFailed();
  blocks_.clear();
  std::vector<Place>().swap(places_);
  block_bytes_ = 0;
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
  explicit MemorySource(const RunSorter* sorter) : sorter_(sorter) { Settle(); }
  void Next() override {
    if (!sorter_->places_.empty()) {
      ++at_;
    } else {
      at_ += EntryBytes(entry_);
    }
    Settle();
  }

 private:
  // `at_` is an index into the places, or a byte of the block.
  void Settle() {
    entry_ = nullptr;
    if (!sorter_->places_.empty()) {
      if (at_ < sorter_->places_.size()) entry_ = sorter_->places_[at_].entry;
      return;
    }
    while (block_ < sorter_->blocks_.size() && at_ == sorter_->blocks_[block_].used) {
      ++block_;
      at_ = 0;
    }
    if (block_ < sorter_->blocks_.size()) entry_ = sorter_->blocks_[block_].bytes.get() + at_;
  }

  const RunSorter* const sorter_;
  size_t block_ = 0;
  size_t at_ = 0;
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

RunMerge::RunMerge(RunSorter* sorter) {
  for (const int file : sorter->scratch_files_) {
    sources_.push_back(std::make_unique<FileSource>(file));
  }
  sources_.push_back(std::make_unique<MemorySource>(sorter));
  Pick();
}

RunMerge::~RunMerge() = default;

// Few sources: each holds as many entries as memory does.
void RunMerge::Pick() {
  current_ = nullptr;
  for (const std::unique_ptr<Source>& source : sources_) {
    if (!source->status().ok()) {
      status_ = source->status();
      current_ = nullptr;
      return;
    }
    if (source->entry() == nullptr) continue;
    if (current_ == nullptr || KeyOf(source->entry()) < KeyOf(current_->entry())) {
      current_ = source.get();
    }
  }
}

void RunMerge::Next() {
  current_->Next();
  if (sources_.size() > 1) {
    Pick();
  } else if (current_->entry() == nullptr) {
    current_ = nullptr;
  }
}

absl::string_view RunMerge::key() const { return KeyOf(current_->entry()); }

absl::string_view RunMerge::value() const {
  const char* const entry = current_->entry();
  return {entry + kEntryHead + KeyBytes(entry), ValueBytes(entry)};
}

bool RunMerge::marked() const { return (ValueWord(current_->entry()) & kMark) != 0; }

}  // namespace relata
