#ifndef RELATA_GRAPH_ANSWERS_CHAIN_SEARCH_H_
#define RELATA_GRAPH_ANSWERS_CHAIN_SEARCH_H_

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/answers/chain_dates.h"
#include "graph/answers/chain_edges.h"
#include "graph/answers/chains.h"
#include "graph/answers/reachability.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// Best-first search for chains (S8.3). For one thread and one question; borrows all that it is
// given.
//
// The queue holds three kinds of entry, each with a sort key that is at least as good as that of
// every chain which can still come out of it: a chain (its own key), a chain whose last vertex is
// to be looked at (its key with one more hop), and the rest of a vertex's candidates in their order
// (the best that a chain ending in one of them can have). A key is completed by the relationship
// ids of the chain, where a chain's own come before those that start with them. So taking always
// the best entry gives the chains in their exact order, ties included; a vertex is read only when a
// chain through it may be the next best, and a hub's candidates enter the queue one by one.
class ChainSearch {
 public:
  // A link of a chain as it is found: the candidate by which it was extended. Valid as long as the
  // search.
  struct Link {
    const ChainEdgeList* list = nullptr;
    const ChainCandidate* candidate = nullptr;
  };
  struct Found {
    std::vector<Link> links;
    Range share;
    Range least_amount;
    uint64_t rank = 0;
  };

  // `reach` may be null: no wanted end.
  ChainSearch(const Snapshot& snapshot, const ChainRequest& request, ChainEdges& edges,
              const Reachability* reach, Budget& budget);
  ChainSearch(const ChainSearch&) = delete;
  ChainSearch& operator=(const ChainSearch&) = delete;

  // The next best chain; nullopt at the end, and where the budget is spent.
  absl::StatusOr<std::optional<Found>> Next();

  // Entries of the queue; 0 only where no chain is left.
  size_t frontier() const { return queue_.size(); }
  // What the order weighs (shares, amounts) of the best entry. Precondition: frontier() > 0.
  Range frontier_best() const { return queue_.top().weight; }

 private:
  // A chain from the start to a vertex.
  struct Node {
    uint32_t parent = 0;
    Link link;
    EntityId vertex;
    uint32_t hops = 0;
    Range share{1.0, 1.0};
    Range amount;
    DateOrder dates{true};
  };
  enum class Kind : uint8_t { kChain, kVertex, kRest };
  struct Entry {
    Kind kind = Kind::kChain;
    uint32_t node = 0;      // kChain, kVertex: the chain; kRest: the chain that is to be extended
    uint32_t position = 0;  // kRest: in the candidate order
    uint32_t hops = 0;      // of the chain; of kVertex and kRest one more than its node's
    Range weight;
  };
  // For a priority queue: whether `a` comes later than `b`.
  struct Later {
    const ChainSearch* search;
    bool operator()(const Entry& a, const Entry& b) const { return search->Compare(a, b) > 0; }
  };

  Range WeightOf(const Node& node) const { return by_amount_ ? node.amount : node.share; }
  // Negative: `a` has the better key, ids left aside.
  int CompareKeys(uint32_t hops_a, const Range& a, uint32_t hops_b, const Range& b) const;
  int Compare(const Entry& a, const Entry& b) const;
  // By relationship ids hop by hop; a chain comes before those that begin with it.
  int ComparePaths(uint32_t a, uint32_t b) const;

  // Whether a chain may be longer, as far as can be seen without looking at its vertex.
  bool MayGrow(const Node& node) const;
  absl::StatusOr<bool> IsAnswer(const Node& node);
  absl::StatusOr<bool> HasEndLabel(EntityId vertex);
  absl::Status OpenVertex(const Entry& entry);
  // Puts the first fitting candidate from the entry's position on into the queue, and the rest.
  absl::Status TakeCandidate(const Entry& entry);
  void PushRest(uint32_t node, uint32_t position, const ChainEdgeList& list);
  const CandidateOrder& OrderFor(const Node& node, const ChainEdgeList& list) const;
  // The chain extended by a candidate; nullopt where the request does not allow it.
  std::optional<Node> Extend(uint32_t node, const ChainEdgeList& list,
                             const ChainCandidate& candidate) const;
  bool Repeats(uint32_t node, const ChainCandidate& candidate) const;
  // Numbers the groups of equal keys.
  uint64_t RankOf(const Node& node);
  Found Describe(const Node& node, uint64_t rank) const;

  const Snapshot& snapshot_;
  const ChainRequest& request_;
  ChainEdges& edges_;
  const Reachability* const reach_;
  Budget& budget_;
  const bool by_amount_;
  std::vector<Node> nodes_;
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
  absl::flat_hash_map<EntityId, bool> end_labels_;
  std::optional<Entry> last_answer_;
  uint64_t rank_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_CHAIN_SEARCH_H_
