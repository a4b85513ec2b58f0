#ifndef RELATA_GRAPH_ADJACENCY_PAGE_COUNTS_H_
#define RELATA_GRAPH_ADJACENCY_PAGE_COUNTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ids.h"
#include "graph/values/bound.h"

namespace relata {

// How many relationships each of 64 consecutive entities has in one type and direction, where that
// is a matter of their number alone: each has one fact, which the default policy shows, and which
// is certainly valid at every instant from `safe_from` up to `safe_to`. Immutable. Counting a whole
// type reads these one after the other instead of the headers of arrays, which lie apart in memory.
struct PageCounts {
  static constexpr size_t kEntities = 64;

  // Whether they are what a reader at `version` counts at the instant `t`.
  bool Hold(CommitVersion version, Instant t) const {
    return since <= version && safe_from <= t && t < safe_to;
  }

  std::array<uint32_t, kEntities> counts{};
  // Of each entity a bit, the first one's lowest: it has a relationship; it may have a loop.
  uint64_t some = 0;
  uint64_t loops = 0;
  CommitVersion since;
  Instant safe_from = kMinusInfinity;
  Instant safe_to = kPlusInfinity;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PAGE_COUNTS_H_
