#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

// What ICU counts as a step takes some milliseconds, so that a match stops after about a second.
constexpr int32_t kMatchSteps = 200;
constexpr int32_t kMatchStackBytes = 8 << 20;
// Patterns that a thread keeps compiled, the last used first.
constexpr size_t kKeptPatterns = 16;
// ICU counts code units in 32 bits.
constexpr size_t kLongestText = size_t{1} << 30;

icu::UnicodeString ToUnicode(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

struct CompiledPattern {
  std::string text;
  std::unique_ptr<icu::RegexPattern> pattern;  // what `matcher` refers to
  std::unique_ptr<icu::RegexMatcher> matcher;
};

absl::Status BadPattern(absl::string_view pattern, const UParseError& where) {
  return ArgumentValueError(absl::StrCat(
      "the regular expression ", QuotedForError(pattern), " has an error",
      where.offset >= 0 ? absl::StrCat(" near its character ", where.offset) : std::string()));
}

absl::StatusOr<icu::RegexMatcher*> FindMatcher(absl::string_view pattern) {
  thread_local std::list<CompiledPattern> kept;
  for (auto it = kept.begin(); it != kept.end(); ++it) {
    if (it->text != pattern) continue;
    kept.splice(kept.begin(), kept, it);
    return kept.front().matcher.get();
  }
  UErrorCode error = U_ZERO_ERROR;
  UParseError where{};
  where.offset = -1;
  std::unique_ptr<icu::RegexPattern> compiled(
      icu::RegexPattern::compile(ToUnicode(pattern), where, error));
  if (U_FAILURE(error)) return BadPattern(pattern, where);
  std::unique_ptr<icu::RegexMatcher> matcher(compiled->matcher(error));
  if (U_FAILURE(error)) return absl::InternalError("ICU made no matcher");
  matcher->setTimeLimit(kMatchSteps, error);
  matcher->setStackLimit(kMatchStackBytes, error);
  if (kept.size() == kKeptPatterns) kept.pop_back();
  kept.push_front({std::string(pattern), std::move(compiled), std::move(matcher)});
  return kept.front().matcher.get();
}

}  // namespace

absl::StatusOr<Datum> MatchesRegex(const Datum& text, const Datum& pattern) {
  if (!text.is_string() || !pattern.is_string()) return Datum();
  if (text.AsString().size() > kLongestText || pattern.AsString().size() > kLongestText) {
    return absl::ResourceExhaustedError("a text of more than 1 GiB cannot be matched");
  }
  RELATA_ASSIGN_OR_RETURN(icu::RegexMatcher * matcher, FindMatcher(pattern.AsString()));
  const icu::UnicodeString unicode = ToUnicode(text.AsString());
  matcher->reset(unicode);
  UErrorCode error = U_ZERO_ERROR;
  const bool matches = matcher->matches(error) != 0;
  // The matcher must not keep the text, which dies here.
  static const icu::UnicodeString kNothing;
  matcher->reset(kNothing);
  if (error == U_REGEX_TIME_OUT || error == U_REGEX_STACK_OVERFLOW) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "matching the regular expression ", QuotedForError(pattern.AsString()),
        error == U_REGEX_TIME_OUT ? " passed its time limit" : " passed its memory limit",
        "; avoid nested repetitions as (a+)+"));
  }
  if (U_FAILURE(error)) {
    return absl::InternalError(absl::StrCat("matching failed: ", u_errorName(error)));
  }
  return Datum::Bool(matches);
}

}  // namespace relata::query
