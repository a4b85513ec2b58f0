#include "graph/mutation/input_checks.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "graph/search/fold.h"

namespace relata {
namespace {

constexpr size_t kMaxKeyBytes = 1024;
constexpr size_t kMaxWordBytes = 256;
constexpr size_t kMaxLanguageBytes = 35;

absl::Status CheckText(absl::string_view what, absl::string_view text, size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " must have 1 to ", max_bytes, " bytes; this one has ", text.size()));
  }
  if (!IsUtf8(text)) return absl::InvalidArgumentError(absl::StrCat(what, " is not valid UTF-8"));
  return absl::OkStatus();
}

// Language, script, region and the rest of a BCP-47 tag: words of 1 to 8 letters or digits, the
// first of 2 to 8 letters.
bool IsLanguageTag(absl::string_view tag) {
  if (tag.empty() || tag.size() > kMaxLanguageBytes) return false;
  bool first = true;
  for (const absl::string_view word : absl::StrSplit(tag, '-')) {
    if (word.empty() || word.size() > 8) return false;
    const bool fits = std::all_of(word.begin(), word.end(), [&](unsigned char c) {
      return first ? absl::ascii_isalpha(c) : absl::ascii_isalnum(c);
    });
    if (!fits || (first && word.size() < 2)) return false;
    first = false;
  }
  return true;
}

}  // namespace

absl::Status CheckKey(absl::string_view key) { return CheckText("a key", key, kMaxKeyBytes); }

absl::Status CheckWord(absl::string_view what, absl::string_view word) {
  return CheckText(what, word, kMaxWordBytes);
}

absl::Status CheckPropertyName(absl::string_view name) {
  if (!name.empty() && name[0] == '_') {
    return absl::InvalidArgumentError(absl::StrCat(
        "the property `", name, "` is reserved; names that start with `_` cannot be written"));
  }
  return CheckText("a property's name", name, kMaxWordBytes);
}

absl::Status CheckStorable(absl::string_view property, const Value& value) {
  const auto refuse = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("the value of `", property, "` ", why));
  };
  if (value.is_null()) return refuse("is null; give a value, or remove the property");
  if (value.type() == ValueType::kMap) {
    return refuse("is a map; store its entries as properties of their own");
  }
  if (value.qualifier() != Qualifier::kExact && !value.is_number() &&
      value.type() != ValueType::kMoney) {
    return refuse("has a qualifier, which only numbers and amounts of money can have");
  }
  if (const auto* text = value.get_if<std::string>(); text != nullptr && !IsUtf8(*text)) {
    return refuse("is not valid UTF-8; use bytes for other data");
  }
  if (const auto* list = value.get_if<Value::List>()) {
    for (const Value& item : *list) {
      if (absl::Status status = CheckStorable(property, item); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckName(const EntityName& name) {
  if (absl::Status status = CheckText("a name", name.text, kMaxKeyBytes); !status.ok()) {
    return status;
  }
  if (!IsLanguageTag(name.language)) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", name.language, "` is no language tag; write a BCP-47 tag such as `en`, ",
                     "`zh` or `zh-Hant`"));
  }
  return absl::OkStatus();
}

absl::Status CheckConfidence(double confidence) {
  if (confidence >= 0.0 && confidence <= 1.0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a confidence must lie in 0 to 1; this one is ", confidence));
}

}  // namespace relata
