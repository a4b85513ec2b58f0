#include <string>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "graph/query/syntax/ast_printer.h"
#include "graph/query/syntax/ast_text.h"

namespace relata::query {
namespace {

using ast::BinaryOp;
using ast::Expr;
using ast::ExprKind;
using ast::LabelExpr;

absl::string_view Word(BinaryOp op) {
  switch (op) {
    case BinaryOp::kOr:
      return "or";
    case BinaryOp::kXor:
      return "xor";
    case BinaryOp::kAnd:
      return "and";
    case BinaryOp::kEqual:
      return "=";
    case BinaryOp::kNotEqual:
      return "<>";
    case BinaryOp::kLess:
      return "<";
    case BinaryOp::kLessOrEqual:
      return "<=";
    case BinaryOp::kGreater:
      return ">";
    case BinaryOp::kGreaterOrEqual:
      return ">=";
    case BinaryOp::kAdd:
      return "add";
    case BinaryOp::kSubtract:
      return "subtract";
    case BinaryOp::kMultiply:
      return "multiply";
    case BinaryOp::kDivide:
      return "divide";
    case BinaryOp::kModulo:
      return "modulo";
    case BinaryOp::kPower:
      return "power";
    case BinaryOp::kIn:
      return "in";
    case BinaryOp::kStartsWith:
      return "starts-with";
    case BinaryOp::kEndsWith:
      return "ends-with";
    case BinaryOp::kContains:
      return "contains";
    case BinaryOp::kRegexMatch:
      return "matches";
    case BinaryOp::kConcat:
      return "concat";
  }
  return "?";
}

absl::string_view Word(ast::UnaryOp op) {
  switch (op) {
    case ast::UnaryOp::kNot:
      return "not";
    case ast::UnaryOp::kMinus:
      return "minus";
    case ast::UnaryOp::kPlus:
      return "plus";
  }
  return "?";
}

absl::string_view Word(ast::QuantifierKind kind) {
  switch (kind) {
    case ast::QuantifierKind::kAll:
      return "all";
    case ast::QuantifierKind::kAny:
      return "any";
    case ast::QuantifierKind::kNone:
      return "none";
    case ast::QuantifierKind::kSingle:
      return "single";
  }
  return "?";
}

}  // namespace

std::string AstText(const Expr& expr) {
  AstPrinter printer;
  printer.Print(expr);
  return printer.Take();
}

void AstPrinter::PrintOptional(const ast::ExprPtr& expr) {
  if (expr == nullptr) {
    Add("-");
  } else {
    Print(*expr);
  }
}

// (word arg arg ...).
void AstPrinter::PrintArgs(absl::string_view word, const Expr& expr) {
  Add("(");
  Add(word);
  for (const ast::ExprPtr& arg : expr.args) {
    Add(" ");
    PrintOptional(arg);
  }
  Add(")");
}

void AstPrinter::Print(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral:
      if (expr.literal.is_string()) {
        return Add(absl::StrCat("'", absl::Utf8SafeCEscape(expr.literal.AsString()), "'"));
      }
      return Add(expr.literal.ToString());
    case ExprKind::kParameter:
      return Add(absl::StrCat("$", expr.name));
    case ExprKind::kVariable:
      return Add(expr.name);
    case ExprKind::kProperty:
      Print(*expr.args[0]);
      return Add(absl::StrCat(".", expr.name));
    case ExprKind::kDynamicProperty:
      return PrintArgs("element", expr);
    case ExprKind::kSlice:
      return PrintArgs("slice", expr);
    case ExprKind::kUnary:
      return PrintArgs(Word(expr.unary), expr);
    case ExprKind::kBinary:
      return PrintArgs(Word(expr.binary), expr);
    case ExprKind::kComparison:
      Add("(compare ");
      Print(*expr.args[0]);
      for (size_t i = 0; i < expr.comparisons.size(); ++i) {
        Add(absl::StrCat(" ", Word(expr.comparisons[i]), " "));
        Print(*expr.args[i + 1]);
      }
      return Add(")");
    case ExprKind::kIsNull:
      return PrintArgs("is-null", expr);
    case ExprKind::kIsNotNull:
      return PrintArgs("is-not-null", expr);
    case ExprKind::kHasLabels:
      Add("(labels ");
      Print(*expr.args[0]);
      Add(" ");
      PrintLabels(*expr.labels);
      return Add(")");
    case ExprKind::kIsTyped:
      return PrintArgs(absl::StrCat(expr.flag ? "is-not-typed" : "is-typed", " <", expr.name, ">"),
                       expr);
    case ExprKind::kCall:
      return PrintArgs(absl::StrCat("call ", expr.name, expr.flag ? " distinct" : ""), expr);
    case ExprKind::kCountStar:
      return Add("(count *)");
    case ExprKind::kCaseOperand:
      return Add("operand");
    case ExprKind::kCase:
      return PrintCase(expr);
    case ExprKind::kList:
      return PrintArgs("list", expr);
    case ExprKind::kMap:
      return PrintMap(expr);
    case ExprKind::kMapProjection:
      return PrintProjections(expr);
    case ExprKind::kListComprehension:
      return PrintArgs(absl::StrCat("comprehension ", expr.name), expr);
    case ExprKind::kQuantifier:
      return PrintArgs(absl::StrCat(Word(expr.quantifier), " ", expr.name), expr);
    case ExprKind::kReduce:
      return PrintArgs(absl::StrCat("reduce ", expr.accumulator, " ", expr.name), expr);
    case ExprKind::kPattern:
      Add(expr.flag ? "(exists-pattern " : "(pattern ");
      PrintPath(*expr.pattern);
      return Add(")");
    case ExprKind::kPatternComprehension:
      Add("(pattern-comprehension ");
      PrintPath(*expr.pattern);
      Add(" ");
      PrintOptional(expr.args[0]);
      Add(" ");
      PrintOptional(expr.args[1]);
      return Add(")");
    case ExprKind::kExists:
      return PrintSubquery("exists", *expr.subquery);
    case ExprKind::kCountSubquery:
      return PrintSubquery("count", *expr.subquery);
    case ExprKind::kCollectSubquery:
      return PrintSubquery("collect", *expr.subquery);
    case ExprKind::kShortestPath:
      return PrintPath(*expr.pattern);
  }
}

void AstPrinter::PrintCase(const Expr& expr) {
  Add("(case ");
  PrintOptional(expr.args[0]);
  for (const auto& [when, then] : expr.branches) {
    Add(" (when ");
    Print(*when);
    Add(" ");
    Print(*then);
    Add(")");
  }
  Add(" ");
  PrintOptional(expr.args[1]);
  Add(")");
}

void AstPrinter::PrintMap(const Expr& expr) {
  Add("{");
  for (size_t i = 0; i < expr.keys.size(); ++i) {
    Add(absl::StrCat(i == 0 ? "" : ", ", expr.keys[i], ": "));
    Print(*expr.args[i]);
  }
  Add("}");
}

void AstPrinter::PrintProjections(const Expr& expr) {
  using Kind = ast::MapProjectionItem::Kind;
  Add(absl::StrCat("(project ", expr.name));
  for (const ast::MapProjectionItem& item : expr.projections) {
    Add(" ");
    if (item.kind == Kind::kAll) Add(".*");
    if (item.kind == Kind::kProperty) Add(absl::StrCat(".", item.name));
    if (item.kind == Kind::kVariable) Add(item.name);
    if (item.kind == Kind::kLiteral) {
      Add(absl::StrCat(item.name, ": "));
      Print(*item.value);
    }
  }
  Add(")");
}

void AstPrinter::PrintSubquery(absl::string_view word, const ast::Query& query) {
  Add(absl::StrCat("(", word, " {\n"));
  {
    const Indent indent(this);
    PrintQuery(query);
  }
  Add(absl::StrCat(std::string(static_cast<size_t>(depth_) * 2, ' '), "})"));
}

// --- labels and patterns

void AstPrinter::PrintJoined(const LabelExpr& labels, absl::string_view separator) {
  Add("(");
  for (size_t i = 0; i < labels.args.size(); ++i) {
    if (i > 0) Add(separator);
    PrintLabels(*labels.args[i]);
  }
  Add(")");
}

void AstPrinter::PrintLabels(const LabelExpr& labels) {
  switch (labels.kind) {
    case LabelExpr::Kind::kName:
      return Add(labels.name);
    case LabelExpr::Kind::kAnd:
      return PrintJoined(labels, labels.legacy_conjunction ? ":" : "&");
    case LabelExpr::Kind::kOr:
      return PrintJoined(labels, "|");
    case LabelExpr::Kind::kNot:
      Add("!");
      return PrintLabels(*labels.args[0]);
    case LabelExpr::Kind::kWildcard:
      return Add("%");
    case LabelExpr::Kind::kDynamic:
      Add(labels.any ? "$any(" : "$(");
      Print(*labels.dynamic);
      return Add(")");
  }
}

void AstPrinter::PrintSelector(const ast::PathSelector& selector) {
  using Kind = ast::PathSelector::Kind;
  switch (selector.kind) {
    case Kind::kNone:
      return;
    case Kind::kAll:
      Add("ALL");
      break;
    case Kind::kAny:
      Add("ANY");
      break;
    case Kind::kAnyShortest:
      Add("ANY SHORTEST");
      break;
    case Kind::kAllShortest:
      Add("ALL SHORTEST");
      break;
    case Kind::kShortest:
      Add("SHORTEST");
      break;
    case Kind::kShortestGroups:
      Add("SHORTEST GROUPS");
      break;
  }
  if (selector.count != nullptr) {
    Add(" ");
    Print(*selector.count);
  }
  Add(" ");
}

void AstPrinter::PrintPath(const ast::PathPattern& path) {
  if (!path.name.empty()) Add(absl::StrCat(path.name, " = "));
  PrintSelector(path.selector);
  switch (path.mode) {
    case ast::PathMode::kDefault:
      break;
    case ast::PathMode::kWalk:
      Add("WALK ");
      break;
    case ast::PathMode::kTrail:
      Add("TRAIL ");
      break;
    case ast::PathMode::kAcyclic:
      Add("ACYCLIC ");
      break;
    case ast::PathMode::kSimple:
      Add("SIMPLE ");
      break;
  }
  const bool function = path.shortest != ast::ShortestFunction::kNone;
  if (path.shortest == ast::ShortestFunction::kShortestPath) Add("shortestPath(");
  if (path.shortest == ast::ShortestFunction::kAllShortestPaths) Add("allShortestPaths(");
  for (const ast::PatternElement& element : path.elements) {
    std::visit([this](const auto& which) { PrintElement(which); }, element);
  }
  if (function) Add(")");
}

void AstPrinter::PrintRepeat(const ast::Repeat& repeat) {
  Add(absl::StrCat(repeat.min ? absl::StrCat(*repeat.min) : "", "..",
                   repeat.max ? absl::StrCat(*repeat.max) : ""));
}

void AstPrinter::PrintDetail(const std::string& name, const ast::LabelExprPtr& labels,
                             const std::optional<ast::Repeat>& length,
                             const ast::ExprPtr& properties, const ast::ExprPtr& where) {
  Add(name);
  if (labels != nullptr) {
    Add(":");
    PrintLabels(*labels);
  }
  if (length) {
    Add("*");
    PrintRepeat(*length);
  }
  if (properties != nullptr) {
    Add(" ");
    Print(*properties);
  }
  if (where != nullptr) {
    Add(" WHERE ");
    Print(*where);
  }
}

void AstPrinter::PrintElement(const ast::NodePattern& node) {
  Add("(");
  PrintDetail(node.name, node.labels, std::nullopt, node.properties, node.where);
  Add(")");
}

void AstPrinter::PrintElement(const ast::RelationshipPattern& relationship) {
  Add(relationship.direction == ast::ArrowDirection::kLeft ? "<-[" : "-[");
  PrintDetail(relationship.name, relationship.types, relationship.length, relationship.properties,
              relationship.where);
  Add(relationship.direction == ast::ArrowDirection::kRight ? "]->" : "]-");
  if (relationship.quantifier) {
    Add("{");
    PrintRepeat(*relationship.quantifier);
    Add("}");
  }
}

void AstPrinter::PrintElement(const ast::ParenthesizedPath& path) {
  Add("[[");
  PrintPath(*path.pattern);
  if (path.where != nullptr) {
    Add(" WHERE ");
    Print(*path.where);
  }
  Add("]]");
  if (path.quantifier) {
    Add("{");
    PrintRepeat(*path.quantifier);
    Add("}");
  }
}

}  // namespace relata::query
