#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/pattern_binder.h"
#include "graph/query/semantics/static_types.h"

namespace relata::query {
namespace {

// Each clause is at least one step of the plan, and walking a plan recurses as deep as that.
constexpr size_t kMostClauses = 4000;

bool IsReturn(const ast::Clause& clause) {
  const auto* projection = std::get_if<ast::ProjectionClause>(&clause.body);
  return projection != nullptr && projection->is_return;
}

bool IsAdministration(const ast::Clause& clause) {
  return std::holds_alternative<ast::SchemaCommand>(clause.body) ||
         std::holds_alternative<ast::ShowCommand>(clause.body) ||
         std::holds_alternative<ast::TerminateCommand>(clause.body);
}

// Whether a query can end with it: what returns, ends or changes something.
bool CanBeLast(const ast::Clause& clause) {
  return !std::holds_alternative<ast::MatchClause>(clause.body) &&
         !std::holds_alternative<ast::UnwindClause>(clause.body) &&
         (!std::holds_alternative<ast::ProjectionClause>(clause.body) || IsReturn(clause));
}

}  // namespace

absl::StatusOr<BoundQuery> Analysis::BindQuery(const ast::Query& query, QueryPlace place) {
  RELATA_RETURN_IF_ERROR(CheckUnion(query));
  BoundQuery bound;
  bound.union_all = query.union_all.empty() || query.union_all.front();
  const bool wrote_before = writes_;
  writes_ = false;
  Scope* const start = scope_;
  for (size_t i = 0; i < query.parts.size(); ++i) {
    const ast::SingleQuery& part = query.parts[i];
    const ContextId base = context_;
    const ast::PortionClause* const portion = portion_;
    // The statement's own context holds what stands before its first part.
    if (place != QueryPlace::kStatement || i > 0) {
      RELATA_ASSIGN_OR_RETURN(context_, BindTime(part.time, base));
    }
    if (part.portion) portion_ = &*part.portion;
    Scope scope = *start;
    scope_ = &scope;
    RELATA_ASSIGN_OR_RETURN(BoundSingleQuery single, BindSingleQuery(part, place));
    bound.parts.push_back(std::move(single));
    if (i == 0) bound.columns = ColumnNames(bound.parts[0].outputs);
    context_ = base;
    portion_ = portion;
  }
  scope_ = start;
  RELATA_RETURN_IF_ERROR(CombineParts(query, bound));
  bound.writes = writes_;
  writes_ = writes_ || wrote_before;
  return bound;
}

absl::Status Analysis::CheckUnion(const ast::Query& query) const {
  for (size_t i = 1; i < query.union_all.size(); ++i) {
    if (query.union_all[i] == query.union_all[0]) continue;
    return SyntaxError("InvalidClauseComposition", query.parts[i + 1].span,
                       "UNION and UNION ALL cannot be mixed; put one of them into a CALL { }");
  }
  return absl::OkStatus();
}

// The outputs of several parts become those of the whole, by name.
absl::Status Analysis::CombineParts(const ast::Query& query, BoundQuery& bound) {
  if (bound.parts.size() == 1) {
    bound.outputs = bound.parts[0].outputs;
    return absl::OkStatus();
  }
  std::vector<TypeSet> column_types(bound.columns.size(), 0);
  for (size_t p = 0; p < bound.parts.size(); ++p) {
    BoundSingleQuery& part = bound.parts[p];
    const std::vector<std::string> names = ColumnNames(part.outputs);
    std::vector<VariableId> ordered;
    for (size_t c = 0; c < bound.columns.size() && names.size() == bound.columns.size(); ++c) {
      const auto it = std::find(names.begin(), names.end(), bound.columns[c]);
      if (it == names.end()) break;
      ordered.push_back(part.outputs[it - names.begin()]);
      column_types[c] |= TypeOf(ordered.back());
    }
    if (ordered.size() != bound.columns.size() || names.size() != bound.columns.size()) {
      return SyntaxError("DifferentColumnsInUnion", query.parts[p].span,
                         absl::StrCat("the parts of a UNION must have the same columns: `",
                                      absl::StrJoin(bound.columns, "`, `"), "` and `",
                                      absl::StrJoin(names, "`, `"), "`; use AS"));
    }
    part.outputs = std::move(ordered);
  }
  for (size_t c = 0; c < bound.columns.size(); ++c) {
    bound.outputs.push_back(NewVariable(bound.columns[c], column_types[c]));
  }
  return absl::OkStatus();
}

std::vector<std::string> Analysis::ColumnNames(const std::vector<VariableId>& outputs) const {
  std::vector<std::string> names;
  names.reserve(outputs.size());
  for (const VariableId variable : outputs) names.push_back(statement_.variables[variable].name);
  return names;
}

absl::StatusOr<BoundSingleQuery> Analysis::BindSingleQuery(const ast::SingleQuery& query,
                                                           QueryPlace place) {
  BoundSingleQuery bound;
  size_t first = 0;
  if (place == QueryPlace::kCall) {
    RELATA_ASSIGN_OR_RETURN(const bool imports, BindImportingWith(query));
    first = imports ? 1 : 0;
  }
  RELATA_RETURN_IF_ERROR(CheckOrder(query, place));
  last_outputs_.clear();
  in_existence_ = place == QueryPlace::kExistence;
  standalone_ = place == QueryPlace::kStatement && query.clauses.size() == 1;
  const bool standalone = standalone_;
  for (size_t i = first; i < query.clauses.size(); ++i) {
    standalone_ = standalone;
    in_existence_ = place == QueryPlace::kExistence;
    RELATA_RETURN_IF_ERROR(BindClause(query.clauses[i], bound.clauses));
  }
  bound.outputs = std::move(last_outputs_);
  last_outputs_.clear();
  return bound;
}

// After SHOW … YIELD … its rows may be projected; other commands stand alone.
absl::Status Analysis::CheckCommand(const std::vector<ast::Clause>& clauses, size_t i,
                                    QueryPlace place) const {
  if (!IsAdministration(clauses[i]) || (clauses.size() == 1 && place == QueryPlace::kStatement)) {
    return absl::OkStatus();
  }
  const auto* show = std::get_if<ast::ShowCommand>(&clauses[i].body);
  const bool projected =
      std::all_of(clauses.begin() + 1, clauses.end(), [](const ast::Clause& clause) {
        return std::holds_alternative<ast::ProjectionClause>(clause.body);
      });
  if (show != nullptr && i == 0 && projected && place == QueryPlace::kStatement) {
    if (show->has_yield) return absl::OkStatus();
    return SyntaxError("InvalidClauseComposition", clauses[1].span,
                       "what SHOW gives is used after YIELD: SHOW … YIELD … RETURN …");
  }
  return SyntaxError("InvalidClauseComposition", clauses[i].span,
                     "a command stands alone, without other clauses");
}

absl::Status Analysis::CheckOrder(const ast::SingleQuery& query, QueryPlace place) const {
  const std::vector<ast::Clause>& clauses = query.clauses;
  if (clauses.empty()) return UnexpectedSyntax(query.span, "the query is empty");
  if (clauses.size() > kMostClauses) {
    return LimitReached(
        "clauses", kMostClauses,
        absl::StrCat("a query takes at most ", kMostClauses, " clauses, and this has ",
                     clauses.size(), "; split it into several statements"));
  }
  for (size_t i = 0; i < clauses.size(); ++i) {
    const bool last = i + 1 == clauses.size();
    if (!last &&
        (IsReturn(clauses[i]) || std::holds_alternative<ast::FinishClause>(clauses[i].body))) {
      return SyntaxError("InvalidClauseComposition", clauses[i + 1].span,
                         "nothing can follow RETURN or FINISH; use WITH to go on");
    }
    RELATA_RETURN_IF_ERROR(CheckCommand(clauses, i, place));
  }
  const ast::Clause& last = clauses.back();
  if (place == QueryPlace::kExistence) return absl::OkStatus();
  if (place == QueryPlace::kCollect && !IsReturn(last)) {
    return SyntaxError("InvalidClauseComposition", last.span, "COLLECT { } must end with RETURN");
  }
  if (CanBeLast(last)) return absl::OkStatus();
  return SyntaxError("InvalidClauseComposition", last.span,
                     "a query must end with RETURN, FINISH, a call or a clause that writes; add "
                     "a RETURN");
}

absl::Status Analysis::BindClause(const ast::Clause& clause, std::vector<BoundClause>& clauses) {
  const Span span = clause.span;
  RELATA_RETURN_IF_ERROR(Work(1 + scope_->names.size()));
  last_outputs_.clear();
  if (const auto* projection = std::get_if<ast::ProjectionClause>(&clause.body)) {
    return BindProjection(*projection, span, clauses);
  }
  if (const auto* create = std::get_if<ast::CreateClause>(&clause.body)) {
    return BindCreateClause(*create, span, clauses);
  }
  if (std::holds_alternative<ast::FinishClause>(clause.body)) {
    clauses.push_back({span, BoundFinish{}});
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(BoundClause bound, BindPlainClause(clause));
  clauses.push_back(std::move(bound));
  return absl::OkStatus();
}

absl::StatusOr<BoundClause> Analysis::BindPlainClause(const ast::Clause& clause) {
  struct Visitor {
    Analysis& analysis;
    Span span;
    absl::StatusOr<BoundClause> operator()(const ast::MatchClause& c) {
      return analysis.BindMatch(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::UnwindClause& c) {
      return analysis.BindUnwind(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::SetClause& c) {
      return analysis.BindSetClause(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::RemoveClause& c) {
      return analysis.BindRemoveClause(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::DeleteClause& c) {
      return analysis.BindDeleteClause(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::MergeClause& c) {
      return analysis.BindMergeClause(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::ForeachClause& c) {
      return analysis.BindForeach(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::CallClause& c) {
      return analysis.BindProcedureCall(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::SubqueryClause& c) {
      return analysis.BindSubqueryCall(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::SchemaCommand& c) {
      return analysis.BindSchemaCommand(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::ShowCommand& c) {
      return analysis.BindShow(c, span);
    }
    absl::StatusOr<BoundClause> operator()(const ast::TerminateCommand& c) {
      return analysis.BindTerminate(c, span);
    }
    // Bound by their caller, since they make more or less than one clause.
    absl::StatusOr<BoundClause> operator()(const ast::ProjectionClause&) { return Unexpected(); }
    absl::StatusOr<BoundClause> operator()(const ast::FinishClause&) { return Unexpected(); }
    absl::StatusOr<BoundClause> operator()(const ast::CreateClause&) { return Unexpected(); }
    absl::Status Unexpected() const {
      return SyntaxError("InvalidClauseComposition", span, "this clause cannot stand here");
    }
  };
  return std::visit(Visitor{*this, clause.span}, clause.body);
}

absl::StatusOr<BoundClause> Analysis::BindMatch(const ast::MatchClause& clause, Span span) {
  BoundMatch match;
  match.optional = clause.optional;
  RELATA_ASSIGN_OR_RETURN(match.context, BindTime(clause.time, context_));
  const ContextId base = context_;
  context_ = match.context;  // also of what the conditions look up
  PatternBinder binder(this, PatternBinder::Mode::kMatch, clause.optional);
  std::vector<const ast::PathPattern*> patterns;
  for (const ast::PathPattern& pattern : clause.patterns) patterns.push_back(&pattern);
  RELATA_ASSIGN_OR_RETURN(match.pattern, binder.Bind(patterns));
  if (!clause.different_relationships) match.pattern.different_relationships = false;
  if (clause.where) {
    rules_.place = "in WHERE";
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr where, BindPredicate(*clause.where, "WHERE"));
    rules_ = {};
    SplitConjunction(std::move(where), match.pattern.conditions);
  }
  context_ = base;
  return BoundClause{span, std::move(match)};
}

absl::StatusOr<BoundClause> Analysis::BindUnwind(const ast::UnwindClause& clause, Span span) {
  BoundUnwind unwind;
  rules_.place = "in UNWIND";
  RELATA_ASSIGN_OR_RETURN(unwind.list, BindExpr(*clause.list));
  rules_ = {};
  if (scope_->Find(clause.name)) {
    return AlreadyBound(clause.name, clause.name_span, "choose another name for the element");
  }
  const TypeSet type = unwind.list->type == types::kList ? ElementOf(*unwind.list) : types::kAny;
  unwind.variable = NewVariable(clause.name, type);
  Declare(clause.name, unwind.variable);
  if (!clause.position.empty()) {
    if (scope_->Find(clause.position)) {
      return AlreadyBound(clause.position, clause.position_span, "choose another name for it");
    }
    unwind.position = NewVariable(clause.position, types::kInt);
    unwind.first_position = clause.from_one ? 1 : 0;
    Declare(clause.position, unwind.position);
  }
  return BoundClause{span, std::move(unwind)};
}

}  // namespace relata::query
