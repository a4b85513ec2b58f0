#ifndef RELATA_GRAPH_QUERY_EXECUTOR_KNOWN_VALUES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_KNOWN_VALUES_H_

#include "graph/adjacency/property_columns.h"
#include "graph/query/runtime/column.h"
#include "graph/values/value.h"

namespace relata::query {

// The values that codes of `known` stand for: packed where they are of one kind that columns pack,
// as PackColumn does; texts that repeat share their memory.
Column ColumnOfCodes(const PropertyColumns::Column& known,
                     const PropertyColumns::Column::Codes& codes);
// The same of a single value: a statement about one thing reads nothing else.
Column ColumnOfValue(const Value& value);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_KNOWN_VALUES_H_
