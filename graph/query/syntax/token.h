#ifndef RELATA_GRAPH_QUERY_SYNTAX_TOKEN_H_
#define RELATA_GRAPH_QUERY_SYNTAX_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/syntax/keywords.h"

namespace relata::query {

enum class TokenKind : uint8_t {
  kEnd,        // of the text; the last token, with an empty span
  kBad,        // what the lexer could not read; the last but one (TokenList::error says why)
  kWord,       // a name without quotes: `keyword` says which keyword it may be
  kQuoted,     // `a name in back-ticks`
  kNumber,     // begins like a number; whether it is one, its reader says (literal_text.h)
  kString,     // in single or double quotes; closed, escapes not looked at
  kLeftParen,  // of brackets, the closing kind follows the opening one
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kDot,
  kTwoDots,
  kColon,
  kTwoColons,
  kSemicolon,
  kDollar,
  kBar,
  kTwoBars,
  kAmpersand,
  kExclamation,
  kPercent,
  kPlus,
  kPlusEqual,
  kMinus,
  kStar,
  kSlash,
  kCaret,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kMatches,  // =~
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNotAKeyword;
  Span span;
  // Brackets: index of the token that closes or opens it; 0 where it has none (no opening bracket
  // closes itself).
  uint32_t partner = 0;
};

struct TokenList {
  std::vector<Token> tokens;  // ends with kEnd
  // Of the token kBad.
  std::string error_detail;
  std::string error_message;
};

// `)` as it is written; empty for tokens that have no fixed text.
absl::string_view TokenText(TokenKind kind);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_TOKEN_H_
