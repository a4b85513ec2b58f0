#ifndef RELATA_STORAGE_RUN_ENTRY_H_
#define RELATA_STORAGE_RUN_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// An entry of a sorter, in memory and in scratch files: bytes of the key (16 bits), bytes of the
// value (31 bits) with the mark on top, the key, the value. Never on disk beyond the process.
inline constexpr size_t kRunEntryHead = 6;
inline constexpr uint32_t kRunEntryMark = uint32_t{1} << 31;

inline size_t RunEntryKeyBytes(const char* entry) {
  uint16_t bytes = 0;
  std::memcpy(&bytes, entry, sizeof bytes);
  return bytes;
}
inline uint32_t RunEntryValueWord(const char* entry) {
  uint32_t word = 0;
  std::memcpy(&word, entry + sizeof(uint16_t), sizeof word);
  return word;
}
inline absl::string_view RunEntryKey(const char* entry) {
  return {entry + kRunEntryHead, RunEntryKeyBytes(entry)};
}
inline absl::string_view RunEntryValue(const char* entry) {
  return {entry + kRunEntryHead + RunEntryKeyBytes(entry),
          RunEntryValueWord(entry) & ~kRunEntryMark};
}
inline bool RunEntryMarked(const char* entry) {
  return (RunEntryValueWord(entry) & kRunEntryMark) != 0;
}
inline size_t RunEntryBytes(const char* entry) {
  return kRunEntryHead + RunEntryKeyBytes(entry) + (RunEntryValueWord(entry) & ~kRunEntryMark);
}
// Writes an entry where so many bytes are free.
inline void WriteRunEntry(absl::string_view key, absl::string_view value, bool marked, char* to) {
  const auto key_bytes = static_cast<uint16_t>(key.size());
  const uint32_t value_word = static_cast<uint32_t>(value.size()) | (marked ? kRunEntryMark : 0);
  std::memcpy(to, &key_bytes, sizeof key_bytes);
  std::memcpy(to + sizeof key_bytes, &value_word, sizeof value_word);
  std::memcpy(to + kRunEntryHead, key.data(), key.size());
  if (!value.empty()) std::memcpy(to + kRunEntryHead + key.size(), value.data(), value.size());
}

// Reads entries in the order of their keys, once. Not thread-safe.
class RunEntrySource {
 public:
  virtual ~RunEntrySource() = default;
  // Null at the end and on error. Holds until the next call of Next.
  const char* entry() const { return entry_; }
  // Call where there is an entry.
  virtual void Next() = 0;
  virtual absl::Status status() const { return absl::OkStatus(); }

 protected:
  const char* entry_ = nullptr;
};

}  // namespace relata

#endif  // RELATA_STORAGE_RUN_ENTRY_H_
