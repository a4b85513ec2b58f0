#ifndef RELATA_GRAPH_ADJACENCY_STORED_FACTS_H_
#define RELATA_GRAPH_ADJACENCY_STORED_FACTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/adjacency/packed_array.h"
#include "graph/store/states.h"
#include "storage/versioned_store.h"

namespace relata {

// Appends the facts of the relationship at which the scan stands, of the table of outgoing entries
// or of incoming ones, as an adjacency array holds them: in the scan's order, those of a vertex and
// type make an array. Gives the relationship. DATA_LOSS where the record is damaged.
absl::StatusOr<RelationshipEnds> AppendStoredFacts(const VersionedScan& scan, bool outgoing,
                                                   std::vector<AdjacentFact>* facts);

// The same of a relationship whose key was decoded. `whole` may be null; it gets the facts with all
// that they say where the entry holds that, which outgoing ones do.
absl::Status AppendStoredFacts(const RelationshipEnds& ends, const VersionedScan& scan,
                               bool outgoing, std::vector<AdjacentFact>* facts,
                               std::vector<Fact>* whole);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_STORED_FACTS_H_
