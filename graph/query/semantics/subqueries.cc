#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/pattern_binder.h"
#include "graph/query/semantics/static_types.h"

namespace relata::query {
namespace {

BoundQuery QueryOf(std::vector<BoundClause> clauses, std::vector<VariableId> outputs) {
  BoundQuery query;
  BoundSingleQuery& part = query.parts.emplace_back();
  part.clauses = std::move(clauses);
  part.outputs = outputs;
  query.outputs = std::move(outputs);
  return query;
}

BoundClause MatchOf(BoundPattern pattern, ContextId context, Span span) {
  BoundMatch match;
  match.context = context;
  match.pattern = std::move(pattern);
  return {span, std::move(match)};
}

// The last clause of a query that returns this one value.
BoundClause ReturnOf(BoundExprPtr value, VariableId variable) {
  const Span span = value->span;
  BoundProjection projection;
  projection.is_return = true;
  projection.outputs.push_back({std::move(value), variable});
  return {span, std::move(projection)};
}

}  // namespace

absl::Status Analysis::BeginSubquery(Span span, const Scope* outer, Scope& scope) {
  if (rules_.constant) {
    return SyntaxError("NonConstantExpression", span,
                       absl::StrCat(rules_.place, " cannot depend on the graph"));
  }
  saved_.push_back({scope_, rules_, context_, portion_, call_scope_, reading_only_, standalone_,
                    in_existence_, volatile_calls_, std::move(last_outputs_)});
  frames_.emplace_back();
  rules_ = {};
  scope.outer = outer;
  scope_ = &scope;
  return absl::OkStatus();
}

std::vector<VariableId> Analysis::EndSubquery() {
  std::vector<VariableId> imports(frames_.back().begin(), frames_.back().end());
  frames_.pop_back();
  SavedPlace& place = saved_.back();
  scope_ = place.scope;
  rules_ = place.rules;
  context_ = place.context;
  portion_ = place.portion;
  call_scope_ = place.call_scope;
  reading_only_ = place.reading_only;
  standalone_ = place.standalone;
  in_existence_ = place.in_existence;
  last_outputs_ = std::move(place.last_outputs);
  saved_.pop_back();
  return imports;
}

BoundExprPtr Analysis::SubqueryExpr(BoundSubquery::Kind kind, BoundQuery query, Span span,
                                    TypeSet type) {
  BoundExprPtr bound = MakeExpr(BoundKind::kSubquery, span, type);
  bound->subquery = std::make_unique<BoundSubquery>();
  bound->subquery->kind = kind;
  if (saved_.back().volatile_calls == volatile_calls_) {
    bound->subquery->text = std::string(text_.substr(span.begin, span.end - span.begin));
  }
  bound->subquery->imports = EndSubquery();
  for (BoundSingleQuery& part : query.parts) part.arguments = bound->subquery->imports;
  bound->subquery->query = std::make_unique<BoundQuery>(std::move(query));
  return bound;
}

// EXISTS { }, COUNT { }, COLLECT { }.
absl::StatusOr<BoundExprPtr> Analysis::BindSubquery(const ast::Expr& e) {
  const bool collect = e.kind == ast::ExprKind::kCollectSubquery;
  Scope scope;
  RELATA_RETURN_IF_ERROR(BeginSubquery(e.span, scope_, scope));
  reading_only_ = true;
  RELATA_ASSIGN_OR_RETURN(
      BoundQuery query,
      BindQuery(*e.subquery, collect ? QueryPlace::kCollect : QueryPlace::kExistence));
  if (!collect) {
    const bool exists = e.kind == ast::ExprKind::kExists;
    return SubqueryExpr(exists ? BoundSubquery::Kind::kExists : BoundSubquery::Kind::kCount,
                        std::move(query), e.span, exists ? types::kBool : types::kInt);
  }
  if (query.outputs.size() != 1) {
    return UnexpectedSyntax(e.span, "COLLECT { } needs a RETURN of exactly one column");
  }
  return SubqueryExpr(BoundSubquery::Kind::kCollect, std::move(query), e.span, types::kList);
}

absl::StatusOr<BoundExprPtr> Analysis::BindPatternPredicate(const ast::PathPattern& pattern,
                                                            Span span) {
  Scope scope;
  RELATA_RETURN_IF_ERROR(BeginSubquery(span, scope_, scope));
  PatternBinder binder(this, PatternBinder::Mode::kPredicate, false);
  const ast::PathPattern* const only = &pattern;
  RELATA_ASSIGN_OR_RETURN(BoundPattern bound, binder.Bind({&only, 1}));
  std::vector<BoundClause> clauses;
  clauses.push_back(MatchOf(std::move(bound), context_, span));
  return SubqueryExpr(BoundSubquery::Kind::kExists, QueryOf(std::move(clauses), {}), span,
                      types::kBool);
}

// [p = (n)-->(m) WHERE … | …]
absl::StatusOr<BoundExprPtr> Analysis::BindPatternComprehension(const ast::Expr& e) {
  Scope scope;
  RELATA_RETURN_IF_ERROR(BeginSubquery(e.span, scope_, scope));
  rules_.place = "in a pattern comprehension";
  PatternBinder binder(this, PatternBinder::Mode::kMatch, false);
  const ast::PathPattern* const only = e.pattern.get();
  RELATA_ASSIGN_OR_RETURN(BoundPattern pattern, binder.Bind({&only, 1}));
  if (e.args[0]) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr where, BindPredicate(*e.args[0], "WHERE"));
    SplitConjunction(std::move(where), pattern.conditions);
  }
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, BindExpr(*e.args[1]));
  const VariableId output = NewAnonymous("element", value->type);
  std::vector<BoundClause> clauses;
  clauses.push_back(MatchOf(std::move(pattern), context_, e.span));
  clauses.push_back(ReturnOf(std::move(value), output));
  return SubqueryExpr(BoundSubquery::Kind::kCollect, QueryOf(std::move(clauses), {output}), e.span,
                      types::kList);
}

// shortestPath((a)-[*]-(b)) outside of MATCH: of nodes that are bound; null where there is no path.
// allShortestPaths: a list.
absl::StatusOr<BoundExprPtr> Analysis::BindShortestPath(const ast::Expr& e) {
  for (const ast::PatternElement& element : e.pattern->elements) {
    const auto* node = std::get_if<ast::NodePattern>(&element);
    if (node == nullptr) continue;
    if (node->name.empty()) {
      return UnexpectedSyntax(node->span,
                              "the ends of a shortest path in an expression must be "
                              "variables that are bound");
    }
    RELATA_RETURN_IF_ERROR(Resolve(node->name, node->name_span).status());
  }
  Scope scope;
  RELATA_RETURN_IF_ERROR(BeginSubquery(e.span, scope_, scope));
  PatternBinder binder(this, PatternBinder::Mode::kMatch, false);
  const ast::PathPattern* const only = e.pattern.get();
  RELATA_ASSIGN_OR_RETURN(BoundPattern pattern, binder.Bind({&only, 1}));
  BoundPath& path = pattern.paths.front();
  if (path.variable == kNoVariable) path.variable = NewAnonymous("path", types::kPath);
  const VariableId output = path.variable;
  const bool all = e.pattern->shortest == ast::ShortestFunction::kAllShortestPaths;
  std::vector<BoundClause> clauses;
  clauses.push_back(MatchOf(std::move(pattern), context_, e.span));
  clauses.push_back(ReturnOf(Use(output, e.span), output));
  return SubqueryExpr(all ? BoundSubquery::Kind::kCollect : BoundSubquery::Kind::kFirst,
                      QueryOf(std::move(clauses), {output}), e.span,
                      all ? types::kList : types::kPath | types::kNull);
}

// --- CALL { }

absl::StatusOr<BoundClause> Analysis::BindSubqueryCall(const ast::SubqueryClause& clause,
                                                       Span span) {
  BoundSubqueryCall call;
  call.optional = clause.optional;
  if (clause.in_transactions) {
    if (frames_.size() > 1) {
      return SyntaxError("InvalidClauseComposition", span,
                         "CALL { } IN TRANSACTIONS cannot stand inside another subquery");
    }
    call.in_transactions = true;
    statement_.commits_in_parts = true;
    call.on_error = static_cast<BoundSubqueryCall::OnError>(clause.on_error);
    if (clause.concurrency) {  // a leave to, not an order: batches run one after the other
      RELATA_RETURN_IF_ERROR(
          BindRowCount(*clause.concurrency, "IN … CONCURRENT TRANSACTIONS").status());
    }
    if (clause.batch_rows) {
      RELATA_ASSIGN_OR_RETURN(call.batch_rows, BindRowCount(*clause.batch_rows, "OF … ROWS"));
    }
  }
  // What the inside sees: what the scope clause names, or what an importing WITH takes.
  Scope imported;
  if (clause.imports) {
    for (const auto& [name, name_span] : *clause.imports) {
      RELATA_ASSIGN_OR_RETURN(imported.names[name], Resolve(name, name_span));
    }
  }
  const Scope* const around = scope_;
  const Scope* const visible = clause.import_all ? scope_ : clause.imports ? &imported : nullptr;
  Scope scope;
  RELATA_RETURN_IF_ERROR(BeginSubquery(span, visible, scope));
  call_scope_ = visible == nullptr ? around : nullptr;
  RELATA_ASSIGN_OR_RETURN(BoundQuery query, BindQuery(*clause.query, QueryPlace::kCall));
  call.imports = EndSubquery();
  for (BoundSingleQuery& part : query.parts) part.arguments = call.imports;
  call.returns = !query.columns.empty();
  call.query = std::make_unique<BoundQuery>(std::move(query));
  RELATA_RETURN_IF_ERROR(DeclareSubqueryOutputs(clause, call, span));
  return BoundClause{span, std::move(call)};
}

absl::Status Analysis::DeclareSubqueryOutputs(const ast::SubqueryClause& clause,
                                              BoundSubqueryCall& call, Span span) {
  for (size_t i = 0; i < call.query->columns.size(); ++i) {
    const std::string& name = call.query->columns[i];
    if (scope_->Find(name)) {
      return AlreadyBound(name, span, "a subquery returns its columns under names that are new");
    }
    const VariableId variable = call.query->outputs[i];
    owners_[variable] = frames_.size() - 1;
    if (clause.optional) statement_.variables[variable].type |= types::kNull;
    Declare(name, variable);
  }
  if (clause.report_status_as.empty()) return absl::OkStatus();
  if (scope_->Find(clause.report_status_as)) {
    return AlreadyBound(clause.report_status_as, span, "REPORT STATUS AS needs a new name");
  }
  call.status = NewVariable(clause.report_status_as, types::kMap);
  Declare(clause.report_status_as, call.status);
  return absl::OkStatus();
}

// WITH a, b (or *) at the start of CALL { }: takes variables of the outer query in. False where the
// clause is an ordinary one.
absl::StatusOr<bool> Analysis::BindImportingWith(const ast::SingleQuery& query) {
  if (call_scope_ == nullptr || query.clauses.empty()) return false;
  const auto* with = std::get_if<ast::ProjectionClause>(&query.clauses.front().body);
  if (with == nullptr || with->is_return) return false;
  for (const ast::ProjectionItem& item : with->items) {
    const bool plain = item.expr->kind == ast::ExprKind::kVariable && item.alias.empty();
    if (!plain) return false;
  }
  if (with->distinct || !with->order.empty() || with->skip || with->limit || with->where) {
    return SyntaxError("InvalidClauseComposition", query.clauses.front().span,
                       "the WITH that imports variables into a subquery takes names only; put "
                       "the rest into a second WITH");
  }
  Scope* const inside = scope_;
  Scope outer = *call_scope_;
  scope_ = &outer;
  for (const ast::ProjectionItem& item : with->items) {
    RELATA_ASSIGN_OR_RETURN(inside->names[item.expr->name],
                            Resolve(item.expr->name, item.expr->span));
  }
  scope_ = inside;
  if (!with->star) return true;
  for (const Scope* scope = call_scope_; scope != nullptr; scope = scope->outer) {
    for (const auto& [name, variable] : scope->names) {
      if (inside->names.emplace(name, variable).second) NoteUse(variable);
    }
  }
  return true;
}

}  // namespace relata::query
