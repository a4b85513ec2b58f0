#ifndef RELATA_GRAPH_STORE_INDEX_SCAN_H_
#define RELATA_GRAPH_STORE_INDEX_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/versioned_store.h"

namespace relata {

// The ids in the next entries of an index, at most `most` (at least one), in these ranges of it
// (IndexRanges): ascending, each once. Takes what it read off `ranges`; once none is left, that was
// all. What two calls give may have ids in common.
absl::StatusOr<std::vector<uint64_t>> NextIndexed(const StoreSnapshot& store, size_t most,
                                                  std::vector<KeyRange>* ranges);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_INDEX_SCAN_H_
