#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/pattern_binder.h"

namespace relata::query {
namespace {

// Both conditions hold.
BoundLabels BothOf(BoundLabels a, BoundLabels b) {
  BoundLabels both;
  both.kind = BoundLabels::Kind::kAnd;
  for (BoundLabels* part : {&a, &b}) {
    if (part->kind == BoundLabels::Kind::kAnd) {
      std::move(part->args.begin(), part->args.end(), std::back_inserter(both.args));
    } else {
      both.args.push_back(std::move(*part));
    }
  }
  return both;
}

// Whether a label computed in it depends on the row.
bool ReadsVariables(const BoundLabels& labels) {
  bool reads = std::any_of(labels.args.begin(), labels.args.end(), ReadsVariables);
  if (labels.dynamic) {
    ForEachVariableUse(*labels.dynamic, [&reads](VariableId, Span) { reads = true; });
  }
  return reads;
}

// The names of `A` and of `A|B|C`; empty where it is something else.
std::vector<std::string> NamesOfDisjunction(const BoundLabels& labels) {
  std::vector<std::string> names;
  if (labels.kind == BoundLabels::Kind::kName) return {labels.name};
  if (labels.kind != BoundLabels::Kind::kOr) return names;
  for (const BoundLabels& part : labels.args) {
    const std::vector<std::string> inner = NamesOfDisjunction(part);
    if (inner.empty()) return {};
    for (const std::string& name : inner) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

}  // namespace

absl::Status PatternBinder::BindNodeConditions(const LateNode& late) {
  BoundNode& node = pattern_.nodes[late.node];
  const VariableId variable = node.variable;
  if (late.pattern->labels) {
    RELATA_ASSIGN_OR_RETURN(BoundLabels labels, analysis_.BindLabels(*late.pattern->labels));
    std::vector<BoundLabels> parts;
    if (labels.kind == BoundLabels::Kind::kAnd) {
      parts = std::move(labels.args);
    } else {
      parts.push_back(std::move(labels));
    }
    for (BoundLabels& part : parts) {
      if (ReadsVariables(part)) {
        AddLabelCondition(std::move(part), variable, late.pattern->labels->span,
                          pattern_.conditions);
        continue;
      }
      if (node.labels) part = BothOf(std::move(*node.labels), std::move(part));
      node.labels = std::make_unique<BoundLabels>(std::move(part));
    }
  }
  if (late.pattern->properties) {
    RELATA_RETURN_IF_ERROR(
        BindProperties(*late.pattern->properties, variable, pattern_.conditions));
  }
  if (late.pattern->where) {
    RELATA_RETURN_IF_ERROR(BindCondition(*late.pattern->where, pattern_.conditions));
  }
  return absl::OkStatus();
}

// Labels that depend on the row are a condition like any other: it is checked once what it reads is
// known.
void PatternBinder::AddLabelCondition(BoundLabels labels, VariableId entity, Span span,
                                      std::vector<BoundExprPtr>& conditions) {
  BoundExprPtr condition = MakeExpr(BoundKind::kHasLabels, span, types::kBool | types::kNull);
  condition->args.push_back(analysis_.Use(entity, span));
  condition->labels = std::make_unique<BoundLabels>(std::move(labels));
  conditions.push_back(std::move(condition));
}

absl::Status PatternBinder::BindEdgeConditions(const LateEdge& late) {
  BoundEdge edge = std::move(pattern_.edges[late.edge]);
  if (late.pattern->types) RELATA_RETURN_IF_ERROR(BindTypes(*late.pattern->types, edge));
  const bool single = edge.kind == BoundEdge::Kind::kSingle;
  std::vector<BoundExprPtr>& conditions = single ? pattern_.conditions : edge.element_conditions;
  if (late.pattern->properties) {
    RELATA_RETURN_IF_ERROR(BindProperties(*late.pattern->properties,
                                          single ? edge.variable : edge.element, conditions));
  }
  if (late.pattern->where) {
    RELATA_RETURN_IF_ERROR(single ? BindCondition(*late.pattern->where, conditions)
                                  : BindElementCondition(*late.pattern, edge));
  }
  pattern_.edges[late.edge] = std::move(edge);
  return absl::OkStatus();
}

absl::Status PatternBinder::BindElementCondition(const ast::RelationshipPattern& relationship,
                                                 BoundEdge& edge) {
  Scope scope{.names = {}, .outer = analysis_.scope_};
  Scope* const outer = analysis_.scope_;
  analysis_.scope_ = &scope;
  if (!relationship.name.empty()) analysis_.Declare(relationship.name, edge.element);
  RELATA_RETURN_IF_ERROR(BindCondition(*relationship.where, edge.element_conditions));
  analysis_.scope_ = outer;
  return absl::OkStatus();
}

absl::Status PatternBinder::BindTypes(const ast::LabelExpr& types, BoundEdge& edge) {
  RELATA_ASSIGN_OR_RETURN(BoundLabels labels, analysis_.BindLabels(types));
  if (labels.kind == BoundLabels::Kind::kWildcard) return absl::OkStatus();
  if (ReadsVariables(labels)) {
    const bool single = edge.kind == BoundEdge::Kind::kSingle;
    AddLabelCondition(std::move(labels), single ? edge.variable : edge.element, types.span,
                      single ? pattern_.conditions : edge.element_conditions);
    return absl::OkStatus();
  }
  edge.types = NamesOfDisjunction(labels);
  if (edge.types.empty()) edge.types_condition = std::make_unique<BoundLabels>(std::move(labels));
  return absl::OkStatus();
}

// {a: x, b: y} means `variable.a = x AND variable.b = y`.
absl::Status PatternBinder::BindProperties(const ast::Expr& properties, VariableId variable,
                                           std::vector<BoundExprPtr>& conditions) {
  if (properties.kind == ast::ExprKind::kParameter) {
    return SyntaxError("InvalidParameterUse", properties.span,
                       absl::StrCat("a whole map given as $", properties.name,
                                    " cannot be matched; write `{name: $", properties.name,
                                    ".name}` for each property"));
  }
  if (properties.kind != ast::ExprKind::kMap) {
    return UnexpectedSyntax(properties.span, "properties in a pattern are written as a map");
  }
  for (size_t i = 0; i < properties.keys.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, analysis_.BindExpr(*properties.args[i]));
    const Span span = properties.args[i]->span;
    conditions.push_back(
        MakeBinaryExpr(BoundKind::kEqual,
                       MakePropertyExpr(analysis_.Use(variable, span), properties.keys[i], span),
                       std::move(value), span, types::kBool | types::kNull));
  }
  return absl::OkStatus();
}

absl::Status PatternBinder::BindCondition(const ast::Expr& where,
                                          std::vector<BoundExprPtr>& conditions) {
  const absl::string_view place = analysis_.rules_.place;
  analysis_.rules_.place = "in WHERE";
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr condition, analysis_.BindPredicate(where, "WHERE"));
  analysis_.rules_.place = place;
  SplitConjunction(std::move(condition), conditions);
  return absl::OkStatus();
}

}  // namespace relata::query
