#ifndef RELATA_GRAPH_ADJACENCY_LANES_H_
#define RELATA_GRAPH_ADJACENCY_LANES_H_

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/adjacency_cache.h"
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
  // Where the cache has arrays of it; null: nowhere.
  const AdjacencyCache::LaneArrays* cached = nullptr;
  bool operator==(const Lane&) const = default;
};

// The lanes that a set of steps asks for, each once, by (type, out before in), for one vertex after
// the other. Used by one thread; `snapshot` must outlive it.
class LaneList {
 public:
  LaneList(const Snapshot& snapshot, absl::Span<const Step> steps);

  // Those of a vertex; some may be empty. Valid until the next call. A step of every type needs the
  // types that the vertex has: from the cache, or one seek a type. Precondition: a Pin where the
  // snapshot has a cache.
  absl::StatusOr<absl::Span<const Lane>> Of(EntityId vertex) {
    if (!every_.out && !every_.in) return absl::MakeConstSpan(lanes_);
    return WithEveryType(vertex);
  }
  // Those that every vertex is asked for: all, unless there is a step of every type.
  absl::Span<const Lane> Named() const {
    return every_.out || every_.in ? absl::Span<const Lane>() : absl::MakeConstSpan(lanes_);
  }

 private:
  // Which directions of a type are asked for.
  struct Directions {
    bool out = false;
    bool in = false;
    void Add(Direction d) {
      out |= d != Direction::kIn;
      in |= d != Direction::kOut;
    }
  };
  using Asked = std::map<TypeId, Directions>;

  absl::StatusOr<absl::Span<const Lane>> WithEveryType(EntityId vertex);
  void SetLanes(const Asked& asked);

  const Snapshot& snapshot_;
  Asked named_;  // by the steps that name a type
  Directions every_;
  std::vector<Lane> lanes_;
};

// The lanes of one vertex.
absl::StatusOr<std::vector<Lane>> LanesOf(const Snapshot& snapshot, EntityId vertex,
                                          absl::Span<const Step> steps);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_LANES_H_
