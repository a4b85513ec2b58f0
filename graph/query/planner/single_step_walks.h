#ifndef RELATA_GRAPH_QUERY_PLANNER_SINGLE_STEP_WALKS_H_
#define RELATA_GRAPH_QUERY_PLANNER_SINGLE_STEP_WALKS_H_

#include <functional>

#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// Turns a quantified edge whose inside is one relationship into a repeated one, ((x)-[r:T]->(y)
// WHERE c){1,5} into -[r:T*1..5]-> with c on each relationship: searches and prunes know those. The
// nodes of the inside become the ends of the relationship in its conditions. Leaves the edge as it
// is where its inside is more than that, or where `used` says that the list of one of its nodes is
// read.
void MakeRepeatedIfSingleStep(BoundEdge& edge, const std::function<bool(VariableId)>& used);

// Puts `replacement`'s expression in the place of the variable, except within subqueries and what
// binds names of its own. False where the variable stays in one of those.
bool Substitute(BoundExprPtr& expr, VariableId variable,
                const std::function<BoundExprPtr()>& replacement);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_SINGLE_STEP_WALKS_H_
