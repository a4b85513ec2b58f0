#include "graph/query/semantics/expression_tree.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace relata::query {
namespace {

// Variables that two expressions declare in the same place.
using Pairs = std::vector<std::pair<VariableId, VariableId>>;

bool SameVariable(VariableId a, VariableId b, const Pairs& pairs) {
  for (auto it = pairs.rbegin(); it != pairs.rend(); ++it) {
    if (it->first == a || it->second == b) return it->first == a && it->second == b;
  }
  return a == b;
}

bool SameLabels(const BoundLabels& a, const BoundLabels& b) {
  if (a.kind != b.kind || a.name != b.name || a.args.size() != b.args.size() || a.dynamic ||
      b.dynamic) {
    return false;
  }
  return std::equal(a.args.begin(), a.args.end(), b.args.begin(), SameLabels);
}

bool SameOptionalLabels(const BoundLabels* a, const BoundLabels* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return SameLabels(*a, *b);
}

bool DeclaresVariable(BoundKind kind) {
  return kind == BoundKind::kListComprehension || kind == BoundKind::kQuantifier ||
         kind == BoundKind::kReduce;
}

bool SameSubquery(const BoundSubquery& a, const BoundSubquery& b, const Pairs& pairs) {
  return a.kind == b.kind && !a.text.empty() && a.text == b.text &&
         std::equal(a.imports.begin(), a.imports.end(), b.imports.begin(), b.imports.end(),
                    [&pairs](VariableId x, VariableId y) { return SameVariable(x, y, pairs); });
}

bool SameTree(const BoundExpr& a, const BoundExpr& b, Pairs& pairs);

bool SameArguments(const BoundExpr& a, const BoundExpr& b, Pairs& pairs) {
  for (size_t i = 0; i < a.args.size(); ++i) {
    if ((a.args[i] == nullptr) != (b.args[i] == nullptr)) return false;
    if (a.args[i] && !SameTree(*a.args[i], *b.args[i], pairs)) return false;
  }
  return true;
}

bool SameTree(const BoundExpr& a, const BoundExpr& b, Pairs& pairs) {
  if (a.kind != b.kind || a.args.size() != b.args.size() || a.name != b.name ||
      a.function != b.function || a.keys != b.keys || a.quantifier != b.quantifier) {
    return false;
  }
  if (a.kind == BoundKind::kSubquery) return SameSubquery(*a.subquery, *b.subquery, pairs);
  if (a.kind == BoundKind::kPath) return false;
  if (a.kind == BoundKind::kVariable) return SameVariable(a.variable, b.variable, pairs);
  if (a.kind == BoundKind::kLiteral) {
    return a.literal.kind() == b.literal.kind() && EquivalentData(a.literal, b.literal);
  }
  if (a.function != nullptr && a.function->volatility == Volatility::kVolatile) return false;
  if (!SameOptionalLabels(a.labels.get(), b.labels.get())) return false;
  if (!DeclaresVariable(a.kind)) return SameArguments(a, b, pairs);
  const size_t before = pairs.size();
  pairs.emplace_back(a.variable, b.variable);
  if (a.kind == BoundKind::kReduce) pairs.emplace_back(a.accumulator, b.accumulator);
  const bool same = SameArguments(a, b, pairs);
  pairs.resize(before);
  return same;
}

bool IsSimple(BoundKind kind) {
  return kind == BoundKind::kVariable || kind == BoundKind::kProperty ||
         kind == BoundKind::kElement || kind == BoundKind::kFunction;
}

}  // namespace

BoundExprPtr MakeExpr(BoundKind kind, Span span, TypeSet type) {
  auto e = std::make_unique<BoundExpr>();
  e->kind = kind;
  e->span = span;
  e->type = type;
  return e;
}

BoundExprPtr MakeVariableExpr(VariableId variable, Span span, TypeSet type) {
  BoundExprPtr e = MakeExpr(BoundKind::kVariable, span, type);
  e->variable = variable;
  return e;
}

BoundExprPtr MakeLiteralExpr(Datum value, Span span) {
  BoundExprPtr e = MakeExpr(BoundKind::kLiteral, span, TypeSetOf(value));
  e->literal = std::move(value);
  return e;
}

BoundExprPtr MakeBinaryExpr(BoundKind kind, BoundExprPtr left, BoundExprPtr right, Span span,
                            TypeSet type) {
  BoundExprPtr e = MakeExpr(kind, span, type);
  e->args.push_back(std::move(left));
  e->args.push_back(std::move(right));
  return e;
}

BoundExprPtr MakePropertyExpr(BoundExprPtr value, absl::string_view name, Span span) {
  BoundExprPtr e = MakeExpr(BoundKind::kProperty, span, types::kAny);
  e->name = std::string(name);
  e->args.push_back(std::move(value));
  return e;
}

bool SameExpr(const BoundExpr& a, const BoundExpr& b) {
  Pairs pairs;
  return SameTree(a, b, pairs);
}

BoundExprPtr CloneExpr(const BoundExpr& e) {
  BoundExprPtr copy = MakeExpr(e.kind, e.span, e.type);
  for (const BoundExprPtr& arg : e.args) copy->args.push_back(arg ? CloneExpr(*arg) : nullptr);
  copy->literal = e.literal;
  copy->name = e.name;
  copy->variable = e.variable;
  copy->accumulator = e.accumulator;
  copy->function = e.function;
  copy->quantifier = e.quantifier;
  copy->keys = e.keys;
  copy->elements = e.elements;
  if (e.labels) copy->labels = std::make_unique<BoundLabels>(*e.labels);
  return copy;
}

void ForEachExpr(const BoundExpr& e, const std::function<void(const BoundExpr&)>& visit) {
  visit(e);
  for (const BoundExprPtr& arg : e.args) {
    if (arg) ForEachExpr(*arg, visit);
  }
}

namespace {

void VisitLabelVariables(const BoundLabels& labels,
                         const std::function<void(VariableId, Span)>& visit) {
  if (labels.dynamic) ForEachVariableUse(*labels.dynamic, visit);
  for (const BoundLabels& part : labels.args) VisitLabelVariables(part, visit);
}

}  // namespace

void ForEachVariableUse(const BoundExpr& e, const std::function<void(VariableId, Span)>& visit) {
  ForEachExpr(e, [&visit](const BoundExpr& part) {
    if (part.kind == BoundKind::kVariable) visit(part.variable, part.span);
    for (const VariableId variable : part.elements) visit(variable, part.span);
    if (part.subquery) {
      for (const VariableId variable : part.subquery->imports) visit(variable, part.span);
    }
    if (part.labels) VisitLabelVariables(*part.labels, visit);
  });
}

bool IsVolatile(const BoundExpr& e) {
  bool found = false;
  ForEachExpr(e, [&found](const BoundExpr& part) {
    found =
        found || (part.function != nullptr && part.function->volatility == Volatility::kVolatile);
  });
  return found;
}

void ReplaceComputed(BoundExprPtr& e, absl::Span<const Replacement> replacements,
                     bool simple_only) {
  const bool constant = e->kind == BoundKind::kLiteral || e->kind == BoundKind::kParameter;
  if (!constant && (!simple_only || IsSimple(e->kind))) {
    for (const Replacement& replacement : replacements) {
      if (!SameExpr(*e, *replacement.expr)) continue;
      e = MakeVariableExpr(replacement.variable, e->span, e->type);
      return;
    }
  }
  for (BoundExprPtr& arg : e->args) {
    if (arg) ReplaceComputed(arg, replacements, simple_only);
  }
}

void SplitConjunction(BoundExprPtr condition, std::vector<BoundExprPtr>& conjuncts) {
  if (condition->kind != BoundKind::kAnd) {
    conjuncts.push_back(std::move(condition));
    return;
  }
  for (BoundExprPtr& arg : condition->args) SplitConjunction(std::move(arg), conjuncts);
}

}  // namespace relata::query
