#ifndef RELATA_GRAPH_ADJACENCY_RANGE_FILL_H_
#define RELATA_GRAPH_ADJACENCY_RANGE_FILL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/store/snapshot.h"

namespace relata {

// Which values of facts FillRange puts into columns too. Outgoing entries alone hold them.
struct FilledValues {
  enum class Which : uint8_t {
    kNone,
    kNumbers,  // all that columns keep in eight bytes: numbers, dates and the like, valid times
    kNamed,    // `properties` of facts of `type`
  };
  Which which = Which::kNone;
  TypeId type;
  std::vector<PropertyId> properties;
};

// What FillRange looks for.
struct RangeToFill {
  bool outgoing = true;
  EntityId first;
  EntityId end;            // not of it; invalid: as far as there are entities
  TypeId type;             // arrays of this type alone; invalid: of all
  size_t most = SIZE_MAX;  // ends after the entity at which it has read so many relationships
  FilledValues values;
};

struct FilledRange {
  EntityId next;             // all entities before it are known now
  size_t relationships = 0;  // read
  bool ended = false;        // nothing was left to read in the range
};

// Reads the relationships of consecutive entities in one direction, by one scan, into the cache:
// for each entity an array of each type, and which types it has. For work over many entities of
// which little is known; one alone is cheaper to look up (EdgeWalk). Preconditions: `head` was of
// the head when it was opened, and there is a cache. DATA_LOSS and UNAVAILABLE of the engine.
absl::StatusOr<FilledRange> FillRange(const Snapshot& head, const RangeToFill& range);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_RANGE_FILL_H_
