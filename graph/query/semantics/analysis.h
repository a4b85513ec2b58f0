#ifndef RELATA_GRAPH_QUERY_SEMANTICS_ANALYSIS_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_ANALYSIS_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/query/compile_watch.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/semantics/bound_query.h"
#include "graph/query/semantics/scope.h"
#include "graph/query/syntax/ast.h"

namespace relata::query {

class PatternBinder;
struct Replacement;

// Where a query stands, which decides how it may end and what it may do.
enum class QueryPlace : uint8_t {
  kStatement,
  kExistence,  // EXISTS { } and COUNT { }: reads, needs no RETURN
  kCollect,    // COLLECT { }: reads, returns one column
  kCall,       // CALL { }
};

// Aggregates found while the expressions of one projection are bound.
struct AggregateCollector {
  std::vector<BoundAggregate>* found = nullptr;
  size_t uses = 0;
  // In ORDER BY: what the arguments of aggregates see, the projection's input before its outputs.
  const Scope* argument_scope = nullptr;
};

// What is allowed in the expression that is being bound.
struct ExpressionRules {
  AggregateCollector* aggregates = nullptr;  // null: no aggregates here
  bool inside_aggregate = false;
  bool constant = false;  // no variables
  absl::string_view place = "here";
};

// An expression whose value is needed several times.
struct SharedExpr {
  BoundExprPtr expr;
  VariableId variable = kNoVariable;  // that stands for its value; none: it is copied
};

// One statement on its way from AST to bound query. Its methods bind one kind of thing each and are
// found in the file of that subject; they keep where they are (scope, rules, time context) in
// members. After an error the object is of no further use. Used once, by one thread.
class Analysis {
 public:
  Analysis(BoundStatement* statement, absl::string_view text, const ProcedureRegistry& procedures,
           const Datum::Map* parameters, CompileWatch* watch);

  absl::Status BindStatement(const ast::Statement& statement);

 private:
  friend class PatternBinder;

  // --- analysis.cc: variables and scopes
  VariableId NewVariable(absl::string_view name, TypeSet type, TypeSet element = types::kAny);
  VariableId NewAnonymous(absl::string_view stem, TypeSet type);
  void Declare(absl::string_view name, VariableId variable);
  // Finds a name and notes its use in the subqueries between its declaration and here.
  std::optional<VariableId> Lookup(absl::string_view name);
  void NoteUse(VariableId variable);
  absl::StatusOr<VariableId> Resolve(absl::string_view name, Span span);
  absl::Status Undefined(absl::string_view name, Span span) const;
  absl::Status AlreadyBound(absl::string_view name, Span span, absl::string_view what) const;
  BoundExprPtr Use(VariableId variable, Span span);
  // What stands there, for messages: `n.age + 1`.
  std::string Quoted(Span span) const;
  TypeSet TypeOf(VariableId variable) const { return statement_.variables[variable].type; }
  TypeSet ElementOf(VariableId variable) const { return elements_[variable]; }
  // What the elements of a list can be.
  TypeSet ElementOf(const BoundExpr& list) const;
  // Whether the variable belongs to the query that is being bound, not to one around it.
  bool IsOwn(VariableId variable) const { return owners_[variable] + 1 == frames_.size(); }

  // --- expressions.cc
  absl::StatusOr<BoundExprPtr> BindExpr(const ast::Expr& e);
  // RESOURCE_EXHAUSTED once the statement has grown beyond all measure.
  absl::Status Charge(size_t expressions);
  // Counts work that grows with more than the text, as names compared with names.
  absl::Status Work(size_t steps) { return CountWork(watch_, steps); }
  absl::StatusOr<BoundExprPtr> BindKind(const ast::Expr& e);
  // Where a condition stands: InvalidArgumentType where it is never a boolean. `what`: who wants
  // it.
  absl::StatusOr<BoundExprPtr> BindPredicate(const ast::Expr& e, absl::string_view what);
  absl::StatusOr<BoundExprPtr> BindOptional(const ast::ExprPtr& e);  // null for null
  // No variables, no aggregates: operands of time clauses, SKIP, LIMIT.
  absl::StatusOr<BoundExprPtr> BindConstant(const ast::Expr& e, absl::string_view place);
  absl::StatusOr<BoundExprPtr> BindVariable(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindProperty(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindUnary(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindBinary(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindLogical(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindComparison(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindHasLabels(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindIsTyped(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindCase(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindWhen(const ast::Expr& when, SharedExpr* operand);
  SharedExpr Share(BoundExprPtr e);
  BoundExprPtr CopyOf(SharedExpr& shared);
  BoundExprPtr WithShared(SharedExpr shared, BoundExprPtr body);
  absl::StatusOr<BoundLabels> BindLabels(const ast::LabelExpr& labels);

  // --- collections.cc: lists, maps, and what runs over lists
  absl::StatusOr<BoundExprPtr> BindList(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindMap(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindMapProjection(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindSlice(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindListComprehension(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindQuantifier(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindReduce(const ast::Expr& e);
  // Runs `bind` (() -> Status) with `name` as a new variable for an element of a list, and without
  // aggregates: they would have to be computed for every element.
  template <typename Bind>
  absl::StatusOr<VariableId> BindOverElements(absl::string_view name, TypeSet element, Bind bind);

  // --- calls of functions: function_calls.cc
  absl::StatusOr<BoundExprPtr> BindCall(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindFunction(const ast::Expr& e, const FunctionDefinition& function);
  absl::StatusOr<BoundExprPtr> BindAggregate(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> CollectAggregate(BoundAggregate aggregate, TypeSet type, Span span);
  absl::Status CheckNewAggregate(const BoundAggregate& aggregate, const Scope& input);
  absl::StatusOr<BoundExprPtr> BindExistsFunction(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> CallOf(absl::string_view function, BoundExprPtr arg, Span span);

  // --- subqueries.cc
  absl::StatusOr<BoundExprPtr> BindSubquery(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindPatternPredicate(const ast::PathPattern& pattern, Span span);
  absl::StatusOr<BoundExprPtr> BindPatternComprehension(const ast::Expr& e);
  absl::StatusOr<BoundExprPtr> BindShortestPath(const ast::Expr& e);
  absl::StatusOr<BoundClause> BindSubqueryCall(const ast::SubqueryClause& clause, Span span);
  absl::StatusOr<bool> BindImportingWith(const ast::SingleQuery& query);
  absl::Status DeclareSubqueryOutputs(const ast::SubqueryClause& clause, BoundSubqueryCall& call,
                                      Span span);
  // Between these two everything is bound inside a subquery, whose scope lies within `outer`. End
  // returns what it used of outside.
  absl::Status BeginSubquery(Span span, const Scope* outer, Scope& scope);
  std::vector<VariableId> EndSubquery();
  // Ends the subquery and makes an expression of it.
  BoundExprPtr SubqueryExpr(BoundSubquery::Kind kind, BoundQuery query, Span span, TypeSet type);

  // --- projections.cc, ordering.cc
  // `then`: receives the projection, and where its WHERE needs what it does not pass on a second
  // one.
  absl::Status BindProjection(const ast::ProjectionClause& clause, Span span,
                              std::vector<BoundClause>& then);
  struct Projected;  // projected.h
  struct ProjectedItem;
  absl::Status AddStarItems(const ast::ProjectionClause& clause, Span span, Projected& projected);
  absl::Status BindItems(const ast::ProjectionClause& clause, Projected& projected);
  void AddOutput(const ProjectedItem& item, BoundExprPtr expr, VariableId variable,
                 Projected& projected);
  absl::Status MakeOutputs(Projected& projected);
  absl::Status MakeGroupedOutputs(Projected& projected);
  VariableId GroupedOutput(const ProjectedItem& item, const Projected& projected);
  std::vector<Replacement> KeyReplacements(const Projected& projected) const;
  absl::Status CheckGrouped(const Projected& projected, const BoundExpr& e) const;
  absl::Status CheckAliases(const ast::ProjectionClause& clause) const;
  absl::StatusOr<BoundExprPtr> BindAfterOutputs(const ast::Expr& e, bool aggregates_allowed,
                                                bool predicate, Projected& projected);
  absl::Status CheckAfterOutputs(const Projected& projected, const BoundExpr& e,
                                 bool with_aggregates) const;
  absl::Status BindOrder(const ast::ProjectionClause& clause, Projected& projected);
  absl::StatusOr<BoundExprPtr> BindRowCount(const ast::Expr& e, absl::string_view word);
  absl::Status BindProjectionWhere(const ast::ProjectionClause& clause, Projected& projected,
                                   std::vector<BoundOutput>& carried);

  // --- queries.cc: clauses one after the other
  absl::StatusOr<BoundQuery> BindQuery(const ast::Query& query, QueryPlace place);
  absl::StatusOr<BoundSingleQuery> BindSingleQuery(const ast::SingleQuery& query, QueryPlace place);
  absl::Status BindClause(const ast::Clause& clause, std::vector<BoundClause>& clauses);
  absl::StatusOr<BoundClause> BindPlainClause(const ast::Clause& clause);
  absl::StatusOr<BoundClause> BindMatch(const ast::MatchClause& clause, Span span);
  absl::StatusOr<BoundClause> BindUnwind(const ast::UnwindClause& clause, Span span);
  absl::Status CombineParts(const ast::Query& query, BoundQuery& bound);
  absl::Status CheckUnion(const ast::Query& query) const;
  absl::Status CheckCommand(const std::vector<ast::Clause>& clauses, size_t i,
                            QueryPlace place) const;
  absl::Status CheckOrder(const ast::SingleQuery& query, QueryPlace place) const;
  std::vector<std::string> ColumnNames(const std::vector<VariableId>& outputs) const;

  // --- writes.cc, merge.cc
  absl::Status BindCreateClause(const ast::CreateClause& clause, Span span,
                                std::vector<BoundClause>& then);
  absl::StatusOr<BoundClause> BindSetClause(const ast::SetClause& clause, Span span);
  absl::StatusOr<BoundClause> BindRemoveClause(const ast::RemoveClause& clause, Span span);
  absl::StatusOr<BoundClause> BindDeleteClause(const ast::DeleteClause& clause, Span span);
  absl::StatusOr<BoundClause> BindForeach(const ast::ForeachClause& clause, Span span);
  absl::StatusOr<BoundClause> BindMergeClause(const ast::MergeClause& clause, Span span);
  // What a CREATE makes, clause by clause, while it is bound.
  struct CreatedParts {
    std::vector<BoundCreate> segments = std::vector<BoundCreate>(1);
    std::set<VariableId> fresh;  // made by the last of them
    Scope created;               // names that it makes
  };
  BoundCreate& SegmentFor(const BoundExprPtr& properties, CreatedParts& parts);
  // Adds what a pattern creates, and returns the variable of each element.
  absl::StatusOr<std::vector<VariableId>> BindCreatePath(const ast::PathPattern& pattern,
                                                         bool merge, CreatedParts& parts);
  absl::StatusOr<VariableId> BindCreateNode(const ast::NodePattern& node, bool alone, bool merge,
                                            CreatedParts& parts);
  absl::StatusOr<BoundCreateRelationship> BindCreateRelationship(
      const ast::RelationshipPattern& relationship, bool merge, CreatedParts& parts);
  absl::Status BindCreateType(const ast::RelationshipPattern& relationship,
                              BoundCreateRelationship& bound);
  absl::StatusOr<BoundExprPtr> BindWrittenProperties(const ast::ExprPtr& properties, bool merge);
  absl::Status CheckStorable(const BoundExpr& value, absl::string_view property) const;
  absl::Status BindWrittenLabels(const ast::LabelExpr& labels, std::vector<std::string>& names,
                                 std::vector<BoundExprPtr>& dynamic);
  absl::StatusOr<BoundSetItem> BindSetItem(const ast::SetItem& item);
  absl::StatusOr<std::vector<BoundSetItem>> BindSetItems(const std::vector<ast::SetItem>& items);
  absl::Status BindPropertyTarget(const ast::Expr& target, BoundExprPtr& entity,
                                  std::string& property, BoundExprPtr& key);
  absl::StatusOr<BoundExprPtr> BindWrittenEntity(const ast::Expr& e);
  absl::StatusOr<BoundWriteOptions> BindWriteOptions(const ast::WriteOptions& options);
  // InvalidClauseComposition within EXISTS { } and its like.
  absl::Status NoteWrite(Span span);

  // --- calls.cc
  absl::StatusOr<BoundClause> BindProcedureCall(const ast::CallClause& clause, Span span);
  absl::Status BindCallArguments(const ast::CallClause& clause, BoundCall& call);
  absl::Status BindImplicitArguments(const ast::CallClause& clause, BoundCall& call);
  absl::Status BindYield(const ast::CallClause& clause, Span span, BoundCall& call);

  // --- time.cc (S11)
  absl::StatusOr<ContextId> BindTime(const ast::TimeClauses& time, ContextId base);
  absl::Status FillTimeContext(const ast::TimeClauses& time, BoundTimeContext& context);
  BoundTimeContext CopyContext(const BoundTimeContext& context) const;

  // --- schema_commands.cc
  absl::StatusOr<BoundClause> BindSchemaCommand(const ast::SchemaCommand& command, Span span);
  absl::StatusOr<BoundClause> BindShow(const ast::ShowCommand& command, Span span);
  absl::StatusOr<BoundClause> BindTerminate(const ast::TerminateCommand& command, Span span);

  BoundStatement& statement_;
  const absl::string_view text_;
  const ProcedureRegistry& procedures_;
  const Datum::Map* const parameters_;
  CompileWatch* const watch_;

  Scope* scope_ = nullptr;
  ExpressionRules rules_;
  ContextId context_ = 0;
  std::vector<TypeSet> elements_;  // beside statement_.variables: what elements of lists can be
  std::vector<size_t> owners_;  // beside statement_.variables: index of the frame that declared it
  std::vector<std::set<VariableId>>
      frames_;  // the statement, and each subquery around here: what it imports
  std::set<std::string> parameter_names_;
  std::set<VariableId> constant_variables_;  // of comprehensions within a constant
  bool writes_ = false;
  std::optional<Span> system_time_;              // where FOR SYSTEM_TIME stood
  const ast::PortionClause* portion_ = nullptr;  // default of the query's writing clauses
  std::vector<VariableId> last_outputs_;         // of the clause bound last, where it returns
  bool standalone_ = false;                      // the clause that is bound is the whole statement
  bool in_existence_ = false;  // it belongs to EXISTS { } or COUNT { }: a RETURN may be empty
  bool reading_only_ = false;  // within a subquery that may not write
  const Scope* call_scope_ = nullptr;  // within CALL { }: where an importing WITH takes from
  // Where an enclosing query stood when a subquery of it began.
  struct SavedPlace {
    Scope* scope;
    ExpressionRules rules;
    ContextId context;
    const ast::PortionClause* portion;
    const Scope* call_scope;
    bool reading_only;
    bool standalone;
    bool in_existence;
    size_t volatile_calls;
    std::vector<VariableId> last_outputs;
  };
  std::vector<SavedPlace> saved_;
  SharedExpr* case_operand_ = nullptr;  // within WHEN of a CASE that has an operand
  size_t volatile_calls_ = 0;           // of functions that differ from call to call, bound so far
  int depth_ = 0;
  size_t expressions_ = 0;
};

// A SyntaxError with openCypher's detail of that name.
absl::Status UnexpectedSyntax(Span span, absl::string_view message);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_ANALYSIS_H_
