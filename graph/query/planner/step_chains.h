#ifndef RELATA_GRAPH_QUERY_PLANNER_STEP_CHAINS_H_
#define RELATA_GRAPH_QUERY_PLANNER_STEP_CHAINS_H_

#include <functional>

#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// Turns relationships in a row of the same types and direction, of which nothing is asked but where
// they lead, into one repeated edge: (a)-[:T]->()-[:T]->(b) into (a)-[:T*2..2]->(b). For patterns
// whose rows are taken as a set: the far nodes of a repeated edge are then found level by level.
// `used`: whether anything reads the variable. Leaves alone what could meet another relationship
// of the pattern.
void FoldStepChains(BoundPattern& pattern, const std::function<bool(VariableId)>& used);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_STEP_CHAINS_H_
