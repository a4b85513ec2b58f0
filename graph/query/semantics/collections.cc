#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

namespace relata::query {

absl::StatusOr<BoundExprPtr> Analysis::BindList(const ast::Expr& e) {
  BoundExprPtr bound = MakeExpr(BoundKind::kList, e.span, types::kList);
  bound->args.reserve(e.args.size());
  for (const ast::ExprPtr& arg : e.args) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr element, BindExpr(*arg));
    bound->args.push_back(std::move(element));
  }
  return bound;
}

// Of equal keys the last one counts.
absl::StatusOr<BoundExprPtr> Analysis::BindMap(const ast::Expr& e) {
  BoundExprPtr bound = MakeExpr(BoundKind::kMap, e.span, types::kMap);
  std::map<absl::string_view, size_t> places;
  for (size_t i = 0; i < e.keys.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, BindExpr(*e.args[i]));
    const auto [it, inserted] = places.emplace(e.keys[i], bound->args.size());
    if (inserted) {
      bound->keys.push_back(e.keys[i]);
      bound->args.push_back(std::move(value));
    } else {
      bound->args[it->second] = std::move(value);
    }
  }
  return bound;
}

// value{.a, .*, b: …, c}: maps merged in the order written; null where the value is null.
absl::StatusOr<BoundExprPtr> Analysis::BindMapProjection(const ast::Expr& e) {
  using Kind = ast::MapProjectionItem::Kind;
  const Span name_span = e.name_span;
  ast::Expr name;
  name.kind = ast::ExprKind::kVariable;
  name.name = e.name;
  name.span = name_span;
  RELATA_ASSIGN_OR_RETURN(const BoundExprPtr source, BindVariable(name));
  RELATA_RETURN_IF_ERROR(
      RequireType(*source, types::kEntity | types::kMap, "a map projection `{…}`"));
  BoundExprPtr merged = MakeExpr(BoundKind::kMapMerge, e.span, types::kMap);
  for (const ast::MapProjectionItem& item : e.projections) {
    if (item.kind == Kind::kAll) {
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr all,
                              CallOf("properties", CloneExpr(*source), item.span));
      merged->args.push_back(std::move(all));
      continue;
    }
    BoundExprPtr value;
    if (item.kind == Kind::kProperty) {
      value = MakePropertyExpr(CloneExpr(*source), item.name, item.span);
    } else if (item.kind == Kind::kVariable) {
      name.name = item.name;
      name.span = item.span;
      RELATA_ASSIGN_OR_RETURN(value, BindVariable(name));
    } else {
      RELATA_ASSIGN_OR_RETURN(value, BindExpr(*item.value));
    }
    BoundExprPtr map = MakeExpr(BoundKind::kMap, item.span, types::kMap);
    map->keys.push_back(item.name);
    map->args.push_back(std::move(value));
    merged->args.push_back(std::move(map));
  }
  if (merged->args.empty()) merged = MakeExpr(BoundKind::kMap, e.span, types::kMap);
  BoundExprPtr is_null = MakeExpr(BoundKind::kIsNull, e.span, types::kBool);
  is_null->args.push_back(CloneExpr(*source));
  BoundExprPtr bound = MakeExpr(BoundKind::kCase, e.span, types::kMap | types::kNull);
  bound->args.push_back(std::move(is_null));
  bound->args.push_back(MakeLiteralExpr(Datum(), e.span));
  bound->args.push_back(std::move(merged));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindSlice(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr list, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(RequireType(*list, types::kList, "a slice `[… .. …]`"));
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr from, BindOptional(e.args[1]));
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr to, BindOptional(e.args[2]));
  BoundExprPtr bound = MakeExpr(BoundKind::kSlice, e.span, types::kList | types::kNull);
  bound->args.push_back(std::move(list));
  bound->args.push_back(std::move(from));
  bound->args.push_back(std::move(to));
  return bound;
}

template <typename Bind>
absl::StatusOr<VariableId> Analysis::BindOverElements(absl::string_view name, TypeSet element,
                                                      Bind bind) {
  Scope scope{.names = {}, .outer = scope_};
  Scope* const outer_scope = scope_;
  AggregateCollector* const aggregates = rules_.aggregates;
  const absl::string_view place = rules_.place;
  const VariableId variable = NewVariable(name, element);
  scope_ = &scope;
  Declare(name, variable);
  if (rules_.constant) constant_variables_.insert(variable);
  rules_.aggregates = nullptr;
  rules_.place = "for each element of a list";
  RELATA_RETURN_IF_ERROR(bind());
  rules_.aggregates = aggregates;
  rules_.place = place;
  scope_ = outer_scope;
  return variable;
}

absl::StatusOr<BoundExprPtr> Analysis::BindListComprehension(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr list, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(RequireType(*list, types::kList, "a list comprehension"));
  BoundExprPtr bound =
      MakeExpr(BoundKind::kListComprehension, e.span, types::kList | (list->type & types::kNull));
  BoundExprPtr where;
  BoundExprPtr result;
  RELATA_ASSIGN_OR_RETURN(bound->variable,
                          BindOverElements(e.name, ElementOf(*list), [&]() -> absl::Status {
                            if (e.args[1]) {
                              RELATA_ASSIGN_OR_RETURN(where, BindPredicate(*e.args[1], "WHERE"));
                            }
                            if (e.args[2]) {
                              RELATA_ASSIGN_OR_RETURN(result, BindExpr(*e.args[2]));
                            }
                            return absl::OkStatus();
                          }));
  bound->args.push_back(std::move(list));
  bound->args.push_back(std::move(where));
  bound->args.push_back(std::move(result));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindQuantifier(const ast::Expr& e) {
  using Kind = ast::QuantifierKind;
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr list, BindExpr(*e.args[0]));
  RELATA_RETURN_IF_ERROR(RequireType(*list, types::kList, "a condition on the elements of a list"));
  BoundExprPtr bound = MakeExpr(BoundKind::kQuantifier, e.span, types::kBoolOrNull);
  bound->quantifier = e.quantifier == Kind::kAll    ? QuantifierType::kAll
                      : e.quantifier == Kind::kAny  ? QuantifierType::kAny
                      : e.quantifier == Kind::kNone ? QuantifierType::kNone
                                                    : QuantifierType::kSingle;
  BoundExprPtr where;
  RELATA_ASSIGN_OR_RETURN(bound->variable,
                          BindOverElements(e.name, ElementOf(*list), [&]() -> absl::Status {
                            if (e.args.size() < 2 || !e.args[1]) return absl::OkStatus();
                            RELATA_ASSIGN_OR_RETURN(where, BindPredicate(*e.args[1], "WHERE"));
                            return absl::OkStatus();
                          }));
  // any(x IN list): the elements themselves are the conditions.
  if (!where) where = Use(bound->variable, e.span);
  RELATA_RETURN_IF_ERROR(RequireType(*where, types::kBool, "a condition on an element"));
  bound->args.push_back(std::move(list));
  bound->args.push_back(std::move(where));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindReduce(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr initial, BindExpr(*e.args[0]));
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr list, BindExpr(*e.args[1]));
  RELATA_RETURN_IF_ERROR(RequireType(*list, types::kList, "reduce()"));
  BoundExprPtr bound = MakeExpr(BoundKind::kReduce, e.span, types::kAny);
  BoundExprPtr step;
  RELATA_ASSIGN_OR_RETURN(bound->variable,
                          BindOverElements(e.name, ElementOf(*list), [&]() -> absl::Status {
                            // The accumulator can become what the step makes of it: its type is
                            // open.
                            bound->accumulator = NewVariable(e.accumulator, types::kAny);
                            if (rules_.constant) constant_variables_.insert(bound->accumulator);
                            Declare(e.accumulator, bound->accumulator);
                            RELATA_ASSIGN_OR_RETURN(step, BindExpr(*e.args[2]));
                            return absl::OkStatus();
                          }));
  bound->args.push_back(std::move(initial));
  bound->args.push_back(std::move(list));
  bound->args.push_back(std::move(step));
  return bound;
}

}  // namespace relata::query
