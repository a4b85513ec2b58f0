#ifndef RELATA_GRAPH_QUERY_SYNTAX_AST_H_
#define RELATA_GRAPH_QUERY_SYNTAX_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/datum.h"

// What the parser makes of a query's text: its shape, nothing resolved. Plain types that own their
// children; every node keeps the span of text that it came from.
namespace relata::query::ast {

struct Expr;
struct Query;
struct Clause;
struct PathPattern;
using ExprPtr = std::unique_ptr<Expr>;
using QueryPtr = std::unique_ptr<Query>;

enum class UnaryOp : uint8_t { kNot, kMinus, kPlus };
enum class BinaryOp : uint8_t {
  kOr,
  kXor,
  kAnd,
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
  kIn,
  kStartsWith,
  kEndsWith,
  kContains,
  kRegexMatch,
  kConcat,  // ||
};

enum class ExprKind : uint8_t {
  kLiteral,          // `literal`: null, boolean, integer, float, string
  kParameter,        // `name` (`$name`, `$1`)
  kVariable,         // `name`
  kProperty,         // args[0] . `name`
  kDynamicProperty,  // args[0][args[1]]: an element of a list or map, or a property by name
  kSlice,            // args[0][args[1]..args[2]], a missing end null
  kUnary,            // `unary` args[0]
  kBinary,           // args[0] `binary` args[1]
  kComparison,       // a < b <= c: args in order, `comparisons` between them; two args: a plain
                     // comparison
  kIsNull,           // args[0] IS NULL
  kIsNotNull,
  kHasLabels,  // args[0] : `labels` (a node's labels or a relationship's type)
  kIsTyped,    // args[0] IS [NOT] :: TYPE: `name` is the type's text, `flag` NOT
  kCall,       // `name`(args), `flag` DISTINCT; `name` may be qualified: `duration.between`
  kCountStar,
  kCase,  // args[0] the operand or null; `branches` when -> then; args[1] else or null. With an
          // operand each `when` is a condition on it: `WHEN 1, > 5` is `operand = 1 OR operand > 5`
  kCaseOperand,           // in such a condition: the operand of the nearest CASE around it
  kList,                  // [args]
  kMap,                   // {keys[i]: args[i]}
  kMapProjection,         // `name` (a variable) {projections}
  kListComprehension,     // [name IN args[0] WHERE args[1] | args[2]], missing parts null
  kQuantifier,            // all/any/none/single as `quantifier`: (name IN args[0] WHERE args[1]);
                          // without WHERE args[1] is the variable
  kReduce,                // reduce(accumulator = args[0], name IN args[1] | args[2])
  kPattern,               // a pattern as a condition: `pattern`; `flag`: written exists(pattern)
  kPatternComprehension,  // [p = pattern WHERE args[0] | args[1]]; the path variable is in the
                          // pattern
  kExists,                // EXISTS { }: `subquery`
  kCountSubquery,         // COUNT { }
  kCollectSubquery,       // COLLECT { }
  kShortestPath,          // shortestPath(...) or allShortestPaths(...) as an expression: `pattern`
};

enum class QuantifierKind : uint8_t { kAll, kAny, kNone, kSingle };

// `:A`, `A&B|!C`, `%`, `$(expr)`, `$all(expr)`, `$any(expr)`.
struct LabelExpr {
  enum class Kind : uint8_t { kName, kAnd, kOr, kNot, kWildcard, kDynamic };
  Kind kind = Kind::kName;
  Span span;
  std::string name;                              // kName
  std::vector<std::unique_ptr<LabelExpr>> args;  // kAnd, kOr: two or more; kNot: one
  ExprPtr dynamic;                               // kDynamic: a string or list of strings
  bool any = false;                              // kDynamic: $any(…), one of the list suffices
  bool legacy_conjunction = false;               // written `:A:B`
};
using LabelExprPtr = std::unique_ptr<LabelExpr>;

// One item of a map projection.
struct MapProjectionItem {
  enum class Kind : uint8_t { kProperty, kAll, kLiteral, kVariable };
  Kind kind = Kind::kProperty;  // .name   .*   name: value   name
  std::string name;
  ExprPtr value;
  Span span;
};

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  Span span;
  Span name_span;  // of `name` where there is one
  std::string name;
  Datum literal;
  bool flag = false;
  UnaryOp unary = UnaryOp::kNot;
  BinaryOp binary = BinaryOp::kOr;
  QuantifierKind quantifier = QuantifierKind::kAll;
  std::string accumulator;
  std::vector<ExprPtr> args;
  std::vector<BinaryOp> comparisons;
  std::vector<std::string> keys;
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  std::vector<MapProjectionItem> projections;
  LabelExprPtr labels;
  std::unique_ptr<PathPattern> pattern;
  QueryPtr subquery;  // EXISTS { pattern WHERE … } is a query of one MATCH without RETURN
  // Written in parentheses of its own: matters for the name of a column only through `span`, and
  // for `(a).b`.
  bool parenthesized = false;
};

// --- patterns

struct NodePattern {
  Span span;
  std::string name;  // empty: anonymous
  Span name_span;
  LabelExprPtr labels;
  ExprPtr properties;  // a map or a parameter
  ExprPtr where;
};

enum class ArrowDirection : uint8_t { kRight, kLeft, kBoth };  // -->, <--, -- or <-->

// How often something repeats: [min, max], max absent: no limit. GQL `+`, `*`, `{2,5}`, openCypher
// `*2..5`.
struct Repeat {
  Span span;
  std::optional<int64_t> min;
  std::optional<int64_t> max;
};

struct RelationshipPattern {
  Span span;
  std::string name;
  Span name_span;
  ArrowDirection direction = ArrowDirection::kBoth;
  LabelExprPtr types;
  std::optional<Repeat> length;      // openCypher: [*2..5]; the variable is then a list
  std::optional<Repeat> quantifier;  // GQL: -[]->{2,5}; the variable is a group list
  ExprPtr properties;
  ExprPtr where;
};

enum class PathMode : uint8_t { kDefault, kWalk, kTrail, kAcyclic, kSimple };
struct PathSelector {
  enum class Kind : uint8_t {
    kNone,
    kAll,
    kAny,
    kAnyShortest,
    kAllShortest,
    kShortest,
    kShortestGroups
  };
  Kind kind = Kind::kNone;
  ExprPtr count;  // kAny k, kShortest k, kShortestGroups k: a literal or a parameter; null: 1
};
enum class ShortestFunction : uint8_t { kNone, kShortestPath, kAllShortestPaths };

// ( pattern WHERE … ){2,5}
struct ParenthesizedPath {
  Span span;
  std::unique_ptr<PathPattern> pattern;
  ExprPtr where;
  std::optional<Repeat> quantifier;  // absent: just grouped
};

using PatternElement = std::variant<NodePattern, RelationshipPattern, ParenthesizedPath>;

// Elements in the order of the text: nodes and relationships alternate, except where a
// parenthesized path stands between (or instead of) nodes.
struct PathPattern {
  Span span;
  std::string name;  // path variable
  Span name_span;
  PathSelector selector;
  PathMode mode = PathMode::kDefault;
  ShortestFunction shortest = ShortestFunction::kNone;
  std::vector<PatternElement> elements;
};

// --- time (S11)

struct ValidTimeClause {
  enum class Kind : uint8_t { kAsOf, kFromTo, kAll };
  Kind kind = Kind::kAsOf;
  Span span;
  ExprPtr from;  // kAsOf: the instant
  ExprPtr to;
  bool certainly = false;  // CERTAINLY after it; POSSIBLY is the default
};
struct SystemTimeClause {
  Span span;
  ExprPtr time;  // exactly one is set
  ExprPtr version;
};
struct BeliefClause {
  Span span;
  ExprPtr policy;  // a map or a parameter
};
struct TimeClauses {
  std::optional<ValidTimeClause> valid;
  std::optional<SystemTimeClause> system;
  std::optional<BeliefClause> belief;
  bool any() const { return valid || system || belief; }
};
// FOR PORTION OF VALID_TIME FROM a TO b
struct PortionClause {
  Span span;
  ExprPtr from;  // `..` is the string ".." here
  ExprPtr to;
};

// --- clauses

struct MatchClause {
  bool optional = false;
  std::vector<PathPattern> patterns;
  TimeClauses time;
  ExprPtr where;
  bool different_relationships = true;  // false: REPEATABLE ELEMENTS
};
struct UnwindClause {  // also FOR x IN list
  ExprPtr list;
  std::string name;
  Span name_span;
  std::string position;  // WITH ORDINALITY i (from 1) or WITH OFFSET i (from 0); empty: neither
  Span position_span;
  bool from_one = false;
};
struct SortItem {
  ExprPtr expr;
  bool descending = false;
  std::optional<bool> nulls_first;
};
struct ProjectionItem {
  ExprPtr expr;
  std::string alias;  // empty: none
  Span alias_span;
  std::string text;  // as written: the column's name without alias
};
// WITH and RETURN. GQL's LET, FILTER, and ORDER BY, OFFSET and LIMIT as clauses of their own are
// WITH *.
struct ProjectionClause {
  bool is_return = false;
  bool is_let = false;  // takes no aggregates
  bool distinct = false;
  bool star = false;
  std::vector<ProjectionItem> items;
  std::vector<SortItem> order;
  ExprPtr skip;
  ExprPtr limit;
  ExprPtr where;  // WITH only
};
struct FinishClause {};

// What follows a writing clause: CITING expr.
struct WriteOptions {
  std::optional<PortionClause> portion;  // stands before the clause
  ExprPtr citing;                        // stands after it
};
struct CreateClause {  // also INSERT
  std::vector<PathPattern> patterns;
  WriteOptions options;
};
struct SetItem {
  enum class Kind : uint8_t { kProperty, kDynamicProperty, kReplace, kMerge, kLabels };
  Kind kind = Kind::kProperty;
  Span span;
  ExprPtr
      target;  // kProperty, kDynamicProperty: the expression of the property; others: the entity
  ExprPtr value;
  std::vector<LabelExprPtr> labels;  // kLabels: names and dynamic ones
};
struct SetClause {
  std::vector<SetItem> items;
  WriteOptions options;
};
struct RemoveItem {
  enum class Kind : uint8_t { kProperty, kLabels };
  Kind kind = Kind::kProperty;
  Span span;
  ExprPtr target;
  std::vector<LabelExprPtr> labels;
};
struct RemoveClause {
  std::vector<RemoveItem> items;
  WriteOptions options;
};
struct DeleteClause {
  bool detach = false;
  std::vector<ExprPtr> exprs;
  WriteOptions options;
};
struct MergeClause {
  PathPattern pattern;
  std::vector<SetItem> on_create;
  std::vector<SetItem> on_match;
  WriteOptions options;
};
struct ForeachClause {
  std::string name;
  Span name_span;
  ExprPtr list;
  std::vector<std::unique_ptr<Clause>> body;  // writing clauses
};
struct YieldItem {
  std::string field;
  std::string alias;  // empty: the field
  Span span;
};
struct CallClause {
  bool optional = false;
  std::string name;
  Span name_span;
  bool implicit_arguments = false;  // no parentheses: arguments are parameters of the same names
  std::vector<ExprPtr> args;
  bool has_yield = false;
  bool yield_star = false;
  std::vector<YieldItem> yield;
  ExprPtr where;
};
struct SubqueryClause {
  bool optional = false;
  // CALL (a, b) { }: what is imported; absent: an importing WITH decides. `import_all`: CALL (*) {
  // }.
  std::optional<std::vector<std::pair<std::string, Span>>> imports;
  bool import_all = false;
  QueryPtr query;
  bool in_transactions = false;
  ExprPtr batch_rows;   // OF n ROWS; null: 1000
  ExprPtr concurrency;  // IN n CONCURRENT TRANSACTIONS
  enum class OnError : uint8_t { kFail, kContinue, kBreak };
  OnError on_error = OnError::kFail;
  std::string report_status_as;  // empty: not reported
};

// --- schema and administration

struct SchemaCommand {
  enum class Kind : uint8_t { kCreateIndex, kDropIndex, kCreateConstraint, kDropConstraint };
  enum class Constraint : uint8_t {
    kUnique,      // IS UNIQUE
    kExists,      // IS NOT NULL
    kTyped,       // IS :: TYPE | TYPE
    kEnds,        // FOR ()-[r:T]-() REQUIRE r CONNECTS (A|B) TO (C)
    kOnePerPair,  // REQUIRE r IS ONE PER PAIR
    kInline,      // REQUIRE r.p, r.q IS INLINE
    kNodeKey,     // IS [NODE] KEY
  };
  Kind kind = Kind::kCreateIndex;
  Constraint constraint = Constraint::kUnique;
  Span span;
  std::string name;  // empty: none
  bool if_not_exists = false;
  bool if_exists = false;
  bool on_relationship = false;
  std::string label;  // label or type
  std::vector<std::string> properties;
  std::vector<std::string> types;        // kTyped, as written
  std::vector<std::string> from_labels;  // kEnds
  std::vector<std::string> to_labels;
};
struct ShowCommand {
  enum class Kind : uint8_t { kIndexes, kConstraints, kTransactions, kProcedures, kFunctions };
  Kind kind = Kind::kIndexes;
  bool has_yield = false;
  bool yield_star = false;
  std::vector<YieldItem> yield;
  ExprPtr where;
};
struct TerminateCommand {  // TERMINATE TRANSACTIONS id, …
  std::vector<ExprPtr> ids;
};

struct Clause {
  Span span;
  std::variant<MatchClause, UnwindClause, ProjectionClause, FinishClause, CreateClause, SetClause,
               RemoveClause, DeleteClause, MergeClause, ForeachClause, CallClause, SubqueryClause,
               SchemaCommand, ShowCommand, TerminateCommand>
      body;
};

// Clauses one after the other.
struct SingleQuery {
  Span span;
  TimeClauses time;                      // before the first clause: the default of all of it
  std::optional<PortionClause> portion;  // likewise, for its writing clauses
  std::vector<Clause> clauses;
};

struct Query {
  Span span;
  std::vector<SingleQuery> parts;  // more than one: UNION
  std::vector<bool>
      union_all;  // between parts: UNION ALL; all the same, or an error of the analysis
};

struct Statement {
  enum class Mode : uint8_t { kRun, kExplain, kProfile };
  Mode mode = Mode::kRun;
  Query query;
};

}  // namespace relata::query::ast

#endif  // RELATA_GRAPH_QUERY_SYNTAX_AST_H_
