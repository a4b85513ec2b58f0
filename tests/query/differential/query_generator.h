#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_GENERATOR_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_GENERATOR_H_

#include <set>
#include <string>
#include <vector>

#include "tests/query/differential/plain_graph.h"
#include "tests/query/differential/query_model.h"

namespace relata::differential {

// What an expression gives, where it is not null.
enum class DrawnType {
  kInteger,
  kFloat,
  kString,
  kBoolean,
  kIntegers,  // a list
  kMixed,     // of any type; only to be compared
  kNode,
  kRelationship,
  kWalk,  // a list of relationships
  kPath,
  kNodeBag,  // a list whose order means nothing; named `bag…`
};

struct DrawnVariable {
  std::string name;
  DrawnType type;
};

// Draws expressions over the variables of a scope that openCypher accepts and that never fail. The
// types are kept so narrow that most conditions hold for some rows. Borrows `random`.
class ExpressionGenerator {
 public:
  explicit ExpressionGenerator(Random& random) : random_(random) {}

  std::vector<DrawnVariable>& scope() { return scope_; }
  // `depth`: how many more operators may stand one in another.
  Expression Draw(DrawnType type, int depth);
  // What may follow WHERE: a boolean that may have patterns as predicates in it.
  Expression DrawCondition(int depth);
  // Of one of the types whose values need no entity to be understood.
  DrawnType DrawScalarType();
  Expression DrawAggregate(DrawnType* type, bool scalars_only);
  // A literal or a variable's property, for a property map; with the property's name.
  std::pair<std::string, Expression> DrawPropertyFilter();
  // Names of variables of a type.
  std::vector<std::string> Names(DrawnType type) const;
  std::string NewName(const char* prefix);

  // Patterns over the variables of the scope. New variables go into the scope.
  std::vector<Pattern> DrawPatterns(int most);
  Pattern DrawPattern(int most_hops, bool named);

 private:
  Expression Integer(int depth);
  Expression Float(int depth);
  Expression String(int depth);
  // `pattern`: a pattern may stand here, as a predicate.
  Expression Boolean(int depth, bool pattern = false);
  Expression Atom(int depth, bool pattern);
  Expression Comparison(int depth);
  Expression Subquery(Expression::Kind kind);
  Expression PatternPredicate();
  Expression Integers(int depth);
  Expression Node(int depth);
  // `property` of a node or relationship in the scope; a literal where there is none.
  Expression Property(const char* property);
  Expression Literal(DrawnType type);
  NodePattern DrawNode();
  HopPattern DrawHop(bool may_walk);

  Random& random_;
  std::vector<DrawnVariable> scope_;
  std::set<std::string> taken_;  // relationships of the patterns at hand
  int next_name_ = 0;
  int subqueries_ = 0;  // that stand around
};

// Draws a query of MATCH, OPTIONAL MATCH, UNWIND, WITH, RETURN and UNION.
struct QueryShape {
  // The answer has no nodes, relationships, paths: to compare databases that name them differently.
  bool scalars_only = false;
};
Query DrawQuery(Random& random, const QueryShape& shape);
// MATCH … WHERE p RETURN …, all that the patterns bind; for ternary partitioning.
Query DrawFilter(Random& random);

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_QUERY_GENERATOR_H_
