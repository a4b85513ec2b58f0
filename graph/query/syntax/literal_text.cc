#include "graph/query/syntax/literal_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"

namespace relata::query {
namespace {

constexpr size_t kShownDigits = 40;

std::string Shown(absl::string_view text) {
  if (text.size() <= kShownDigits) return std::string(text);
  return absl::StrCat(text.substr(0, kShownDigits), "...");
}

absl::Status InvalidNumber(absl::string_view text, Span span) {
  return SyntaxError("InvalidNumberLiteral", span,
                     absl::StrCat("`", Shown(text),
                                  "` is no number: write 42, 0x2A, 0o52, 0b101010, 4.2 or 4.2e1"));
}

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

absl::StatusOr<Datum> ReadInteger(absl::string_view text, absl::string_view digits, int base,
                                  bool negative, Span span) {
  if (digits.empty()) return InvalidNumber(text, span);
  const uint64_t limit = uint64_t{1} << 63;  // the magnitude of the least integer
  uint64_t magnitude = 0;
  bool overflow = false;
  for (const char c : digits) {
    const int digit = DigitValue(c);
    if (digit >= base) return InvalidNumber(text, span);
    if (overflow ||
        magnitude > (limit - static_cast<uint64_t>(digit)) / static_cast<uint64_t>(base)) {
      overflow = true;
      continue;
    }
    magnitude = magnitude * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
  }
  if (overflow || magnitude > limit || (magnitude == limit && !negative)) {
    return SyntaxError("IntegerOverflow", span,
                       absl::StrCat("the integer ", negative ? "-" : "", Shown(text),
                                    " does not fit into 64 bits: integers lie between "
                                    "-9223372036854775808 and 9223372036854775807"));
  }
  return Datum::Int(static_cast<int64_t>(negative ? ~magnitude + 1 : magnitude));
}

// digits [. digits] [e [sign] digits], with a digit before or after the dot.
bool IsFloatText(absl::string_view text) {
  size_t i = 0;
  const auto skip_digits = [&] {
    const size_t from = i;
    while (i < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) ++i;
    return i - from;
  };
  size_t digits = skip_digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    digits += skip_digits();
  }
  if (digits == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (skip_digits() == 0) return false;
  }
  return i == text.size();
}

absl::StatusOr<Datum> ReadFloat(absl::string_view text, bool negative, Span span) {
  if (!IsFloatText(text)) return InvalidNumber(text, span);
  double value = 0;
  const absl::from_chars_result result =
      absl::from_chars(text.data(), text.data() + text.size(), value);
  // Too small a number is reported as out of range too, and is the nearest float: zero.
  if (result.ec == std::errc::result_out_of_range && value > 1) {
    return SyntaxError("FloatingPointOverflow", span,
                       absl::StrCat("the number ", Shown(text),
                                    " is too large for a float: the largest is about 1.8e308"));
  }
  return Datum::Float(negative ? -value : value);
}

// Each underscore stands alone between two digits: `1_000`, `0xFF_FF`.
bool SeparatesDigits(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    if (i == 0 || i + 1 == text.size()) return false;
    if (DigitValue(text[i - 1]) >= 16 || DigitValue(text[i + 1]) >= 16) return false;
  }
  return true;
}

bool IsSurrogate(uint32_t c) { return c >= 0xD800 && c < 0xE000; }

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | c >> 12));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | c >> 18));
    out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

std::optional<uint32_t> ReadHex(absl::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (const char c : text.substr(at, digits)) {
    const int digit = DigitValue(c);
    if (digit >= 16) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

// Reads the escape \u or \U at `*at` (its backslash) of `text`, and moves past it.
absl::Status ReadUnicodeEscape(absl::string_view text, uint32_t offset, size_t* at,
                               std::string* out) {
  const size_t begin = *at;
  const size_t digits = text[begin + 1] == 'u' ? 4 : 8;
  const auto error = [&](absl::string_view why) {
    const size_t end = std::min(begin + 2 + digits, text.size());
    return SyntaxError("InvalidUnicodeLiteral",
                       {offset + static_cast<uint32_t>(begin), offset + static_cast<uint32_t>(end)},
                       why);
  };
  std::optional<uint32_t> c = ReadHex(text, begin + 2, digits);
  if (!c) return error("a Unicode escape is \\u and 4 hexadecimal digits, or \\U and 8");
  *at = begin + 2 + digits;
  if (*c >= 0xD800 && *c < 0xDC00 && text.substr(*at, 2) == "\\u") {
    const std::optional<uint32_t> low = ReadHex(text, *at + 2, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      c = 0x10000 + ((*c - 0xD800) << 10) + (*low - 0xDC00);
      *at += 6;
    }
  }
  if (IsSurrogate(*c)) return error("half of a surrogate pair is no character");
  if (*c > 0x10FFFF) return error("there is no such Unicode character: the last is 10FFFF");
  AppendUtf8(*c, out);
  return absl::OkStatus();
}

// What `\c` means; '\0' where it means nothing.
char SimpleEscape(char c) {
  switch (c) {
    case 'b':
    case 'B':
      return '\b';
    case 'f':
    case 'F':
      return '\f';
    case 'n':
    case 'N':
      return '\n';
    case 'r':
    case 'R':
      return '\r';
    case 't':
    case 'T':
      return '\t';
    case '\\':
    case '\'':
    case '"':
    case '`':
    case '/':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

absl::StatusOr<Datum> ReadNumberLiteral(absl::string_view text, bool negative, Span span) {
  if (text.find('_') != absl::string_view::npos) {
    if (!SeparatesDigits(text)) return InvalidNumber(text, span);
    return ReadNumberLiteral(absl::StrReplaceAll(text, {{"_", ""}}), negative, span);
  }
  if (text.size() > 1 && text[0] == '0') {
    if (text[1] == 'x' || text[1] == 'X')
      return ReadInteger(text, text.substr(2), 16, negative, span);
    if (text[1] == 'o' || text[1] == 'O')
      return ReadInteger(text, text.substr(2), 8, negative, span);
    if (text[1] == 'b' || text[1] == 'B')
      return ReadInteger(text, text.substr(2), 2, negative, span);
    if (text.find_first_not_of("01234567") == absl::string_view::npos) {
      return ReadInteger(text, text.substr(1), 8, negative, span);
    }
  }
  if (text.find_first_of(".eE") != absl::string_view::npos) return ReadFloat(text, negative, span);
  return ReadInteger(text, text, 10, negative, span);
}

absl::StatusOr<std::string> ReadStringLiteral(absl::string_view text, uint32_t offset) {
  const absl::string_view body = text.substr(1, text.size() - 2);
  const uint32_t body_offset = offset + 1;
  std::string out;
  out.reserve(body.size());
  size_t at = 0;
  while (at < body.size()) {
    const size_t backslash = std::min(body.find('\\', at), body.size());
    out.append(body.data() + at, backslash - at);
    at = backslash;
    if (at == body.size()) break;
    // The lexer took a character after each backslash into the string.
    const char c = body[at + 1];
    if (c == 'u' || c == 'U') {
      RELATA_RETURN_IF_ERROR(ReadUnicodeEscape(body, body_offset, &at, &out));
      continue;
    }
    const char meaning = SimpleEscape(c);
    if (meaning == '\0') {
      const uint32_t begin = body_offset + static_cast<uint32_t>(at);
      return SyntaxError("UnexpectedSyntax", {begin, begin + 2},
                         "unknown escape in a string: there are \\\\ \\' \\\" \\b \\f \\n \\r \\t "
                         "\\uXXXX \\UXXXXXXXX; a backslash itself is written \\\\");
    }
    out.push_back(meaning);
    at += 2;
  }
  return out;
}

std::string ReadQuotedName(absl::string_view text) {
  return absl::StrReplaceAll(text.substr(1, text.size() - 2), {{"``", "`"}});
}

}  // namespace relata::query
