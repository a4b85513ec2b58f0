#ifndef RELATA_TESTS_GRAPH_ANSWERS_NAIVE_CHAINS_H_
#define RELATA_TESTS_GRAPH_ANSWERS_NAIVE_CHAINS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/answers/chains.h"
#include "graph/store/snapshot.h"

namespace relata {

// A chain as the tests compare it.
struct NaiveChain {
  std::vector<std::vector<RelationshipId>> hops;  // the relationships of each, ascending
  std::vector<EntityId> entities;                 // after the start
  Range share;
  std::optional<Range> least_amount;
  uint64_t rank = 0;
  bool operator==(const NaiveChain&) const = default;
};
std::string ToString(const NaiveChain& chain);
// For gtest's messages.
void PrintTo(const NaiveChain& chain, std::ostream* out);
NaiveChain Simplified(const Chain& chain);

// The whole answer, ignoring `limit`: every walk is enumerated, the rules of S8 are tried on it as
// they are written, and what is left is sorted. Reads relationships by listing all, never an
// adjacency.
std::vector<NaiveChain> NaiveChains(const Snapshot& snapshot, const ReadView& view,
                                    const ChainRequest& request);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ANSWERS_NAIVE_CHAINS_H_
