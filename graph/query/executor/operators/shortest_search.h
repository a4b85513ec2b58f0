#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_SEARCH_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_SEARCH_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/operators/edge_filter.h"

namespace relata::query {

// A breadth-first search that remembers every shortest way (or one) to each node that it reached.
// Used by one thread.
class SearchTree {
 public:
  SearchTree(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
             ContextId time_context)
      : filter_(*filter), meter_(plan, context), time_context_(time_context) {}

  // `all`: remembers every relationship by which a node can be reached in the least number of
  // steps; else the first one.
  void Start(EntityId root, std::vector<Step> steps, bool all);
  // Reaches the nodes one step further; they are the frontier then.
  absl::Status Advance();
  int64_t depth() const { return depth_; }
  const std::vector<EntityId>& frontier() const { return frontier_; }
  std::optional<int64_t> DepthOf(EntityId node) const;

  // A way that a node was reached, as a chain of them.
  struct Way {
    RelationshipRef relationship;
    EntityId before;  // nearer to the root
    uint32_t next;    // of the same node; kNone at the end
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t FirstWay(EntityId node) const { return marks_.find(node)->second.ways; }
  const Way& way(uint32_t i) const { return ways_[i]; }

 private:
  struct Mark {
    int64_t depth = 0;
    uint32_t ways = kNone;
  };
  static constexpr size_t kPiece = 256;

  template <typename AnyEdge>
  void Reach(EntityId from, const AnyEdge& edge, std::vector<EntityId>* found);

  EdgeFilter& filter_;
  OperatorMeter meter_;
  const ContextId time_context_;
  bool all_ = false;
  std::vector<Step> steps_;
  int64_t depth_ = 0;
  std::vector<EntityId> frontier_;
  absl::flat_hash_map<EntityId, Mark> marks_;
  std::vector<Way> ways_;
};

// Shortest walks, without conditions on the whole walk: between two different nodes, searched from
// both ends, or from one node to every other one. One of each pair, or all of them. They repeat no
// node, so they are the same for every path mode. Used by one thread.
class ShortestSearch {
 public:
  ShortestSearch(EdgeFilter* filter, const PlanNode& plan, ExecutionContext* context,
                 ContextId time_context)
      : forward_(filter, plan, context, time_context),
        backward_(filter, plan, context, time_context) {}

  // Walks of at most `max` relationships, none of them empty; `all` of each pair of ends, or one.
  // Precondition: `to` is not `from`.
  void Start(EntityId from, std::optional<EntityId> to, std::vector<Step> steps, int64_t max,
             bool all);
  // Goes to the next walk, by ascending length; false: there is none.
  absl::StatusOr<bool> Next();

  const Datum::List& relationships() const { return walk_; }
  EntityId end() const { return end_; }

 private:
  // The next piece of a half of a walk: from `node` towards the root of its tree.
  struct Choice {
    EntityId node;
    uint32_t way;
  };
  using Half = std::vector<Choice>;

  absl::Status Meet();
  // The next end or meeting node whose walks are given; false: none.
  absl::StatusOr<bool> NextTarget();
  static Half FirstHalf(const SearchTree& tree, EntityId node);
  static void Descend(const SearchTree& tree, EntityId node, Half* half);
  // To the next combination of ways; false: all were there.
  static bool Advance(const SearchTree& tree, Half* half);
  void Compose();

  SearchTree forward_;
  SearchTree backward_;
  EntityId from_;
  std::optional<EntityId> to_;
  int64_t max_ = 0;
  bool met_ = false;
  std::vector<EntityId> targets_;  // meeting nodes, or the nodes of one depth
  size_t next_target_ = 0;
  bool in_target_ = false;
  Half before_;  // from the target back to `from`
  Half after_;   // from the target on to `to`
  Datum::List walk_;
  EntityId end_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SHORTEST_SEARCH_H_
