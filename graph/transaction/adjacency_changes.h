#ifndef RELATA_GRAPH_TRANSACTION_ADJACENCY_CHANGES_H_
#define RELATA_GRAPH_TRANSACTION_ADJACENCY_CHANGES_H_

#include "base/ids.h"
#include "graph/store/states.h"

namespace relata {

class AdjacencyCache;

// Tells the cache, at both ends, what the commit `version` made of a relationship: null where it
// was not or is no more; not both. For PendingCommit::BeforePublish.
void ChangeAdjacency(const RelationshipState* before, const RelationshipState* after,
                     CommitVersion version, AdjacencyCache& cache);

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_ADJACENCY_CHANGES_H_
