#ifndef RELATA_GRAPH_TRANSACTION_SETTLE_H_
#define RELATA_GRAPH_TRANSACTION_SETTLE_H_

#include "base/ids.h"
#include "graph/store/states.h"
#include "graph/values/bound.h"

namespace relata {

// Makes a state that a transaction wrote final, once its commit has a version and a time: what was
// added gets them, and facts come into the order of their ids.
void Settle(CommitVersion version, Instant time, EntityState& state);
void Settle(CommitVersion version, Instant time, RelationshipState& state);

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_SETTLE_H_
