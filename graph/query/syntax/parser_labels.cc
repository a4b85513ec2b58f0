#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// Label expressions: `A|B&!C`, `%`, `$(expr)`, `$any(expr)`, and openCypher's `:A:B` and `:A|:B`.
namespace relata::query {

using ast::LabelExpr;
using ast::LabelExprPtr;

LabelExprPtr QueryParser::NewLabel(LabelExpr::Kind kind, size_t first) const {
  auto label = std::make_unique<LabelExpr>();
  label->kind = kind;
  label->span = SpanFrom(first);
  return label;
}

absl::StatusOr<LabelExprPtr> QueryParser::ParseLabels() {
  const size_t first = at_;
  RELATA_ASSIGN_OR_RETURN(LabelExprPtr label, ParseLabelAnd());
  if (!At(TokenKind::kBar) || !BarContinues()) return label;
  std::vector<LabelExprPtr> args;
  args.push_back(std::move(label));
  while (At(TokenKind::kBar) && BarContinues()) {
    ++at_;
    Accept(TokenKind::kColon);
    RELATA_ASSIGN_OR_RETURN(LabelExprPtr next, ParseLabelAnd());
    args.push_back(std::move(next));
  }
  LabelExprPtr any = NewLabel(LabelExpr::Kind::kOr, first);
  any->args = std::move(args);
  return any;
}

absl::StatusOr<LabelExprPtr> QueryParser::ParseLabelAnd() {
  const size_t first = at_;
  RELATA_ASSIGN_OR_RETURN(LabelExprPtr label, ParseLabelNot());
  if (!At(TokenKind::kAmpersand) && !At(TokenKind::kColon)) return label;
  std::vector<LabelExprPtr> args;
  args.push_back(std::move(label));
  bool legacy = false;
  while (At(TokenKind::kAmpersand) || At(TokenKind::kColon)) {
    legacy = legacy || At(TokenKind::kColon);
    ++at_;
    RELATA_ASSIGN_OR_RETURN(LabelExprPtr next, ParseLabelNot());
    args.push_back(std::move(next));
  }
  LabelExprPtr all = NewLabel(LabelExpr::Kind::kAnd, first);
  all->args = std::move(args);
  all->legacy_conjunction = legacy;
  return all;
}

absl::StatusOr<LabelExprPtr> QueryParser::ParseLabelNot() {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  const size_t first = at_;
  if (!Accept(TokenKind::kExclamation)) return ParseLabelAtom();
  RELATA_ASSIGN_OR_RETURN(LabelExprPtr operand, ParseLabelNot());
  LabelExprPtr negated = NewLabel(LabelExpr::Kind::kNot, first);
  negated->args.push_back(std::move(operand));
  return negated;
}

absl::StatusOr<LabelExprPtr> QueryParser::ParseLabelAtom() {
  const size_t first = at_;
  if (Accept(TokenKind::kPercent)) return NewLabel(LabelExpr::Kind::kWildcard, first);
  if (At(TokenKind::kLeftParen)) {
    const Scoped<bool> bar(&bar_ends_, false);
    ++at_;
    RELATA_ASSIGN_OR_RETURN(LabelExprPtr inner, ParseLabels());
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "after a label expression"));
    inner->span = SpanFrom(first);
    return inner;
  }
  if (Accept(TokenKind::kDollar)) {
    const bool any = Accept(Keyword::kAny);
    if (!any) Accept(Keyword::kAll);
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen,
                                  "after `$`: a dynamic label is $(expression), $all(list) or "
                                  "$any(list)"));
    RELATA_ASSIGN_OR_RETURN(ast::ExprPtr dynamic, ParseExpression());
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "after a dynamic label"));
    LabelExprPtr label = NewLabel(LabelExpr::Kind::kDynamic, first);
    label->dynamic = std::move(dynamic);
    label->any = any;
    return label;
  }
  RELATA_ASSIGN_OR_RETURN(std::string name, ParseName("the name of a label or type"));
  LabelExprPtr label = NewLabel(LabelExpr::Kind::kName, first);
  label->name = std::move(name);
  return label;
}

// `:A:B:$(expr)` of SET and REMOVE, also `:A&B` and `IS A`.
absl::StatusOr<std::vector<LabelExprPtr>> QueryParser::ParseLabelList() {
  std::vector<LabelExprPtr> labels;
  while (Accept(TokenKind::kColon) || Accept(TokenKind::kAmpersand) || Accept(Keyword::kIs)) {
    const Token& token = Peek();
    RELATA_ASSIGN_OR_RETURN(LabelExprPtr label, ParseLabelAtom());
    if (label->kind != LabelExpr::Kind::kName && label->kind != LabelExpr::Kind::kDynamic) {
      return UnexpectedAt(token, "the name of a label");
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace relata::query
