#ifndef RELATA_CLIENT_CLI_OUTPUT_TEXT_WIDTH_H_
#define RELATA_CLIENT_CLI_OUTPUT_TEXT_WIDTH_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace relata {

// Columns that `text`, UTF-8, takes on a terminal: 2 for a wide or fullwidth character (Chinese;
// Unicode Standard Annex 11, East Asian Width), 0 for marks that combine with the one before, for
// format and control characters, 1 for all others, the ambiguous ones too. Bytes that are not UTF-8
// count 1.
size_t TextWidth(absl::string_view text);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_TEXT_WIDTH_H_
