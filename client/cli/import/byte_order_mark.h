#ifndef RELATA_CLIENT_CLI_IMPORT_BYTE_ORDER_MARK_H_
#define RELATA_CLIENT_CLI_IMPORT_BYTE_ORDER_MARK_H_

#include "absl/strings/string_view.h"

namespace relata {

// U+FEFF in UTF-8: some programs put it before a file's first line, and it is no part of that.
inline constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_BYTE_ORDER_MARK_H_
