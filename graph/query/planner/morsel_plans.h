#ifndef RELATA_GRAPH_QUERY_PLANNER_MORSEL_PLANS_H_
#define RELATA_GRAPH_QUERY_PLANNER_MORSEL_PLANS_H_

#include "graph/query/planner/statement_planner.h"

namespace relata::query {

// Lets the parts of a plan run by morsels (GatherPlan) that by estimate make at least `rows` rows
// somewhere: pipelines over one scan, up to what needs all rows. What an aggregation, DISTINCT or
// ORDER BY with LIMIT can do to a morsel's rows alone it does there first. Below a LIMIT without
// ORDER BY, and in what runs once for each of many rows, nothing does. The plan must not write and
// must not have an expression that gives another value each time; one of more than 500 operators
// below each other stays as it is. The rows and their order stay as they are; a sum of floats is
// that of the sums of the morsels.
PlanPtr WithMorsels(StatementPlanner& planner, PlanPtr plan, double rows);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_MORSEL_PLANS_H_
