#include "storage/codec/ordered_bytes.h"

namespace relata {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedNul = '\xff';
constexpr char kEnd = '\x00';

template <typename Unsigned>
void AppendBigEndian(std::string* out, Unsigned value) {
  char bytes[sizeof(Unsigned)];
  for (size_t i = 0; i < sizeof(Unsigned); ++i) {
    bytes[i] = static_cast<char>(value >> (8 * (sizeof(Unsigned) - 1 - i)));
  }
  out->append(bytes, sizeof(bytes));
}

template <typename Unsigned>
std::optional<Unsigned> ConsumeBigEndian(absl::string_view* input) {
  if (input->size() < sizeof(Unsigned)) return std::nullopt;
  const auto value = LoadBigEndian<Unsigned>(input->data());
  input->remove_prefix(sizeof(Unsigned));
  return value;
}

constexpr uint64_t kSignBit = uint64_t{1} << 63;

// Length of the component at the front of `input` with its ending; 0 where there is none.
size_t ComponentLength(absl::string_view input) {
  size_t at = 0;
  while (true) {
    at = input.find(kEscape, at);
    if (at == absl::string_view::npos || at + 1 >= input.size()) return 0;
    if (input[at + 1] == kEnd) return at + 2;
    if (input[at + 1] != kEscapedNul) return 0;
    at += 2;
  }
}

}  // namespace

void AppendUint8(std::string* out, uint8_t value) { out->push_back(static_cast<char>(value)); }
void AppendUint16(std::string* out, uint16_t value) { AppendBigEndian(out, value); }
void AppendUint32(std::string* out, uint32_t value) { AppendBigEndian(out, value); }
void AppendUint64(std::string* out, uint64_t value) { AppendBigEndian(out, value); }
void AppendUint64Descending(std::string* out, uint64_t value) { AppendBigEndian(out, ~value); }
void AppendInt64(std::string* out, int64_t value) {
  AppendBigEndian(out, static_cast<uint64_t>(value) ^ kSignBit);
}

std::optional<uint8_t> ConsumeUint8(absl::string_view* input) {
  return ConsumeBigEndian<uint8_t>(input);
}
std::optional<uint16_t> ConsumeUint16(absl::string_view* input) {
  return ConsumeBigEndian<uint16_t>(input);
}
std::optional<uint32_t> ConsumeUint32(absl::string_view* input) {
  return ConsumeBigEndian<uint32_t>(input);
}
std::optional<uint64_t> ConsumeUint64(absl::string_view* input) {
  return ConsumeBigEndian<uint64_t>(input);
}
std::optional<uint64_t> ConsumeUint64Descending(absl::string_view* input) {
  const std::optional<uint64_t> complement = ConsumeBigEndian<uint64_t>(input);
  if (!complement.has_value()) return std::nullopt;
  return ~*complement;
}
std::optional<int64_t> ConsumeInt64(absl::string_view* input) {
  const std::optional<uint64_t> flipped = ConsumeBigEndian<uint64_t>(input);
  if (!flipped.has_value()) return std::nullopt;
  return static_cast<int64_t>(*flipped ^ kSignBit);
}

void AppendOrderedBytesPrefix(std::string* out, absl::string_view bytes) {
  while (true) {
    const size_t nul = bytes.find(kEscape);
    if (nul == absl::string_view::npos) break;
    out->append(bytes.data(), nul + 1);
    out->push_back(kEscapedNul);
    bytes.remove_prefix(nul + 1);
  }
  out->append(bytes.data(), bytes.size());
}

void AppendOrderedBytes(std::string* out, absl::string_view bytes) {
  AppendOrderedBytesPrefix(out, bytes);
  out->push_back(kEscape);
  out->push_back(kEnd);
}

std::optional<std::string> ConsumeOrderedBytes(absl::string_view* input) {
  const size_t length = ComponentLength(*input);
  if (length == 0) return std::nullopt;
  absl::string_view body = input->substr(0, length - 2);
  std::string bytes;
  bytes.reserve(body.size());
  while (true) {
    const size_t nul = body.find(kEscape);
    if (nul == absl::string_view::npos) break;
    bytes.append(body.data(), nul + 1);
    body.remove_prefix(nul + 2);
  }
  bytes.append(body.data(), body.size());
  input->remove_prefix(length);
  return bytes;
}

bool SkipOrderedBytes(absl::string_view* input) {
  const size_t length = ComponentLength(*input);
  input->remove_prefix(length);
  return length > 0;
}

}  // namespace relata
