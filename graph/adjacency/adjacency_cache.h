#ifndef RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_
#define RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/facts/belief.h"
#include "graph/values/bound.h"

namespace relata {

// One fact in an adjacency array.
struct AdjacentFact {
  EntityId neighbour;
  RelationshipId relationship;
  FactId fact;
  Interval valid;
  Instant certain_from = kPlusInfinity;  // Belief::certain_from where the from-bound is unknown
  BeliefDigest digest;
};

// All facts at one vertex in one direction and type, ordered by (neighbour, relationship), the
// facts of a relationship in rank order under the default policy. Immutable. Exact for versions
// from `since` on, until a later commit changes it; `since` may be later than the newest change in
// it (a reader of a version before it goes to storage).
struct AdjacencyArray {
  CommitVersion since;
  std::vector<AdjacentFact> facts;
  // Bytes of memory that it takes.
  size_t bytes() const;
};

// What an array is of.
struct AdjacencyKey {
  EntityId vertex;
  TypeId type;
  bool outgoing = true;
  bool operator==(const AdjacencyKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const AdjacencyKey& k) {
    return H::combine(std::move(h), k.vertex, k.type, k.outgoing);
  }
};

// Arrays by vertex, direction and type, under a memory budget, least recently used out first.
// Thread-safe.
//
// Publication: before a commit's version is published the committer calls Invalidate for every
// array it touches, which drops the array and records the version in a stripe. A reader that built
// an array from a snapshot installs it only if its stripe has not been touched past that snapshot's
// version, and takes one only if its own version lies in [since, the version that next touched it).
class AdjacencyCache {
 public:
  explicit AdjacencyCache(size_t budget_bytes);

  // The array as of `version`, null where the cache has none that is exact for it.
  std::shared_ptr<const AdjacencyArray> Find(const AdjacencyKey& key, CommitVersion version);
  // `built_at`: version of the snapshot it was read from, which must have been the head when it was
  // opened.
  void Install(const AdjacencyKey& key, CommitVersion built_at,
               std::shared_ptr<const AdjacencyArray> array);
  // The commit `version` changes the array. Committer's thread, before the version is published.
  void Invalidate(const AdjacencyKey& key, CommitVersion version);
  // The commit `version` may change any array. As Invalidate.
  void InvalidateAll(CommitVersion version);

  struct Stats {
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t evictions = 0;
    size_t bytes = 0;
    size_t arrays = 0;
  };
  Stats GetStats() const;

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kStripes = 4096;
  struct Entry {
    std::shared_ptr<const AdjacencyArray> array;
    std::list<AdjacencyKey>::iterator use;
  };
  struct Shard {
    mutable Mutex mutex;
    absl::flat_hash_map<AdjacencyKey, Entry> entries ABSL_GUARDED_BY(mutex);
    std::list<AdjacencyKey> uses ABSL_GUARDED_BY(mutex);  // most recent first
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
    uint64_t hits ABSL_GUARDED_BY(mutex) = 0;
    uint64_t misses ABSL_GUARDED_BY(mutex) = 0;
    uint64_t evictions ABSL_GUARDED_BY(mutex) = 0;
    // Newest version that touched an array of the stripe.
    std::array<CommitVersion, kStripes / kShards> last_changed ABSL_GUARDED_BY(mutex);
  };
  // Where a key lives: its shard, and its stripe within that.
  struct Place {
    Shard& shard;
    size_t stripe;
  };
  Place PlaceOf(const AdjacencyKey& key);
  // Drops the entry, if there is one.
  static void Remove(Shard& shard, const AdjacencyKey& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const size_t shard_budget_;
  std::array<Shard, kShards> shards_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_
