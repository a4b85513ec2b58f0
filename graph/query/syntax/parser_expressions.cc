#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// Operators, from those that bind least to those that bind most.
namespace relata::query {
namespace {

using ast::BinaryOp;
using ast::ExprKind;
using ast::ExprPtr;

enum Precedence : int {
  kOr = 1,
  kXor,
  kAnd,
  kNot,
  kComparison,
  kPredicate,  // IN, STARTS WITH, ENDS WITH, CONTAINS, =~, IS NULL, IS :: TYPE
  kAdditive,
  kMultiplicative,
  kPower,
  kSign,
};

struct Operator {
  int precedence = 0;  // 0: no operator
  BinaryOp op = BinaryOp::kOr;
};

Operator OperatorOf(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEqual:
      return {kComparison, BinaryOp::kEqual};
    case TokenKind::kNotEqual:
      return {kComparison, BinaryOp::kNotEqual};
    case TokenKind::kLess:
      return {kComparison, BinaryOp::kLess};
    case TokenKind::kLessOrEqual:
      return {kComparison, BinaryOp::kLessOrEqual};
    case TokenKind::kGreater:
      return {kComparison, BinaryOp::kGreater};
    case TokenKind::kGreaterOrEqual:
      return {kComparison, BinaryOp::kGreaterOrEqual};
    case TokenKind::kMatches:
      return {kPredicate, BinaryOp::kRegexMatch};
    case TokenKind::kTwoColons:
      return {kPredicate, BinaryOp::kIn};
    case TokenKind::kPlus:
      return {kAdditive, BinaryOp::kAdd};
    case TokenKind::kMinus:
      return {kAdditive, BinaryOp::kSubtract};
    case TokenKind::kTwoBars:
      return {kAdditive, BinaryOp::kConcat};
    case TokenKind::kStar:
      return {kMultiplicative, BinaryOp::kMultiply};
    case TokenKind::kSlash:
      return {kMultiplicative, BinaryOp::kDivide};
    case TokenKind::kPercent:
      return {kMultiplicative, BinaryOp::kModulo};
    case TokenKind::kCaret:
      return {kPower, BinaryOp::kPower};
    default:
      break;
  }
  switch (token.keyword) {
    case Keyword::kOr:
      return {kOr, BinaryOp::kOr};
    case Keyword::kXor:
      return {kXor, BinaryOp::kXor};
    case Keyword::kAnd:
      return {kAnd, BinaryOp::kAnd};
    case Keyword::kIn:
    case Keyword::kIs:
      return {kPredicate, BinaryOp::kIn};
    case Keyword::kStarts:
      return {kPredicate, BinaryOp::kStartsWith};
    case Keyword::kEnds:
      return {kPredicate, BinaryOp::kEndsWith};
    case Keyword::kContains:
      return {kPredicate, BinaryOp::kContains};
    default:
      return {};
  }
}

ExprPtr MakeBinary(BinaryOp op, ExprPtr left, ExprPtr right) {
  auto expr = std::make_unique<ast::Expr>();
  expr->kind = ExprKind::kBinary;
  expr->binary = op;
  expr->span = {left->span.begin, right->span.end};
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(right));
  return expr;
}

// Operands of an associative operator as a balanced tree: neighbours are joined until one is left.
// A chain of a thousand ORs is ten levels high.
ExprPtr JoinBalanced(BinaryOp op, std::vector<ExprPtr> operands, int* levels) {
  while (operands.size() > 1) {
    size_t kept = 0;
    for (size_t i = 0; i < operands.size(); i += 2) {
      ExprPtr joined = i + 1 < operands.size()
                           ? MakeBinary(op, std::move(operands[i]), std::move(operands[i + 1]))
                           : std::move(operands[i]);
      operands[kept++] = std::move(joined);
    }
    operands.resize(kept);
    ++*levels;
  }
  return std::move(operands.front());
}

}  // namespace

absl::StatusOr<ExprPtr> QueryParser::ParseExpression(Place place) {
  const Scoped<bool> bar(&bar_ends_, false);
  return ParseWholeExpression(place);
}

absl::StatusOr<ExprPtr> QueryParser::ParseExpressionBeforeBar(Place place) {
  const Scoped<bool> bar(&bar_ends_, true);
  return ParseWholeExpression(place);
}

absl::StatusOr<ExprPtr> QueryParser::ParseWholeExpression(Place place) {
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParseBinary(kOr));
  children_height_ = std::max(children_height_, height_);
  if (place == Place::kValue) RELATA_RETURN_IF_ERROR(RefuseBarePattern(*expr));
  return expr;
}

// What follows WHEN in a CASE with an operand: alternatives with `,` between them.
absl::StatusOr<ExprPtr> QueryParser::ParseSimpleWhen() {
  int height = 0;
  std::vector<ExprPtr> alternatives;
  do {
    RELATA_ASSIGN_OR_RETURN(ExprPtr alternative, ParseWhenAlternative());
    height = std::max(height, height_);
    alternatives.push_back(std::move(alternative));
  } while (Accept(TokenKind::kComma));
  int levels = 0;
  ExprPtr when = JoinBalanced(BinaryOp::kOr, std::move(alternatives), &levels);
  RELATA_RETURN_IF_ERROR(SetHeight(height + levels));
  children_height_ = std::max(children_height_, height_);
  return when;
}

// A value, or an operator and its right side: `> 5`, `STARTS WITH 'a'`, `IS NOT NULL`,
// `IS :: STRING`. A word that is no operator here is a variable of that name.
absl::StatusOr<ExprPtr> QueryParser::ParseWhenAlternative() {
  const size_t first = at_;
  ExprPtr operand = NewExpr(ExprKind::kCaseOperand, first);
  operand->span.end = operand->span.begin;
  const bool is = At(Keyword::kIs) &&
                  (Peek(1).keyword == Keyword::kNot || Peek(1).keyword == Keyword::kNull ||
                   Peek(1).keyword == Keyword::kTyped || Peek(1).keyword == Keyword::kNormalized ||
                   Peek(1).keyword == Keyword::kLabeled || Peek(1).kind == TokenKind::kTwoColons);
  const bool with =
      (At(Keyword::kStarts) || At(Keyword::kEnds)) && Peek(1).keyword == Keyword::kWith;
  const bool symbol =
      Peek().keyword == Keyword::kNotAKeyword &&
      (OperatorOf(Peek()).precedence == kComparison || OperatorOf(Peek()).precedence == kPredicate);
  if (is || with || symbol) {
    const Scoped<bool> bar(&bar_ends_, false);
    RELATA_RETURN_IF_ERROR(SetHeight(1));
    RELATA_RETURN_IF_ERROR(OperatorOf(Peek()).precedence == kComparison
                               ? ParseComparison(first, &operand)
                               : ParsePredicate(first, &operand));
    return operand;
  }
  RELATA_ASSIGN_OR_RETURN(ExprPtr value, ParseExpression());
  ExprPtr equal = NewExpr(ExprKind::kComparison, first);
  equal->span = value->span;
  equal->comparisons.push_back(BinaryOp::kEqual);
  equal->args.push_back(std::move(operand));
  equal->args.push_back(std::move(value));
  RELATA_RETURN_IF_ERROR(SetHeight(height_ + 1));
  return equal;
}

absl::Status QueryParser::RefuseBarePattern(const ast::Expr& expr) const {
  if (expr.kind != ExprKind::kPattern || expr.flag) return absl::OkStatus();
  return SyntaxError(
      "UnexpectedSyntax", expr.span,
      "a pattern has no value here: it may stand only where a condition is expected "
      "(after WHERE or WHEN, beside AND, OR, XOR, NOT); use EXISTS { ... }, COUNT { ... } "
      "or a pattern comprehension [ ... | ... ]");
}

// An operand and all operators after it that bind at least as `least` does.
absl::StatusOr<ExprPtr> QueryParser::ParseBinary(int least) {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  const size_t first = at_;
  RELATA_ASSIGN_OR_RETURN(ExprPtr left, ParsePrefix(least));
  while (true) {
    const Operator next = OperatorOf(Peek());
    if (next.precedence == 0 || next.precedence < least) return left;
    if (next.precedence > kNot) RELATA_RETURN_IF_ERROR(RefuseBarePattern(*left));
    switch (next.precedence) {
      case kOr:
      case kXor:
      case kAnd:
        RELATA_RETURN_IF_ERROR(ParseLogical(next.op, next.precedence, &left));
        break;
      case kComparison:
        RELATA_RETURN_IF_ERROR(ParseComparison(first, &left));
        break;
      case kPredicate:
        RELATA_RETURN_IF_ERROR(ParsePredicate(first, &left));
        break;
      default:
        RELATA_RETURN_IF_ERROR(ParseArithmetic(next.op, next.precedence, &left));
    }
  }
}

absl::StatusOr<ExprPtr> QueryParser::ParsePrefix(int least) {
  if (least <= kNot && At(Keyword::kNot)) return ParseNot();
  if (At(TokenKind::kMinus) || At(TokenKind::kPlus)) return ParseSign();
  return ParsePostfix();
}

absl::StatusOr<ExprPtr> QueryParser::ParseNot() {
  std::vector<size_t> nots;
  while (At(Keyword::kNot)) {
    nots.push_back(at_);
    ++at_;
  }
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParseBinary(kComparison));
  RELATA_RETURN_IF_ERROR(SetHeight(height_ + static_cast<int>(nots.size())));
  while (!nots.empty()) {
    ExprPtr negated = NewExpr(ExprKind::kUnary, nots.back());
    negated->unary = ast::UnaryOp::kNot;
    negated->args.push_back(std::move(expr));
    expr = std::move(negated);
    nots.pop_back();
  }
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseSign() {
  std::vector<size_t> signs;
  while (At(TokenKind::kMinus) || At(TokenKind::kPlus)) {
    signs.push_back(at_);
    ++at_;
  }
  ExprPtr expr;
  // A minus and a number are one literal, so that the least integer is one.
  if (At(TokenKind::kNumber) && TokenAt(signs.back()).kind == TokenKind::kMinus) {
    RELATA_ASSIGN_OR_RETURN(expr, ParseNumber(/*negative=*/true));
    expr->span.begin = TokenAt(signs.back()).span.begin;
    signs.pop_back();
    RELATA_RETURN_IF_ERROR(SetHeight(1));
  } else {
    RELATA_ASSIGN_OR_RETURN(expr, ParsePostfix());
    RELATA_RETURN_IF_ERROR(RefuseBarePattern(*expr));
  }
  RELATA_RETURN_IF_ERROR(SetHeight(height_ + static_cast<int>(signs.size())));
  while (!signs.empty()) {
    ExprPtr outer = NewExpr(ExprKind::kUnary, signs.back());
    outer->unary = TokenAt(signs.back()).kind == TokenKind::kMinus ? ast::UnaryOp::kMinus
                                                                   : ast::UnaryOp::kPlus;
    outer->args.push_back(std::move(expr));
    expr = std::move(outer);
    signs.pop_back();
  }
  return expr;
}

absl::Status QueryParser::ParseLogical(BinaryOp op, int precedence, ExprPtr* left) {
  const Keyword word = Peek().keyword;
  int height = height_;
  std::vector<ExprPtr> operands;
  operands.push_back(std::move(*left));
  while (Accept(word)) {
    RELATA_ASSIGN_OR_RETURN(ExprPtr right, ParseBinary(precedence + 1));
    height = std::max(height, height_);
    operands.push_back(std::move(right));
  }
  int levels = 0;
  *left = JoinBalanced(op, std::move(operands), &levels);
  return SetHeight(height + levels);
}

absl::Status QueryParser::ParseComparison(size_t first, ExprPtr* left) {
  int height = height_;
  ExprPtr chain = NewExpr(ExprKind::kComparison, first);
  chain->args.push_back(std::move(*left));
  while (OperatorOf(Peek()).precedence == kComparison) {
    chain->comparisons.push_back(OperatorOf(Peek()).op);
    ++at_;
    RELATA_ASSIGN_OR_RETURN(ExprPtr right, ParseBinary(kComparison + 1));
    RELATA_RETURN_IF_ERROR(RefuseBarePattern(*right));
    height = std::max(height, height_);
    chain->args.push_back(std::move(right));
  }
  chain->span = SpanFrom(first);
  *left = std::move(chain);
  return SetHeight(height + 1);
}

absl::Status QueryParser::ParseArithmetic(BinaryOp op, int precedence, ExprPtr* left) {
  const int height = height_;
  ++at_;
  RELATA_ASSIGN_OR_RETURN(ExprPtr right, ParseBinary(precedence + 1));
  RELATA_RETURN_IF_ERROR(RefuseBarePattern(*right));
  *left = MakeBinary(op, std::move(*left), std::move(right));
  return SetHeight(std::max(height, height_) + 1);
}

absl::Status QueryParser::ParsePredicate(size_t first, ExprPtr* left) {
  const Operator next = OperatorOf(Peek());
  if (At(Keyword::kIs) || At(TokenKind::kTwoColons)) return ParseIsPredicate(first, left);
  ++at_;
  if (next.op == BinaryOp::kStartsWith || next.op == BinaryOp::kEndsWith) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kWith, "after STARTS or ENDS"));
  }
  const int height = height_;
  RELATA_ASSIGN_OR_RETURN(ExprPtr right, ParseBinary(kPredicate + 1));
  RELATA_RETURN_IF_ERROR(RefuseBarePattern(*right));
  *left = MakeBinary(next.op, std::move(*left), std::move(right));
  return SetHeight(std::max(height, height_) + 1);
}

absl::StatusOr<ExprPtr> QueryParser::ParsePostfix(bool labels) {
  const size_t first = at_;
  RELATA_ASSIGN_OR_RETURN(ExprPtr expr, ParseAtom());
  while (At(TokenKind::kDot) || At(TokenKind::kLeftBracket) || At(TokenKind::kColon)) {
    if (At(TokenKind::kColon) && !labels) return expr;
    RELATA_RETURN_IF_ERROR(RefuseBarePattern(*expr));
    if (At(TokenKind::kColon)) return ParseLabelCheck(first, std::move(expr));
    const int height = height_;
    if (At(TokenKind::kLeftBracket)) {
      RELATA_RETURN_IF_ERROR(ParseSubscript(first, &expr));
      RELATA_RETURN_IF_ERROR(SetHeight(std::max(height, height_) + 1));
      continue;
    }
    ++at_;
    ExprPtr property = NewExpr(ExprKind::kProperty, first);
    RELATA_ASSIGN_OR_RETURN(property->name,
                            ParseKey("the name of a property after `.`", &property->name_span));
    property->args.push_back(std::move(expr));
    property->span = SpanFrom(first);
    expr = std::move(property);
    RELATA_RETURN_IF_ERROR(SetHeight(height + 1));
  }
  return expr;
}

absl::StatusOr<ExprPtr> QueryParser::ParseLabelCheck(size_t first, ExprPtr entity) {
  ++at_;
  const int height = height_;
  const int outer = std::exchange(children_height_, 0);
  ExprPtr check = NewExpr(ExprKind::kHasLabels, first);
  RELATA_ASSIGN_OR_RETURN(check->labels, ParseLabels());
  check->args.push_back(std::move(entity));
  check->span = SpanFrom(first);
  RELATA_RETURN_IF_ERROR(SetHeight(std::max(height, children_height_) + 1));
  children_height_ = outer;
  return check;
}

// `[index]`, `[from..to]`. Leaves height_ at that of the highest inside.
absl::Status QueryParser::ParseSubscript(size_t first, ExprPtr* base) {
  ++at_;
  ExprPtr low;
  ExprPtr high;
  int height = 0;
  if (!At(TokenKind::kTwoDots)) {
    RELATA_ASSIGN_OR_RETURN(low, ParseExpression());
    height = height_;
  }
  const bool slice = Accept(TokenKind::kTwoDots);
  if (slice && !At(TokenKind::kRightBracket)) {
    RELATA_ASSIGN_OR_RETURN(high, ParseExpression());
    height = std::max(height, height_);
  }
  RELATA_RETURN_IF_ERROR(
      Expect(TokenKind::kRightBracket, slice ? "after the slice" : "or `..` after the index"));
  ExprPtr expr = NewExpr(slice ? ExprKind::kSlice : ExprKind::kDynamicProperty, first);
  expr->args.push_back(std::move(*base));
  expr->args.push_back(std::move(low));
  if (slice) expr->args.push_back(std::move(high));
  expr->span = SpanFrom(first);
  *base = std::move(expr);
  height_ = height;
  return absl::OkStatus();
}

// Inside a comprehension, `x:A|B | x.name` has a later bar directly inside the same brackets, and
// what stands after this one is a whole label or type.
bool QueryParser::BarContinues() const {
  if (!bar_ends_) return true;
  const Token& after = Peek(2);
  if (IsName(Peek(1)) && (after.kind == TokenKind::kColon || after.kind == TokenKind::kDot ||
                          after.kind == TokenKind::kLeftParen)) {
    return false;
  }
  for (size_t i = at_ + 1; i < tokens_.size();) {
    switch (tokens_[i].kind) {
      case TokenKind::kBar:
        return true;
      case TokenKind::kLeftParen:
      case TokenKind::kLeftBracket:
      case TokenKind::kLeftBrace:
        if (tokens_[i].partner == 0) return false;
        i = tokens_[i].partner + 1;
        break;
      case TokenKind::kRightParen:
      case TokenKind::kRightBracket:
      case TokenKind::kRightBrace:
        return false;
      default:
        ++i;
    }
  }
  return false;
}

}  // namespace relata::query
