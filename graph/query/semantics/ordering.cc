#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/projected.h"
#include "graph/query/semantics/static_types.h"

// What follows the items of a WITH or RETURN: ORDER BY, SKIP, LIMIT, WHERE.
namespace relata::query {
namespace {

bool Uses(const BoundExpr& e, VariableId variable) {
  bool found = false;
  ForEachVariableUse(e, [&](VariableId used, Span) { found = found || used == variable; });
  return found;
}

// Whether the variable is part of a larger expression that rows are grouped by.
bool IsInComposedKey(const BoundProjection& projection, VariableId variable) {
  return std::any_of(projection.group_keys.begin(), projection.group_keys.end(),
                     [variable](const BoundOutput& key) {
                       return key.expr->kind != BoundKind::kVariable &&
                              key.expr->kind != BoundKind::kProperty && Uses(*key.expr, variable);
                     });
}

std::vector<Replacement> OutputReplacements(const BoundProjection& projection) {
  std::vector<Replacement> replacements;
  for (const BoundOutput& output : projection.outputs) {
    const bool unchanged =
        output.expr->kind == BoundKind::kVariable && output.expr->variable == output.variable;
    if (!unchanged) replacements.push_back({output.expr.get(), output.variable});
  }
  return replacements;
}

}  // namespace

// An expression that sees the outputs, and the input behind them. Where rows were grouped or made
// distinct, the input is gone but for expressions that were projected.
absl::StatusOr<BoundExprPtr> Analysis::BindAfterOutputs(const ast::Expr& e, bool aggregates_allowed,
                                                        bool predicate, Projected& projected) {
  const BoundProjection& done = projected.projection;
  RELATA_RETURN_IF_ERROR(Work(projected.input.names.size() + projected.output.names.size() +
                              done.outputs.size() + done.group_keys.size()));
  Scope both = projected.input;
  for (const auto& [name, variable] : projected.output.names) both.names[name] = variable;
  Scope* const scope = scope_;
  scope_ = &both;
  const BoundProjection& projection = projected.projection;
  const size_t uses = projected.collector.uses;
  projected.collector.argument_scope = &projected.input;
  rules_ = {
      .aggregates = aggregates_allowed && projection.aggregates ? &projected.collector : nullptr,
      .place = predicate ? "in WHERE" : "in ORDER BY of items without aggregates"};
  BoundExprPtr bound;
  if (predicate) {
    RELATA_ASSIGN_OR_RETURN(bound, BindPredicate(e, "WHERE"));
  } else {
    RELATA_ASSIGN_OR_RETURN(bound, BindExpr(e));
  }
  rules_ = {};
  scope_ = scope;
  const bool with_aggregates = projected.collector.uses > uses;
  ReplaceComputed(bound, KeyReplacements(projected), with_aggregates);
  ReplaceComputed(bound, OutputReplacements(projection), false);
  if (projection.aggregates || projection.distinct) {
    RELATA_RETURN_IF_ERROR(CheckAfterOutputs(projected, *bound, with_aggregates));
  }
  return bound;
}

absl::Status Analysis::CheckAfterOutputs(const Projected& projected, const BoundExpr& e,
                                         bool with_aggregates) const {
  const BoundProjection& projection = projected.projection;
  std::set<VariableId> gone = projected.input_variables;
  for (const BoundAggregate& aggregate : projection.aggregations) {
    if (projection.distinct) gone.insert(aggregate.variable);
  }
  absl::Status status;
  ForEachVariableUse(e, [&](VariableId variable, Span span) {
    if (!status.ok() || !gone.contains(variable) || projected.output_variables.contains(variable)) {
      return;
    }
    const std::string& name = statement_.variables[variable].name;
    if (with_aggregates && IsInComposedKey(projection, variable)) {
      status = SyntaxError(
          "AmbiguousAggregationExpression", span,
          absl::StrCat("`", name, "` stands beside an aggregate in ", Quoted(e.span),
                       "; give the expression that rows are grouped by a name and use that"));
      return;
    }
    status = SyntaxError("UndefinedVariable", span,
                         absl::StrCat("`", name, "` is not defined any more after ",
                                      projection.distinct ? "DISTINCT" : "the aggregation",
                                      "; only what was projected can be used here"));
  });
  return status;
}

absl::Status Analysis::BindOrder(const ast::ProjectionClause& clause, Projected& projected) {
  BoundProjection& projection = projected.projection;
  for (const ast::SortItem& item : clause.order) {
    BoundSort sort;
    RELATA_ASSIGN_OR_RETURN(sort.expr, BindAfterOutputs(*item.expr, true, false, projected));
    sort.descending = item.descending;
    sort.nulls_first = item.nulls_first.value_or(item.descending);
    projection.order.push_back(std::move(sort));
  }
  if (clause.skip) {
    RELATA_ASSIGN_OR_RETURN(projection.skip, BindRowCount(*clause.skip, "SKIP"));
  }
  if (clause.limit) {
    RELATA_ASSIGN_OR_RETURN(projection.limit, BindRowCount(*clause.limit, "LIMIT"));
  }
  return absl::OkStatus();
}

// A number of rows: a constant integer that is not negative, as far as can be said now.
absl::StatusOr<BoundExprPtr> Analysis::BindRowCount(const ast::Expr& e, absl::string_view word) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr count, BindConstant(e, word));
  RELATA_RETURN_IF_ERROR(RequireType(*count, types::kInt, word));
  const bool literal =
      count->kind == BoundKind::kLiteral && count->literal.kind() == Datum::Kind::kInt;
  if (literal && count->literal.AsInt() < 0) {
    return SyntaxError(
        "NegativeIntegerArgument", e.span,
        absl::StrCat(word, " cannot be negative, as ", count->literal.AsInt(), " is"));
  }
  return count;
}

absl::Status Analysis::BindProjectionWhere(const ast::ProjectionClause& clause,
                                           Projected& projected,
                                           std::vector<BoundOutput>& carried) {
  if (!clause.where) return absl::OkStatus();
  BoundProjection& projection = projected.projection;
  RELATA_ASSIGN_OR_RETURN(projection.where,
                          BindAfterOutputs(*clause.where, false, true, projected));
  std::set<VariableId> needed;
  ForEachVariableUse(*projection.where, [&](VariableId variable, Span) {
    if (projected.input_variables.contains(variable) &&
        !projected.output_variables.contains(variable)) {
      needed.insert(variable);
    }
  });
  for (const VariableId variable : needed) {
    carried.push_back({MakeVariableExpr(variable, clause.where->span, TypeOf(variable)), variable});
  }
  return absl::OkStatus();
}

}  // namespace relata::query
