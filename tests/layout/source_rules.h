#ifndef RELATA_TESTS_LAYOUT_SOURCE_RULES_H_
#define RELATA_TESTS_LAYOUT_SOURCE_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// Which folder may include what, and a few names that no file may use. The compiler cannot tell an
// upward include from a downward one since all are relative to the root, so this does.

// What is wrong with one C++ file, one line each ("graph/a.h:12: ..."); empty if nothing is.
// `path` is relative to the root of the source tree, with '/' between its parts.
std::vector<std::string> FindViolations(absl::string_view path, absl::string_view text);

// The paths of all .h and .cc files below `root`, relative to it, sorted; hidden folders and build
// folders are left out.
std::vector<std::string> ListSources(const std::string& root);

}  // namespace relata

#endif  // RELATA_TESTS_LAYOUT_SOURCE_RULES_H_
