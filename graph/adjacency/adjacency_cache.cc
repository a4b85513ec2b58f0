#include "graph/adjacency/adjacency_cache.h"

#include <utility>

#include "absl/hash/hash.h"

namespace relata {
namespace {

// What an entry costs beside its array: the node of the list, the slot of the map, the control
// block.
constexpr size_t kEntryBytes = 160;

}  // namespace

size_t AdjacencyArray::bytes() const {
  return sizeof(AdjacencyArray) + facts.capacity() * sizeof(AdjacentFact) + kEntryBytes;
}

AdjacencyCache::AdjacencyCache(size_t budget_bytes) : shard_budget_(budget_bytes / kShards) {
  for (Shard& shard : shards_) {
    MutexLock lock(&shard.mutex);
    shard.last_changed.fill(CommitVersion(0));
  }
}

AdjacencyCache::Place AdjacencyCache::PlaceOf(const AdjacencyKey& key) {
  const size_t stripe = absl::Hash<AdjacencyKey>()(key) % kStripes;
  return {shards_[stripe % kShards], stripe / kShards};
}

std::shared_ptr<const AdjacencyArray> AdjacencyCache::Find(const AdjacencyKey& key,
                                                           CommitVersion version) {
  Shard& shard = PlaceOf(key).shard;
  MutexLock lock(&shard.mutex);
  const auto found = shard.entries.find(key);
  if (found == shard.entries.end() || version < found->second.array->since) {
    ++shard.misses;
    return nullptr;
  }
  ++shard.hits;
  shard.uses.splice(shard.uses.begin(), shard.uses, found->second.use);
  return found->second.array;
}

void AdjacencyCache::Install(const AdjacencyKey& key, CommitVersion built_at,
                             std::shared_ptr<const AdjacencyArray> array) {
  const size_t bytes = array->bytes();
  if (bytes > shard_budget_) return;
  const Place place = PlaceOf(key);
  Shard& shard = place.shard;
  MutexLock lock(&shard.mutex);
  if (shard.last_changed[place.stripe] > built_at) return;
  const auto [entry, is_new] = shard.entries.try_emplace(key);
  if (is_new) {
    shard.uses.push_front(key);
    entry->second.use = shard.uses.begin();
  } else {
    // Both are exact now; the one that serves older readers stays.
    if (entry->second.array->since <= array->since) return;
    shard.bytes -= entry->second.array->bytes();
  }
  entry->second.array = std::move(array);
  shard.bytes += bytes;
  while (shard.bytes > shard_budget_) {
    ++shard.evictions;
    Remove(shard, AdjacencyKey(shard.uses.back()));
  }
}

void AdjacencyCache::Invalidate(const AdjacencyKey& key, CommitVersion version) {
  const Place place = PlaceOf(key);
  MutexLock lock(&place.shard.mutex);
  CommitVersion& last_changed = place.shard.last_changed[place.stripe];
  if (last_changed < version) last_changed = version;
  Remove(place.shard, key);
}

void AdjacencyCache::InvalidateAll(CommitVersion version) {
  for (Shard& shard : shards_) {
    MutexLock lock(&shard.mutex);
    shard.last_changed.fill(version);
    shard.entries.clear();
    shard.uses.clear();
    shard.bytes = 0;
  }
}

void AdjacencyCache::Remove(Shard& shard, const AdjacencyKey& key) {
  const auto found = shard.entries.find(key);
  if (found == shard.entries.end()) return;
  shard.bytes -= found->second.array->bytes();
  shard.uses.erase(found->second.use);
  shard.entries.erase(found);
}

AdjacencyCache::Stats AdjacencyCache::GetStats() const {
  Stats stats;
  for (const Shard& shard : shards_) {
    MutexLock lock(&shard.mutex);
    stats.hits += shard.hits;
    stats.misses += shard.misses;
    stats.evictions += shard.evictions;
    stats.bytes += shard.bytes;
    stats.arrays += shard.entries.size();
  }
  return stats;
}

}  // namespace relata
