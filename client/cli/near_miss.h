#ifndef RELATA_CLIENT_CLI_NEAR_MISS_H_
#define RELATA_CLIENT_CLI_NEAR_MISS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// The word of `known` that `word` was most likely meant to be: the one fewest edits away (a letter
// more, fewer, changed, or two neighbours swapped; the case of ASCII letters does not count), if
// that is at most a third of its letters; empty where there is none.
std::string NearestWord(absl::string_view word, const std::vector<std::string>& known);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_NEAR_MISS_H_
