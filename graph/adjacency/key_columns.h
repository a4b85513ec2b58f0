#ifndef RELATA_GRAPH_ADJACENCY_KEY_COLUMNS_H_
#define RELATA_GRAPH_ADJACENCY_KEY_COLUMNS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/property_columns.h"
#include "graph/store/snapshot.h"

namespace relata {

// Keys of entities that were read for a snapshot's readers, so that they need no second read of
// storage. Kept are keys of up to 23 bytes, and that there is none: as whole numbers of eight bytes
// each, the length in the first byte, since keys do not repeat as other texts do. Exact and bounded
// as PropertyColumns are, which hold them. Thread-safe; the snapshot must outlive it.
class KeyColumns {
 public:
  explicit KeyColumns(const Snapshot& snapshot);

  // Whether the key is known; then `key` gets it, empty for an entity without.
  bool Get(EntityId id, std::string* key) const;
  // Keeps keys that were read at the snapshot, of entities that exist there.
  void Keep(absl::Span<const std::pair<EntityId, std::string>> keys);

 private:
  const Snapshot& snapshot_;
  const std::shared_ptr<PropertyColumns> columns_;  // null: there is no cache
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_KEY_COLUMNS_H_
