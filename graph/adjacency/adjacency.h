#ifndef RELATA_GRAPH_ADJACENCY_ADJACENCY_H_
#define RELATA_GRAPH_ADJACENCY_ADJACENCY_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

enum class Direction : uint8_t { kOut = 0, kIn = 1, kEither = 2 };

// One way to leave a vertex.
struct Step {
  TypeId type;  // 0: every type
  Direction direction = Direction::kOut;
  bool operator==(const Step&) const = default;
};

// One fact of a relationship at a vertex, as a view shows it.
struct Edge {
  EntityId neighbour;
  RelationshipId relationship;
  FactId fact;
  TypeId type;
  bool outgoing = true;  // the vertex is the relationship's `from`
  BeliefDigest digest;   // of the default policy

  RelationshipEnds Ends(EntityId vertex) const {
    return outgoing ? RelationshipEnds{relationship, type, vertex, neighbour}
                    : RelationshipEnds{relationship, type, neighbour, vertex};
  }
};

// The edges of many vertices: those of the i-th are [offsets[i], offsets[i + 1]).
struct Expansion {
  std::vector<size_t> offsets;
  std::vector<Edge> edges;
  std::vector<Interval> valid;  // of each edge, where it was asked for; else empty
  absl::Span<const Edge> of(size_t i) const {
    return absl::MakeConstSpan(edges).subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
};

// Whether Expand gives the valid times of edges.
enum class EdgeTimes : uint8_t { kNone, kGiven };

// Walking the graph: many vertices in, the edges of each out, at the snapshot's
// version, as `view` shows them: at an instant one a visible relationship (S1.4; under the raw
// policy one a matching fact), in a window or ALL one a fact. `steps` is a set: an edge that
// several match comes once; a loop comes once (as outgoing) where both directions are asked. Edges
// of a vertex are ordered by (type, direction out before in, neighbour, relationship, rank). A
// vertex that does not exist has no edges. Arrays come from the snapshot's cache where it has one,
// else from storage. The default policy reads no citation; another one reads the facts of what it
// looks at. Searches that keep no edges use ForEachEdge (edge_walk.h).
absl::Status Expand(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                    absl::Span<const Step> steps, const ReadView& view, Expansion* out,
                    EdgeTimes times = EdgeTimes::kNone);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_ADJACENCY_H_
