#ifndef RELATA_STORAGE_CODEC_VARINT_H_
#define RELATA_STORAGE_CODEC_VARINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace relata {

// Integers of variable length: seven bits a byte, the lowest first, the top bit set on every byte
// but the last (the base-128 form that Protocol Buffers documents). Small numbers are short; the
// bytes do not keep the order of the values, so these belong into values and records, not into
// keys. Part of the format on disk.

// The longest form of a 64-bit number.
inline constexpr int kMaxVarint64Bytes = 10;

inline void AppendVarint64(std::string* out, uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

// Takes one number from the front of `input`. nullopt, and `input` as it was, where it ends too
// early, does not fit 64 bits, or is longer than it needs to be (so that a number has one form
// only).
inline std::optional<uint64_t> ConsumeVarint64(absl::string_view* input) {
  uint64_t value = 0;
  for (size_t i = 0; i < input->size() && i < kMaxVarint64Bytes; ++i) {
    const uint64_t byte = static_cast<unsigned char>((*input)[i]);
    if (i == kMaxVarint64Bytes - 1 && byte > 1) return std::nullopt;
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      if (byte == 0 && i > 0) return std::nullopt;
      input->remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

// Signed numbers near zero become small unsigned ones: 0, -1, 1, -2, … -> 0, 1, 2, 3, …
inline constexpr uint64_t ZigZagEncode(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline constexpr int64_t ZigZagDecode(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace relata

#endif  // RELATA_STORAGE_CODEC_VARINT_H_
