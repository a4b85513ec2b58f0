#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_TRAIL_WALK_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_TRAIL_WALK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/operators/backward_distances.h"
#include "graph/query/executor/operators/edge_filter.h"
#include "graph/query/executor/operators/rest_of_walk.h"

namespace relata::query {

// All walks from a start, one after the other, depth first, a walk before those that prolong it.
// The path mode says what a walk may not repeat. Memory grows with the depth, not with the number
// of walks. Used by one thread.
class TrailWalk {
 public:
  // Walks in that time context, all of whose relationships `filter` lets pass. For `plan`'s
  // account.
  TrailWalk(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
            ContextId time_context, BoundPathMode mode)
      : filter_(*filter),
        meter_(plan, context),
        time_context_(time_context),
        mode_(mode),
        own_distances_(filter, plan, context),
        rest_(filter, plan, context, mode) {}

  // Walks of min to max relationships. `into`: only walks that end there are wanted. Others are
  // given too, but what cannot lead there is left out: by `distances` to it, or where they are null
  // once the search has become long; and where many steps have led to no such walk, by what those
  // at hand leave unused (RestOfWalk). Without `into`, `distances` are those to the nearest of the
  // ends that are wanted.
  void Start(EntityId start, std::vector<Step> steps, int64_t min, int64_t max,
             std::optional<EntityId> into, const BackwardDistances* distances);
  // Goes to the next walk; false: there is none.
  absl::StatusOr<bool> Next();

  // The walk at hand.
  const Datum::List& relationships() const { return walk_; }
  EntityId end() const { return vertices_.back(); }
  // Whether a larger `max` might have given more.
  bool cut() const { return cut_; }

 private:
  // The edges of one vertex on the walk; those before `next` are done.
  struct Frame {
    Expansion expansion;
    size_t next = 0;
  };
  // Of one relationship on the walk, beside the edges: its value, its places in the lists and the
  // set, and the frame.
  static constexpr size_t kStepBytes =
      sizeof(Frame) + 2 * sizeof(Datum) + sizeof(RelationshipRef) + 4 * sizeof(RelationshipId) + 96;
  // So many vertices are expanded before looking backwards from `into` pays.
  static constexpr uint64_t kLongSearch = 512;
  // Looking whether the walk at hand leads anywhere is left out for up to so many vertices, where
  // it did before.
  static constexpr uint64_t kRarely = 4096;

  absl::Status Push();
  void Pop();
  // Whether the walk may go on over this edge.
  bool MayTake(const Edge& edge);
  bool OnWalk(EntityId vertex) const;
  bool LeadsThere(EntityId vertex);
  // Whether the walk at hand, prolonged, can come to `into_` in time. True where it was not looked.
  absl::StatusOr<bool> LooksAlive();

  EdgeFilter& filter_;
  OperatorMeter meter_;
  const ContextId time_context_;
  const BoundPathMode mode_;
  int64_t min_ = 0;
  int64_t max_ = 0;
  std::vector<Step> steps_;
  std::optional<EntityId> into_;
  bool begun_ = false;
  bool ended_ = false;  // the walk at hand has come back to its start (kSimple): no longer one
  // vertices_ has one more than walk_ and taken_.
  std::vector<EntityId> vertices_;
  Datum::List walk_;
  std::vector<RelationshipId> taken_;
  absl::flat_hash_set<RelationshipId> taken_set_;  // the same, for long walks
  std::vector<Frame> frames_;                      // frames_[i]: of vertices_[i], for i < depth_
  size_t depth_ = 0;
  size_t kept_edges_ = 0;  // what frames_ have room for
  uint64_t expanded_ = 0;
  uint64_t barren_ = 0;   // vertices expanded since a walk ended at `into_`
  uint64_t look_at_ = 0;  // how many they are when it is looked whether the walk leads there
  uint64_t pause_ = 0;    // vertices between two looks
  bool cut_ = false;
  BackwardDistances own_distances_;
  const BackwardDistances* distances_ = nullptr;  // null: not known
  RestOfWalk rest_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_TRAIL_WALK_H_
