#ifndef RELATA_GRAPH_CATALOG_SCHEMA_CACHE_H_
#define RELATA_GRAPH_CATALOG_SCHEMA_CACHE_H_

#include <deque>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/catalog/schema.h"
#include "storage/versioned_store.h"

namespace relata {

// The newest schema, read once for all snapshots that see it, and those of the versions of the past
// that were asked for last. Thread-safe.
class SchemaCache {
 public:
  absl::StatusOr<std::shared_ptr<const Schema>> Get(const StoreSnapshot& snapshot);
  // The commit `version` changes the schema. Committer's thread, before it is published.
  void Invalidate(CommitVersion version);

 private:
  Mutex mutex_;
  std::shared_ptr<const Schema> newest_ ABSL_GUARDED_BY(mutex_);
  // `newest_` holds for snapshots at this version or later.
  CommitVersion since_ ABSL_GUARDED_BY(mutex_);
  CommitVersion last_changed_ ABSL_GUARDED_BY(mutex_);
  // By version, each of that version alone; the one that was read longest ago makes room.
  std::deque<std::pair<CommitVersion, std::shared_ptr<const Schema>>> past_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_GRAPH_CATALOG_SCHEMA_CACHE_H_
