#ifndef RELATA_GRAPH_QUERY_STATISTICS_PROCEDURES_H_
#define RELATA_GRAPH_QUERY_STATISTICS_PROCEDURES_H_

#include <vector>

#include "graph/query/planner/degree_samples.h"
#include "graph/query/planner/value_samples.h"
#include "graph/query/procedures/procedure.h"

namespace relata::query {

// CALL relata.statistics.…: what the planner rests its estimates on, from the same samples. Both
// must outlive the procedures.
std::vector<Procedure> StatisticsProcedures(DegreeSamples* degrees, ValueSamples* values);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_STATISTICS_PROCEDURES_H_
