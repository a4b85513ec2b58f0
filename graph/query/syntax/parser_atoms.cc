#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/literal_text.h"
#include "graph/query/syntax/query_parser.h"

// Operands: literals, names, calls, CASE, lists and maps. Comprehensions and subqueries are in
// parser_comprehensions.cc.
namespace relata::query {

using ast::ExprKind;
using ast::ExprPtr;

ExprPtr QueryParser::NewExpr(ExprKind kind, size_t first) const {
  auto expr = std::make_unique<ast::Expr>();
  expr->kind = kind;
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseAtom() {
  RELATA_RETURN_IF_ERROR(CountWork(limits_.watch));
  const int outer = std::exchange(children_height_, 0);
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParseAtomAhead());
  RELATA_RETURN_IF_ERROR(SetHeight(children_height_ + 1));
  children_height_ = outer;
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseAtomAhead() {
  switch (Peek().kind) {
    case TokenKind::kNumber:
      return ParseNumber(/*negative=*/false);
    case TokenKind::kString:
      return ParseString();
    case TokenKind::kDollar:
      return ParseParameter();
    case TokenKind::kLeftBrace:
      return ParseMap();
    case TokenKind::kLeftBracket:
      return ParseListLike();
    case TokenKind::kLeftParen:
      return IsPatternAt(at_) ? ParsePatternPredicate() : ParseParentheses();
    case TokenKind::kWord:
    case TokenKind::kQuoted:
      return ParseWordAtom();
    default:
      return Unexpected("an expression");
  }
}

bool QueryParser::AtCallName() const {
  if (!IsName(Peek())) return false;
  size_t ahead = 1;
  while (Peek(ahead).kind == TokenKind::kDot && IsName(Peek(ahead + 1))) ahead += 2;
  return Peek(ahead).kind == TokenKind::kLeftParen;
}

absl::StatusOr<ExprPtr> QueryParser::ParseWordAtom() {
  const TokenKind next = Peek(1).kind;
  switch (Peek().keyword) {
    case Keyword::kNull:
      return ParseConstant(Datum());
    case Keyword::kTrue:
      return ParseConstant(Datum::Bool(true));
    case Keyword::kFalse:
      return ParseConstant(Datum::Bool(false));
    case Keyword::kCase:
      return ParseCase();
    case Keyword::kNot:
      return Unexpected("an operand: NOT after an operator stands in parentheses");
    case Keyword::kExists:
      if (next == TokenKind::kLeftBrace) return ParseBracedSubquery(ExprKind::kExists);
      if (next == TokenKind::kLeftParen) return ParseExistsFunction();
      break;
    case Keyword::kCount:
      if (next == TokenKind::kLeftBrace) return ParseBracedSubquery(ExprKind::kCountSubquery);
      break;
    case Keyword::kCollect:
      if (next == TokenKind::kLeftBrace) return ParseBracedSubquery(ExprKind::kCollectSubquery);
      break;
    default:
      break;
  }
  if (next == TokenKind::kLeftParen) {
    switch (Peek().keyword) {
      case Keyword::kAll:
        return ParseQuantifier(ast::QuantifierKind::kAll);
      case Keyword::kAny:
        return ParseQuantifier(ast::QuantifierKind::kAny);
      case Keyword::kNone:
        return ParseQuantifier(ast::QuantifierKind::kNone);
      case Keyword::kSingle:
        return ParseQuantifier(ast::QuantifierKind::kSingle);
      case Keyword::kReduce:
        return ParseReduce();
      case Keyword::kShortestPath:
      case Keyword::kAllShortestPaths:
        return ParseShortestPathExpression();
      default:
        break;
    }
  }
  const size_t first = at_;
  if (AtCallName() && !IsReserved(Peek().keyword)) return ParseCall();
  if (!AtVariableUse()) return Unexpected("an expression");
  if (next == TokenKind::kLeftBrace) return ParseMapProjection();
  ExprPtr expr = NewExpr(ExprKind::kVariable, first);
  RELATA_ASSIGN_OR_RETURN(expr->name, ParseName("a variable", &expr->name_span));
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseConstant(Datum value) {
  ExprPtr expr = NewExpr(ExprKind::kLiteral, at_);
  expr->literal = std::move(value);
  ++at_;
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseNumber(bool negative) {
  ExprPtr expr = NewExpr(ExprKind::kLiteral, at_);
  RELATA_ASSIGN_OR_RETURN(expr->literal, ReadNumberLiteral(TextOf(Peek()), negative, Peek().span));
  ++at_;
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseString() {
  ExprPtr expr = NewExpr(ExprKind::kLiteral, at_);
  RELATA_ASSIGN_OR_RETURN(std::string text, ReadStringLiteral(TextOf(Peek()), Peek().span.begin));
  expr->literal = Datum::String(std::move(text));
  ++at_;
  return expr;
}

// `$name`, `$1`.
absl::StatusOr<ExprPtr> QueryParser::ParseParameter() {
  const size_t first = at_;
  ++at_;
  const Token& token = Peek();
  if (!IsName(token) && token.kind != TokenKind::kNumber) {
    return Unexpected("the name of a parameter after `$`");
  }
  if (token.kind == TokenKind::kNumber &&
      TextOf(token).find_first_not_of("0123456789") != absl::string_view::npos) {
    return Unexpected("the name of a parameter after `$`: a name or an integer");
  }
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kParameter, first);
  expr->name = NameOf(token);
  if (expr->name.empty()) {
    return SyntaxError("UnexpectedSyntax", token.span, "a parameter has a name, as in `$limit`");
  }
  expr->name_span = token.span;
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseParentheses() {
  const size_t first = at_;
  ++at_;
  // Whoever takes the value of the parentheses decides whether a pattern may stand in them.
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParseExpression(Place::kCondition));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "or an operator"));
  expr->span = SpanFrom(first);
  expr->parenthesized = true;
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseCase() {
  const size_t first = at_;
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kCase, first);
  expr->args.resize(2);
  if (!At(Keyword::kWhen)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[0], ParseExpression());
  }
  if (!At(Keyword::kWhen)) return Unexpected("WHEN", {Keyword::kWhen});
  while (Accept(Keyword::kWhen)) {
    RELATA_ASSIGN_OR_RETURN(ExprPtr when, expr->args[0] == nullptr
                                              ? ParseExpression(Place::kCondition)
                                              : ParseSimpleWhen());
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kThen, "after the condition of WHEN"));
    RELATA_ASSIGN_OR_RETURN(ExprPtr then, ParseExpression());
    expr->branches.emplace_back(std::move(when), std::move(then));
  }
  if (Accept(Keyword::kElse)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[1], ParseExpression());
  }
  if (!Accept(Keyword::kEnd)) {
    return Unexpected("WHEN, ELSE or END of the CASE",
                      {Keyword::kWhen, Keyword::kElse, Keyword::kEnd});
  }
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseMap() {
  const size_t first = at_;
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kMap, first);
  if (!Accept(TokenKind::kRightBrace)) {
    do {
      RELATA_ASSIGN_OR_RETURN(std::string key, ParseKey("a key of a map, or `}`"));
      RELATA_RETURN_IF_ERROR(Expect(TokenKind::kColon, "after a key of a map"));
      RELATA_ASSIGN_OR_RETURN(ExprPtr value, ParseExpression());
      expr->keys.push_back(std::move(key));
      expr->args.push_back(std::move(value));
    } while (Accept(TokenKind::kComma));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBrace, "or `,` in a map"));
  }
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseMapProjection() {
  const size_t first = at_;
  ExprPtr expr = NewExpr(ExprKind::kMapProjection, first);
  RELATA_ASSIGN_OR_RETURN(expr->name, ParseName("a variable", &expr->name_span));
  ++at_;
  if (!Accept(TokenKind::kRightBrace)) {
    do {
      RELATA_RETURN_IF_ERROR(ParseMapProjectionItem(expr.get()));
    } while (Accept(TokenKind::kComma));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBrace, "or `,` in a map projection"));
  }
  expr->span = SpanFrom(first);
  return expr;
}

absl::Status QueryParser::ParseMapProjectionItem(ast::Expr* projection) {
  const size_t first = at_;
  ast::MapProjectionItem item;
  if (Accept(TokenKind::kDot)) {
    if (Accept(TokenKind::kStar)) {
      item.kind = ast::MapProjectionItem::Kind::kAll;
    } else {
      RELATA_ASSIGN_OR_RETURN(item.name, ParseKey("the name of a property or `*`"));
    }
  } else {
    RELATA_ASSIGN_OR_RETURN(
        item.name, ParseKey("`.property`, `.*`, `key: value` or a variable in a map projection"));
    item.kind = ast::MapProjectionItem::Kind::kVariable;
    if (Accept(TokenKind::kColon)) {
      item.kind = ast::MapProjectionItem::Kind::kLiteral;
      RELATA_ASSIGN_OR_RETURN(item.value, ParseExpression());
    }
  }
  item.span = SpanFrom(first);
  projection->projections.push_back(std::move(item));
  return absl::OkStatus();
}

// name(args), name(DISTINCT args), count(*).
absl::StatusOr<ExprPtr> QueryParser::ParseCall() {
  const size_t first = at_;
  if (At(Keyword::kCount) && Peek(1).kind == TokenKind::kLeftParen &&
      Peek(2).kind == TokenKind::kStar && Peek(3).kind == TokenKind::kRightParen) {
    ExprPtr expr = NewExpr(ExprKind::kCountStar, first);
    expr->name = NameOf(Peek());
    expr->name_span = Peek().span;
    at_ += 4;
    expr->span = SpanFrom(first);
    return expr;
  }
  ExprPtr expr = NewExpr(ExprKind::kCall, first);
  RELATA_ASSIGN_OR_RETURN(expr->name,
                          ParseQualifiedName("the name of a function", &expr->name_span));
  const bool trims = absl::EqualsIgnoreCase(expr->name, "trim") && AtTrimFrom();
  ++at_;
  expr->flag = Accept(Keyword::kDistinct);
  if (trims) {
    RELATA_RETURN_IF_ERROR(ParseTrimArguments(expr.get()));
  } else if (!Accept(TokenKind::kRightParen)) {
    do {
      const bool form = expr->args.size() == 1 && AtNormalForm() &&
                        Peek(1).kind == TokenKind::kRightParen &&
                        absl::EqualsIgnoreCase(expr->name, "normalize");
      RELATA_ASSIGN_OR_RETURN(ExprPtr arg, form ? ParseNormalForm() : ParseExpression());
      expr->args.push_back(std::move(arg));
    } while (Accept(TokenKind::kComma));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen,
                                  absl::StrCat("or `,` in the arguments of ", expr->name, "()")));
  }
  expr->span = SpanFrom(first);
  return expr;
}

}  // namespace relata::query
