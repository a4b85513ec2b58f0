#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

namespace relata::query {
namespace {

// Aggregates of one projection are compared with each other, which is why there is a limit.
constexpr size_t kMostAggregates = 10'000;

absl::Status WrongNumberOfArguments(Span span, absl::string_view signature, size_t given) {
  return SyntaxError("InvalidNumberOfArguments", span,
                     absl::StrCat("the function does not take ", given,
                                  given == 1 ? " argument: " : " arguments: ", signature));
}

absl::Status UnknownFunction(absl::string_view name, Span span) {
  std::vector<absl::string_view> names;
  for (const FunctionDefinition* function : AllFunctions()) names.push_back(function->name);
  for (const AggregateDefinition& aggregate : AllAggregates()) names.push_back(aggregate.name);
  std::string message = absl::StrCat("there is no function `", name, "`");
  const std::string near = NearestName(name, names);
  if (near.empty()) {
    absl::StrAppend(&message, "; SHOW FUNCTIONS lists those that exist");
  } else {
    absl::StrAppend(&message, "; did you mean `", near, "`?");
  }
  return SyntaxError("UnknownFunction", span, message);
}

}  // namespace

absl::StatusOr<BoundExprPtr> Analysis::BindCall(const ast::Expr& e) {
  if (absl::EqualsIgnoreCase(e.name, "exists") && e.args.size() == 1) return BindExistsFunction(e);
  if (FindAggregate(e.name) != nullptr) return BindAggregate(e);
  const FunctionDefinition* function = FindFunction(e.name);
  if (function == nullptr) return UnknownFunction(e.name, e.name_span);
  if (e.flag) {
    return UnexpectedSyntax(
        e.span, absl::StrCat("DISTINCT belongs to aggregates, and `", e.name, "` is none"));
  }
  return BindFunction(e, *function);
}

absl::StatusOr<BoundExprPtr> Analysis::BindFunction(const ast::Expr& e,
                                                    const FunctionDefinition& function) {
  const int given = static_cast<int>(e.args.size());
  if (given < function.min_args || (function.max_args >= 0 && given > function.max_args)) {
    return WrongNumberOfArguments(e.span, function.signature, e.args.size());
  }
  BoundExprPtr bound = MakeExpr(BoundKind::kFunction, e.span, function.result);
  bound->function = &function;
  if (function.volatility == Volatility::kVolatile) ++volatile_calls_;
  for (size_t i = 0; i < e.args.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr arg, BindExpr(*e.args[i]));
    if (!function.parameters.empty()) {
      const TypeSet allowed = function.parameters[std::min(i, function.parameters.size() - 1)];
      RELATA_RETURN_IF_ERROR(RequireType(*arg, allowed, absl::StrCat(function.name, "()")));
    }
    if (function.null_if_any_null) bound->type |= arg->type & types::kNull;
    bound->args.push_back(std::move(arg));
  }
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::CallOf(absl::string_view function, BoundExprPtr arg,
                                              Span span) {
  const FunctionDefinition* definition = FindFunction(function);
  if (definition == nullptr) {
    return absl::InternalError(absl::StrCat("the function `", function, "` is missing"));
  }
  BoundExprPtr bound = MakeExpr(BoundKind::kFunction, span, definition->result);
  bound->function = definition;
  bound->args.push_back(std::move(arg));
  return bound;
}

// exists(n.p), as before there was IS NOT NULL; the parser makes a pattern of exists(pattern).
absl::StatusOr<BoundExprPtr> Analysis::BindExistsFunction(const ast::Expr& e) {
  const ast::Expr& arg = *e.args[0];
  if (arg.kind != ast::ExprKind::kProperty && arg.kind != ast::ExprKind::kDynamicProperty) {
    return SyntaxError(
        "InvalidArgumentType", arg.span,
        "exists() takes a property or a pattern; for other values write IS NOT NULL");
  }
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr property, BindExpr(arg));
  BoundExprPtr bound = MakeExpr(BoundKind::kIsNotNull, e.span, types::kBool);
  bound->args.push_back(std::move(property));
  return bound;
}

absl::StatusOr<BoundExprPtr> Analysis::BindAggregate(const ast::Expr& e) {
  const bool star = e.kind == ast::ExprKind::kCountStar;
  const AggregateDefinition* definition = FindAggregate(star ? "count" : e.name);
  if (rules_.inside_aggregate) {
    return SyntaxError("NestedAggregation", e.span,
                       "an aggregate cannot stand in the argument of another one; compute the "
                       "inner one in a WITH before");
  }
  AggregateCollector* const collector = rules_.aggregates;
  if (collector == nullptr) {
    return SyntaxError("InvalidAggregation", e.span,
                       absl::StrCat("aggregates such as ", Quoted(e.span), " cannot be used ",
                                    rules_.constant ? "in " : "", rules_.place,
                                    "; compute it in a WITH or RETURN item"));
  }
  BoundAggregate aggregate;
  aggregate.kind = star ? AggregateKind::kCountStar : definition->kind;
  aggregate.distinct = e.flag;
  TypeSet type = star ? types::kInt : definition->result;
  if (!star && static_cast<int>(e.args.size()) != definition->args) {
    return WrongNumberOfArguments(e.span, definition->signature, e.args.size());
  }
  Scope* const scope = scope_;
  Scope arguments;
  if (collector->argument_scope != nullptr) {
    arguments = Scope{.names = collector->argument_scope->names, .outer = scope_};
    scope_ = &arguments;
  }
  rules_.inside_aggregate = true;
  for (size_t i = 0; i < e.args.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr arg, BindExpr(*e.args[i]));
    if (IsVolatile(*arg)) {
      return SyntaxError("NonConstantExpression", arg->span,
                         "an aggregate's argument cannot be random; compute it in a WITH before");
    }
    if (i == 0) {
      RELATA_RETURN_IF_ERROR(
          RequireType(*arg, definition->parameter, absl::StrCat(definition->name, "()")));
      const bool same_type =
          aggregate.kind == AggregateKind::kMin || aggregate.kind == AggregateKind::kMax;
      if (same_type) type = arg->type | types::kNull;
    }
    aggregate.args.push_back(std::move(arg));
  }
  rules_.inside_aggregate = false;
  scope_ = scope;
  return CollectAggregate(std::move(aggregate), type, e.span);
}

absl::StatusOr<BoundExprPtr> Analysis::CollectAggregate(BoundAggregate aggregate, TypeSet type,
                                                        Span span) {
  AggregateCollector& collector = *rules_.aggregates;
  ++collector.uses;
  RELATA_RETURN_IF_ERROR(Work(collector.found->size()));
  for (const BoundAggregate& other : *collector.found) {
    const bool same =
        other.kind == aggregate.kind && other.distinct == aggregate.distinct &&
        std::equal(other.args.begin(), other.args.end(), aggregate.args.begin(),
                   aggregate.args.end(),
                   [](const BoundExprPtr& a, const BoundExprPtr& b) { return SameExpr(*a, *b); });
    if (same) return MakeVariableExpr(other.variable, span, TypeOf(other.variable));
  }
  if (collector.argument_scope != nullptr) {
    RELATA_RETURN_IF_ERROR(CheckNewAggregate(aggregate, *collector.argument_scope));
  }
  if (collector.found->size() >= kMostAggregates) {
    return LimitReached(
        "aggregates", kMostAggregates,
        absl::StrCat("WITH and RETURN take at most ", kMostAggregates, " different aggregates"));
  }
  aggregate.variable = NewAnonymous("aggregate", type);
  if (aggregate.kind == AggregateKind::kCollect) {
    elements_[aggregate.variable] = aggregate.args[0]->type & ~types::kNull;
    if (elements_[aggregate.variable] == 0) elements_[aggregate.variable] = types::kAny;
  }
  const VariableId variable = aggregate.variable;
  collector.found->push_back(std::move(aggregate));
  return MakeVariableExpr(variable, span, type);
}

// ORDER BY may use aggregates that were not projected only as far as they need nothing of the rows
// that were aggregated.
absl::Status Analysis::CheckNewAggregate(const BoundAggregate& aggregate, const Scope& input) {
  absl::Status status;
  for (const BoundExprPtr& arg : aggregate.args) {
    ForEachVariableUse(*arg, [&](VariableId variable, Span span) {
      const std::string& name = statement_.variables[variable].name;
      const auto it = input.names.find(name);
      if (!status.ok() || it == input.names.end() || it->second != variable) return;
      status = SyntaxError("UndefinedVariable", span,
                           absl::StrCat("the variable `", name,
                                        "` is not defined after the aggregation; project "
                                        "the aggregate that is sorted by, and sort by its name"));
    });
  }
  return status;
}

}  // namespace relata::query
