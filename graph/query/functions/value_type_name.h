#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_TYPE_NAME_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_TYPE_NAME_H_

#include <string>

#include "graph/query/runtime/datum.h"

namespace relata::query {

// The narrowest type (functions/type_expression.h) that a value conforms to, as it is written:
// `NULL`, `INTEGER NOT NULL`, `LIST<INTEGER NOT NULL | STRING NOT NULL> NOT NULL`,
// `LIST<NOTHING> NOT NULL`. Types in a union stand by name.
std::string ValueTypeNameOf(const Datum& value);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_TYPE_NAME_H_
