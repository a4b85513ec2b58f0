#include "graph/query/syntax/keywords.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"

namespace relata::query {
namespace {

// In the order of the enum, which is that of the alphabet but for underscores.
constexpr absl::string_view kTexts[] = {"",
#define RELATA_KEYWORD(name, text) text,
                                        RELATA_KEYWORDS(RELATA_KEYWORD)
#undef RELATA_KEYWORD
};
constexpr size_t kCount = std::size(kTexts);

constexpr size_t LongestText() {
  size_t longest = 0;
  for (const absl::string_view text : kTexts) longest = std::max(longest, text.size());
  return longest;
}

using Entry = std::pair<absl::string_view, Keyword>;

const std::array<Entry, kCount - 1>& SortedEntries() {
  static const std::array<Entry, kCount - 1> kEntries = [] {
    std::array<Entry, kCount - 1> sorted;
    for (size_t i = 1; i < kCount; ++i) sorted[i - 1] = {kTexts[i], static_cast<Keyword>(i)};
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }();
  return kEntries;
}

}  // namespace

Keyword FindKeyword(absl::string_view word) {
  std::array<char, LongestText()> folded;
  if (word.empty() || word.size() > folded.size()) return Keyword::kNotAKeyword;
  for (size_t i = 0; i < word.size(); ++i) {
    folded[i] = absl::ascii_toupper(static_cast<unsigned char>(word[i]));
  }
  const absl::string_view key(folded.data(), word.size());
  const auto& entries = SortedEntries();
  const auto it = std::lower_bound(
      entries.begin(), entries.end(), key,
      [](const Entry& entry, absl::string_view wanted) { return entry.first < wanted; });
  return it != entries.end() && it->first == key ? it->second : Keyword::kNotAKeyword;
}

absl::string_view KeywordText(Keyword keyword) { return kTexts[static_cast<size_t>(keyword)]; }

}  // namespace relata::query
