#ifndef RELATA_GRAPH_QUERY_PLANNER_STATEMENT_PLANNER_H_
#define RELATA_GRAPH_QUERY_PLANNER_STATEMENT_PLANNER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/planner/estimates.h"
#include "graph/query/planner/plan.h"
#include "graph/query/planner/planner.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

using PlanPtr = std::shared_ptr<const PlanNode>;

// Plans the clauses of one statement in their order. Used for one statement by one thread. By
// subject: planner.cc (queries and clauses), projection_planner.cc, write_planner.cc; patterns are
// match_planner.h's.
class StatementPlanner {
 public:
  StatementPlanner(BoundStatement* statement, const PlannerInput& input);

  // The whole of a query, its columns being its outputs in their order; without outputs whatever
  // rows its clauses give. `argument`: the layout of the rows given from outside; null: none.
  // `as_set`: whoever asks takes rows that come twice for rows that come once.
  absl::StatusOr<PlanPtr> PlanQuery(BoundQuery& query, const Layout* argument, bool as_set = false);
  int nodes() const { return nodes_; }
  // Whether an expression compiled so far may give another value each time.
  bool has_volatile() const { return has_volatile_; }

  // --- for the planners of parts
  const Estimates& estimates() const { return estimates_; }
  bool use_rules() const { return input_.use_rules; }
  bool use_indexes() const { return input_.use_indexes; }
  // Counts work (compile_watch.h): an error where the statement is to end, from then on at every
  // call.
  absl::Status Work(size_t steps) const { return CountWork(input_.watch, steps); }
  // A variable that the statement does not have.
  VariableId NewVariable(std::string name, TypeSet type);
  // As written, for EXPLAIN.
  std::string NameOf(VariableId variable) const;
  // Whether an expression or a later clause of the statement asks for it.
  bool Used(VariableId variable) const { return used_.contains(variable); }
  // Whether what follows the clause that is planned gives the same for rows that come twice as for
  // rows that come once.
  bool rows_as_set() const { return rows_as_set_; }
  absl::StatusOr<Expression> Compile(const BoundExpr& expr, const Layout& layout);
  // Empty for null.
  absl::StatusOr<Expression> CompileIfAny(const BoundExprPtr& expr, const Layout& layout);
  absl::StatusOr<LabelsCondition> CompileLabels(const BoundLabels& labels, const Layout& layout);
  // A node of the plan; its layout is the first child's with `added`, where no layout is given.
  PlanPtr Make(PlanOperator op, std::vector<PlanPtr> children, const std::vector<VariableId>& added,
               double rows, std::string details);
  PlanPtr MakeWithLayout(PlanOperator op, std::vector<PlanPtr> children, Layout layout, double rows,
                         std::string details);
  // One row without columns, or what an enclosing plan gives.
  PlanPtr Argument(const Layout& layout);
  // The columns of `from`, and then the new ones.
  absl::StatusOr<PlanPtr> Extend(PlanPtr from,
                                 const std::vector<std::pair<VariableId, const BoundExpr*>>& added);
  PlanPtr KeepColumns(PlanPtr from, const std::vector<VariableId>& variables);
  absl::StatusOr<PlanPtr> Filter(PlanPtr from, const BoundExpr& condition, double selectivity);

 private:
  absl::StatusOr<PlanPtr> PlanSingle(BoundSingleQuery& query, PlanPtr plan, bool as_set);
  absl::StatusOr<PlanPtr> PlanClause(BoundClause& clause, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanMatch(BoundMatch& match, PlanPtr plan);
  // Within a subquery: those of the columns given from outside that are `read` and that a
  // projection or aggregation has left behind, beside each row again.
  PlanPtr GiveAgain(const absl::flat_hash_set<VariableId>& read, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanUnwind(BoundUnwind& unwind, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanCall(BoundCall& call, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanSubqueryCall(BoundSubqueryCall& call, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanShow(BoundShow& show, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanTerminate(BoundTerminate& terminate, PlanPtr plan);

  // projection_planner.cc
  absl::StatusOr<PlanPtr> PlanProjection(BoundProjection& projection, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanAggregation(BoundProjection& projection, PlanPtr plan);
  // `late`: what is left out, by output; the nodes and relationships for it are kept.
  absl::StatusOr<PlanPtr> PlanOutputs(BoundProjection& projection, PlanPtr plan,
                                      const std::vector<bool>& late);
  // Which outputs are fetched for the rows that LIMIT leaves.
  std::vector<bool> LateOutputs(const BoundProjection& projection, const PlanNode& plan) const;
  absl::StatusOr<PlanPtr> FetchLate(const BoundProjection& projection, PlanPtr plan,
                                    const std::vector<bool>& late);
  absl::StatusOr<PlanPtr> PlanOrder(BoundProjection& projection, PlanPtr plan);
  // Whether the plan below writes: then it runs to its end.
  static bool Writes(const PlanNode& plan);

  // count_planner.cc. Null where the clauses ask for more than a count.
  PlanPtr CountTwoHops(const BoundMatch& match, const BoundProjection& projection);
  PlanPtr CountScan(const BoundProjection& projection, const PlanNode& plan);
  PlanPtr CountFarNodes(const BoundProjection& projection, const PlanNode& plan);
  // The degree in the place of the expansion that the plan ends with; null where it ends otherwise.
  PlanPtr DegreeOf(const PlanPtr& plan, VariableId degree);
  absl::StatusOr<PlanPtr> CountByDegrees(const BoundProjection& projection, const PlanPtr& plan);

  // edge_aggregation.cc. Null where the plan gives other rows than those of a type, or more than
  // properties of them is asked for.
  PlanPtr AggregateEdges(const BoundProjection& projection, const PlanNode& plan);

  // write_planner.cc
  absl::StatusOr<WriteOptionsPlan> PlanOptions(const BoundWriteOptions& options,
                                               const Layout& layout);
  absl::StatusOr<CreatePlan> CompileCreate(const BoundCreate& create, const Layout& layout,
                                           std::vector<VariableId>* added);
  absl::StatusOr<PlanPtr> PlanCreate(BoundCreate& create, PlanPtr plan);
  absl::StatusOr<SetItemPlan> CompileSetItem(const BoundSetItem& item, const Layout& layout);
  absl::StatusOr<PlanPtr> PlanSet(BoundSet& set, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanRemove(BoundRemove& remove, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanDelete(BoundDelete& clause, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanMerge(BoundMerge& merge, PlanPtr plan);
  absl::StatusOr<PlanPtr> PlanForeach(BoundForeach& foreach, PlanPtr plan);

  BoundStatement* const statement_;
  const PlannerInput input_;
  const Estimates estimates_;
  SubqueryPlanner subqueries_;
  absl::flat_hash_set<VariableId> used_;
  Layout given_;  // what is given from outside to the query that is planned
  absl::flat_hash_set<VariableId> read_later_;  // by the clauses after the one that is planned
  bool rows_as_set_ = false;
  bool matched_after_ = false;  // a clause after the one that is planned is no projection
  bool has_volatile_ = false;
  int nodes_ = 0;
};

// Variables that anything in the query reads.
void CollectUsed(const BoundQuery& query, absl::flat_hash_set<VariableId>& used);
// Of its outputs, order and condition, not of its keys and aggregates.
void CollectUsedAfterGrouping(const BoundProjection& projection,
                              absl::flat_hash_set<VariableId>& used);
void CollectUsed(const BoundClause& clause, absl::flat_hash_set<VariableId>& used);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_STATEMENT_PLANNER_H_
