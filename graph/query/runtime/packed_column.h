#ifndef RELATA_GRAPH_QUERY_RUNTIME_PACKED_COLUMN_H_
#define RELATA_GRAPH_QUERY_RUNTIME_PACKED_COLUMN_H_

#include <vector>

#include "graph/query/runtime/column.h"

namespace relata::query {

// A column of these values: packed where all that are not null are of one kind that columns pack,
// else as data.
Column PackColumn(std::vector<Datum> values);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_RUNTIME_PACKED_COLUMN_H_
