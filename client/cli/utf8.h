#ifndef RELATA_CLIENT_CLI_UTF8_H_
#define RELATA_CLIENT_CLI_UTF8_H_

#include <unicode/utf8.h>

#include <cstdint>

#include "absl/strings/string_view.h"

namespace relata {

// Whether `text` is well-formed UTF-8. Texts of requests must be: what is not is told to the person
// who wrote it, since the messages cannot even be sent.
inline bool IsWellFormedUtf8(absl::string_view text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), i, size, character);
    if (character < 0) return false;
  }
  return true;
}

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_UTF8_H_
