#ifndef RELATA_GRAPH_QUERY_PLANNER_PLAN_H_
#define RELATA_GRAPH_QUERY_PLANNER_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "graph/query/expression/expression.h"
#include "graph/query/runtime/layout.h"
#include "graph/query/semantics/bound_query.h"

// The physical plan: a tree of operators with compiled expressions. Immutable once made, shared by
// the runs of a cached statement and their threads. Labels, types, properties and index names are
// texts, resolved when a run starts.
//
// Columns: an operator's output is its (first) child's columns in their order, then the new ones in
// the order in which its comment names them, unless the comment says otherwise. `layout` tells
// which variable each holds. "Column" numbers below are of the child's output.
namespace relata::query {

// A label or type condition with its dynamic parts compiled.
struct LabelsCondition {
  BoundLabels::Kind kind = BoundLabels::Kind::kName;
  std::string name;
  std::vector<LabelsCondition> args;
  Expression dynamic;
  bool any = false;
};

// --- leaves

// The rows that an enclosing Apply or subquery gives (its columns by the layout's variables);
// without an enclosing one: one row without columns.
struct ArgumentPlan {};
// New column: the node. Every entity (of the label, where given) of the context, in id order. As
// all scans below it has a child where rows come before it: then it runs for each of the child's
// rows (a product).
struct NodeScanPlan {
  ContextId context = 0;
  std::string label;  // empty: all
};
// New column: the node, with this `_key`.
struct KeySeekPlan {
  ContextId context = 0;
  Expression key;
};
// What is looked for in an index: values that its first properties equal, and perhaps a range of
// the next.
struct IndexSought {
  std::vector<std::string> properties;  // of the index, all, in its order
  std::vector<Expression> equal;        // of the first ones; with `many` one: a list of values (IN)
  bool many = false;
  // Of the property behind those; empty: not asked for. Either the last or one of the others.
  Expression at_least;
  Expression at_most;
  Expression starts_with;
  // Whether one property is asked for, by equality.
  bool one_value() const { return equal.size() == 1 && !at_least && !at_most && !starts_with; }
};
// New column: the node; bears the label. Of `one_value`: what is seen of its property in the
// context equals the value; else it has at some time what is looked for, and perhaps not even that:
// the conditions are filters behind this. A scan of the label where the index is not usable at the
// snapshot.
struct IndexSeekPlan {
  ContextId context = 0;
  std::string label;
  IndexSought sought;
};
// New column: the node with this id (id(n) = value; a list of ids with `many`).
struct IdSeekPlan {
  ContextId context = 0;
  Expression value;
  bool many = false;
};
// New columns: left node, relationship, right node. Every relationship of the types in the context;
// kEither: both ways round.
struct RelationshipScanPlan {
  ContextId context = 0;
  std::vector<std::string> types;  // empty: all
  EdgeDirection direction = EdgeDirection::kOut;
};

// As RelationshipScanPlan, of one type: those that have at some time what is looked for in an index
// of the type, and perhaps not even that: the conditions are filters behind this. All of the type
// where the index is not usable at the snapshot.
struct RelationshipSeekPlan {
  RelationshipScanPlan scan;
  IndexSought sought;
};

// --- walking

// Which relationships the row must not repeat: single ones or lists of them, by column.
using ExcludedColumns = std::vector<size_t>;

// From the node in `from` over one relationship. New columns: relationship, far node; with `into`
// the far node is already in the column `to` and only the relationship is new. A null start (or
// `to`) gives no row.
struct ExpandPlan {
  ContextId context = 0;
  size_t from = 0;
  EdgeDirection direction = EdgeDirection::kEither;
  std::vector<std::string> types;
  std::optional<size_t> into;
  ExcludedColumns different_from;
  // Conditions checked before a row is made: over a layout of (far node) then (relationship).
  // Empty: none.
  LabelsCondition far_labels;
  bool has_far_labels = false;
};
// The relationship is known (column `relationship`); checks that it lies between, in this
// direction, has the type, and binds the ends. New columns: those of left and right that are not
// known yet, left first.
struct BoundRelationshipPlan {
  ContextId context = 0;
  size_t relationship = 0;
  EdgeDirection direction = EdgeDirection::kEither;
  std::vector<std::string> types;
  std::optional<size_t> left;  // known node columns
  std::optional<size_t> right;
  ExcludedColumns different_from;
};
// From `from` over min..max relationships. New columns: list of relationships, then the far node
// unless `into`. Depth first in the order of Expand. No relationship twice in one walk (kTrail);
// kSimple and kAcyclic also look at nodes, kWalk at nothing.
struct VarExpandPlan {
  ContextId context = 0;
  size_t from = 0;
  EdgeDirection direction = EdgeDirection::kEither;
  std::vector<std::string> types;
  int64_t min = 1;
  int64_t max = 1;
  std::optional<size_t> into;
  BoundPathMode mode = BoundPathMode::kTrail;
  ExcludedColumns different_from;
  // Must hold for every relationship: over the columns of the child, then one column with the
  // relationship.
  Expression each;
  // Must hold for every node of a walk of one relationship or more, both ends included: over the
  // columns of the child, then one column with the node.
  Expression each_node;
  // The list of relationships (column) is known: checks it instead of walking freely.
  std::optional<size_t> known;
  // Only the set of far nodes is asked for (DISTINCT, existence): each far node once per row, by
  // breadth-first search; the list column is then null.
  bool distinct_far = false;
  // The list is given the other way around, the relationship walked last before all.
  bool backwards = false;
};
// Repeats the inner plan, min..max times, from `from`: the inner plan's Argument has the child's
// columns and then the start node of a repetition (last column), and its output has the end node in
// column `inner_end`. New columns: the flat list of all relationships walked, in travel order; the
// group lists in the order of `groups`; the far node unless `into`.
struct QuantifiedExpandPlan {
  ContextId context = 0;
  size_t from = 0;
  std::optional<size_t> into;
  int64_t min = 1;
  int64_t max = 1;
  BoundPathMode mode = BoundPathMode::kTrail;
  std::shared_ptr<const PlanNode> inner;
  size_t inner_end = 0;
  std::vector<size_t> groups;       // columns of the inner plan
  std::vector<size_t> inner_nodes;  // columns of the inner plan: nodes, and relationships (or lists
                                    // of them), walked through in travel order
  std::vector<size_t> inner_relationships;
  ExcludedColumns different_from;
};
// Shortest paths between two known nodes, searched from both ends; or from one node to all others
// (to absent: new column far node last). New columns: list of relationships[, far node].
struct ShortestPathPlan {
  ContextId context = 0;
  size_t from = 0;
  std::optional<size_t> to;
  EdgeDirection direction = EdgeDirection::kEither;
  std::vector<std::string> types;
  int64_t min = 1;
  int64_t max = INT64_MAX;
  BoundPath::Selector selector = BoundPath::Selector::kAnyShortest;
  BoundPathMode mode = BoundPathMode::kTrail;
  Expression count;  // k
  Expression each;   // as VarExpandPlan::each
  Expression each_node;
  // Conditions on the whole path, over the columns of the output: checked while searching, so that
  // the shortest path that meets them is found.
  Expression condition;
  // `each` and `each_node` see to that condition for every walk of one relationship or more: no
  // such walk is rejected, so none but the shortest are looked at.
  bool condition_covered = false;
};
// Keeps per partition (the values of `partition` columns) the paths that a selector keeps, by the
// length in column `length`: for selectors over general patterns. All of the child's columns.
struct PathSelectPlan {
  std::vector<size_t> partition;
  size_t length = 0;
  BoundPath::Selector selector = BoundPath::Selector::kAnyShortest;
  Expression count;
};

// --- rows

struct FilterPlan {
  Expression condition;
};
// All of the child's columns and rows, in its order. The child runs by morsels, on several threads
// where it is worth it (executor/morsel_run.h): operators with one child each above a NodeScan or
// RelationshipScan without one, each of which gives for rows that come apart what it gives for them
// together, in the same order.
struct GatherPlan {};
// Rows in which no relationship (or member of a list) occurs twice over these columns.
struct DifferentRelationshipsPlan {
  std::vector<size_t> columns;
};
// Only the columns of `outputs`, in their order.
struct ProjectPlan {
  std::vector<std::pair<VariableId, Expression>> outputs;
};
// Only key columns, then aggregate columns. Without keys exactly one row.
struct AggregatePlan {
  struct Aggregate {
    AggregateKind kind = AggregateKind::kCountStar;
    bool distinct = false;
    std::vector<Expression> args;
  };
  std::vector<Expression> keys;
  std::vector<Aggregate> aggregates;
  // The child runs by morsels, as that of GatherPlan, and each morsel makes groups of its own,
  // which are merged in the order of the morsels.
  bool by_morsels = false;
};
struct DistinctPlan {};  // over all columns
struct SortPlan {
  struct Key {
    Expression expr;
    bool descending = false;
    bool nulls_first = false;
  };
  std::vector<Key> keys;
  // Top-k: only the first skip + limit rows are needed. Both are constants; either may be empty.
  Expression limit;
  Expression skip;
};
struct SkipLimitPlan {
  Expression skip;  // non-negative integers, checked at runtime: SyntaxError
                    // NegativeIntegerArgument / InvalidArgumentType
  Expression limit;
  // The child writes: it is run to its end whatever the limit.
  bool exhaust = false;
};
// New columns: the element; its place in the list, where asked for. Null: no row; what is no list:
// one row.
struct UnwindPlan {
  Expression list;
  // The list is range(from, to[, step]): its numbers come one after the other, and the list is
  // never made. Empty: it is not.
  Expression range_from;
  Expression range_to;
  Expression range_step;
  std::optional<int64_t> first_position = std::nullopt;
};
// Children: left, right. Runs right for the left's rows (its Argument gets the columns of
// `arguments`, by variable) and gives left's columns, then the right's columns that are not
// arguments. kOptional: left's row with nulls where right gives none. kUnit: left's rows as they
// are, right only for what it does. kCallInBatches: as kJoin, but commits between batches.
struct ApplyPlan {
  enum class Kind : uint8_t { kJoin, kOptional, kUnit };
  Kind kind = Kind::kJoin;
  std::vector<size_t> arguments;  // columns of left
  std::vector<size_t> kept;       // columns of right that are appended
  // Right works row by row only (scans, expands, filters, projections): it may be given many rows
  // at once, each tagged by a hidden first column of Argument with the number of its row (variable
  // kRowTag), which right's output has in column `tag`.
  bool batched = false;
  size_t tag = 0;
  // CALL { } IN TRANSACTIONS
  bool in_transactions = false;
  Expression batch_rows;
  BoundSubqueryCall::OnError on_error = BoundSubqueryCall::OnError::kFail;
  bool status = false;  // a map column {started, committed, transactionId, errorMessage} at the end
};
// Children: left, right. Pairs of rows that agree in the key columns (EquivalentData, nulls never),
// or all pairs without keys; right is held in memory. Output: left's columns, then right's except
// its keys.
struct HashJoinPlan {
  std::vector<size_t> left_keys;
  std::vector<size_t> right_keys;
  std::vector<size_t> kept;  // columns of right that are appended
};
// Children: the parts. Columns of each part that become the output, in its order.
struct UnionPlan {
  std::vector<std::vector<size_t>> columns;
};
// No rows, after the child has run to its end.
struct EmptyResultPlan {};
// The child's whole output before its first row is passed on: between reading and writing, where
// one could see the other.
struct EagerPlan {};

// --- counting without enumerating

// One row, one column: how many nodes of the label (or all), or relationships of the types, from
// the statistics or by scanning ids, in the context.
struct CountPlan {
  ContextId context = 0;
  bool relationships = false;
  std::string label;
  std::vector<std::string> types;
};
// One row, one column: how many walks of two relationships that share the middle node (never the
// same relationship twice), by degrees: sum over middles.
struct TwoHopCountPlan {
  ContextId context = 0;
  std::vector<std::string> first_types;
  EdgeDirection first = EdgeDirection::kOut;  // from the left end to the middle
  std::vector<std::string> second_types;
  EdgeDirection second = EdgeDirection::kOut;  // from the middle to the right end
  std::string left_label;
  std::string middle_label;
  std::string right_label;
};
// One row, one column: how many different nodes the walks lead to, over all of the child's rows.
struct FarCountPlan {
  VarExpandPlan walk;  // with `distinct_far`, without `into` and `known`
};
// New column: how many relationships (of the types, in the direction) the node in `from` has in the
// context.
struct DegreePlan {
  ContextId context = 0;
  size_t from = 0;
  EdgeDirection direction = EdgeDirection::kEither;
  std::vector<std::string> types;
};

// --- aggregation over a whole type

// Only key columns, then aggregate columns, as AggregatePlan: over all relationships of the type
// with the entity that they leave in the direction (kOut, kIn), in the context. Properties alone
// are asked for.
struct EdgeAggregatePlan {
  // Of a row: the entity, the relationship, the entity at its other end.
  enum class Subject : uint8_t { kNear = 0, kRelationship = 1, kFar = 2 };
  struct Operand {
    Subject subject = Subject::kNear;
    std::string property;
  };
  ContextId context = 0;
  std::string type;
  EdgeDirection direction = EdgeDirection::kOut;
  std::string near_label;  // empty: any
  std::string far_label;
  std::vector<Operand> keys;
  std::vector<AggregatePlan::Aggregate> aggregates;  // without args
  std::vector<std::optional<Operand>> values;        // of each aggregate; none: of count(*)
  double edges = 0;                                  // by estimate
  // Runs by morsels, as AggregatePlan::by_morsels says: ranges of ids of near entities.
  bool by_morsels = false;
};

// --- calls and writes. Each write sees the whole of its child's output before it starts (EagerPlan
// is not needed for that), writes row by row in order, then gives its rows.

// New columns: the outputs in the order of `fields`. Void procedures: the child's rows.
struct ProcedureCallPlan {
  std::shared_ptr<const Procedure> procedure;
  std::vector<Expression> args;
  std::vector<size_t> fields;
  bool optional = false;
};
struct WriteOptionsPlan {
  Expression portion_from;
  Expression portion_to;
  Expression citing;
};
// New columns: the nodes, the relationships, in their order.
struct CreatePlan {
  struct Node {
    std::vector<std::string> labels;
    std::vector<Expression> dynamic_labels;
    Expression properties;
  };
  struct Relationship {
    size_t from = 0;  // output columns
    size_t to = 0;
    std::string type;
    Expression dynamic_type;
    Expression properties;
  };
  // Properties may read nodes and relationships made before them in this clause only where
  // openCypher allows it: they are compiled for the child's columns.
  std::vector<Node> nodes;
  std::vector<Relationship> relationships;
  WriteOptionsPlan options;
};
struct SetItemPlan {
  BoundSetItem::Kind kind = BoundSetItem::Kind::kProperty;
  bool remove = false;  // of REMOVE
  Span span;
  Expression target;
  std::string property;
  Expression key;
  Expression value;
  std::vector<std::string> labels;
  std::vector<Expression> dynamic_labels;
};
struct SetPlan {  // SET and REMOVE
  std::vector<SetItemPlan> items;
  WriteOptionsPlan options;
};
struct DeletePlan {
  bool detach = false;
  std::vector<Expression> exprs;
  WriteOptionsPlan options;
};
// Children: input, match. For each row of the input the match plan (as ApplyPlan with kJoin, not
// batched); where it gives no row, the pattern is created. Output: the input's columns, then the
// variables of the pattern in the order of `match_columns` (columns of match; those of create
// correspond by `created`).
struct MergePlan {
  std::vector<size_t> arguments;
  std::vector<size_t> match_columns;
  CreatePlan create;            // compiled for the input's columns
  std::vector<size_t> created;  // for each of match_columns: which column of create's output it is
  // Compiled for the output's columns.
  std::vector<SetItemPlan> on_create;
  std::vector<SetItemPlan> on_match;
  WriteOptionsPlan options;
};
// Children: input, body. The body's Argument has the input's columns (all) and the element; its
// rows are dropped. Output: the input's.
struct ForeachPlan {
  Expression list;
};
struct SchemaChangePlan {
  BoundSchemaChange change;
};
// Columns as its fields say, in their order; `show` fields by name.
struct ShowPlan {
  BoundShow::Kind kind = BoundShow::Kind::kIndexes;
  std::vector<std::string> fields;
};
struct TerminatePlan {
  std::vector<Expression> ids;
};

using PlanOperator =
    std::variant<ArgumentPlan, NodeScanPlan, KeySeekPlan, IndexSeekPlan, IdSeekPlan,
                 RelationshipScanPlan, RelationshipSeekPlan, ExpandPlan, BoundRelationshipPlan,
                 VarExpandPlan, QuantifiedExpandPlan, ShortestPathPlan, PathSelectPlan, FilterPlan,
                 DifferentRelationshipsPlan, ProjectPlan, AggregatePlan, DistinctPlan, SortPlan,
                 SkipLimitPlan, UnwindPlan, ApplyPlan, HashJoinPlan, UnionPlan, EmptyResultPlan,
                 EagerPlan, CountPlan, TwoHopCountPlan, FarCountPlan, DegreePlan, EdgeAggregatePlan,
                 ProcedureCallPlan, CreatePlan, SetPlan, DeletePlan, MergePlan, ForeachPlan,
                 SchemaChangePlan, ShowPlan, TerminatePlan, GatherPlan>;

// The hidden variable of ApplyPlan::batched.
inline constexpr VariableId kRowTag = UINT32_MAX - 1;

struct PlanNode {
  PlanOperator op;
  std::vector<std::shared_ptr<const PlanNode>> children;
  Layout layout;
  double estimated_rows = 0;
  int id = 0;           // unique in the statement: for PROFILE
  std::string details;  // for EXPLAIN: `(a)-[r:INVESTED_IN]->(b)`
};

// A statement ready to run.
struct CompiledStatement {
  BoundStatement bound;  // what EXPLAIN, columns and contexts need; its query is used up
  std::shared_ptr<const PlanNode> root;
  std::vector<size_t> result_columns;  // of root's output
  std::vector<std::string> column_names;
  int nodes = 0;  // ids are [0, nodes)
  // Operands of bound.contexts, compiled.
  struct Context {
    Expression from, to, system_time, system_version, belief;
  };
  std::vector<Context> contexts;
};

// `NodeScan`, `Expand`, … for EXPLAIN.
absl::string_view OperatorName(const PlanOperator& op);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_PLAN_H_
