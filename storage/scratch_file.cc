#include "storage/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace relata {
namespace {

// What a reader of a part reads beyond it is for nothing.
constexpr size_t kReadBytes = size_t{256} << 10;
constexpr size_t kWriteBytes = size_t{1} << 20;

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

ScratchFile::~ScratchFile() {
  if (file_ >= 0) close(file_);
}

absl::Status ScratchFile::Write(RunEntrySource& source, const std::string& folder) {
  file_ = OpenScratch(folder);
  if (file_ < 0) return ScratchFailed();
  std::string buffer;
  buffer.reserve(kWriteBytes + (size_t{1} << 16));
  off_t written = 0;
  for (; source.entry() != nullptr; source.Next()) {
    const off_t offset = written + static_cast<off_t>(buffer.size());
    if (marks_.empty() || offset - marks_.back().offset >= static_cast<off_t>(kMarkBytes)) {
      marks_.push_back({std::string(RunEntryKey(source.entry())), offset});
    }
    buffer.append(source.entry(), RunEntryBytes(source.entry()));
    if (buffer.size() < kWriteBytes) continue;
    if (!WriteAll(file_, buffer.data(), buffer.size())) return ScratchFailed();
    written += static_cast<off_t>(buffer.size());
    buffer.clear();
  }
  if (!WriteAll(file_, buffer.data(), buffer.size())) return ScratchFailed();
  return source.status();
}

class ScratchFile::Reader final : public RunEntrySource {
 public:
  Reader(int file, off_t offset) : file_(file), offset_(offset) { Load(); }
  void Next() override {
    at_ += RunEntryBytes(entry_);
    Load();
  }
  absl::Status status() const override { return status_; }

 private:
  // Makes `entry_` the entry at `at_`, whole in the buffer.
  void Load() {
    entry_ = nullptr;
    if (!Have(kRunEntryHead)) return;
    if (!Have(RunEntryBytes(buffer_.data() + at_))) {
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
  off_t offset_;
  std::vector<char> buffer_;
  size_t at_ = 0;
  size_t filled_ = 0;
  absl::Status status_;
};

std::unique_ptr<RunEntrySource> ScratchFile::Read(absl::string_view from) const {
  const auto above = std::upper_bound(
      marks_.begin(), marks_.end(), from,
      [](absl::string_view key, const Mark& mark) { return key < absl::string_view(mark.key); });
  auto reader =
      std::make_unique<Reader>(file_, above == marks_.begin() ? 0 : std::prev(above)->offset);
  while (reader->entry() != nullptr && RunEntryKey(reader->entry()) < from) reader->Next();
  return reader;
}

}  // namespace relata
