#ifndef RELATA_GRAPH_ADJACENCY_SNAPSHOT_COLUMNS_H_
#define RELATA_GRAPH_ADJACENCY_SNAPSHOT_COLUMNS_H_

#include <memory>

#include "graph/adjacency/property_columns.h"
#include "graph/store/snapshot.h"

namespace relata {

// The columns for readers of a snapshot, for both finding and keeping: those of the present where
// it was the head when it was opened, else those of its version (PastColumns). Null where the
// database has no cache. Those of the present live as long as the cache, those of the past with the
// pointer.
std::shared_ptr<PropertyColumns> ColumnsOf(const Snapshot& snapshot);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_SNAPSHOT_COLUMNS_H_
