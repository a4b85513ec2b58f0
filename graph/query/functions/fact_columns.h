#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_FACT_COLUMNS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_FACT_COLUMNS_H_

#include "absl/status/status.h"
#include "graph/query/functions/function.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// A function of one relationship for many at once: `relationships` is a column of kind
// kRelationship, `out` gets as many rows, each as the function gives it.
using RelationshipsFunction = absl::Status (*)(CallContext& context, const Column& relationships,
                                               Column* out);

// Of those functions of facts that are faster so; null for the others.
RelationshipsFunction FindRelationshipsFunction(const FunctionDefinition& function);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_FACT_COLUMNS_H_
