#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LEVEL_ENDS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LEVEL_ENDS_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/adjacency/node_set.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// Which nodes walks of min to max relationships reach from a start, each once, without enumerating
// the walks: level by level, where a level is the nodes at the end of walks of one length.
//
// kWalk: a set of nodes a level up to min, and then breadth first, since whoever is there may go
// on as they like.
//
// kTrail: a node of a level keeps some of the trails that lead to it, enough that however a trail
// goes on from there (at most `max` less the level's number of relationships, q), if one that came
// can go on so without taking a relationship twice, then one that is kept can. These are
// representative families (B. Monien, "How to find long paths efficiently", 1985): of trails of
// p relationships at most (p + q choose p) are kept, however many there are. Used by one thread.
class LevelEnds {
 public:
  LevelEnds(EdgeFilter* filter, OperatorMeter* meter, int64_t min, int64_t max, BoundPathMode mode)
      : filter_(*filter), meter_(*meter), min_(min), max_(max), mode_(mode) {}

  // Whether it can tell: of walks whatever their length, of trails of so many relationships that
  // few are kept.
  static bool CanTell(int64_t max, BoundPathMode mode) {
    return mode == BoundPathMode::kWalk || (mode == BoundPathMode::kTrail && max <= kLongestTrail);
  }

  void Start(EntityId start, std::vector<Step> steps);
  // Appends more nodes, some at a time; false at the end.
  absl::StatusOr<bool> Next(std::vector<EntityId>* found);

 private:
  static constexpr int64_t kLongestTrail = 8;
  // Vertices expanded in one call.
  static constexpr size_t kPiece = 256;
  using Trail = std::vector<RelationshipId>;
  struct Kept {
    std::vector<Trail> trails;
    bool full = false;  // they stand for every other one
  };

  absl::Status Advance();
  absl::Status AdvanceByWalks(absl::Span<const EntityId> piece);
  absl::Status AdvanceByTrails(absl::Span<const EntityId> piece);
  void ReachByTrails(const Edge& edge, const std::vector<Trail>& trails);
  // Whether there are at most `allowed` relationships, none of them of `trail`, such that each of
  // the trails that are kept has one of them: then the kept ones cannot stand for it.
  static bool Escapes(const Trail& trail, const std::vector<Trail>& kept, int64_t allowed);
  absl::Status Account();

  EdgeFilter& filter_;
  OperatorMeter& meter_;
  const int64_t min_;
  const int64_t max_;
  const BoundPathMode mode_;
  std::vector<Step> steps_;
  int64_t depth_ = 0;  // of `level_`
  std::vector<EntityId> level_;
  std::vector<EntityId> next_level_;
  NodeSet in_next_;                             // kWalk: `next_level_`
  absl::flat_hash_map<EntityId, Kept> trails_;  // kTrail: of `level_`
  absl::flat_hash_map<EntityId, Kept> next_trails_;
  size_t kept_ids_ = 0;  // in the two
  NodeSet given_;        // where later levels may meet them again
  Expansion expansion_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LEVEL_ENDS_H_
