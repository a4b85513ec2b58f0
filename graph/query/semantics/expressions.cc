#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"
#include "graph/query/semantics/type_names.h"

namespace relata::query {
namespace {

// Beyond these an expression could exhaust the stack or the memory of what comes after.
constexpr int kDeepestExpression = 1000;
constexpr size_t kMostExpressions = 400'000;

// INF, INFINITY and NaN are numbers where no variable is called so.
std::optional<double> NamedFloat(absl::string_view name) {
  if (absl::EqualsIgnoreCase(name, "inf") || absl::EqualsIgnoreCase(name, "infinity")) {
    return std::numeric_limits<double>::infinity();
  }
  if (absl::EqualsIgnoreCase(name, "nan")) return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

BoundKind KindOf(ast::BinaryOp op) {
  using Op = ast::BinaryOp;
  switch (op) {
    case Op::kOr:
      return BoundKind::kOr;
    case Op::kXor:
      return BoundKind::kXor;
    case Op::kAnd:
      return BoundKind::kAnd;
    case Op::kEqual:
      return BoundKind::kEqual;
    case Op::kNotEqual:
      return BoundKind::kNotEqual;
    case Op::kLess:
      return BoundKind::kLess;
    case Op::kLessOrEqual:
      return BoundKind::kLessOrEqual;
    case Op::kGreater:
      return BoundKind::kGreater;
    case Op::kGreaterOrEqual:
      return BoundKind::kGreaterOrEqual;
    case Op::kAdd:
      return BoundKind::kAdd;
    case Op::kSubtract:
      return BoundKind::kSubtract;
    case Op::kMultiply:
      return BoundKind::kMultiply;
    case Op::kDivide:
      return BoundKind::kDivide;
    case Op::kModulo:
      return BoundKind::kModulo;
    case Op::kPower:
      return BoundKind::kPower;
    case Op::kIn:
      return BoundKind::kIn;
    case Op::kStartsWith:
      return BoundKind::kStartsWith;
    case Op::kEndsWith:
      return BoundKind::kEndsWith;
    case Op::kContains:
      return BoundKind::kContains;
    case Op::kRegexMatch:
      return BoundKind::kRegexMatch;
    case Op::kConcat:
      return BoundKind::kConcat;
  }
  return BoundKind::kEqual;
}

bool IsLogical(ast::BinaryOp op) {
  return op == ast::BinaryOp::kOr || op == ast::BinaryOp::kXor || op == ast::BinaryOp::kAnd;
}

bool IsArithmetic(BoundKind kind) {
  switch (kind) {
    case BoundKind::kAdd:
    case BoundKind::kSubtract:
    case BoundKind::kMultiply:
    case BoundKind::kDivide:
    case BoundKind::kModulo:
    case BoundKind::kPower:
    case BoundKind::kConcat:
      return true;
    default:
      return false;
  }
}

absl::string_view LogicalName(ast::BinaryOp op) {
  return op == ast::BinaryOp::kAnd ? "AND" : op == ast::BinaryOp::kOr ? "OR" : "XOR";
}

}  // namespace

absl::StatusOr<BoundExprPtr> Analysis::BindExpr(const ast::Expr& e) {
  if (++depth_ > kDeepestExpression) {
    return LimitReached(
        "expression_depth", kDeepestExpression,
        absl::StrCat("the query's expressions are nested more than ", kDeepestExpression,
                     " deep; split them over several WITH clauses or use parameters"));
  }
  RELATA_RETURN_IF_ERROR(Charge(1));
  absl::StatusOr<BoundExprPtr> bound = BindKind(e);
  --depth_;
  return bound;
}

absl::Status Analysis::Charge(size_t expressions) {
  expressions_ += expressions;
  if (expressions_ <= kMostExpressions) return CountWork(watch_, expressions);
  return LimitReached("expressions", kMostExpressions,
                      absl::StrCat("the query has more than ", kMostExpressions,
                                   " expressions; pass long lists as parameters"));
}

absl::StatusOr<BoundExprPtr> Analysis::BindKind(const ast::Expr& e) {
  using Kind = ast::ExprKind;
  switch (e.kind) {
    case Kind::kLiteral:
      return MakeLiteralExpr(e.literal, e.span);
    case Kind::kParameter: {
      parameter_names_.insert(e.name);
      BoundExprPtr bound = MakeExpr(BoundKind::kParameter, e.span, types::kAny);
      bound->name = e.name;
      return bound;
    }
    case Kind::kVariable:
      return BindVariable(e);
    case Kind::kProperty:
      return BindProperty(e);
    case Kind::kDynamicProperty: {
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr container, BindExpr(*e.args[0]));
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr key, BindExpr(*e.args[1]));
      const TypeSet element =
          container->type == types::kList ? ElementOf(*container) | types::kNull : types::kAny;
      return MakeBinaryExpr(BoundKind::kElement, std::move(container), std::move(key), e.span,
                            element);
    }
    case Kind::kSlice:
      return BindSlice(e);
    case Kind::kUnary:
      return BindUnary(e);
    case Kind::kBinary:
      return BindBinary(e);
    case Kind::kComparison:
      return BindComparison(e);
    case Kind::kIsNull:
    case Kind::kIsNotNull: {
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr operand, BindExpr(*e.args[0]));
      BoundExprPtr bound =
          MakeExpr(e.kind == Kind::kIsNull ? BoundKind::kIsNull : BoundKind::kIsNotNull, e.span,
                   types::kBool);
      bound->args.push_back(std::move(operand));
      return bound;
    }
    case Kind::kHasLabels:
      return BindHasLabels(e);
    case Kind::kIsTyped:
      return BindIsTyped(e);
    case Kind::kCall:
      return BindCall(e);
    case Kind::kCountStar:
      return BindAggregate(e);
    case Kind::kCase:
      return BindCase(e);
    case Kind::kCaseOperand:
      return CopyOf(*case_operand_);
    case Kind::kList:
      return BindList(e);
    case Kind::kMap:
      return BindMap(e);
    case Kind::kMapProjection:
      return BindMapProjection(e);
    case Kind::kListComprehension:
      return BindListComprehension(e);
    case Kind::kQuantifier:
      return BindQuantifier(e);
    case Kind::kReduce:
      return BindReduce(e);
    case Kind::kPattern:
      return BindPatternPredicate(*e.pattern, e.span);
    case Kind::kPatternComprehension:
      return BindPatternComprehension(e);
    case Kind::kExists:
    case Kind::kCountSubquery:
    case Kind::kCollectSubquery:
      return BindSubquery(e);
    case Kind::kShortestPath:
      return BindShortestPath(e);
  }
  return absl::InternalError("an expression of a kind that the analysis does not know");
}

absl::StatusOr<BoundExprPtr> Analysis::BindOptional(const ast::ExprPtr& e) {
  if (!e) return BoundExprPtr();
  return BindExpr(*e);
}

absl::StatusOr<BoundExprPtr> Analysis::BindConstant(const ast::Expr& e, absl::string_view place) {
  const ExpressionRules saved = rules_;
  rules_ = {.constant = true, .place = place};
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindExpr(e));
  rules_ = saved;
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindVariable(const ast::Expr& e) {
  // Variables of comprehensions within a constant are constants as well.
  const std::optional<VariableId> variable = scope_->Find(e.name);
  if (!variable) {
    const std::optional<double> number = NamedFloat(e.name);
    if (number) return MakeLiteralExpr(Datum::Float(*number), e.span);
  }
  if (rules_.constant && !(variable && constant_variables_.contains(*variable))) {
    return SyntaxError("NonConstantExpression", e.span,
                       absl::StrCat(rules_.place,
                                    " takes literals, parameters and functions of "
                                    "them, but no variables such as `",
                                    e.name, "`"));
  }
  if (!variable) return Undefined(e.name, e.span);
  return Use(*variable, e.span);
}

absl::StatusOr<BoundExprPtr> Analysis::BindProperty(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, BindExpr(*e.args[0]));
  if (NeverOf(value->type, types::kHasProperties)) {
    const bool path = (value->type & ~types::kNull) == types::kPath;
    return MakeQueryError(
        path ? ErrorClass::kSyntax : ErrorClass::kType, ErrorPhase::kCompile, "InvalidArgumentType",
        e.span,
        absl::StrCat(Quoted(value->span), " is ", TypeSetName(value->type & ~types::kNull),
                     ", which has no properties such as `", e.name, "`"));
  }
  return MakePropertyExpr(std::move(value), e.name, e.span);
}

absl::StatusOr<BoundExprPtr> Analysis::BindPredicate(const ast::Expr& e, absl::string_view what) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindExpr(e));
  RELATA_RETURN_IF_ERROR(RequireType(*bound, types::kBool, what));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindUnary(const ast::Expr& e) {
  if (e.unary == ast::UnaryOp::kNot) {
    // A chain of NOTs needs no stack.
    const ast::Expr* operand = &e;
    std::vector<Span> spans;
    while (operand->kind == ast::ExprKind::kUnary && operand->unary == ast::UnaryOp::kNot) {
      spans.push_back(operand->span);
      operand = operand->args[0].get();
    }
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindPredicate(*operand, "NOT"));
    if (spans.size() > 2) spans.resize(spans.size() % 2 == 0 ? 2 : 1);
    for (const Span span : spans) {
      BoundExprPtr negated = MakeExpr(BoundKind::kNot, span, types::kBoolOrNull);
      negated->args.push_back(std::move(bound));
      bound = std::move(negated);
    }
    return bound;
  }
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr operand, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(RequireType(*operand, types::kNumber | types::kDuration | types::kMoney,
                                     "a sign before a number"));
  if (e.unary == ast::UnaryOp::kPlus) return operand;
  if (operand->kind == BoundKind::kLiteral) {
    const Datum& d = operand->literal;
    const bool negatable =
        d.kind() == Datum::Kind::kInt && d.AsInt() != std::numeric_limits<int64_t>::min();
    if (negatable) return MakeLiteralExpr(Datum::Int(-d.AsInt()), e.span);
    if (d.kind() == Datum::Kind::kFloat) return MakeLiteralExpr(Datum::Float(-d.AsFloat()), e.span);
  }
  BoundExprPtr bound = MakeExpr(BoundKind::kNegate, e.span, operand->type);
  bound->args.push_back(std::move(operand));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindBinary(const ast::Expr& e) {
  if (IsLogical(e.binary)) return BindLogical(e);
  const BoundKind kind = KindOf(e.binary);
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr left, BindExpr(*e.args[0]));
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr right, BindExpr(*e.args[1]));
  TypeSet type = types::kBoolOrNull;
  if (IsArithmetic(kind)) {
    RELATA_ASSIGN_OR_RETURN(type, ArithmeticType(kind, *left, *right));
  } else if (kind == BoundKind::kIn) {
    RELATA_RETURN_IF_ERROR(RequireType(*right, types::kList, "IN"));
  }
  return MakeBinaryExpr(kind, std::move(left), std::move(right), e.span, type);
}

// AND and OR become one expression of many operands, however they are nested. The left spine is
// walked without recursion.
absl::StatusOr<BoundExprPtr> Analysis::BindLogical(const ast::Expr& e) {
  std::vector<const ast::Expr*> operands;
  const ast::Expr* left = &e;
  while (left->kind == ast::ExprKind::kBinary && left->binary == e.binary) {
    operands.push_back(left->args[1].get());
    left = left->args[0].get();
  }
  operands.push_back(left);
  const BoundKind kind = KindOf(e.binary);
  BoundExprPtr bound = MakeExpr(kind, e.span, types::kBoolOrNull);
  for (auto it = operands.rbegin(); it != operands.rend(); ++it) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr operand, BindPredicate(**it, LogicalName(e.binary)));
    if (kind == BoundKind::kXor && bound->args.size() == 2) {
      BoundExprPtr outer = MakeExpr(kind, e.span, types::kBoolOrNull);
      outer->args.push_back(std::move(bound));
      bound = std::move(outer);
    }
    if (operand->kind == kind && kind != BoundKind::kXor) {
      std::move(operand->args.begin(), operand->args.end(), std::back_inserter(bound->args));
    } else {
      bound->args.push_back(std::move(operand));
    }
  }
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindComparison(const ast::Expr& e) {
  const size_t last = e.args.size() - 1;
  std::vector<SharedExpr> operands;
  for (size_t i = 0; i <= last; ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr operand, BindExpr(*e.args[i]));
    const bool between = i > 0 && i < last;
    operands.push_back(between ? Share(std::move(operand))
                               : SharedExpr{.expr = std::move(operand)});
  }
  std::vector<BoundExprPtr> parts;
  for (size_t i = 0; i < last; ++i) {
    BoundExprPtr left = i == 0 ? std::move(operands[0].expr) : CopyOf(operands[i]);
    BoundExprPtr right = i + 1 == last ? std::move(operands[last].expr) : CopyOf(operands[i + 1]);
    const Span span{e.args[i]->span.begin, e.args[i + 1]->span.end};
    parts.push_back(MakeBinaryExpr(KindOf(e.comparisons[i]), std::move(left), std::move(right),
                                   span, types::kBoolOrNull));
  }
  if (parts.size() == 1) {
    parts[0]->span = e.span;
    return std::move(parts[0]);
  }
  BoundExprPtr all = MakeExpr(BoundKind::kAnd, e.span, types::kBoolOrNull);
  all->args = std::move(parts);
  for (SharedExpr& operand : operands) all = WithShared(std::move(operand), std::move(all));
  return all;
}

absl::StatusOr<BoundExprPtr> Analysis::BindHasLabels(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr entity, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(RequireType(*entity, types::kEntity, "a condition on labels"));
  RELATA_ASSIGN_OR_RETURN(BoundLabels labels, BindLabels(*e.labels));
  BoundExprPtr bound = MakeExpr(BoundKind::kHasLabels, e.span, types::kBoolOrNull);
  bound->args.push_back(std::move(entity));
  bound->labels = std::make_unique<BoundLabels>(std::move(labels));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindIsTyped(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(CheckTypeName(e.name, e.name_span));
  BoundExprPtr bound = MakeExpr(BoundKind::kIsTyped, e.span, types::kBool);
  bound->name = e.name;
  bound->args.push_back(std::move(value));
  if (!e.flag) return bound;
  BoundExprPtr negated = MakeExpr(BoundKind::kNot, e.span, types::kBool);
  negated->args.push_back(std::move(bound));
  return negated;
}

absl::StatusOr<BoundLabels> Analysis::BindLabels(const ast::LabelExpr& labels) {
  using Kind = ast::LabelExpr::Kind;
  BoundLabels bound;
  bound.name = labels.name;
  switch (labels.kind) {
    case Kind::kName:
      bound.kind = BoundLabels::Kind::kName;
      break;
    case Kind::kAnd:
      bound.kind = BoundLabels::Kind::kAnd;
      break;
    case Kind::kOr:
      bound.kind = BoundLabels::Kind::kOr;
      break;
    case Kind::kNot:
      bound.kind = BoundLabels::Kind::kNot;
      break;
    case Kind::kWildcard:
      bound.kind = BoundLabels::Kind::kWildcard;
      break;
    case Kind::kDynamic: {
      bound.kind = BoundLabels::Kind::kDynamic;
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr dynamic, BindExpr(*labels.dynamic));
      RELATA_RETURN_IF_ERROR(
          RequireType(*dynamic, types::kString | types::kList, "a label given by `$(…)`"));
      bound.dynamic = std::move(dynamic);
      bound.any = labels.any;
      break;
    }
  }
  for (const ast::LabelExprPtr& arg : labels.args) {
    RELATA_ASSIGN_OR_RETURN(BoundLabels part, BindLabels(*arg));
    bound.args.push_back(std::move(part));
  }
  return bound;
}

// A condition of a CASE, on its operand where it has one.
absl::StatusOr<BoundExprPtr> Analysis::BindWhen(const ast::Expr& when, SharedExpr* operand) {
  SharedExpr* const outer = std::exchange(case_operand_, operand);
  absl::StatusOr<BoundExprPtr> condition = BindPredicate(when, "WHEN");
  case_operand_ = outer;
  return condition;
}

absl::StatusOr<BoundExprPtr> Analysis::BindCase(const ast::Expr& e) {
  std::optional<SharedExpr> operand;
  if (e.args[0]) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindExpr(*e.args[0]));
    operand = Share(std::move(bound));
  }
  BoundExprPtr bound = MakeExpr(BoundKind::kCase, e.span, 0);
  for (const auto& [when, then] : e.branches) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr condition, BindWhen(*when, operand ? &*operand : nullptr));
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr result, BindExpr(*then));
    bound->type |= result->type;
    bound->args.push_back(std::move(condition));
    bound->args.push_back(std::move(result));
  }
  BoundExprPtr otherwise = MakeLiteralExpr(Datum(), e.span);
  if (e.args.size() > 1 && e.args[1]) {
    RELATA_ASSIGN_OR_RETURN(otherwise, BindExpr(*e.args[1]));
  }
  bound->type |= otherwise->type;
  bound->args.push_back(std::move(otherwise));
  return operand ? WithShared(*std::move(operand), std::move(bound)) : std::move(bound);
}

// Small expressions are copied where they are needed again; others are computed once, as are those
// that differ from call to call. So nested ones grow by no more than a factor.
SharedExpr Analysis::Share(BoundExprPtr e) {
  constexpr size_t kCopied = 8;
  size_t size = 0;
  ForEachExpr(*e, [&size](const BoundExpr& part) { size += part.subquery ? kCopied + 1 : 1; });
  SharedExpr shared{.expr = std::move(e)};
  if (size > kCopied || IsVolatile(*shared.expr)) {
    shared.variable = NewVariable("", shared.expr->type, ElementOf(*shared.expr));
    statement_.variables[shared.variable].name = absl::StrCat("  operand", shared.variable);
    statement_.variables[shared.variable].named = false;
  }
  return shared;
}

BoundExprPtr Analysis::CopyOf(SharedExpr& shared) {
  if (shared.variable != kNoVariable) return Use(shared.variable, shared.expr->span);
  return CloneExpr(*shared.expr);
}

// reduce(result = null, variable IN [expr] | body), which is `body` with the expression's value.
BoundExprPtr Analysis::WithShared(SharedExpr shared, BoundExprPtr body) {
  if (shared.variable == kNoVariable) return body;
  const Span span = body->span;
  BoundExprPtr list = MakeExpr(BoundKind::kList, span, types::kList);
  list->args.push_back(std::move(shared.expr));
  BoundExprPtr bound = MakeExpr(BoundKind::kReduce, span, body->type);
  bound->accumulator = NewAnonymous("result", types::kAny);
  bound->variable = shared.variable;
  bound->args.push_back(MakeLiteralExpr(Datum(), span));
  bound->args.push_back(std::move(list));
  bound->args.push_back(std::move(body));
  return bound;
}

}  // namespace relata::query
