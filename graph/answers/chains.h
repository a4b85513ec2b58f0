#ifndef RELATA_GRAPH_ANSWERS_CHAINS_H_
#define RELATA_GRAPH_ANSWERS_CHAINS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

enum class ChainMode : uint8_t { kSimple, kTrail };
enum class ChainParallel : uint8_t { kEach, kMerged };
enum class ChainOrder : uint8_t { kShare, kHops, kAmount };

// What to ask (S8). view.valid must be an instant. Shares and amounts are read from the properties
// of the fact that the view shows, as graph/answers/chain_weights.h says.
//
// Under kMerged the relationships of one type and ordered pair that pass the filters are one step:
// shares and amounts are added (shares capped at 1), and the lowest id stands for it in the order.
struct ChainRequest {
  EntityId start;
  std::vector<Step> steps;  // at least one
  int min_hops = 1;
  int max_hops = 5;
  ChainMode mode = ChainMode::kSimple;
  ChainParallel parallel = ChainParallel::kEach;
  ChainOrder order = ChainOrder::kShare;
  std::array<char, 3> currency{};  // for kAmount; all zero: none, INVALID_ARGUMENT
  std::optional<EntityId> end;     // only chains that end here
  bool non_decreasing = false;
  // Each hop's from-date in [started_from, started_before).
  Instant started_from = kMinusInfinity;
  Instant started_before = kPlusInfinity;
  // Restricts the entities that a chain may end in to those with one of these labels; empty: any.
  std::vector<LabelId> end_labels;
  size_t limit = 10;
  // Without them hops tell where they lead, and have no edges; wrong shares are not reported.
  bool with_edges = true;
};

// A number known to lie in [low, high].
struct Range {
  double low = 0.0;
  double high = 1.0;
  bool operator==(const Range&) const = default;
};

// One relationship of a hop, with the fact that was seen.
struct ChainEdge {
  RelationshipEnds ends;
  Fact fact;
  Range share;
  bool share_invalid = false;  // out of range: counted as unknown (S8.2)
};
// One hop: `edges` has one, under kMerged all that were added.
struct ChainHop {
  EntityId to;  // the entity it reaches
  bool outgoing = true;
  std::vector<ChainEdge> edges;  // empty without ChainRequest::with_edges
  Range share;
};
struct Chain {
  std::vector<ChainHop> hops;
  Range share;
  std::optional<Range> least_amount;  // with kAmount; high is +infinity where open
  uint64_t rank = 0;                  // number of the group of equal sort key before ids, from 0
};

// Where to go on: the place of the last chain given, in the order of the request. Rank, then
// relationships decide; the search is done again up to there, so a page costs as much as all before
// it.
struct ChainCursor {
  Range share;
  std::optional<Range> least_amount;
  std::vector<RelationshipId> relationships;  // hop by hop, merged ones flattened
  uint64_t rank = 0;
};

struct ChainAnswer {
  std::vector<Chain> chains;
  // More chains may follow the last one.
  std::optional<ChainCursor> next;
  // Relationships of the rows returned whose share was out of range; distinct, ascending.
  std::vector<RelationshipId> invalid_shares;
  // Where the budget ran out: entries of the frontier that were left, and the best that they could
  // still reach.
  bool cut = false;
  bool reproducible = true;
  uint64_t frontier_left = 0;
  Range frontier_best;  // of shares; with kAmount of amounts
};

// The best `limit` chains after `after` (null: from the best on; a cursor of the same question at
// the same version), best first. Best-first search over monotone keys: exact, without enumerating
// the rest; a hub's neighbours enter the queue one by one; with `end` vertices that cannot reach it
// are left out. INVALID_ARGUMENT: non_decreasing with kMerged or mixed directions, kAmount without
// currency, bad hops, a view that is no instant. NOT_FOUND: start or end does not exist. CANCELLED
// from the budget.
absl::StatusOr<ChainAnswer> FindChains(const Snapshot& snapshot, const ReadView& view,
                                       const ChainRequest& request, const ChainCursor* after,
                                       Budget& budget);

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_CHAINS_H_
