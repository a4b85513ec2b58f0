#ifndef RELATA_GRAPH_QUERY_PLANNER_MATCH_PLANNER_H_
#define RELATA_GRAPH_QUERY_PLANNER_MATCH_PLANNER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/planner/statement_planner.h"
#include "graph/query/planner/walk_conditions.h"

namespace relata::query {

// Plans one pattern: where to start, which relationship to follow next, where conditions are
// checked (as soon as what they read is known). Greedy by estimated rows. Used once, for one
// pattern.
class MatchPlanner {
 public:
  // `pattern` is used up. `name_paths`: whether path variables become columns.
  MatchPlanner(StatementPlanner* planner, BoundPattern* pattern, ContextId context,
               bool name_paths);

  // The pattern's matches for each row of `from`. Columns: those of `from`, the pattern's variables
  // that `from` lacks, and perhaps some more.
  absl::StatusOr<PlanPtr> Plan(PlanPtr from);

 private:
  // What a value of an index finds of which nothing is known.
  static constexpr double kFoundByValue = 10;

  struct Condition {
    BoundExprPtr* expr = nullptr;  // in the pattern: an expression may be compiled more than once
    std::vector<VariableId> needs;
    bool done = false;
    bool on_walk = false;  // a search or walk that was planned sees to it, but for an empty one
    bool sought = false;   // a seek that was planned has found what it asks for
  };
  // What is looked for in an index, as IndexSought, and the conditions that ask for it.
  struct IndexUse {
    std::vector<std::string> properties;  // of the index
    std::vector<const BoundExpr*> equal;
    bool many = false;
    const BoundExpr* at_least = nullptr;
    const BoundExpr* at_most = nullptr;
    const BoundExpr* starts_with = nullptr;
    std::vector<size_t> conditions;

    // The operands that are given.
    std::vector<const BoundExpr*> Operands() const;
    std::string Text() const;  // for EXPLAIN
  };
  struct Start {
    enum class Kind { kScan, kKey, kId, kIndex, kRelationships, kRelationshipIndex };
    Kind kind = Kind::kScan;
    size_t node = 0;  // or the edge of kRelationships and kRelationshipIndex
    IndexUse use;     // of kKey and kId without properties: one value
    std::string label;
    double rows = 0;  // that it gives
    double cost = 0;  // in rows, what its conditions leave out counted less
  };
  struct Next {
    size_t edge = 0;
    bool from_right = false;
    double fan_out = 0;
  };

  bool Known(VariableId variable) const { return plan_->layout.Contains(variable); }
  bool AllKnown(const std::vector<VariableId>& variables) const;
  size_t ColumnOf(VariableId variable) const { return *plan_->layout.Find(variable); }
  const BoundNode& node(size_t i) const { return pattern_.nodes[i]; }
  BoundEdge& edge(size_t i) { return pattern_.edges[i]; }
  size_t FarEnd(const Next& next) const {
    const BoundEdge& followed = pattern_.edges[next.edge];
    return next.from_right ? followed.left : followed.right;
  }

  // Conditions and labels whose variables have become known.
  absl::Status ApplyConditions();
  absl::Status CheckNode(size_t node);  // the labels of a node that has become known
  absl::Status CheckEdge(size_t edge);  // the types of a relationship that has become known
  absl::Status CheckNodesDiffer(const BoundPath& path);
  absl::Status FinishPaths();  // modes and selectors of paths whose parts are all known
  absl::Status NamePaths();    // the values of those paths, where they are used

  // Starting points, cheapest first by estimate.
  Start BestStart(const std::vector<size_t>& nodes, const std::vector<size_t>& edges) const;
  // The best seek of a node that gives fewer rows than `best`, if any.
  void ConsiderSeeks(size_t node, Start& best) const;
  void ConsiderKeys(size_t node, Start& best) const;
  // The best seek of a relationship that costs less than `best`, if any.
  void ConsiderSeeksOfEdge(size_t edge, Start& best) const;
  // How far the conditions on the variable say what to look for in the index; nullopt: not at all.
  std::optional<IndexUse> UseOf(const KnownIndex& index, VariableId variable) const;
  // Add what a condition says of the property: the bounds of its value, what it equals (false: none
  // does).
  void AddBounds(VariableId variable, const std::string& property, IndexUse& use) const;
  bool AddEqual(VariableId variable, const std::string& property, IndexUse& use) const;
  // How many of `all` it finds.
  double RowsOf(const KnownIndex& index, const IndexUse& use, double all) const;
  absl::StatusOr<IndexSought> CompileUse(const IndexUse& use, const Layout& layout);
  // Whether what is looked for is known only from rows.
  static bool DependsOnRows(const Start& start);
  Start StartAt(size_t node) const;
  // The part of rows that a condition keeps, 0 to 1.
  double SelectivityOf(const BoundExpr& condition) const;
  absl::Status PlanStart(const Start& start);
  absl::Status PlanStartAtEdge(const Start& start);
  // Adds the operator of a start for each row of the plan so far.
  void AddStart(PlanOperator op, const std::vector<VariableId>& added, double rows,
                std::string details);
  // Components of the pattern that nothing known touches: planned apart and joined where that is
  // cheaper than once a row.
  absl::Status StartOrJoin();
  std::vector<size_t> ComponentOf(size_t node) const;
  absl::Status JoinComponent(const std::vector<size_t>& nodes, const Start& start);
  absl::Status CheckJoined(const std::vector<bool>& done_before);
  // A part of the pattern that begins at the far end of `next` and has a good start of its own: the
  // nodes of it that are not known, the far end included. Empty: there is none such.
  std::vector<size_t> PartBeyond(const Next& next, Start* start) const;
  // Plans all that hangs together with what is known both ways, the part beyond `next` walked on to
  // from here, or met at its near end by a hash join, and keeps the way that makes fewer rows.
  // False: there is no such part, and nothing was planned.
  absl::StatusOr<bool> PlanPartBeyond(const Next& next);
  // Follows relationships as long as one touches what is known.
  absl::Status PlanRest(bool may_join);
  absl::Status JoinAt(const Next& next, const std::vector<size_t>& part, const Start& start);

  // What the conditions within a repeated or quantified edge read: of its own inside, and of
  // elsewhere. They are checked during the walk, so what they read of elsewhere is known by then.
  std::vector<VariableId> WalkReads(const BoundEdge& edge) const;
  bool CanWalk(const BoundEdge& edge) const;
  // Whether walks among these nodes read what is not among them: an outer value, or the list of
  // relationships that an earlier clause gave the walk.
  bool WalksReadOthers(const std::vector<size_t>& nodes) const;
  std::optional<Next> BestEdge() const;
  absl::Status PlanEdge(const Next& next);
  absl::Status PlanSingle(const Next& next);
  absl::Status PlanBound(size_t edge);
  absl::Status PlanRepeated(const Next& next);
  absl::Status PlanQuantified(const Next& next);
  absl::Status PlanShortest(const BoundPath& path);
  absl::Status PlanSelector(const BoundPath& path);
  // Conditions that are checked while a walk is made, and how long it may be.
  struct WalkChecks {
    Expression each;
    Expression each_node;
    int64_t max = 0;
  };
  WalkNames NamesOf(size_t edge) const;
  absl::StatusOr<WalkChecks> ChecksOf(size_t edge);
  // Adds what the conditions on the whole walk say of each part of it, and lowers `max`.
  void PushConditions(size_t edge, std::vector<BoundExprPtr>& of_relationships,
                      std::vector<BoundExprPtr>& of_nodes, int64_t* max);
  absl::Status PlanSearchCondition(const BoundPath& path, const Layout& output,
                                   ShortestPathPlan& op);
  // Relationship columns that the edge's must differ from.
  ExcludedColumns DifferentFrom(size_t edge) const;
  bool MayMeet(const BoundEdge& a, const BoundEdge& b) const;
  BoundPathMode ModeOf(size_t edge) const;
  // Whether nothing asks how a repeated relationship was walked, or how often: only where it leads.
  bool OnlyFarNodes(const BoundEdge& repeated) const;
  // The path that the edge belongs to and that asks for a selector; null: none.
  const BoundPath* SelectedPath(size_t edge) const;
  bool IsSearch(const BoundPath& path) const;
  BoundExprPtr PathExpr(const BoundPath& path) const;
  std::string EdgeText(size_t edge, bool from_right) const;
  std::string NodeText(size_t node) const;

  // What has been planned so far: copied where two ways are compared.
  struct Progress {
    PlanPtr plan;
    std::vector<Condition> conditions;
    std::vector<bool> node_checked;
    std::vector<bool> edge_done;
  };
  Progress Save() const { return {plan_, conditions_, node_checked_, edge_done_}; }
  void Restore(const Progress& saved);

  StatementPlanner& planner_;
  BoundPattern& pattern_;
  const ContextId context_;
  const bool name_paths_;
  PlanPtr plan_;
  size_t columns_before_ = 0;
  std::vector<Condition> conditions_;
  VariableId on_walk_ = kNoVariable;  // a node of a walk, in conditions on each
  std::vector<bool> node_checked_;
  std::vector<bool> edge_done_;
  std::vector<bool> path_done_;
};

// A variable as an expression.
BoundExprPtr VariableExpr(VariableId variable, TypeSet type);
// Whether the two nodes are the same, and such: `kind`(a, b).
BoundExprPtr BinaryExpr(BoundKind kind, BoundExprPtr a, BoundExprPtr b, TypeSet type);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_MATCH_PLANNER_H_
