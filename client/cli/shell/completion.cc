#include "client/cli/shell/completion.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

// Letters of any script are bytes above 127.
bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isalnum(byte) || c == '_' || byte > 127;
}

void AddMatches(absl::string_view begun, const std::vector<std::string>& words,
                std::vector<std::string>& matches) {
  for (const std::string& word : words) {
    if (absl::StartsWithIgnoreCase(word, begun)) matches.push_back(word);
  }
}

bool EndsWithWord(absl::string_view text, absl::string_view word) {
  text = absl::StripTrailingAsciiWhitespace(text);
  if (!absl::EndsWithIgnoreCase(text, word)) return false;
  text.remove_suffix(word.size());
  return text.empty() || !IsWordByte(text.back());
}

// A name as a query writes it: in backquotes where it is no identifier.
std::string Written(const std::string& name) {
  const bool identifier = !name.empty() &&
                          !absl::ascii_isdigit(static_cast<unsigned char>(name[0])) &&
                          std::all_of(name.begin(), name.end(), IsWordByte);
  return identifier ? name : absl::StrCat("`", absl::StrReplaceAll(name, {{"`", "``"}}), "`");
}

// What was begun matches a name with or without its backquotes.
void AddNames(absl::string_view begun, const std::vector<std::string>& names,
              std::vector<std::string>& matches) {
  for (const std::string& name : names) {
    if (absl::StartsWithIgnoreCase(name, begun)) matches.push_back(Written(name));
  }
}

// The bracket that is open at the end of `text`; 0 for none.
char OpenBracket(absl::string_view text) {
  int closed = 0;
  for (size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (c == ')' || c == ']' || c == '}') ++closed;
    if ((c == '(' || c == '[' || c == '{') && closed-- == 0) return c;
  }
  return 0;
}

std::vector<std::string> NamesOf(
    const google::protobuf::RepeatedPtrField<v1::GetVocabularyResponse::Callable>& callables,
    absl::string_view suffix) {
  std::vector<std::string> names;
  for (const auto& callable : callables) names.push_back(absl::StrCat(callable.name(), suffix));
  return names;
}

}  // namespace

Completion::Completion(const v1::GetVocabularyResponse& vocabulary,
                       std::vector<std::string> commands)
    : keywords_(vocabulary.keywords().begin(), vocabulary.keywords().end()),
      functions_(NamesOf(vocabulary.functions(), "(")),
      procedures_(NamesOf(vocabulary.procedures(), "(")),
      labels_(vocabulary.labels().begin(), vocabulary.labels().end()),
      types_(vocabulary.relationship_types().begin(), vocabulary.relationship_types().end()),
      properties_(vocabulary.property_names().begin(), vocabulary.property_names().end()),
      commands_(std::move(commands)) {}

Completion::Choices Completion::Complete(absl::string_view line) const {
  Choices choices;
  size_t begin = line.size();
  while (begin > 0 && IsWordByte(line[begin - 1])) --begin;
  absl::string_view before = line.substr(0, begin);
  absl::string_view begun = line.substr(begin);
  if (before == ":") {
    begun = line;
    AddMatches(begun, commands_, choices.words);
  } else if (absl::EndsWith(before, ":") || absl::EndsWith(before, "|") ||
             absl::EndsWith(before, "&") || absl::EndsWith(before, "!")) {
    const char bracket = OpenBracket(before);
    if (bracket != '[') AddNames(begun, labels_, choices.words);
    if (bracket != '(') AddNames(begun, types_, choices.words);
    // `[x IN list WHERE x:Label`, `WHERE (r:TYPE`.
    if (choices.words.empty()) AddNames(begun, bracket == '[' ? labels_ : types_, choices.words);
  } else if (absl::EndsWith(before, ".")) {
    // `duration.be`, `CALL db.la`: the whole dotted name; else a property.
    size_t dotted = begin;
    while (dotted > 0 && (IsWordByte(line[dotted - 1]) || line[dotted - 1] == '.')) --dotted;
    AddMatches(line.substr(dotted), functions_, choices.words);
    AddMatches(line.substr(dotted), procedures_, choices.words);
    if (!choices.words.empty()) {
      begun = line.substr(dotted);
    } else {
      AddNames(begun, properties_, choices.words);
    }
  } else if (EndsWithWord(before, "CALL")) {
    AddMatches(begun, procedures_, choices.words);
  } else if (!begun.empty()) {
    const bool lower = absl::ascii_islower(static_cast<unsigned char>(begun[0]));
    AddMatches(begun, keywords_, choices.words);
    if (lower) {
      for (std::string& word : choices.words) absl::AsciiStrToLower(&word);
    }
    AddMatches(begun, functions_, choices.words);
  }
  choices.begun = std::string(begun);
  std::sort(choices.words.begin(), choices.words.end());
  choices.words.erase(std::unique(choices.words.begin(), choices.words.end()), choices.words.end());
  return choices;
}

std::string CommonBeginning(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string common = words[0];
  for (const std::string& word : words) {
    size_t length = 0;
    while (length < common.size() && length < word.size() && common[length] == word[length]) {
      ++length;
    }
    common.resize(length);
  }
  // Letters of several bytes may begin alike: only whole ones count.
  for (const std::string& word : words) {
    while (common.size() < word.size() &&
           (static_cast<unsigned char>(word[common.size()]) & 0xC0) == 0x80) {
      common.pop_back();
    }
  }
  return common;
}

}  // namespace relata
