#include "client/cli/shell/statement_splitter.h"

#include <utility>

#include "absl/strings/ascii.h"

namespace relata {
namespace {

// The place after the quoted text or comment that begins at `at`; `at` where neither does; npos
// where it has no end.
size_t SkipQuotedOrComment(absl::string_view text, size_t at) {
  const char c = text[at];
  if (c == '\'' || c == '"' || c == '`') {
    for (size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\' && c != '`') {
        ++i;
      } else if (text[i] == c) {
        return i + 1;
      }
    }
    return absl::string_view::npos;
  }
  if (text.substr(at, 2) == "//") {
    const size_t end = text.find('\n', at);
    return end == absl::string_view::npos ? end : end + 1;
  }
  if (text.substr(at, 2) == "/*") {
    const size_t end = text.find("*/", at + 2);
    return end == absl::string_view::npos ? end : end + 2;
  }
  return at;
}

}  // namespace

size_t StatementSplitter::FindEnd() const {
  for (size_t at = 0; at < pending_.size();) {
    if (pending_[at] == ';') return at;
    const size_t after = SkipQuotedOrComment(pending_, at);
    if (after == absl::string_view::npos) break;
    at = after == at ? at + 1 : after;
  }
  return std::string::npos;
}

std::optional<std::string> StatementSplitter::Next() {
  while (true) {
    const size_t end = FindEnd();
    if (end == std::string::npos) return std::nullopt;
    std::string statement(absl::StripAsciiWhitespace(absl::string_view(pending_).substr(0, end)));
    pending_.erase(0, end + 1);
    if (!statement.empty()) return statement;
  }
}

std::string StatementSplitter::TakeRest() {
  std::string rest(absl::StripAsciiWhitespace(pending_));
  pending_.clear();
  return rest;
}

bool StatementSplitter::begun() const { return !absl::StripAsciiWhitespace(pending_).empty(); }

}  // namespace relata
