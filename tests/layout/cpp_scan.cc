#include "tests/layout/cpp_scan.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace relata {
namespace {

bool IsWordChar(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}

  CppScan Run() && {
    while (position_ < text_.size()) Step();
    return std::move(result_);
  }

 private:
  absl::string_view Rest() const { return text_.substr(position_); }

  void Step() {
    const char c = text_[position_];
    if (absl::StartsWith(Rest(), "//")) {
      Blank(Rest().find('\n'));
    } else if (absl::StartsWith(Rest(), "/*")) {
      Blank(EndOf(Rest().find("*/", 2), 2));
    } else if (c == '#' && line_is_empty_ && ScanInclude()) {
      return;
    } else if (c == '"' || c == '\'') {
      Blank(LiteralLength(c));
    } else if (IsWordChar(c)) {
      ScanWord();
    } else {
      Keep(1);
    }
  }

  // An include directive at the '#' the scanner stands at, if it is one.
  bool ScanInclude() {
    absl::string_view line = Rest().substr(0, Rest().find('\n'));
    const size_t length = line.size();
    line = absl::StripLeadingAsciiWhitespace(line.substr(1));
    if (!absl::ConsumePrefix(&line, "include")) return false;
    line = absl::StripLeadingAsciiWhitespace(line);
    if (line.empty() || (line.front() != '"' && line.front() != '<')) return false;
    const bool quoted = line.front() == '"';
    const size_t end = line.find(quoted ? '"' : '>', 1);
    if (end == absl::string_view::npos) return false;
    result_.includes.push_back({line_, std::string(line.substr(1, end - 1)), quoted});
    Blank(length);
    return true;
  }

  // A name, keyword or number; a raw string literal if the word is the prefix of one.
  void ScanWord() {
    const bool number = IsDigit(text_[position_]);
    size_t length = 1;
    while (length < Rest().size() &&
           (IsWordChar(Rest()[length]) || (number && Rest()[length] == '\''))) {
      ++length;
    }
    const absl::string_view word = Rest().substr(0, length);
    Keep(length);
    const bool raw = word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R";
    if (raw && absl::StartsWith(Rest(), "\"")) {
      const absl::string_view delimiter = Rest().substr(1, Rest().find('(') - 1);
      const std::string close = absl::StrCat(")", delimiter, "\"");
      Blank(EndOf(Rest().find(close), close.size()));
    }
  }

  // The length of the literal in `quote` characters that the scanner stands at.
  size_t LiteralLength(char quote) const {
    size_t length = 1;
    while (length < Rest().size() && Rest()[length] != quote && Rest()[length] != '\n') {
      length += Rest()[length] == '\\' ? 2 : 1;
    }
    return length + 1;
  }

  static size_t EndOf(size_t found, size_t length) {
    return found == absl::string_view::npos ? found : found + length;
  }

  void Keep(size_t length) {
    Advance(length, [](char c) { return c; });
  }
  void Blank(size_t length) {
    Advance(length, [](char) { return ' '; });
  }

  // Takes the next `length` characters (all that are left if there are fewer) into the code.
  template <typename Transform>
  void Advance(size_t length, Transform transform) {
    for (const char c : Rest().substr(0, length)) {
      result_.code += c == '\n' ? c : transform(c);
      ++position_;
      if (c == '\n') {
        ++line_;
        line_is_empty_ = true;
      } else if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
        line_is_empty_ = false;
      }
    }
  }

  absl::string_view text_;
  size_t position_ = 0;
  int line_ = 1;
  bool line_is_empty_ = true;  // nothing but white space so far on this line
  CppScan result_;
};

}  // namespace

CppScan ScanCpp(absl::string_view text) { return Scanner(text).Run(); }

}  // namespace relata
