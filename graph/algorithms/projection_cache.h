#ifndef RELATA_GRAPH_ALGORITHMS_PROJECTION_CACHE_H_
#define RELATA_GRAPH_ALGORITHMS_PROJECTION_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "graph/algorithms/projection.h"

namespace relata {

// The projections of one database that were used last, by version and specification, under a budget
// of bytes. One at an instant also serves every later instant before the next change in valid time,
// and one with incoming arcs serves who needs none. Thread-safe.
class ProjectionCache {
 public:
  // `budget_bytes`: of what is kept, and the most that building one may hold. What callers still
  // use after it was dropped does not count.
  explicit ProjectionCache(size_t budget_bytes) : budget_bytes_(budget_bytes) {}

  // From the cache, or built (by the calling thread; two that ask for the same at once both build).
  // Either way what it holds is reserved from `control`. Errors as Projection::Build and
  // RunControl::Reserve.
  absl::StatusOr<std::shared_ptr<const Projection>> Get(const Snapshot& snapshot,
                                                        const ProjectionSpec& spec,
                                                        RunControl& control);

  struct Stats {
    uint64_t hits = 0;
    uint64_t misses = 0;
    size_t projections = 0;
    size_t bytes = 0;
  };
  Stats GetStats() const;

 private:
  // The most recently used; null.
  std::shared_ptr<const Projection> Find(CommitVersion version, const ProjectionSpec& spec);
  void Install(std::shared_ptr<const Projection> projection);

  const size_t budget_bytes_;
  mutable Mutex mutex_;
  std::list<std::shared_ptr<const Projection>> projections_
      ABSL_GUARDED_BY(mutex_);  // most recently used first
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t hits_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t misses_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_PROJECTION_CACHE_H_
