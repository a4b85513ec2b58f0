#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/code_points.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/random_numbers.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

// ICU counts code units in 32 bits.
constexpr size_t kLongestForIcu = size_t{1} << 29;

absl::StatusOr<Datum> TooLong() {
  return absl::ResourceExhaustedError(
      absl::StrCat("the text would be longer than ", kLargestDatumBytes, " bytes"));
}

absl::StatusOr<icu::UnicodeString> ToUnicode(absl::string_view text) {
  if (text.size() > kLongestForIcu) return TooLong().status();
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

Datum FromUnicode(const icu::UnicodeString& unicode) {
  std::string text;
  unicode.toUTF8String(text);
  return Datum::String(std::move(text));
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

absl::StatusOr<Datum> ToUpper(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("toUpper", args[0]));
  if (IsAscii(text)) return Datum::String(absl::AsciiStrToUpper(text));
  RELATA_ASSIGN_OR_RETURN(icu::UnicodeString unicode, ToUnicode(text));
  return FromUnicode(unicode.toUpper(icu::Locale::getRoot()));
}

absl::StatusOr<Datum> ToLower(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("toLower", args[0]));
  if (IsAscii(text)) return Datum::String(absl::AsciiStrToLower(text));
  RELATA_ASSIGN_OR_RETURN(icu::UnicodeString unicode, ToUnicode(text));
  return FromUnicode(unicode.toLower(icu::Locale::getRoot()));
}

// --- trim

bool IsTrimmed(int32_t c, const std::vector<int32_t>& characters) {
  if (characters.empty()) return u_isUWhiteSpace(c) != 0;
  return std::find(characters.begin(), characters.end(), c) != characters.end();
}

absl::string_view TrimStart(absl::string_view text, const std::vector<int32_t>& characters) {
  const auto size = static_cast<int32_t>(text.size());
  int32_t start = 0;
  for (int32_t next = 0; next < size; start = next) {
    UChar32 c = 0;
    U8_NEXT(text.data(), next, size, c);
    if (!IsTrimmed(c, characters)) break;
  }
  return text.substr(static_cast<size_t>(start));
}

absl::string_view TrimEnd(absl::string_view text, const std::vector<int32_t>& characters) {
  auto end = static_cast<int32_t>(text.size());
  for (int32_t before = end; before > 0; end = before) {
    UChar32 c = 0;
    U8_PREV(text.data(), 0, before, c);
    if (!IsTrimmed(c, characters)) break;
  }
  return text.substr(0, static_cast<size_t>(end));
}

// The arguments of trim and its like: a text, and characters to take off instead of white space.
absl::StatusOr<Datum> Trim(absl::string_view function, Arguments args, bool start, bool end) {
  RELATA_ASSIGN_OR_RETURN(absl::string_view text, StringArgument(function, args[0]));
  if (text.size() > kLongestForIcu) return TooLong();
  std::vector<int32_t> characters;
  if (args.size() == 2) {
    RELATA_ASSIGN_OR_RETURN(const absl::string_view chosen, StringArgument(function, args[1]));
    if (chosen.empty()) return args[0];
    characters = CodePoints(chosen);
  }
  if (start) text = TrimStart(text, characters);
  if (end) text = TrimEnd(text, characters);
  return Datum::String(text);
}

absl::StatusOr<Datum> TrimBoth(CallContext& /*context*/, Arguments args) {
  return Trim("trim", args, true, true);
}
absl::StatusOr<Datum> LTrim(CallContext& /*context*/, Arguments args) {
  return Trim("ltrim", args, true, false);
}
absl::StatusOr<Datum> RTrim(CallContext& /*context*/, Arguments args) {
  return Trim("rtrim", args, false, true);
}

// --- parts

absl::StatusOr<Datum> Substring(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("substring", args[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t start, CountArgument("substring", args[1]));
  absl::string_view rest = text.substr(OffsetOfCodePoint(text, start));
  if (args.size() == 3) {
    RELATA_ASSIGN_OR_RETURN(const int64_t length, CountArgument("substring", args[2]));
    rest = rest.substr(0, OffsetOfCodePoint(rest, length));
  }
  return Datum::String(rest);
}

absl::StatusOr<Datum> Left(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("left", args[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t length, CountArgument("left", args[1]));
  return Datum::String(text.substr(0, OffsetOfCodePoint(text, length)));
}

absl::StatusOr<Datum> Right(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("right", args[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t length, CountArgument("right", args[1]));
  const int64_t all = CountCodePoints(text);
  return Datum::String(text.substr(OffsetOfCodePoint(text, std::max<int64_t>(0, all - length))));
}

// --- replace and split

// Before each code point and at the end, as Java replaces an empty text.
absl::StatusOr<Datum> ReplaceEmpty(absl::string_view text, absl::string_view with, int64_t limit) {
  const auto points = static_cast<size_t>(CountCodePoints(text));
  if (with.size() > 0 && points + 1 > kLargestDatumBytes / with.size()) return TooLong();
  std::string result;
  while (true) {
    if (limit-- > 0) absl::StrAppend(&result, with);
    if (text.empty()) break;
    const size_t size = OffsetOfCodePoint(text, 1);
    absl::StrAppend(&result, text.substr(0, size));
    text.remove_prefix(size);
  }
  return Datum::String(std::move(result));
}

// Whether the text is small enough once its first `limit` occurrences are replaced by what is
// longer.
bool FitsReplaced(absl::string_view text, absl::string_view search, absl::string_view with,
                  int64_t limit) {
  size_t bytes = text.size();
  for (; limit > 0; --limit) {
    const size_t found = text.find(search);
    if (found == absl::string_view::npos) break;
    bytes += with.size() - search.size();
    if (bytes > kLargestDatumBytes) return false;
    text.remove_prefix(found + search.size());
  }
  return true;
}

absl::StatusOr<Datum> Replace(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(absl::string_view text, StringArgument("replace", args[0]));
  RELATA_ASSIGN_OR_RETURN(const absl::string_view search, StringArgument("replace", args[1]));
  RELATA_ASSIGN_OR_RETURN(const absl::string_view with, StringArgument("replace", args[2]));
  int64_t limit = std::numeric_limits<int64_t>::max();
  if (args.size() == 4) {
    RELATA_ASSIGN_OR_RETURN(limit, CountArgument("replace", args[3]));
  }
  if (search.empty()) return ReplaceEmpty(text, with, limit);
  if (with.size() > search.size() && !FitsReplaced(text, search, with, limit)) return TooLong();
  std::string result;
  for (; limit > 0; --limit) {
    const size_t found = text.find(search);
    if (found == absl::string_view::npos) break;
    absl::StrAppend(&result, text.substr(0, found), with);
    text.remove_prefix(found + search.size());
  }
  absl::StrAppend(&result, text);
  return Datum::String(std::move(result));
}

absl::StatusOr<std::vector<absl::string_view>> Delimiters(const Datum& argument) {
  std::vector<absl::string_view> delimiters;
  if (!argument.is_list()) {
    RELATA_ASSIGN_OR_RETURN(const absl::string_view one, StringArgument("split", argument));
    delimiters.push_back(one);
    return delimiters;
  }
  for (const Datum& element : argument.AsList()) {
    RELATA_ASSIGN_OR_RETURN(const absl::string_view one, StringArgument("split", element));
    delimiters.push_back(one);
  }
  return delimiters;
}

// The first place where one of the delimiters stands, and its size; an empty one stands after the
// first code point.
std::pair<size_t, size_t> FindDelimiter(absl::string_view text,
                                        const std::vector<absl::string_view>& delimiters) {
  std::pair<size_t, size_t> first = {absl::string_view::npos, 0};
  for (const absl::string_view delimiter : delimiters) {
    const size_t at = delimiter.empty() ? OffsetOfCodePoint(text, 1) : text.find(delimiter);
    if (delimiter.empty() && at >= text.size()) continue;
    if (at < first.first) first = {at, delimiter.size()};
  }
  return first;
}

absl::StatusOr<Datum> Split(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(absl::string_view text, StringArgument("split", args[0]));
  RELATA_ASSIGN_OR_RETURN(const std::vector<absl::string_view> delimiters, Delimiters(args[1]));
  Datum::List parts;
  size_t bytes = 0;
  while (true) {
    const auto [at, size] = FindDelimiter(text, delimiters);
    const absl::string_view part = text.substr(0, at);
    parts.push_back(Datum::String(part));
    bytes += parts.back().HeapBytes() + sizeof(Datum);
    if (bytes > kLargestDatumBytes) return TooLong();
    if (at == absl::string_view::npos) break;
    text.remove_prefix(at + size);
  }
  return CheckedList(std::move(parts));
}

// --- the rest

absl::StatusOr<Datum> CharLength(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("char_length", args[0]));
  return Datum::Int(CountCodePoints(text));
}

absl::StatusOr<const icu::Normalizer2*> NormalForm(absl::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(name);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = nullptr;
  if (upper == "NFC") form = icu::Normalizer2::getNFCInstance(error);
  if (upper == "NFD") form = icu::Normalizer2::getNFDInstance(error);
  if (upper == "NFKC") form = icu::Normalizer2::getNFKCInstance(error);
  if (upper == "NFKD") form = icu::Normalizer2::getNFKDInstance(error);
  if (form != nullptr && U_SUCCESS(error)) return form;
  return ArgumentError("InvalidArgumentValue", "a normal form is NFC, NFD, NFKC or NFKD");
}

// The second argument, NFC without one.
absl::StatusOr<const icu::Normalizer2*> FormArgument(absl::string_view function, Arguments args) {
  if (args.size() < 2) return NormalForm("NFC");
  RELATA_ASSIGN_OR_RETURN(const absl::string_view name, StringArgument(function, args[1]));
  return NormalForm(name);
}

absl::StatusOr<Datum> IsNormalized(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const icu::Normalizer2* form, FormArgument("isNormalized", args));
  if (!args[0].is_string()) return Datum();
  RELATA_ASSIGN_OR_RETURN(const icu::UnicodeString unicode, ToUnicode(args[0].AsString()));
  UErrorCode error = U_ZERO_ERROR;
  const bool normalized = form->isNormalized(unicode, error) != 0;
  if (U_FAILURE(error)) return absl::InternalError("ICU did not look at a text");
  return Datum::Bool(normalized);
}

absl::StatusOr<Datum> Normalize(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument("normalize", args[0]));
  RELATA_ASSIGN_OR_RETURN(const icu::Normalizer2* form, FormArgument("normalize", args));
  RELATA_ASSIGN_OR_RETURN(const icu::UnicodeString unicode, ToUnicode(text));
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString normalized = form->normalize(unicode, error);
  if (U_FAILURE(error)) return absl::InternalError("ICU did not normalize a text");
  return FromUnicode(normalized);
}

// RFC 4122, 4.4: version 4, the variant of the RFC.
absl::StatusOr<Datum> RandomUuid(CallContext& context, Arguments /*args*/) {
  if (context.random_state == nullptr) {
    return absl::InternalError("randomUUID() was called without a state");
  }
  const uint64_t high = (NextRandom(context.random_state) & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low =
      (NextRandom(context.random_state) & ~(uint64_t{3} << 62)) | (uint64_t{1} << 63);
  const std::string digits =
      absl::StrCat(absl::Hex(high, absl::kZeroPad16), absl::Hex(low, absl::kZeroPad16));
  const absl::string_view text = digits;
  return Datum::String(absl::StrCat(text.substr(0, 8), "-", text.substr(8, 4), "-",
                                    text.substr(12, 4), "-", text.substr(16, 4), "-",
                                    text.substr(20)));
}

FunctionDefinition Row(absl::string_view name, int min_args, std::vector<TypeSet> parameters,
                       TypeSet result, ScalarFunction call, absl::string_view signature,
                       absl::string_view description) {
  const int max_args = static_cast<int>(parameters.size());
  return {.name = name,
          .min_args = min_args,
          .max_args = max_args,
          .parameters = std::move(parameters),
          .result = result,
          .call = call,
          .signature = signature,
          .description = description};
}

}  // namespace

std::vector<FunctionDefinition> StringFunctions() {
  using types::kInt;
  using types::kList;
  using types::kString;
  std::vector<FunctionDefinition> rows = {
      Row("toUpper", 1, {kString}, kString, ToUpper, "toUpper(text :: String) :: String",
          "The text in upper case."),
      Row("upper", 1, {kString}, kString, ToUpper, "upper(text :: String) :: String",
          "The text in upper case."),
      Row("toLower", 1, {kString}, kString, ToLower, "toLower(text :: String) :: String",
          "The text in lower case."),
      Row("lower", 1, {kString}, kString, ToLower, "lower(text :: String) :: String",
          "The text in lower case."),
      Row("trim", 1, {kString, kString}, kString, TrimBoth,
          "trim(text :: String [, characters :: String]) :: String",
          "The text without white space, or those characters, at both ends."),
      Row("btrim", 1, {kString, kString}, kString, TrimBoth,
          "btrim(text :: String [, characters :: String]) :: String",
          "The text without white space, or those characters, at both ends."),
      Row("ltrim", 1, {kString, kString}, kString, LTrim,
          "ltrim(text :: String [, characters :: String]) :: String",
          "The text without white space, or those characters, at its start."),
      Row("rtrim", 1, {kString, kString}, kString, RTrim,
          "rtrim(text :: String [, characters :: String]) :: String",
          "The text without white space, or those characters, at its end."),
      Row("replace", 3, {kString, kString, kString, kInt}, kString, Replace,
          "replace(text :: String, search :: String, replacement :: String [, limit :: Integer]) "
          ":: String",
          "The text with every (or the first few) occurrences replaced."),
      Row("split", 2, {kString, kString | kList}, kList, Split,
          "split(text :: String, delimiter :: String | List<String>) :: List<String>",
          "The parts of the text between the delimiters."),
      Row("substring", 2, {kString, kInt, kInt}, kString, Substring,
          "substring(text :: String, start :: Integer [, length :: Integer]) :: String",
          "A part of the text; positions count characters from 0."),
      Row("left", 2, {kString, kInt}, kString, Left,
          "left(text :: String, length :: Integer) :: String", "The first characters."),
      Row("right", 2, {kString, kInt}, kString, Right,
          "right(text :: String, length :: Integer) :: String", "The last characters."),
      Row("char_length", 1, {kString}, kInt, CharLength, "char_length(text :: String) :: Integer",
          "How many characters (Unicode code points) the text has."),
      Row("character_length", 1, {kString}, kInt, CharLength,
          "character_length(text :: String) :: Integer",
          "How many characters (Unicode code points) the text has."),
      Row("normalize", 1, {kString, kString}, kString, Normalize,
          "normalize(text :: String [, form :: String]) :: String",
          "The text in a Unicode normal form: NFC (default), NFD, NFKC, NFKD."),
      Row("isNormalized", 1, {types::kAny, kString}, types::kBool | types::kNull, IsNormalized,
          "isNormalized(value :: Any [, form :: String]) :: Boolean",
          "Whether a text is in a Unicode normal form, NFC by default; null for what is no text."),
      Row("randomUUID", 0, {}, kString, RandomUuid, "randomUUID() :: String",
          "A random UUID, another one at each call."),
  };
  rows.back().volatility = Volatility::kVolatile;
  return rows;
}

}  // namespace relata::query
