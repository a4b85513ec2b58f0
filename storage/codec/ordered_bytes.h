#ifndef RELATA_STORAGE_CODEC_ORDERED_BYTES_H_
#define RELATA_STORAGE_CODEC_ORDERED_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace relata {

// Components of keys. Each Append function adds a component whose bytes compare (memcmp) as the
// values compare, and that ends by itself: no encoding of a component is a proper prefix of another
// of the same kind. So a key made of a fixed sequence of components sorts by the first, then the
// second, and so on, and the keys are prefix-free. These bytes are part of the format on disk.
//
// Each Consume function takes one component from the front of `input`; nullopt, and `input` as it
// was, where the bytes are too short or are no such component. The caller knows which key it was
// and makes the DATA_LOSS error.

// Big-endian.
void AppendUint8(std::string* out, uint8_t value);
void AppendUint16(std::string* out, uint16_t value);
void AppendUint32(std::string* out, uint32_t value);
void AppendUint64(std::string* out, uint64_t value);
// Larger values first: the complement, big-endian.
void AppendUint64Descending(std::string* out, uint64_t value);
// Big-endian with the sign bit flipped: INT64_MIN is eight zero bytes.
void AppendInt64(std::string* out, int64_t value);

// The number whose big-endian bytes begin at `bytes`, for keys whose components all have known
// places. Precondition: they are there.
template <typename Unsigned>
Unsigned LoadBigEndian(const char* bytes) {
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof(Unsigned); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value = static_cast<Unsigned>(value | Unsigned{byte} << (8 * (sizeof(Unsigned) - 1 - i)));
  }
  return value;
}

std::optional<uint8_t> ConsumeUint8(absl::string_view* input);
std::optional<uint16_t> ConsumeUint16(absl::string_view* input);
std::optional<uint32_t> ConsumeUint32(absl::string_view* input);
std::optional<uint64_t> ConsumeUint64(absl::string_view* input);
std::optional<uint64_t> ConsumeUint64Descending(absl::string_view* input);
std::optional<int64_t> ConsumeInt64(absl::string_view* input);

// Any bytes, in the order of memcmp with a shorter string before its extensions (for UTF-8: the
// order of code points). Each 0x00 becomes 0x00 0xff, and 0x00 0x00 ends the component: an ending
// sorts before every continuation.
void AppendOrderedBytes(std::string* out, absl::string_view bytes);
std::optional<std::string> ConsumeOrderedBytes(absl::string_view* input);
// Moves past one component without building it. False, and `input` as it was, where there is none.
bool SkipOrderedBytes(absl::string_view* input);

// The same bytes without the ending: the prefix that the components of `bytes` and of all its
// extensions share. For prefix scans: [p, PrefixEnd(p)).
void AppendOrderedBytesPrefix(std::string* out, absl::string_view bytes);

}  // namespace relata

#endif  // RELATA_STORAGE_CODEC_ORDERED_BYTES_H_
