#ifndef RELATA_BASE_BYTE_ORDER_MARK_H_
#define RELATA_BASE_BYTE_ORDER_MARK_H_

#include "absl/strings/string_view.h"

namespace relata {

// U+FEFF in UTF-8: some programs put it before a file's first line, and it is no part of that.
inline constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace relata

#endif  // RELATA_BASE_BYTE_ORDER_MARK_H_
