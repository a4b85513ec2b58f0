#ifndef RELATA_TESTS_LAYOUT_CPP_SCAN_H_
#define RELATA_TESTS_LAYOUT_CPP_SCAN_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// One #include line of a C++ file.
struct CppInclude {
  int line = 0;         // from 1
  std::string path;     // without the quotes or angle brackets
  bool quoted = false;  // true for "path", false for <path>
};

// What a C++ file includes and says, seen without preprocessing it.
struct CppScan {
  // In the order of the file. Includes in comments and inside string literals are not among them.
  std::vector<CppInclude> includes;
  // The text with comments, includes and the insides of string and character literals blanked out.
  // Line breaks stay, so line numbers do too.
  std::string code;
};

// Knows comments, string, raw string and character literals, and digit separators; a file that ends
// inside one of them is taken as it is.
CppScan ScanCpp(absl::string_view text);

}  // namespace relata

#endif  // RELATA_TESTS_LAYOUT_CPP_SCAN_H_
