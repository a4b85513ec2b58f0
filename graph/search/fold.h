#ifndef RELATA_GRAPH_SEARCH_FOLD_H_
#define RELATA_GRAPH_SEARCH_FOLD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// The form in which names are compared without regard to case and width: NFKC_Casefold of the
// Unicode Standard (section 3.13, D146 toNFKC_Casefold), by ICU: `DeepSeek`, `deepseek` and
// full-width `ＤｅｅｐＳｅｅｋ` fold to one text, `Straße` and `STRASSE` too. INVALID_ARGUMENT
// where `text` is no UTF-8. Thread-safe.
absl::StatusOr<std::string> FoldName(absl::string_view text);

// Whether the bytes are well-formed UTF-8.
bool IsUtf8(absl::string_view text);

}  // namespace relata

#endif  // RELATA_GRAPH_SEARCH_FOLD_H_
