#ifndef RELATA_GRAPH_QUERY_SEMANTICS_BOUND_QUERY_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_BOUND_QUERY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "graph/query/functions/aggregate.h"
#include "graph/query/functions/function.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/datum.h"

// What semantic analysis makes of a statement: every name resolved to a variable, every function to
// its definition, every clause to what it does; complete, so that planner and executor look up no
// name of the text again. (Labels, types and property names stay texts: they are resolved when a
// statement runs, since they may come to be after it was planned.)
namespace relata::query {

struct Procedure;

// Index into BoundStatement::variables. Every binding in a statement has its own: `WITH n` passes n
// on under the same id, `WITH n.x AS n` makes a new one, and so does each scope of a comprehension
// or subquery.
using VariableId = uint32_t;
inline constexpr VariableId kNoVariable = UINT32_MAX;

struct Variable {
  std::string name;  // as written; anonymous ones and those of the analysis: a text that no query
                     // can write, such as `  r3`
  TypeSet type = types::kAny;
  bool named = false;
};

struct BoundExpr;
struct BoundQuery;
struct BoundMatch;
using BoundExprPtr = std::unique_ptr<BoundExpr>;

enum class BoundKind : uint8_t {
  kLiteral,    // `literal`
  kParameter,  // `name`
  kVariable,   // `variable`
  kProperty,   // args[0] . `name`, of a node, relationship, map, temporal value, …; `_key` too
  kElement,    // args[0][args[1]]
  kSlice,      // args[0][args[1]..args[2]], missing ends null
  kNot,
  kAnd,
  kOr,
  kXor,  // kAnd and kOr: two or more args
  kNegate,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kConcat,
  kIn,
  kStartsWith,
  kEndsWith,
  kContains,
  kRegexMatch,
  kIsNull,
  kIsNotNull,
  kHasLabels,  // args[0] has `labels`
  kIsTyped,    // args[0] IS :: `name`
  kFunction,   // `function`(args)
  kCase,      // searched: args = when1, then1, when2, then2, …, else (null literal where none). A
              // simple CASE is `operand = when`
  kList,      // [args]
  kMap,       // {keys[i]: args[i]}
  kMapMerge,  // maps in args, later ones win: map projections
  kListComprehension,  // [variable IN args[0] WHERE args[1] | args[2]], missing parts null
  kQuantifier,         // `quantifier`(variable IN args[0] WHERE args[1])
  kReduce,             // reduce(accumulator = args[0], variable IN args[1] | args[2])
  kPath,      // a path value out of the variables `elements`: node, relationship or list of
              // relationships, node, … ; null where one is null
  kSubquery,  // `subquery`
};

enum class QuantifierType : uint8_t { kAll, kAny, kNone, kSingle };

// A condition on a node's labels or on a relationship's type.
struct BoundLabels {
  enum class Kind : uint8_t { kName, kAnd, kOr, kNot, kWildcard, kDynamic };
  Kind kind = Kind::kName;
  std::string name;
  std::vector<BoundLabels> args;
  std::shared_ptr<BoundExpr> dynamic;  // a string or a list of strings, all of which it must have
  bool any = false;                    // kDynamic: one of the list suffices
};

struct BoundSubquery {
  enum class Kind : uint8_t {
    kExists,   // boolean: any row
    kCount,    // integer: how many rows
    kCollect,  // list: the one output column of every row
    kFirst,    // the one output column of the first row, null where none: shortestPath() as an
               // expression
  };
  Kind kind = Kind::kExists;
  std::unique_ptr<BoundQuery> query;
  std::vector<VariableId> imports;  // of the enclosing scope, that it uses; ascending
  // As it was written; empty where it differs from call to call (rand()). With the same imports the
  // same text is the same computation.
  std::string text;
};

struct BoundExpr {
  BoundKind kind = BoundKind::kLiteral;
  Span span;
  TypeSet type = types::kAny;  // what it can be, as far as is known
  std::vector<BoundExprPtr> args;
  Datum literal;
  std::string name;
  VariableId variable = kNoVariable;
  VariableId accumulator = kNoVariable;
  const FunctionDefinition* function = nullptr;
  QuantifierType quantifier = QuantifierType::kAll;
  std::vector<std::string> keys;
  std::vector<VariableId> elements;
  std::unique_ptr<BoundLabels> labels;
  std::unique_ptr<BoundSubquery> subquery;
};

// --- time (S11). The statement's own context is number 0 and always there.
struct BoundTimeContext {
  enum class Valid : uint8_t { kDefault, kAsOf, kFromTo, kAll };
  Valid valid = Valid::kDefault;  // kDefault: as the options of the call say, else now
  bool certainly = false;
  BoundExprPtr from;  // constants of the statement: literals, parameters, functions of them
  BoundExprPtr to;
  BoundExprPtr system_time;  // at most one of these two; neither: as the options say, else the
                             // transaction's snapshot with its own writes
  BoundExprPtr system_version;
  BoundExprPtr belief;  // a map (S5.2); null: as the options say, else the default policy
};

// --- patterns: a graph of nodes and edges, each once for each time it is written, unless it is the
// same variable

struct BoundNode {
  VariableId variable = kNoVariable;
  bool bound = false;                   // by an earlier clause, or as an argument
  std::unique_ptr<BoundLabels> labels;  // null: any
};

enum class EdgeDirection : uint8_t { kOut, kIn, kEither };  // seen from `left`

// The same direction, seen from the other end.
inline EdgeDirection Reversed(EdgeDirection direction) {
  if (direction == EdgeDirection::kEither) return direction;
  return direction == EdgeDirection::kOut ? EdgeDirection::kIn : EdgeDirection::kOut;
}

struct BoundPattern;

// One way from a node to a node.
struct BoundEdge {
  enum class Kind : uint8_t {
    kSingle,      // one relationship: `variable` is it
    kRepeated,    // -[*2..5]- and -[]-{2,5}: `variable` is the list of relationships
    kQuantified,  // ((…)){2,5}: `inner`
  };
  Kind kind = Kind::kSingle;
  VariableId variable = kNoVariable;
  bool bound = false;
  size_t left = 0;  // indexes into BoundPattern::nodes
  size_t right = 0;
  EdgeDirection direction = EdgeDirection::kEither;
  // One of these types; empty: any. `types_condition` holds what is no plain disjunction of names.
  std::vector<std::string> types;
  std::unique_ptr<BoundLabels> types_condition;
  // kRepeated, kQuantified.
  int64_t min = 1;
  int64_t max = 1;  // INT64_MAX: no limit
  // kRepeated: conditions on every single relationship, over the variable `element`.
  VariableId element = kNoVariable;
  std::vector<BoundExprPtr> element_conditions;
  // kQuantified: a pattern between its own first and last node; conditions hold in each repetition.
  // Each variable of the inside that is used outside is a list there.
  std::unique_ptr<BoundPattern> inner;
  struct GroupVariable {
    VariableId inside;
    VariableId outside;
  };
  std::vector<GroupVariable> groups;
};

enum class BoundPathMode : uint8_t { kWalk, kTrail, kAcyclic, kSimple };

// One path pattern of a MATCH: which nodes and edges it runs through.
struct BoundPath {
  VariableId variable = kNoVariable;  // of the path value, where it is named
  std::vector<size_t> nodes;          // nodes.size() == edges.size() + 1
  std::vector<size_t> edges;
  BoundPathMode mode = BoundPathMode::kTrail;
  enum class Selector : uint8_t {
    kAll,
    kAny,
    kAnyShortest,
    kAllShortest,
    kShortest,
    kShortestGroups
  };
  Selector selector = Selector::kAll;
  BoundExprPtr count;  // of kAny, kShortest, kShortestGroups; null: 1
  // Written shortestPath() or allShortestPaths(): conditions of the WHERE on the path are part of
  // the search, where a selector's choice comes before the WHERE.
  bool function = false;
};

struct BoundPattern {
  std::vector<BoundNode> nodes;
  std::vector<BoundEdge> edges;
  std::vector<BoundPath> paths;
  // Conjuncts: WHERE, property maps (as equalities) and inline WHEREs. Over the pattern's and
  // earlier variables.
  std::vector<BoundExprPtr> conditions;
  // No two edges of the whole pattern are the same relationship (openCypher's rule). False: only
  // within paths, as their mode says.
  bool different_relationships = true;
};

// --- clauses

struct BoundMatch {
  bool optional = false;
  ContextId context = 0;
  BoundPattern pattern;
};
struct BoundUnwind {
  BoundExprPtr list;
  VariableId variable = kNoVariable;
  VariableId position = kNoVariable;  // the element's place in the list, from `first_position` on
  int64_t first_position = 0;
};
struct BoundOutput {
  BoundExprPtr expr;
  VariableId variable = kNoVariable;
};
struct BoundAggregate {
  AggregateKind kind = AggregateKind::kCountStar;
  bool distinct = false;
  std::vector<BoundExprPtr> args;
  VariableId variable = kNoVariable;
};
struct BoundSort {
  BoundExprPtr expr;
  bool descending = false;
  bool nulls_first = false;  // resolved: ascending puts nulls last, descending first, unless the
                             // text says otherwise
};
// WITH and RETURN, in the order in which it happens: group and aggregate; compute the outputs;
// DISTINCT; ORDER BY; SKIP; LIMIT; WHERE. Afterwards the variables of `outputs` alone are in scope.
struct BoundProjection {
  bool is_return = false;
  // Where it aggregates: keys and aggregates are computed over the input; `outputs` and `order` see
  // only their variables.
  bool aggregates = false;
  std::vector<BoundOutput> group_keys;
  std::vector<BoundAggregate> aggregations;
  std::vector<BoundOutput>
      outputs;  // `WITH n`: an output whose expression is the variable n and whose variable is n
  bool distinct = false;
  // Over the outputs' variables; where it is not distinct also over the input's, or where it
  // aggregates over those of keys and aggregates.
  std::vector<BoundSort> order;
  BoundExprPtr skip;  // constants of the statement; null: none
  BoundExprPtr limit;
  BoundExprPtr where;  // over the outputs' variables
};
struct BoundFinish {};  // no rows

struct BoundWriteOptions {
  // Both set or both null: FOR PORTION OF VALID_TIME, as EDTF texts, dates, datetimes or null-free
  // expressions over the row.
  BoundExprPtr portion_from;
  BoundExprPtr portion_to;
  // A source (node, or its key as a text), a map {source, stance, confidence, reported, locator},
  // or a list of those.
  BoundExprPtr citing;
};
struct BoundCreateNode {
  VariableId variable = kNoVariable;
  std::vector<std::string> labels;
  std::vector<BoundExprPtr> dynamic_labels;
  BoundExprPtr properties;  // a map, or null
};
struct BoundCreateRelationship {
  VariableId variable = kNoVariable;
  VariableId from = kNoVariable;  // of the relationship, not of the text
  VariableId to = kNoVariable;
  std::string type;
  BoundExprPtr dynamic_type;  // instead of `type`
  BoundExprPtr properties;
};
struct BoundCreate {
  std::vector<BoundCreateNode> nodes;  // in the order of the text
  std::vector<BoundCreateRelationship> relationships;
  std::vector<BoundOutput> paths;  // path variables: expressions of kind kPath
  BoundWriteOptions options;
};
struct BoundSetItem {
  enum class Kind : uint8_t { kProperty, kDynamicProperty, kReplace, kMerge, kLabels };
  Kind kind = Kind::kProperty;
  Span span;
  BoundExprPtr target;   // a node or relationship (or null: nothing happens)
  std::string property;  // kProperty
  BoundExprPtr key;      // kDynamicProperty
  BoundExprPtr value;  // kProperty, kDynamicProperty (null removes), kReplace, kMerge (a map, node
                       // or relationship)
  std::vector<std::string> labels;
  std::vector<BoundExprPtr> dynamic_labels;
};
struct BoundSet {
  std::vector<BoundSetItem> items;
  BoundWriteOptions options;
};
struct BoundRemoveItem {
  bool labels_only = false;
  Span span;
  BoundExprPtr target;
  std::string property;
  BoundExprPtr key;  // dynamic property
  std::vector<std::string> labels;
  std::vector<BoundExprPtr> dynamic_labels;
};
struct BoundRemove {
  std::vector<BoundRemoveItem> items;
  BoundWriteOptions options;
};
struct BoundDelete {
  bool detach = false;
  std::vector<BoundExprPtr> exprs;  // nodes, relationships, paths, or null
  BoundWriteOptions options;
};
struct BoundMerge {
  BoundPattern match;  // as a MATCH of the pattern would be, property maps as conditions
  BoundCreate create;  // what is made where nothing matches
  std::vector<BoundSetItem> on_create;
  std::vector<BoundSetItem> on_match;
  BoundWriteOptions options;
};
struct BoundClause;
struct BoundForeach {
  VariableId variable = kNoVariable;
  BoundExprPtr list;
  std::vector<BoundClause> body;
};
struct BoundCall {
  std::shared_ptr<const Procedure> procedure;
  bool optional = false;
  std::vector<BoundExprPtr> args;  // all of its inputs, defaults filled in
  struct Output {
    size_t field;  // of the procedure's outputs
    VariableId variable;
  };
  std::vector<Output> outputs;
  BoundExprPtr where;
};
struct BoundSubqueryCall {
  bool optional = false;
  std::unique_ptr<BoundQuery> query;
  std::vector<VariableId> imports;  // what it uses of the outer scope
  bool returns = true;              // false: a unit subquery, rows pass through unchanged
  bool in_transactions = false;
  BoundExprPtr batch_rows;
  enum class OnError : uint8_t { kFail, kContinue, kBreak };
  OnError on_error = OnError::kFail;
  VariableId status = kNoVariable;
};
struct BoundSchemaChange {
  enum class Kind : uint8_t { kCreateIndex, kDropIndex, kCreateConstraint, kDropConstraint };
  enum class Constraint : uint8_t {
    kUnique,
    kExists,
    kTyped,
    kEnds,
    kOnePerPair,
    kInline,
    kNodeKey
  };
  Kind kind = Kind::kCreateIndex;
  Constraint constraint = Constraint::kUnique;
  std::string name;
  bool tolerate = false;  // IF NOT EXISTS, IF EXISTS
  bool on_relationship = false;
  std::string label;  // or type
  std::vector<std::string> properties;
  std::vector<ValueType> types;
  std::vector<std::string> from_labels;
  std::vector<std::string> to_labels;
};
struct BoundShow {
  enum class Kind : uint8_t { kIndexes, kConstraints, kTransactions, kProcedures, kFunctions };
  Kind kind = Kind::kIndexes;
  struct Output {
    std::string field;
    VariableId variable;
  };
  std::vector<Output> outputs;
  BoundExprPtr where;
};
struct BoundTerminate {
  std::vector<BoundExprPtr> ids;
  VariableId id_output = kNoVariable;
  VariableId message_output = kNoVariable;
};

struct BoundClause {
  Span span;
  std::variant<BoundMatch, BoundUnwind, BoundProjection, BoundFinish, BoundCreate, BoundSet,
               BoundRemove, BoundDelete, BoundMerge, BoundForeach, BoundCall, BoundSubqueryCall,
               BoundSchemaChange, BoundShow, BoundTerminate>
      body;
};

struct BoundSingleQuery {
  // Of an enclosing scope (subqueries): can be read in every clause of the part, also after a WITH
  // that does not pass them on and in the items of one that aggregates, where they are constants.
  std::vector<VariableId> arguments;
  std::vector<BoundClause> clauses;
  std::vector<VariableId>
      outputs;  // of its last RETURN or YIELD, in the order of `columns`; empty: no result
};

// One part, or parts combined by UNION. The outputs of a union are those of the whole: each part's
// i-th output becomes outputs[i].
struct BoundQuery {
  std::vector<BoundSingleQuery> parts;
  bool union_all = true;
  std::vector<std::string> columns;
  std::vector<VariableId> outputs;
  bool writes = false;
};

struct BoundStatement {
  enum class Mode : uint8_t { kRun, kExplain, kProfile };
  Mode mode = Mode::kRun;
  BoundQuery query;
  std::vector<Variable> variables;
  std::vector<BoundTimeContext> contexts;
  bool writes = false;
  bool changes_schema = false;
  bool commits_in_parts = false;  // CALL … IN TRANSACTIONS
  bool uses_system_time = false;
  std::vector<std::string> parameters;  // names used, ascending
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_BOUND_QUERY_H_
