#include "storage/rocksdb/log_tail.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace relata {
namespace {

constexpr size_t kBlock = 32 << 10;
constexpr size_t kHeader = 7;
constexpr size_t kRecycledHeader = 11;
// Types of records.
constexpr uint8_t kWhole = 1;
constexpr uint8_t kFirst = 2;
constexpr uint8_t kLastPlain = 4;
constexpr uint8_t kRecycledWhole = 5;
constexpr uint8_t kRecycledFirst = 6;
constexpr uint8_t kLastRecycled = 8;

uint32_t LittleEndian(absl::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = bytes.size(); i > 0; --i)
    number = number << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return number;
}

uint32_t MaskedCrc(absl::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const uint32_t sum = crc.checksum();
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

struct LogRecord {
  size_t size = 0;  // with its header
  bool begins_write = false;
};

// The record at `at`; nullopt where there is no good one.
std::optional<LogRecord> RecordAt(absl::string_view log, size_t at) {
  const size_t block_end = std::min(log.size(), at - at % kBlock + kBlock);
  if (at + kHeader > block_end) return std::nullopt;
  const auto type = static_cast<uint8_t>(log[at + 6]);
  if (type < kWhole || type > kLastRecycled) return std::nullopt;
  const size_t header = type > kLastPlain ? kRecycledHeader : kHeader;
  const size_t size = header + LittleEndian(log.substr(at + 4, 2));
  if (at + size > block_end) return std::nullopt;
  if (LittleEndian(log.substr(at, 4)) != MaskedCrc(log.substr(at + 6, size - 6))) {
    return std::nullopt;
  }
  const bool begins =
      type == kWhole || type == kFirst || type == kRecycledWhole || type == kRecycledFirst;
  return LogRecord{size, begins};
}

// Where the first bad record begins; the log's size where all are good.
size_t FirstBad(absl::string_view log) {
  size_t at = 0;
  while (at < log.size()) {
    const size_t left_in_block = kBlock - at % kBlock;
    if (left_in_block < kHeader) {  // padding
      at += left_in_block;
      continue;
    }
    const std::optional<LogRecord> record = RecordAt(log, at);
    if (!record) return at;
    at += record->size;
  }
  return log.size();
}

// Whether a write begins anywhere from `from` on. Where lengths are damaged only a search finds it.
bool WriteBegins(absl::string_view log, size_t from) {
  for (size_t at = from; at < log.size(); ++at) {
    const std::optional<LogRecord> record = RecordAt(log, at);
    if (record && record->begins_write) return true;
  }
  return false;
}

absl::StatusOr<std::string> ReadLog(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::error_code error;
  if (stream.good() && bytes.size() == std::filesystem::file_size(file, error)) return bytes;
  return absl::UnavailableError(
      "opening the database: a file of the write-ahead log cannot be read; check the device");
}

// By their numbers, which have leading zeros up to six digits.
absl::StatusOr<std::vector<std::filesystem::path>> LogFiles(const std::string& path) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".log") files.push_back(entry->path());
  }
  if (error) {
    return absl::UnavailableError(
        "opening the database: the data folder cannot be listed; check the device");
  }
  std::sort(files.begin(), files.end(),
            [](const std::filesystem::path& a, const std::filesystem::path& b) {
              const std::string left = a.filename().string();
              const std::string right = b.filename().string();
              return left.size() != right.size() ? left.size() < right.size() : left < right;
            });
  return files;
}

}  // namespace

absl::Status CheckLogTail(const std::string& path) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files, LogFiles(path));
  std::string damaged;
  for (const std::filesystem::path& file : files) {
    RELATA_ASSIGN_OR_RETURN(const std::string log, ReadLog(file));
    size_t behind = 0;
    if (damaged.empty()) {
      behind = FirstBad(log);
      if (behind == log.size()) continue;
      damaged = absl::StrCat("file ", file.filename().string(), ", byte ", behind);
    }
    if (!WriteBegins(log, behind)) continue;
    return absl::DataLossError(
        absl::StrCat("opening the database: the write-ahead log is damaged before its end (",
                     damaged, "), so commits that were acknowledged would be lost; restore the ",
                     "database from a checkpoint or a backup"));
  }
  return absl::OkStatus();
}

}  // namespace relata
