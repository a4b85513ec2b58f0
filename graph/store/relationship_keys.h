#ifndef RELATA_GRAPH_STORE_RELATIONSHIP_KEYS_H_
#define RELATA_GRAPH_STORE_RELATIONSHIP_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/store/keyless_relationships.h"
#include "graph/store/snapshot.h"

namespace relata {

// The stable keys of many relationships, in the order of `ids`, as Snapshot::GetRelationshipKey
// gives each (empty: none, or it is gone), by one batched read of those that are not in `keyless`,
// which gets what is found to have no key (null: nothing is remembered). It is of the snapshot's
// database.
absl::StatusOr<std::vector<std::string>> RelationshipKeys(const Snapshot& snapshot,
                                                          absl::Span<const RelationshipId> ids,
                                                          KeylessRelationships* keyless);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_RELATIONSHIP_KEYS_H_
