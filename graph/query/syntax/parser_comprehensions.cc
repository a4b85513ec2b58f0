#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// Operands that bind names of their own: comprehensions, quantifiers, patterns and subqueries in
// expressions.
namespace relata::query {

using ast::ExprKind;
using ast::ExprPtr;

bool QueryParser::HasInside(size_t index, TokenKind kind) const {
  const size_t close = TokenAt(index).partner;
  for (size_t i = index + 1; i < close;) {
    if (tokens_[i].kind == kind) return true;
    i = tokens_[i].partner > i ? tokens_[i].partner + 1 : i + 1;
  }
  return false;
}

// `[`: a list, a list comprehension or a pattern comprehension. What begins like a comprehension is
// a list where a comma or the lack of a bar shows it.
absl::StatusOr<ExprPtr> QueryParser::ParseListLike() {
  const size_t inside = at_ + 1;
  const bool named = IsName(TokenAt(inside)) && TokenAt(inside + 1).kind == TokenKind::kEqual;
  if (IsPatternAt(named ? inside + 2 : inside) && HasInside(at_, TokenKind::kBar)) {
    return ParsePatternComprehension();
  }
  if (IsName(TokenAt(inside)) && TokenAt(inside + 1).keyword == Keyword::kIn &&
      !HasInside(at_, TokenKind::kComma)) {
    return ParseListComprehension();
  }
  const size_t first = at_;
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kList, first);
  if (!Accept(TokenKind::kRightBracket)) {
    do {
      RELATA_ASSIGN_OR_RETURN(ExprPtr element, ParseExpression());
      expr->args.push_back(std::move(element));
    } while (Accept(TokenKind::kComma));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBracket, "or `,` in a list"));
  }
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseListComprehension() {
  const size_t first = at_;
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kListComprehension, first);
  expr->args.resize(3);
  RELATA_ASSIGN_OR_RETURN(expr->name, ParseVariable("a variable", &expr->name_span));
  ++at_;
  RELATA_ASSIGN_OR_RETURN(expr->args[0], ParseExpressionBeforeBar());
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[1], ParseExpressionBeforeBar(Place::kCondition));
  }
  if (Accept(TokenKind::kBar)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[2], ParseExpression());
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBracket, "at the end of a list comprehension"));
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParsePatternComprehension() {
  const size_t first = at_;
  ++at_;
  ExprPtr expr = NewExpr(ExprKind::kPatternComprehension, first);
  expr->args.resize(2);
  RELATA_ASSIGN_OR_RETURN(ast::PathPattern pattern, ParsePathPattern());
  expr->pattern = std::make_unique<ast::PathPattern>(std::move(pattern));
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[0], ParseExpressionBeforeBar(Place::kCondition));
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kBar, "before what a pattern comprehension collects"));
  RELATA_ASSIGN_OR_RETURN(expr->args[1], ParseExpression());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBracket, "at the end of a pattern comprehension"));
  expr->span = SpanFrom(first);
  return expr;
}

// all(x IN list WHERE condition); without WHERE the elements are the conditions.
absl::StatusOr<ExprPtr> QueryParser::ParseQuantifier(ast::QuantifierKind kind) {
  const size_t first = at_;
  at_ += 2;
  ExprPtr expr = NewExpr(ExprKind::kQuantifier, first);
  expr->quantifier = kind;
  expr->args.resize(2);
  RELATA_ASSIGN_OR_RETURN(expr->name, ParseVariable("a variable and IN", &expr->name_span));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kIn, "after the variable"));
  RELATA_ASSIGN_OR_RETURN(expr->args[0], ParseExpression());
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(expr->args[1], ParseExpression(Place::kCondition));
  } else {
    expr->args[1] = NewExpr(ExprKind::kVariable, first);
    expr->args[1]->name = expr->name;
    expr->args[1]->span = expr->name_span;
    expr->args[1]->name_span = expr->name_span;
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "or WHERE after the list"));
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseReduce() {
  const size_t first = at_;
  at_ += 2;
  ExprPtr expr = NewExpr(ExprKind::kReduce, first);
  expr->args.resize(3);
  Span accumulator_span;
  RELATA_ASSIGN_OR_RETURN(expr->accumulator, ParseVariable("a variable", &accumulator_span));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kEqual, "after the accumulator of reduce()"));
  RELATA_ASSIGN_OR_RETURN(expr->args[0], ParseExpression());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kComma, "after the first value of reduce()"));
  RELATA_ASSIGN_OR_RETURN(expr->name, ParseVariable("a variable", &expr->name_span));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kIn, "after the variable"));
  RELATA_ASSIGN_OR_RETURN(expr->args[1], ParseExpressionBeforeBar());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kBar, "before what reduce() computes"));
  RELATA_ASSIGN_OR_RETURN(expr->args[2], ParseExpression());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "at the end of reduce()"));
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParsePatternPredicate() {
  const size_t first = at_;
  ExprPtr expr = NewExpr(ExprKind::kPattern, first);
  RELATA_ASSIGN_OR_RETURN(ast::PathPattern pattern, ParseExpressionPattern());
  expr->pattern = std::make_unique<ast::PathPattern>(std::move(pattern));
  expr->span = SpanFrom(first);
  return expr;
}

// exists(pattern), a condition that may stand anywhere; any other exists() is a function.
absl::StatusOr<ExprPtr> QueryParser::ParseExistsFunction() {
  if (!IsPatternAt(at_ + 2)) return ParseCall();
  const size_t first = at_;
  at_ += 2;
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParsePatternPredicate());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "after the pattern of exists()"));
  expr->flag = true;
  expr->span = SpanFrom(first);
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseShortestPathExpression() {
  const size_t first = at_;
  ExprPtr expr = NewExpr(ExprKind::kShortestPath, first);
  RELATA_ASSIGN_OR_RETURN(ast::PathPattern pattern, ParseShortestFunction());
  expr->pattern = std::make_unique<ast::PathPattern>(std::move(pattern));
  expr->span = SpanFrom(first);
  return expr;
}

// EXISTS { }, COUNT { }, COLLECT { }: a pattern with WHERE, which stands for a MATCH, or a query.
absl::StatusOr<ExprPtr> QueryParser::ParseBracedSubquery(ExprKind kind) {
  const size_t first = at_;
  at_ += 2;
  ExprPtr expr = NewExpr(kind, first);
  expr->subquery = std::make_unique<ast::Query>();
  if (AtQueryStart()) {
    RELATA_ASSIGN_OR_RETURN(*expr->subquery, ParseQuery());
  } else {
    const size_t pattern = at_;
    ast::MatchClause match;
    RELATA_RETURN_IF_ERROR(ParseMatchBody(&match));
    ast::Clause clause;
    clause.span = SpanFrom(pattern);
    clause.body = std::move(match);
    ast::SingleQuery part;
    part.span = clause.span;
    part.clauses.push_back(std::move(clause));
    expr->subquery->span = part.span;
    expr->subquery->parts.push_back(std::move(part));
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBrace, "at the end of a subquery"));
  expr->span = SpanFrom(first);
  return expr;
}

}  // namespace relata::query
