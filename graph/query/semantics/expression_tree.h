#ifndef RELATA_GRAPH_QUERY_SEMANTICS_EXPRESSION_TREE_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_EXPRESSION_TREE_H_

#include <functional>
#include <vector>

#include "absl/types/span.h"
#include "graph/query/semantics/bound_query.h"

// Small operations on bound expressions: making, comparing, walking and replacing them. Pure
// functions.
namespace relata::query {

BoundExprPtr MakeExpr(BoundKind kind, Span span, TypeSet type);
BoundExprPtr MakeVariableExpr(VariableId variable, Span span, TypeSet type);
BoundExprPtr MakeLiteralExpr(Datum value, Span span);
BoundExprPtr MakeBinaryExpr(BoundKind kind, BoundExprPtr left, BoundExprPtr right, Span span,
                            TypeSet type);
// value.name, of a node or relationship.
BoundExprPtr MakePropertyExpr(BoundExprPtr value, absl::string_view name, Span span);

// The same computation: equal shape and equal variables, where variables that both declare
// themselves (of comprehensions) correspond. Subqueries are the same where they are written alike;
// what differs from call to call (rand()) never is.
bool SameExpr(const BoundExpr& a, const BoundExpr& b);

// A deep copy. Precondition: without subqueries.
BoundExprPtr CloneExpr(const BoundExpr& e);

// Each expression of the tree, parents first; not into the queries of subqueries.
void ForEachExpr(const BoundExpr& e, const std::function<void(const BoundExpr&)>& visit);
// Each variable that the tree reads, those that subqueries import included, with the place that
// does.
void ForEachVariableUse(const BoundExpr& e, const std::function<void(VariableId, Span)>& visit);
// Whether a function in it gives another result at every call.
bool IsVolatile(const BoundExpr& e);

// What stands for an expression once it has been computed.
struct Replacement {
  const BoundExpr* expr;
  VariableId variable;
};
// Replaces every subtree (topmost first) that is the same as one of `replacements` by its variable.
// `simple_only`: only variables, properties, elements and function calls are looked at. Literals
// and parameters stay.
void ReplaceComputed(BoundExprPtr& e, absl::Span<const Replacement> replacements, bool simple_only);

// Appends what `condition` is a conjunction of.
void SplitConjunction(BoundExprPtr condition, std::vector<BoundExprPtr>& conjuncts);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_EXPRESSION_TREE_H_
