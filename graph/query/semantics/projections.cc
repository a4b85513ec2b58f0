#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/projected.h"

namespace relata::query {
namespace {

// Items are compared with each other, which is why there is a limit.
constexpr size_t kMostItems = 10'000;

bool IsVariable(const BoundExpr& e, VariableId variable) {
  return e.kind == BoundKind::kVariable && e.variable == variable;
}

}  // namespace

absl::Status Analysis::BindProjection(const ast::ProjectionClause& clause, Span span,
                                      std::vector<BoundClause>& then) {
  Projected projected;
  projected.input = *scope_;
  projected.output.outer = scope_->outer;
  for (const auto& [name, variable] : scope_->names) {
    if (IsOwn(variable)) projected.input_variables.insert(variable);
  }
  BoundProjection& projection = projected.projection;
  projection.is_return = clause.is_return;
  projection.distinct = clause.distinct;
  RELATA_RETURN_IF_ERROR(AddStarItems(clause, span, projected));
  RELATA_RETURN_IF_ERROR(BindItems(clause, projected));
  if (projection.aggregates) {
    RELATA_RETURN_IF_ERROR(MakeGroupedOutputs(projected));
  } else {
    RELATA_RETURN_IF_ERROR(MakeOutputs(projected));
  }
  RELATA_RETURN_IF_ERROR(BindOrder(clause, projected));
  std::vector<BoundOutput> carried;
  RELATA_RETURN_IF_ERROR(BindProjectionWhere(clause, projected, carried));
  RELATA_RETURN_IF_ERROR(CheckAliases(clause));

  BoundProjection narrowed;  // what WHERE alone needed goes no further
  for (const BoundOutput& output : projection.outputs) {
    last_outputs_.push_back(output.variable);
    if (carried.empty()) continue;
    narrowed.outputs.push_back({Use(output.variable, span), output.variable});
  }
  if (!clause.is_return) last_outputs_.clear();
  const bool narrows = !carried.empty();
  for (BoundOutput& output : carried) projection.outputs.push_back(std::move(output));
  *scope_ = std::move(projected.output);
  then.push_back({span, std::move(projection)});
  if (narrows) then.push_back({span, std::move(narrowed)});
  return absl::OkStatus();
}

absl::Status Analysis::AddStarItems(const ast::ProjectionClause& clause, Span span,
                                    Projected& projected) {
  if (!clause.star) return absl::OkStatus();
  if (scope_->names.empty() && clause.items.empty() && clause.is_return && !in_existence_) {
    return SyntaxError("NoVariablesInScope", span,
                       "RETURN * needs variables, and none is defined here");
  }
  RELATA_RETURN_IF_ERROR(Charge(scope_->names.size()));
  for (const auto& [name, variable] : scope_->names) {
    projected.items.push_back(
        {.expr = Use(variable, span), .name = name, .referable = true, .span = span});
  }
  return absl::OkStatus();
}

absl::Status Analysis::BindItems(const ast::ProjectionClause& clause, Projected& projected) {
  if (projected.items.size() + clause.items.size() > kMostItems) {
    return LimitReached(
        "items", kMostItems,
        absl::StrCat("WITH and RETURN take at most ", kMostItems, " items, and this has ",
                     projected.items.size() + clause.items.size(), "; use a list or a map"));
  }
  projected.collector.found = &projected.projection.aggregations;
  for (const ast::ProjectionItem& item : clause.items) {
    rules_ = {.aggregates = &projected.collector};
    if (clause.is_let) rules_ = {.place = "in LET"};
    const size_t uses = projected.collector.uses;
    ProjectedItem bound;
    RELATA_ASSIGN_OR_RETURN(bound.expr, BindExpr(*item.expr));
    rules_ = {};
    bound.aggregated = projected.collector.uses > uses;
    if (bound.aggregated && item.expr->kind == ast::ExprKind::kMapProjection) {
      const auto subject = scope_->names.find(item.expr->name);
      if (subject != scope_->names.end()) bound.subject = subject->second;
    }
    bound.referable = !item.alias.empty() || item.expr->kind == ast::ExprKind::kVariable;
    bound.name = !item.alias.empty()                           ? item.alias
                 : item.expr->kind == ast::ExprKind::kVariable ? item.expr->name
                                                               : item.text;
    bound.span = item.alias.empty() ? item.expr->span : item.alias_span;
    projected.projection.aggregates = projected.projection.aggregates || bound.aggregated;
    projected.items.push_back(std::move(bound));
  }
  std::set<absl::string_view> names;
  for (const ProjectedItem& item : projected.items) {
    if (names.insert(item.name).second) continue;
    return SyntaxError("ColumnNameConflict", item.span,
                       absl::StrCat("there are two columns `", item.name,
                                    "`; give one of them another name with AS"));
  }
  return absl::OkStatus();
}

void Analysis::AddOutput(const ProjectedItem& item, BoundExprPtr expr, VariableId variable,
                         Projected& projected) {
  if (item.referable) projected.output.names[item.name] = variable;
  projected.output_variables.insert(variable);
  projected.projection.outputs.push_back({std::move(expr), variable});
}

absl::Status Analysis::MakeOutputs(Projected& projected) {
  for (ProjectedItem& item : projected.items) {
    const BoundExpr& e = *item.expr;
    const bool same =
        e.kind == BoundKind::kVariable && statement_.variables[e.variable].name == item.name;
    const VariableId variable = same ? e.variable : NewVariable(item.name, e.type, ElementOf(e));
    AddOutput(item, std::move(item.expr), variable, projected);
  }
  return absl::OkStatus();
}

// Items without an aggregate are what rows are grouped by, and so is what a map is projected from;
// those with one are computed out of the groups' keys and aggregates.
absl::Status Analysis::MakeGroupedOutputs(Projected& projected) {
  BoundProjection& projection = projected.projection;
  std::vector<size_t> key_of(projected.items.size(), 0);
  for (size_t i = 0; i < projected.items.size(); ++i) {
    ProjectedItem& item = projected.items[i];
    if (item.aggregated) continue;
    std::vector<BoundOutput>& keys = projection.group_keys;
    RELATA_RETURN_IF_ERROR(Work(keys.size()));
    const auto known = std::find_if(keys.begin(), keys.end(), [&item](const BoundOutput& key) {
      return SameExpr(*key.expr, *item.expr);
    });
    key_of[i] = known - keys.begin();
    if (known != keys.end()) continue;
    const BoundExpr& e = *item.expr;
    const VariableId variable =
        e.kind == BoundKind::kVariable ? e.variable : NewVariable(item.name, e.type, ElementOf(e));
    keys.push_back({std::move(item.expr), variable});
  }
  for (const ProjectedItem& item : projected.items) {
    if (item.subject == kNoVariable || !projected.input_variables.contains(item.subject)) continue;
    std::vector<BoundOutput>& keys = projection.group_keys;
    const bool known = std::any_of(keys.begin(), keys.end(), [&item](const BoundOutput& key) {
      return IsVariable(*key.expr, item.subject);
    });
    if (known) continue;
    keys.push_back({MakeVariableExpr(item.subject, item.span, TypeOf(item.subject)), item.subject});
  }
  for (size_t i = 0; i < projected.items.size(); ++i) {
    ProjectedItem& item = projected.items[i];
    RELATA_RETURN_IF_ERROR(Work(projection.group_keys.size()));
    if (!item.aggregated) {
      const VariableId key = projection.group_keys[key_of[i]].variable;
      item.expr = MakeVariableExpr(key, item.span, TypeOf(key));
    } else {
      ReplaceComputed(item.expr, KeyReplacements(projected), true);
      RELATA_RETURN_IF_ERROR(CheckGrouped(projected, *item.expr));
    }
    const VariableId variable = GroupedOutput(item, projected);
    AddOutput(item, std::move(item.expr), variable, projected);
  }
  return absl::OkStatus();
}

// A key or an aggregate that is a column as it is takes the column's name, so that nothing has to
// be computed.
VariableId Analysis::GroupedOutput(const ProjectedItem& item, const Projected& projected) {
  const BoundExpr& e = *item.expr;
  if (e.kind == BoundKind::kVariable && !projected.output_variables.contains(e.variable)) {
    Variable& variable = statement_.variables[e.variable];
    if (variable.name == item.name) return e.variable;
    const auto& aggregates = projected.projection.aggregations;
    const bool is_aggregate = std::any_of(
        aggregates.begin(), aggregates.end(),
        [&e](const BoundAggregate& aggregate) { return aggregate.variable == e.variable; });
    if (is_aggregate) {
      variable.name = item.name;
      variable.named = true;
      return e.variable;
    }
  }
  return NewVariable(item.name, e.type, ElementOf(e));
}

std::vector<Replacement> Analysis::KeyReplacements(const Projected& projected) const {
  std::vector<Replacement> replacements;
  for (const BoundOutput& key : projected.projection.group_keys) {
    if (!IsVariable(*key.expr, key.variable)) {
      replacements.push_back({key.expr.get(), key.variable});
    }
  }
  return replacements;
}

absl::Status Analysis::CheckGrouped(const Projected& projected, const BoundExpr& e) const {
  absl::Status status;
  ForEachVariableUse(e, [&](VariableId variable, Span span) {
    if (!status.ok() || !projected.input_variables.contains(variable)) return;
    for (const BoundOutput& key : projected.projection.group_keys) {
      if (IsVariable(*key.expr, variable)) return;
    }
    status = SyntaxError("AmbiguousAggregationExpression", span,
                         absl::StrCat("`", statement_.variables[variable].name,
                                      "` stands beside an aggregate in ", Quoted(e.span),
                                      " but is not what rows are grouped by; make it (or the "
                                      "property of it) an item of its own in an earlier WITH"));
  });
  return status;
}

absl::Status Analysis::CheckAliases(const ast::ProjectionClause& clause) const {
  if (clause.is_return) return absl::OkStatus();
  for (const ast::ProjectionItem& item : clause.items) {
    if (!item.alias.empty() || item.expr->kind == ast::ExprKind::kVariable) continue;
    return SyntaxError(
        "NoExpressionAlias", item.expr->span,
        absl::StrCat("the expression ", Quoted(item.expr->span), " in WITH needs a name: add AS"));
  }
  return absl::OkStatus();
}

}  // namespace relata::query
