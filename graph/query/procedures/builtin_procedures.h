#ifndef RELATA_GRAPH_QUERY_PROCEDURES_BUILTIN_PROCEDURES_H_
#define RELATA_GRAPH_QUERY_PROCEDURES_BUILTIN_PROCEDURES_H_

#include <vector>

#include "graph/query/procedures/procedure.h"

namespace relata::query {

// The procedures of each subject; RegisterBuiltinProcedures registers them all.
std::vector<Procedure>
AnswerProcedures();  // relata.chains, relata.timeline, relata.find, relata.paths
std::vector<Procedure> AlgorithmProcedures();  // relata.algorithms.…
std::vector<Procedure> ChangeProcedures();     // relata.changes
std::vector<Procedure> DbProcedures();         // db.labels and its like, relata.statistics

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PROCEDURES_BUILTIN_PROCEDURES_H_
