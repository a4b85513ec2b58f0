#include "client/request_id.h"

#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/str_format.h"

namespace relata {
namespace {

// The bits that tell the version (4, random) and the variant of a UUID.
constexpr uint64_t kVersion4 = 0x4000;
constexpr uint64_t kVariant = 0x8000;

}  // namespace

std::string NewRequestId() {
  absl::BitGen random;
  const uint64_t high = absl::Uniform<uint64_t>(random);
  const uint64_t low = absl::Uniform<uint64_t>(random);
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         kVersion4 | (high & 0x0fff), kVariant | ((low >> 48) & 0x3fff),
                         low & 0xffffffffffff);
}

}  // namespace relata
