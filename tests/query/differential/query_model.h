#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_MODEL_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_MODEL_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/query/runtime/datum.h"

namespace relata::differential {

// A query as the generator makes it and the naive evaluator reads it: plain structs for the part of
// openCypher 9 that is compared, with no tie to the parser under test. ToText writes it down.

struct Pattern;
struct Clause;

struct Expression {
  enum class Kind {
    kLiteral,        // value
    kVariable,       // name
    kProperty,       // operands[0].name
    kUnary,          // name operands[0]: NOT, -
    kIsNull,         // operands[0] IS NULL
    kIsNotNull,      // operands[0] IS NOT NULL
    kBinary,         // operands[0] name operands[1]
    kHasLabel,       // operands[0]:name
    kList,           // [operands…]
    kCall,           // name(operands…)
    kCase,           // CASE WHEN operands[0] THEN operands[1] ELSE operands[2] END
    kComprehension,  // [name IN operands[0] WHERE operands[1] | operands[2]]
    kAll,
    kAny,
    kNone,
    kSingle,     // all(name IN operands[0] WHERE operands[1])
    kPattern,    // patterns[0] as a predicate: no new variables
    kExists,     // EXISTS { MATCH patterns WHERE operands[0] }, the condition optional
    kCount,      // COUNT { … }
    kAggregate,  // name([DISTINCT] operands[0]); count(*) has no operand
  };
  Kind kind = Kind::kLiteral;
  query::Datum value;
  std::string name;
  bool distinct = false;
  std::vector<Expression> operands;
  std::vector<Pattern> patterns;
};

struct NodePattern {
  std::string variable;  // empty: none
  std::vector<std::string> labels;
  std::vector<std::pair<std::string, Expression>> properties;
};

struct HopPattern {
  enum class Direction { kRight, kLeft, kBoth };
  std::string variable;
  std::vector<std::string> types;  // any of them; empty: any at all
  Direction direction = Direction::kRight;
  std::vector<std::pair<std::string, Expression>> properties;
  // Both or neither: a walk of min to max relationships, `variable` a list.
  std::optional<int> min;
  std::optional<int> max;
};

// nodes[i] and nodes[i + 1] are the ends of hops[i].
struct Pattern {
  std::string variable;  // of the path; empty: none
  std::vector<NodePattern> nodes;
  std::vector<HopPattern> hops;
};

struct SortItem {
  Expression expression;
  bool descending = false;
};

struct Projection {
  bool distinct = false;
  std::vector<std::pair<Expression, std::string>> items;  // with the alias
  std::vector<SortItem> order;
  std::optional<int> skip;
  std::optional<int> limit;
};

struct Clause {
  enum class Kind { kMatch, kOptionalMatch, kUnwind, kWith, kReturn };
  Kind kind = Kind::kMatch;
  std::vector<Pattern> patterns;
  std::optional<Expression> where;  // of MATCH and WITH
  Expression list;                  // of UNWIND
  std::string variable;             // of UNWIND
  Projection projection;
};

struct SingleQuery {
  std::vector<Clause> clauses;  // the last one is RETURN
};

struct Query {
  std::vector<SingleQuery> parts;
  bool union_all = false;  // between all parts
};

std::string ToText(const Expression& expression);
std::string ToText(const Pattern& pattern);
std::string ToText(const Query& query);

// Whether an aggregate is in it, outside of subqueries.
bool HasAggregate(const Expression& expression);

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_MODEL_H_
