#include "graph/query/syntax/query_parser.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/syntax/lexer.h"
#include "graph/query/syntax/literal_text.h"

namespace relata::query {
namespace {

constexpr size_t kShownBytes = 40;

// Words that begin or end something in the middle of a query, so that they are variables only where
// what follows shows it.
bool IsDoubtful(Keyword keyword) {
  switch (keyword) {
    case Keyword::kAsc:
    case Keyword::kAscending:
    case Keyword::kCall:
    case Keyword::kContains:
    case Keyword::kCreate:
    case Keyword::kDelete:
    case Keyword::kDesc:
    case Keyword::kDescending:
    case Keyword::kDetach:
    case Keyword::kEnd:
    case Keyword::kEnds:
    case Keyword::kFinish:
    case Keyword::kForeach:
    case Keyword::kInsert:
    case Keyword::kLimit:
    case Keyword::kMatch:
    case Keyword::kMerge:
    case Keyword::kOn:
    case Keyword::kOptional:
    case Keyword::kOrder:
    case Keyword::kRemove:
    case Keyword::kSet:
    case Keyword::kSkip:
    case Keyword::kStarts:
    case Keyword::kUnion:
    case Keyword::kUnwind:
    case Keyword::kYield:
      return true;
    default:
      return false;
  }
}

bool FollowsVariable(const Token& next) {
  switch (next.kind) {
    case TokenKind::kQuoted:
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBrace:
    case TokenKind::kDollar:
    case TokenKind::kBad:
      return false;
    case TokenKind::kWord:
      switch (next.keyword) {
        case Keyword::kAnd:
        case Keyword::kAs:
        case Keyword::kAsc:
        case Keyword::kContains:
        case Keyword::kDesc:
        case Keyword::kElse:
        case Keyword::kEnd:
        case Keyword::kEnds:
        case Keyword::kIn:
        case Keyword::kIs:
        case Keyword::kLimit:
        case Keyword::kOr:
        case Keyword::kOrder:
        case Keyword::kReturn:
        case Keyword::kSkip:
        case Keyword::kStarts:
        case Keyword::kThen:
        case Keyword::kWhen:
        case Keyword::kWhere:
        case Keyword::kXor:
          return true;
        default:
          return false;
      }
    default:
      return true;
  }
}

// The first bytes of `text`, whole characters.
absl::string_view Shortened(absl::string_view text) {
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

absl::StatusOr<ast::Statement> Parse(absl::string_view text, const ParserLimits& limits) {
  if (text.size() > limits.bytes) {
    return LimitReached("query_bytes", limits.bytes,
                        absl::StrCat("the query has ", text.size(), " bytes, the limit is ",
                                     limits.bytes, ": pass large values as parameters"));
  }
  const TokenList tokens = Tokenize(text, limits.tokens, limits.watch);
  RELATA_RETURN_IF_ERROR(CountWork(limits.watch, 0));
  if (tokens.tokens.size() - 1 > limits.tokens) {
    return LimitReached(
        "query_words", limits.tokens,
        absl::StrCat("the query has more than ", limits.tokens,
                     " words, numbers, texts and signs, which is what the memory that it may hold "
                     "(max_memory_bytes) is enough to compile: pass long lists as parameters"));
  }
  return QueryParser(text, tokens, limits).ParseStatement();
}

bool QueryParser::AtWords(std::initializer_list<Keyword> words) const {
  size_t ahead = 0;
  for (const Keyword word : words) {
    if (Peek(ahead++).keyword != word) return false;
  }
  return true;
}

bool QueryParser::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  ++at_;
  return true;
}

bool QueryParser::Accept(Keyword keyword) {
  if (!At(keyword)) return false;
  ++at_;
  return true;
}

bool QueryParser::AcceptWords(std::initializer_list<Keyword> words) {
  if (!AtWords(words)) return false;
  at_ += words.size();
  return true;
}

absl::Status QueryParser::Expect(TokenKind kind, absl::string_view where) {
  if (Accept(kind)) return absl::OkStatus();
  return Unexpected(absl::StrCat("`", TokenText(kind), "` ", where));
}

absl::Status QueryParser::Expect(Keyword keyword, absl::string_view where) {
  if (Accept(keyword)) return absl::OkStatus();
  return Unexpected(absl::StrCat(KeywordText(keyword), " ", where), {keyword});
}

Span QueryParser::SpanFrom(size_t first) const {
  const size_t last = at_ > first ? at_ - 1 : first;
  return {tokens_[first].span.begin, tokens_[last].span.end};
}

std::string QueryParser::TextFrom(size_t first) const {
  const Span span = SpanFrom(first);
  return std::string(text_.substr(span.begin, span.end - span.begin));
}

absl::Status QueryParser::Unexpected(absl::string_view expected,
                                     absl::Span<const Keyword> words) const {
  return UnexpectedAt(Peek(), expected, words);
}

absl::Status QueryParser::UnexpectedAt(const Token& token, absl::string_view expected,
                                       absl::Span<const Keyword> words) const {
  if (token.kind == TokenKind::kBad) {
    return SyntaxError(list_.error_detail, token.span, list_.error_message);
  }
  const absl::string_view text = TextOf(token);
  std::string found = "end of the query";
  if (token.kind != TokenKind::kEnd) {
    found = text.size() <= kShownBytes ? absl::StrCat("`", text, "`")
                                       : absl::StrCat("`", Shortened(text), "...`");
  }
  std::string suggestion;
  if (token.kind == TokenKind::kWord && token.keyword == Keyword::kNotAKeyword) {
    std::vector<absl::string_view> candidates;
    for (const Keyword word : words) candidates.push_back(KeywordText(word));
    const std::string nearest = NearestName(text, candidates);
    if (!nearest.empty()) suggestion = absl::StrCat("; did you mean ", nearest, "?");
  }
  // What other languages write for `=` and `<>`.
  if (text == "!" && text_.substr(token.span.end, 1) == "=") suggestion = "; not equal is <>";
  if (text == "=" && token.span.begin > 0 && text_[token.span.begin - 1] == '=') {
    suggestion = "; equal is one =";
  }
  return SyntaxError("UnexpectedSyntax", token.span,
                     absl::StrCat("unexpected ", found, ", expected ", expected, suggestion));
}

absl::Status QueryParser::CheckDepth() const {
  if (depth_ <= limits_.depth) return CountWork(limits_.watch);
  return LimitReached("query_depth", limits_.depth,
                      absl::StrCat("the query is nested deeper than the limit of ", limits_.depth,
                                   " levels, at line ", PositionOf(text_, Peek().span.begin).line,
                                   ", column ", PositionOf(text_, Peek().span.begin).column));
}

absl::Status QueryParser::SetHeight(int height) {
  height_ = height;
  if (height <= limits_.depth) return absl::OkStatus();
  return LimitReached(
      "query_depth", limits_.depth,
      absl::StrCat("an expression has more than ", limits_.depth,
                   " operators in one chain or nesting, which is the limit, at line ",
                   PositionOf(text_, Peek().span.begin).line, ", column ",
                   PositionOf(text_, Peek().span.begin).column,
                   ": use a list or parameters instead, or divide it with WITH"));
}

std::string QueryParser::NameOf(const Token& token) const {
  const absl::string_view text = TextOf(token);
  return token.kind == TokenKind::kQuoted ? ReadQuotedName(text) : std::string(text);
}

absl::StatusOr<std::string> QueryParser::ParseKey(absl::string_view what, Span* span) {
  const Token& token = Peek();
  if (!IsName(token)) return Unexpected(what);
  if (span != nullptr) *span = token.span;
  ++at_;
  return NameOf(token);
}

absl::StatusOr<std::string> QueryParser::ParseName(absl::string_view what, Span* span) {
  Span at;
  RELATA_ASSIGN_OR_RETURN(std::string name, ParseKey(what, &at));
  if (name.empty()) {
    return SyntaxError("UnexpectedSyntax", at,
                       absl::StrCat("the name between the back-ticks is empty, expected ", what));
  }
  if (span != nullptr) *span = at;
  return name;
}

absl::StatusOr<std::string> QueryParser::ParseVariable(absl::string_view what, Span* span) {
  if (IsReserved(Peek().keyword)) {
    return Unexpected(absl::StrCat(what, " (as a name it stands in back-ticks)"));
  }
  return ParseName(what, span);
}

absl::StatusOr<std::string> QueryParser::ParseQualifiedName(absl::string_view what, Span* span) {
  const size_t first = at_;
  RELATA_ASSIGN_OR_RETURN(std::string name, ParseName(what));
  while (At(TokenKind::kDot) && IsName(Peek(1))) {
    ++at_;
    absl::StrAppend(&name, ".", NameOf(Peek()));
    ++at_;
  }
  *span = SpanFrom(first);
  return name;
}

bool QueryParser::IsReserved(Keyword keyword) {
  switch (keyword) {
    case Keyword::kAnd:
    case Keyword::kAs:
    case Keyword::kCase:
    case Keyword::kDistinct:
    case Keyword::kElse:
    case Keyword::kFalse:
    case Keyword::kIn:
    case Keyword::kIs:
    case Keyword::kNot:
    case Keyword::kNull:
    case Keyword::kOr:
    case Keyword::kReturn:
    case Keyword::kThen:
    case Keyword::kTrue:
    case Keyword::kWhen:
    case Keyword::kWhere:
    case Keyword::kWith:
    case Keyword::kXor:
      return true;
    default:
      return false;
  }
}

bool QueryParser::AtVariableUse() const {
  const Token& token = Peek();
  if (token.kind == TokenKind::kQuoted) return true;
  if (token.kind != TokenKind::kWord || IsReserved(token.keyword)) return false;
  return !IsDoubtful(token.keyword) || FollowsVariable(Peek(1));
}

}  // namespace relata::query
