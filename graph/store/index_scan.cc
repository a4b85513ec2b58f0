#include "graph/store/index_scan.h"

#include <algorithm>
#include <string>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"

namespace relata {

absl::StatusOr<std::vector<uint64_t>> NextIndexed(const StoreSnapshot& store, size_t most,
                                                  std::vector<KeyRange>* ranges) {
  std::vector<uint64_t> ids;
  size_t read = 0;
  auto range = ranges->begin();
  for (; range != ranges->end() && read < most; ++range) {
    VersionedScan scan(store, *range);
    for (; scan.Valid() && read < most; scan.Next(), ++read) {
      RELATA_ASSIGN_OR_RETURN(const uint64_t id, DecodeIndexKey(scan.key()));
      ids.push_back(id);
    }
    RELATA_RETURN_IF_ERROR(scan.status());
    if (scan.Valid()) {
      range->start = std::string(scan.key());
      break;
    }
  }
  ranges->erase(ranges->begin(), range);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace relata
