#include "graph/query/syntax/lexer.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relata::query {
namespace {

bool IsNameStart(UChar32 c) {
  if (c < 0x80) return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_';
  return u_hasBinaryProperty(c, UCHAR_ID_START) || u_charType(c) == U_CONNECTOR_PUNCTUATION;
}

bool IsNamePart(UChar32 c) {
  if (c < 0x80) return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  return u_hasBinaryProperty(c, UCHAR_ID_CONTINUE) || u_charType(c) == U_CURRENCY_SYMBOL;
}

bool IsSpace(UChar32 c) {
  if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
  return u_isUWhiteSpace(c) || c == 0x180E || c == 0xFEFF;
}

struct Punctuation {
  absl::string_view text;
  TokenKind kind;
};
// Longer ones before those that they begin with.
constexpr Punctuation kPunctuation[] = {
    {"..", TokenKind::kTwoDots},     {"::", TokenKind::kTwoColons},
    {"||", TokenKind::kTwoBars},     {"+=", TokenKind::kPlusEqual},
    {"=~", TokenKind::kMatches},     {"<>", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessOrEqual}, {">=", TokenKind::kGreaterOrEqual},
    {"(", TokenKind::kLeftParen},    {")", TokenKind::kRightParen},
    {"[", TokenKind::kLeftBracket},  {"]", TokenKind::kRightBracket},
    {"{", TokenKind::kLeftBrace},    {"}", TokenKind::kRightBrace},
    {",", TokenKind::kComma},        {".", TokenKind::kDot},
    {":", TokenKind::kColon},        {";", TokenKind::kSemicolon},
    {"$", TokenKind::kDollar},       {"|", TokenKind::kBar},
    {"&", TokenKind::kAmpersand},    {"!", TokenKind::kExclamation},
    {"%", TokenKind::kPercent},      {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},        {"*", TokenKind::kStar},
    {"/", TokenKind::kSlash},        {"^", TokenKind::kCaret},
    {"=", TokenKind::kEqual},        {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
};

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  TokenList Run(size_t most, CompileWatch* watch) {
    while (list_.tokens.size() <= most && CountWork(watch).ok() && SkipBlanks() &&
           at_ < text_.size() && ReadToken()) {
    }
    Add(TokenKind::kEnd, text_.size(), text_.size());
    return std::move(list_);
  }

 private:
  char Char(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  // The code point at `at` and its bytes; negative where no UTF-8.
  UChar32 CodePoint(size_t at, size_t* bytes) const {
    int32_t offset = 0;
    UChar32 c = 0;
    const absl::string_view rest = text_.substr(at, 4);
    U8_NEXT(rest.data(), offset, static_cast<int32_t>(rest.size()), c);
    *bytes = static_cast<size_t>(offset);
    return c;
  }

  void Add(TokenKind kind, size_t begin, size_t end) {
    Token token;
    token.kind = kind;
    token.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
    if (kind == TokenKind::kWord) token.keyword = FindKeyword(text_.substr(begin, end - begin));
    MatchBracket(&token);
    list_.tokens.push_back(token);
  }

  // Closing brackets of another kind than the innermost open one have no partner; the parser stops
  // there.
  void MatchBracket(Token* token) {
    const uint32_t index = static_cast<uint32_t>(list_.tokens.size());
    switch (token->kind) {
      case TokenKind::kLeftParen:
      case TokenKind::kLeftBracket:
      case TokenKind::kLeftBrace:
        open_.push_back(index);
        return;
      case TokenKind::kRightParen:
      case TokenKind::kRightBracket:
      case TokenKind::kRightBrace:
        break;
      default:
        return;
    }
    if (open_.empty()) return;
    Token& opening = list_.tokens[open_.back()];
    if (static_cast<int>(opening.kind) + 1 != static_cast<int>(token->kind)) return;
    opening.partner = index;
    token->partner = open_.back();
    open_.pop_back();
  }

  bool Fail(absl::string_view detail, size_t begin, size_t end, std::string message) {
    Add(TokenKind::kBad, begin, end);
    list_.error_detail = std::string(detail);
    list_.error_message = std::move(message);
    return false;
  }

  bool SkipBlanks();
  bool ReadToken();
  void ReadNumber();
  bool ReadQuoted(char quote, TokenKind kind);
  bool ReadName();
  size_t NameEnd(size_t from) const;
  bool FailAtCodePoint();

  const absl::string_view text_;
  size_t at_ = 0;
  TokenList list_;
  std::vector<uint32_t> open_;
};

// False at an error.
bool Lexer::SkipBlanks() {
  while (at_ < text_.size()) {
    if (Char() == '/' && Char(1) == '/') {
      at_ = std::min(text_.find_first_of("\n\r", at_), text_.size());
    } else if (Char() == '/' && Char(1) == '*') {
      const size_t end = text_.find("*/", at_ + 2);
      if (end == absl::string_view::npos) {
        return Fail("UnexpectedSyntax", at_, at_ + 2,
                    "the comment that begins with /* is not closed: end it with */");
      }
      at_ = end + 2;
    } else {
      size_t bytes = 0;
      if (!IsSpace(CodePoint(at_, &bytes))) return true;
      at_ += bytes;
    }
  }
  return true;
}

bool Lexer::ReadToken() {
  const char c = Char();
  if (c == '\'' || c == '"') return ReadQuoted(c, TokenKind::kString);
  if (c == '`') return ReadQuoted(c, TokenKind::kQuoted);
  if (absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
      (c == '.' && absl::ascii_isdigit(static_cast<unsigned char>(Char(1))))) {
    ReadNumber();
    return true;
  }
  const absl::string_view rest = text_.substr(at_, 2);
  for (const Punctuation& punctuation : kPunctuation) {
    if (rest.substr(0, punctuation.text.size()) != punctuation.text) continue;
    Add(punctuation.kind, at_, at_ + punctuation.text.size());
    at_ += punctuation.text.size();
    return true;
  }
  return ReadName();
}

// Digits, a fraction, an exponent, and letters that follow at once: `12ab` is one token, and its
// reader says what is wrong with it. `1..3` is a number and two dots, `1.x` a number and a dot.
void Lexer::ReadNumber() {
  const size_t begin = at_;
  const auto digit = [this](size_t ahead) {
    return absl::ascii_isdigit(static_cast<unsigned char>(Char(ahead)));
  };
  const auto skip_digits = [this, digit] {
    while (digit(0) || (Char() == '_' && digit(1))) ++at_;
  };
  skip_digits();
  if (Char() == '.') {
    size_t bytes = 0;
    const bool name_follows = at_ + 1 < text_.size() && IsNameStart(CodePoint(at_ + 1, &bytes));
    if (digit(1) || (at_ > begin && Char(1) != '.' && !name_follows)) ++at_;
    skip_digits();
  }
  at_ = NameEnd(at_);
  // The sign of an exponent: `1e-5`, but not the minus of `0x1e-5`.
  const char last = text_[at_ - 1];
  const absl::string_view digits = text_.substr(begin, at_ - 1 - begin);
  if ((last == 'e' || last == 'E') && (Char() == '+' || Char() == '-') && digit(1) &&
      digits.find_first_not_of("0123456789._") == absl::string_view::npos) {
    ++at_;
    at_ = NameEnd(at_);
  }
  Add(TokenKind::kNumber, begin, at_);
}

bool Lexer::ReadQuoted(char quote, TokenKind kind) {
  const size_t begin = at_;
  for (size_t i = begin + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\' && kind == TokenKind::kString) {
      ++i;
    } else if (text_[i] == quote) {
      // A back-tick inside a name is written twice.
      if (kind == TokenKind::kQuoted && i + 1 < text_.size() && text_[i + 1] == quote) {
        ++i;
        continue;
      }
      at_ = i + 1;
      Add(kind, begin, at_);
      return true;
    } else if (static_cast<unsigned char>(text_[i]) >= 0x80) {
      size_t bytes = 0;
      if (CodePoint(i, &bytes) < 0) {
        return Fail("InvalidUnicodeCharacter", i, i + 1, "the text is not valid UTF-8 here");
      }
      i += bytes - 1;
    }
  }
  return Fail("UnexpectedSyntax", begin, begin + 1,
              absl::StrCat("the ", kind == TokenKind::kString ? "string" : "name",
                           " that begins with ", absl::string_view(&quote, 1), " is not closed"));
}

size_t Lexer::NameEnd(size_t from) const {
  while (from < text_.size()) {
    size_t bytes = 0;
    if (!IsNamePart(CodePoint(from, &bytes))) break;
    from += bytes;
  }
  return from;
}

bool Lexer::ReadName() {
  size_t bytes = 0;
  if (!IsNameStart(CodePoint(at_, &bytes))) return FailAtCodePoint();
  const size_t begin = at_;
  at_ = NameEnd(begin + bytes);
  Add(TokenKind::kWord, begin, at_);
  return true;
}

bool Lexer::FailAtCodePoint() {
  size_t bytes = 0;
  const UChar32 c = CodePoint(at_, &bytes);
  const absl::string_view shown = text_.substr(at_, bytes);
  if (c < 0) {
    return Fail("InvalidUnicodeCharacter", at_, at_ + bytes, "the text is not valid UTF-8 here");
  }
  if (c < 0x80) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      return Fail("UnexpectedSyntax", at_, at_ + bytes,
                  absl::StrCat("unexpected character `", shown, "`"));
    }
    return Fail("UnexpectedSyntax", at_, at_ + bytes,
                absl::StrFormat("unexpected control character U+%04X", static_cast<uint32_t>(c)));
  }
  std::string message =
      absl::StrFormat("unexpected character `%s` (U+%04X)", shown, static_cast<uint32_t>(c));
  const int8_t type = u_charType(c);
  if (type == U_DASH_PUNCTUATION || c == 0x2212)
    absl::StrAppend(&message, ": a minus is written -");
  if (type == U_INITIAL_PUNCTUATION || type == U_FINAL_PUNCTUATION) {
    absl::StrAppend(&message, ": strings stand in ' or \"");
  }
  return Fail("InvalidUnicodeCharacter", at_, at_ + bytes, std::move(message));
}

}  // namespace

absl::string_view TokenText(TokenKind kind) {
  for (const Punctuation& punctuation : kPunctuation) {
    if (punctuation.kind == kind) return punctuation.text;
  }
  return "";
}

TokenList Tokenize(absl::string_view text, size_t most, CompileWatch* watch) {
  return Lexer(text).Run(most, watch);
}

}  // namespace relata::query
