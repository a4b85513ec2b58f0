#ifndef RELATA_GRAPH_ANSWERS_SEEN_FACTS_H_
#define RELATA_GRAPH_ANSWERS_SEEN_FACTS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// The one fact of each relationship that the view shows (S1.4; under the raw policy the best), in
// the order of `ends`; nullopt where it shows none. Precondition: view.valid is an instant. Reads
// of all are batched.
absl::StatusOr<std::vector<std::optional<Fact>>> SeenFacts(const Snapshot& snapshot,
                                                           const ReadView& view,
                                                           absl::Span<const RelationshipEnds> ends);

// The steps that walk a set of steps backward.
std::vector<Step> ReversedSteps(absl::Span<const Step> steps);

// NOT_FOUND, naming the role ("start"), where the entity does not exist at the snapshot's version.
absl::Status CheckExists(const Snapshot& snapshot, EntityId entity, absl::string_view role);

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_SEEN_FACTS_H_
