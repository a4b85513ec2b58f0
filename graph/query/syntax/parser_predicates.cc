#include <algorithm>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// What follows IS: NULL, a type, labels, a normal form.
namespace relata::query {

using ast::ExprKind;
using ast::ExprPtr;

// IS [NOT] NULL | IS [NOT] {:: | TYPED} type | :: type | IS [NOT] [form] NORMALIZED |
// IS [NOT] LABELED labels | IS labels.
absl::Status QueryParser::ParseIsPredicate(size_t first, ExprPtr* left) {
  ExprPtr expr = NewExpr(ExprKind::kIsNull, first);
  const bool is = Accept(Keyword::kIs);
  const bool negated = is && Accept(Keyword::kNot);
  bool wrap = false;  // NOT around what was read
  const int height = height_;
  int inner = 0;
  if (Accept(TokenKind::kTwoColons) || Accept(Keyword::kTyped)) {
    expr->kind = ExprKind::kIsTyped;
    expr->flag = negated;
    const size_t type = at_;
    RELATA_ASSIGN_OR_RETURN(expr->name, ParseTypeText());
    expr->name_span = SpanFrom(type);
  } else if (Accept(Keyword::kNull)) {
    expr->kind = negated ? ExprKind::kIsNotNull : ExprKind::kIsNull;
  } else if (At(Keyword::kNormalized) ||
             (AtNormalForm() && Peek(1).keyword == Keyword::kNormalized)) {
    wrap = negated;
    RELATA_RETURN_IF_ERROR(ParseIsNormalized(expr.get()));
  } else if (Accept(Keyword::kLabeled) || (!negated && AtLabels())) {
    wrap = negated;
    const int outer = std::exchange(children_height_, 0);
    expr->kind = ExprKind::kHasLabels;
    RELATA_ASSIGN_OR_RETURN(expr->labels, ParseLabels());
    inner = std::exchange(children_height_, outer);
  } else {
    return Unexpected("NULL, NOT NULL, `::` and a type, a label or NORMALIZED after IS",
                      {Keyword::kNull, Keyword::kNot, Keyword::kNormalized, Keyword::kLabeled});
  }
  expr->args.insert(expr->args.begin(), std::move(*left));
  expr->span = SpanFrom(first);
  *left = std::move(expr);
  if (wrap) {
    ExprPtr outside = NewExpr(ExprKind::kUnary, first);
    outside->unary = ast::UnaryOp::kNot;
    outside->args.push_back(std::move(*left));
    *left = std::move(outside);
  }
  return SetHeight(std::max(height, inner) + (wrap ? 2 : 1));
}

// What can begin a label expression.
bool QueryParser::AtLabels() const {
  return IsName(Peek()) || At(TokenKind::kExclamation) || At(TokenKind::kPercent) ||
         At(TokenKind::kDollar) || At(TokenKind::kLeftParen);
}

bool QueryParser::AtNormalForm() const {
  switch (Peek().keyword) {
    case Keyword::kNfc:
    case Keyword::kNfd:
    case Keyword::kNfkc:
    case Keyword::kNfkd:
      return true;
    default:
      return false;
  }
}

// [form] NORMALIZED: isNormalized(left[, 'form']).
absl::Status QueryParser::ParseIsNormalized(ast::Expr* expr) {
  expr->kind = ExprKind::kCall;
  expr->name = "isNormalized";
  expr->name_span = Peek().span;
  if (AtNormalForm()) {
    RELATA_ASSIGN_OR_RETURN(ExprPtr form, ParseNormalForm());
    expr->args.push_back(std::move(form));
  }
  return Expect(Keyword::kNormalized, "after IS and a normal form");
}

// NFC, NFD, NFKC or NFKD as a text.
absl::StatusOr<ExprPtr> QueryParser::ParseNormalForm() {
  return ParseConstant(Datum::String(KeywordText(Peek().keyword)));
}

// The bracket ahead has the word FROM and an operand directly in it, as trim(LEADING ' ' FROM
// text).
bool QueryParser::AtTrimFrom() const {
  const size_t end = Peek().partner;
  for (size_t i = at_ + 1; i < end;) {
    const Token& token = tokens_[i];
    const TokenKind before = tokens_[i - 1].kind;
    const Token& after = TokenAt(i + 1);
    if (token.keyword == Keyword::kFrom && before != TokenKind::kDot &&
        before != TokenKind::kDollar &&
        (IsName(after) || after.kind == TokenKind::kString || after.kind == TokenKind::kDollar ||
         (after.kind == TokenKind::kLeftParen && i > at_ + 1))) {
      return true;
    }
    i = token.partner > i ? token.partner + 1 : i + 1;
  }
  return false;
}

// [LEADING | TRAILING | BOTH] [characters] FROM text, of trim().
absl::Status QueryParser::ParseTrimArguments(ast::Expr* call) {
  if (Accept(Keyword::kLeading)) {
    call->name = "ltrim";
  } else if (Accept(Keyword::kTrailing)) {
    call->name = "rtrim";
  } else {
    Accept(Keyword::kBoth);
  }
  ExprPtr characters;
  if (!At(Keyword::kFrom)) {
    RELATA_ASSIGN_OR_RETURN(characters, ParseExpression());
  }
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kFrom, "and a text in trim()"));
  RELATA_ASSIGN_OR_RETURN(ExprPtr text, ParseExpression());
  call->args.push_back(std::move(text));
  if (characters != nullptr) call->args.push_back(std::move(characters));
  return Expect(TokenKind::kRightParen, "after the text of trim()");
}

}  // namespace relata::query
