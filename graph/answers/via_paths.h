#ifndef RELATA_GRAPH_ANSWERS_VIA_PATHS_H_
#define RELATA_GRAPH_ANSWERS_VIA_PATHS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/answers/timeline.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// The via paths of a timeline (S10): every walk from a subject over the request's steps that visits
// no entity twice, by the entity it ends at. Parallel relationships make paths of their own. For
// one thread and one question; borrows what it is given.
class ViaPaths {
 public:
  // Names a path. Lower ones are shorter; of equal length the one with the lower relationship ids
  // hop by hop, from the subjects in their order.
  using PathId = uint32_t;

  // An entity at the end of paths of the lengths asked for.
  struct Reached {
    EntityId entity;
    uint64_t paths = 0;
    PathId shortest = 0;
    std::vector<PathId>
        all;  // ascending; kept only where the request wants paths valid at the entry's date
  };

  ViaPaths(const Snapshot& snapshot, const ReadView& view, const TimelineRequest& request,
           Budget& budget);

  // Walks all paths (where the request does without them, perhaps one to each entity), shorter ones
  // first, or as far as the budget lasts: then frontier_left()
  // entities were not looked at. Call once.
  absl::Status Walk();

  // In the order in which they were first reached.
  const std::vector<Reached>& reached() const { return reached_; }
  uint64_t frontier_left() const { return frontier_left_; }
  EntityId SubjectOf(PathId path) const;
  std::vector<TimelineHop> HopsOf(PathId path) const;
  // Whether there is an instant of the date at which every relationship of the path is possibly
  // valid. Only with path_at_date. O(h^2 f^2) for h hops of f facts each.
  bool ValidAt(PathId path, const Bound& date) const;

 private:
  // A way from one entity to another: a relationship, or (where dates do not count) all between the
  // two, the lowest id standing for them.
  struct Link {
    RelationshipEnds ends;
    EntityId to;
    uint64_t parallel = 1;
    std::vector<Interval> valid;  // of the visible facts, with path_at_date
  };
  struct Node {
    PathId parent = 0;
    const Link* link = nullptr;  // null at a subject
    EntityId vertex;
    uint64_t parallel = 1;  // how many paths it stands for
  };

  // Finds the entities that are reached, without their paths. Whatever is reached is reached by a
  // shortest walk, which visits nothing twice.
  bool CanSkipPaths() const {
    return !request_.with_paths && !request_.path_at_date &&
           (request_.min_hops == 0 || (request_.min_hops == 1 && request_.subjects.size() == 1));
  }
  absl::Status Reach();
  // Reads the links of the vertices of these paths that were not read before.
  absl::Status ReadLinks(absl::Span<const PathId> level);
  std::vector<Link> MakeLinks(EntityId vertex, const Expansion& expansion) const;
  // Extends a path by all links of its vertex.
  absl::Status Extend(PathId path, int hops, std::vector<PathId>& next);
  bool Visits(PathId path, EntityId vertex) const;
  bool AllValidAt(PathId path, Instant t) const;
  void Count(PathId path);

  const Snapshot& snapshot_;
  const ReadView view_;  // all valid time
  const TimelineRequest& request_;
  Budget& budget_;
  std::vector<Node> nodes_;
  absl::flat_hash_map<EntityId, std::unique_ptr<const std::vector<Link>>> links_;
  std::vector<Reached> reached_;
  absl::flat_hash_map<EntityId, size_t> place_;  // in reached_
  uint64_t frontier_left_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_VIA_PATHS_H_
