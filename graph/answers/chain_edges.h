#ifndef RELATA_GRAPH_ANSWERS_CHAIN_EDGES_H_
#define RELATA_GRAPH_ANSWERS_CHAIN_EDGES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/adjacency/property_columns.h"
#include "graph/adjacency/snapshot_columns.h"
#include "graph/answers/chain_weights.h"
#include "graph/answers/chains.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// What the order of an answer weighs: shares are multiplied along a chain, of amounts the least
// counts. Both can only get less, in `low` and in `high`.
Range CombineShares(const Range& a, const Range& b);
Range CombineAmounts(const Range& a, const Range& b);

// A way to go on from a vertex: a relationship, or under kMerged all of one type and ordered pair.
struct ChainCandidate {
  EntityId to;
  RelationshipId id;  // the lowest of its relationships
  TypeId type;
  bool outgoing = true;
  Range share;
  Range amount;                // with kAmount only
  Bound from;                  // the from-bound, of a single relationship
  uint32_t members_begin = 0;  // in ChainEdgeList::members, under kMerged
  uint32_t members_end = 0;
};

// One order in which a search takes the candidates of a vertex, with the best that the rest of the
// list holds. The bounds are exact upper limits of low and of high, whatever the order.
struct CandidateOrder {
  std::vector<uint32_t> positions;
  std::vector<Range> best_from;  // best_from[i]: the largest low and the largest high of
                                 // positions[i] and later ones
};

// The candidates of one vertex that pass the request's filters on single relationships, and the
// orders a search may take them in, by what the request's order weighs. Immutable once made.
struct ChainEdgeList {
  std::vector<ChainCandidate> candidates;
  // Relationships of the candidates, ascending within each; empty where each has one.
  std::vector<RelationshipId> members;
  // Whether each weight is one number, so that both orders are the same: by_high is left empty.
  bool exact = true;
  CandidateOrder by_low;   // low descending, high descending, id
  CandidateOrder by_high;  // high descending, id: for chains whose low is 0 already

  // `c`: one of candidates.
  absl::Span<const RelationshipId> MembersOf(const ChainCandidate& c) const {
    if (members.empty()) return {&c.id, 1};
    return absl::MakeConstSpan(members).subspan(c.members_begin, c.members_end - c.members_begin);
  }
  const CandidateOrder& ByHigh() const { return exact ? by_low : by_high; }
};

// Makes the candidate lists of vertices on demand and keeps them for the time of one question. For
// one thread. Borrows all that it is given.
class ChainEdges {
 public:
  ChainEdges(const Snapshot& snapshot, const ReadView& view, const ChainRequest& request,
             const ChainWeights& weights, Budget& budget)
      : snapshot_(snapshot),
        view_(view),
        request_(request),
        weights_(weights),
        budget_(budget),
        columns_(ColumnsOf(snapshot)),
        walk_(snapshot, request.steps, view) {}

  // The list lives as long as this. Spends one expansion a relationship read.
  absl::StatusOr<const ChainEdgeList*> Of(EntityId vertex);

 private:
  // Null where there is none.
  absl::StatusOr<std::unique_ptr<ChainEdgeList>> Make(EntityId vertex);
  // The edges of a vertex that pass the filters, as candidates without weights.
  absl::Status Collect(EntityId vertex, ChainEdgeList& list);
  void AddEdge(EntityId vertex, const Edge& edge, const Bound& from, ChainEdgeList& list);
  // Sets the shares that the edges' facts state, where the cache's columns know them all: then no
  // fact needs to be read. False: read them.
  bool FindShares(std::vector<ChainCandidate>& candidates);
  // Sets what is weighed from the facts themselves; leaves out candidates without.
  absl::Status ReadWeights(EntityId vertex, std::vector<ChainCandidate>& candidates) const;
  // Keeps in the columns what was read.
  void KeepShares(const std::vector<std::optional<Fact>>& facts) const;
  // Joins neighbouring candidates of one type, direction and neighbour (kMerged).
  void Merge(ChainEdgeList& list) const;
  void Sort(ChainEdgeList& list) const;

  const Snapshot& snapshot_;
  const ReadView& view_;
  const ChainRequest& request_;
  const ChainWeights& weights_;
  Budget& budget_;
  const std::shared_ptr<PropertyColumns> columns_;  // null: there is no cache
  EdgeWalk walk_;
  const PropertyColumns::Column* shares_ = nullptr;  // null: not found yet
  absl::flat_hash_map<EntityId, std::unique_ptr<const ChainEdgeList>> lists_;
  std::vector<FactId> facts_;  // of the candidates at hand
  RelationshipId last_;        // of the edges at hand
  uint64_t edges_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_CHAIN_EDGES_H_
