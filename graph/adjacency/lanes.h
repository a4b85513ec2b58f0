#ifndef RELATA_GRAPH_ADJACENCY_LANES_H_
#define RELATA_GRAPH_ADJACENCY_LANES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/store/snapshot.h"

namespace relata {

// The relationships of one vertex in one type and direction: a range of keys of the store, and one
// array of the cache.
struct Lane {
  TypeId type;
  bool outgoing = true;
  // Loops of this lane also lie in the outgoing one, which is asked for as well: here they are left
  // out.
  bool skip_loops = false;
  bool operator==(const Lane&) const = default;
};

// The lanes of `vertex` that a set of steps asks for, each once, by (type, out before in). A step
// of every type reads which types the vertex has (one seek a type); other lanes may be empty.
absl::StatusOr<std::vector<Lane>> LanesOf(const Snapshot& snapshot, EntityId vertex,
                                          absl::Span<const Step> steps);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_LANES_H_
