#ifndef RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_
#define RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/adjacency/changed_array.h"
#include "graph/adjacency/epochs.h"
#include "graph/adjacency/packed_array.h"
#include "graph/adjacency/page_counts.h"
#include "graph/adjacency/page_values.h"
#include "graph/adjacency/past_columns.h"
#include "graph/adjacency/property_columns.h"
#include "graph/adjacency/slab_memory.h"
#include "graph/adjacency/slot_table.h"
#include "graph/adjacency/touched_pages.h"
#include "graph/adjacency/type_sets.h"

namespace relata {

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

// Arrays by vertex, direction and type, and which types each vertex has, under a memory budget.
// Thread-safe; readers take no lock.
//
// Readers hold a Pin while they look at what Find gave. An array serves readers of every version
// from the one it was read at, since what commits change is kept beside it until it is merged.
//
// Publication: after the sync and before its version is published, the committer calls Change for
// every relationship end that it touches, which notes the version in a stripe and adds the change
// to the array, where there is one. A reader that built an array from a snapshot installs it only
// if its stripe has not been touched past that snapshot's version. Both under one lock. So an array
// that is found holds all that was committed up to any version that a reader can have: had a commit
// come between the reading and the installing, the stripe would refuse it; if it comes after, it
// finds the array.
//
// Beside the array of the present there are arrays of the past, a few for each vertex: each is what
// the vertex had from one version up to another one, at which its relationships changed, so nothing
// can make it wrong. They come from readers of old versions, which read history, and from arrays
// that were made anew with their changes.
//
// Beyond the budget arrays are evicted by a clock: a hand goes round through the pages and takes
// what was not used since it last came by. Arrays and columns of properties have half of the budget
// each, and what the other does not use of its half.
class AdjacencyCache {
 public:
  // Versions are counted from `first` on, 2^30 of them; no array serves readers of older ones.
  explicit AdjacencyCache(size_t budget_bytes, CommitVersion first = CommitVersion());
  ~AdjacencyCache();
  AdjacencyCache(const AdjacencyCache&) = delete;
  AdjacencyCache& operator=(const AdjacencyCache&) = delete;

  // Keeps alive what is found. Short: what is taken out meanwhile is freed after it.
  class Pin {
   public:
    explicit Pin(AdjacencyCache* cache) : epochs_(cache->epochs_), place_(epochs_.Enter()) {}
    ~Pin() { epochs_.Leave(place_); }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

   private:
    Epochs& epochs_;
    const size_t place_;
  };

  // All arrays of one type and direction. Lives as long as the cache.
  class LaneArrays;
  // Null where there is no array of it.
  const LaneArrays* FindLane(TypeId type, bool outgoing) const { return LaneAt(type, outgoing); }

  struct Found {
    const uint8_t* block = nullptr;         // null: not here, or not exact for the version
    const ChangedArray* changed = nullptr;  // null: the block alone
    uint64_t fact_distance = 0;             // for PackedArray
  };
  // The array of a vertex as of `version`. Precondition: a Pin, for as long as it is used.
  Found Find(const LaneArrays& lane, EntityId vertex, CommitVersion version) const;
  // Asks the processor for the array of a vertex that Find is soon called for: a search waits for
  // memory else, at each vertex anew. Precondition: a Pin.
  void Prefetch(const LaneArrays& lane, EntityId vertex) const;
  // What is known of 64 consecutive entities in one type and direction.
  struct FoundPage {
    std::array<Found, SlotTable::kPageSlots> arrays;
    // Of each entity a bit, the first one's lowest: its array is all that it has. Without an array
    // it has no relationship.
    uint64_t known = 0;
  };
  // Of the entities from `first` on, a multiple of 64, as of `version`. Many at once wait for
  // memory together. Precondition: a Pin, for as long as it is used.
  void FindPage(TypeId type, bool outgoing, uint64_t first, CommitVersion version,
                FoundPage* found) const;
  // Counts of the 64 entities from `first` on, a multiple of 64; null where they are not known.
  // Precondition: a Pin, for as long as they are used.
  const PageCounts* FindCounts(TypeId type, bool outgoing, uint64_t first) const;
  // Likewise what `of` knows of their relationships.
  const PageValues* FindValues(TypeId type, bool outgoing, uint64_t first,
                               const PropertyColumns::Column& of) const;
  // The types of which the vertex has relationships in that direction at `version`, and perhaps
  // some more, ascending; null where that is not known. Lives as long as the cache.
  const TypeSets::Types* FindTypes(EntityId vertex, bool outgoing, CommitVersion version) const;

  // `built_at`: version of the snapshot that it was read from, which must have been the head when
  // it was opened. `facts`: all, ordered as PackedArray says.
  void Install(const AdjacencyKey& key, CommitVersion built_at,
               absl::Span<const AdjacentFact> facts) {
    InstallSince(key, built_at, built_at, facts);
  }
  // Likewise where they are known to have been the same since an older version.
  void InstallSince(const AdjacencyKey& key, CommitVersion since, CommitVersion built_at,
                    absl::Span<const AdjacentFact> facts);
  // They were the same at versions [since, until), and changed at `until`.
  void InstallPast(const AdjacencyKey& key, CommitVersion since, CommitVersion until,
                   absl::Span<const AdjacentFact> facts);
  // At or above every version of which Change and its like were told: what an engine snapshot that
  // is taken after this call shows is `built_at` this.
  CommitVersion newest_change() const;
  // Likewise the types, ascending.
  void InstallTypes(EntityId vertex, bool outgoing, CommitVersion built_at,
                    const TypeSets::Types& types);

  // Counts as a reader at `counts.since` found them.
  void InstallCounts(TypeId type, bool outgoing, uint64_t first, PageCounts counts);
  // Likewise values, unless that would need room that others have taken: they are soon made anew,
  // and the first to go.
  void InstallValues(TypeId type, bool outgoing, uint64_t first,
                     std::unique_ptr<PageValues> values);

  // The commit `version` changes a relationship to this neighbour. `facts` gives those that it has
  // now, in rank order (none: deleted); called only where there is an array. Committer's thread,
  // before the version is published, in version order.
  void Change(const AdjacencyKey& key, CommitVersion version, EntityId neighbour,
              RelationshipId relationship, absl::FunctionRef<std::vector<AdjacentFact>()> facts);
  // The commit `version` changes it in ways that are not told: drops the array.
  void Invalidate(const AdjacencyKey& key, CommitVersion version);
  // Likewise of many: drops all arrays of their pages, and of the columns nothing.
  void InvalidatePages(const TouchedPages& pages, CommitVersion version);
  // Likewise of everything.
  void InvalidateAll(CommitVersion version);

  // The columns of properties under the same budget.
  PropertyColumns& columns() { return columns_; }
  // Likewise of single versions of the past. Readers take either by ColumnsOf (snapshot_columns.h).
  PastColumns& past_columns() { return past_columns_; }

  // For the statistics: of so many arrays that were wanted some were here.
  void CountLookups(uint64_t hits, uint64_t misses) const;
  // How many the calling thread found so far, in all caches: for what a part of its work found.
  static uint64_t HitsOfThisThread();
  struct Stats {
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t evictions = 0;  // arrays, pages of types and of columns
    size_t bytes = 0;  // against the budget: arrays with their rounding, changes, pages, type sets
    // Of these: columns of properties, of the present and the past, and values beside pages.
    size_t column_bytes = 0;
    size_t past_bytes = 0;   // of these: arrays of the past
    size_t table_bytes = 0;  // of these: pages and type sets
    size_t held_bytes = 0;   // with what waits to be freed or lies free in slabs
    size_t arrays = 0;
  };
  Stats GetStats() const;
  size_t budget_bytes() const { return budget_; }

 private:
  static constexpr size_t kStripes = 4096;
  // Columns have this part of the budget for certain, arrays the rest.
  static constexpr size_t kColumnsPart = 2;
  // Slots of arrays: an address, with what its alignment leaves free.
  static constexpr uint64_t kChangedBit = 1;  // the address is of a ChangedArray, not of a block
  static constexpr uint64_t kUsedBit = 2;
  static constexpr uint64_t kAddress = ~uint64_t{7};
  static constexpr uint64_t kCacheLine = 64;
  // Slots of types: the numbers of the sets of both directions and `since`. A set, once known,
  // only grows.
  static constexpr int kTypesWidth = 17;
  static constexpr uint64_t kTypesMask = TypeSets::kMostSets - 1;
  static constexpr int kTypesSince = 2 * kTypesWidth;

  // An array of the past, in a list of those of one vertex, the newest made first.
  struct PastArray {
    uint64_t slot = 0;  // as the slot of an array of the present holds it
    uint64_t since = 0;
    uint64_t until = 0;
    std::atomic<PastArray*> next{nullptr};
  };
  // Arrays of the past of one vertex.
  static constexpr size_t kMostPast = 4;

  // Something taken out, until no reader is left that may look at it.
  struct Retired {
    uint64_t epoch = 0;
    uint64_t slot = 0;         // an array, as its slot held it; 0: none
    bool keeps_block = false;  // a ChangedArray whose block is still in use
    std::unique_ptr<SlotTable::Page> page;
    PastArray* past = nullptr;  // a list
    std::unique_ptr<const PageCounts> counts = nullptr;
    std::unique_ptr<const PageValues> values = nullptr;  // a list
  };
  // Where the clock's hand is: a table (those of the present, those of the past, the types), and an
  // id.
  struct Hand {
    size_t table = 0;
    uint64_t id = 0;
  };

  static bool IsChanged(uint64_t slot) { return (slot & kChangedBit) != 0; }
  static ChangedArray* ChangedOf(uint64_t slot) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a slot is an address with flags in it
    return reinterpret_cast<ChangedArray*>(slot & kAddress);
  }
  static const uint8_t* BlockOf(uint64_t slot);
  Found FoundIn(const LaneArrays& lane, uint64_t slot, CommitVersion version) const;
  Found FindPast(const LaneArrays& lane, EntityId vertex, CommitVersion version) const;
  static void MarkUsed(SlotTable::Slot& place, uint64_t slot);
  static uint64_t SinceOfTypes(uint64_t slot) { return slot >> kTypesSince; }

  static size_t StripeOf(const AdjacencyKey& key);
  LaneArrays* LaneAt(TypeId type, bool outgoing) const;
  static std::optional<uint64_t> DistanceOf(const LaneArrays& lane);
  void Touch(const AdjacencyKey& key, CommitVersion version) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  LaneArrays& ObtainLane(TypeId type, bool outgoing) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  SlotTable::Page* ObtainPage(SlotTable& table, uint64_t id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The block of an array; empty where it is not kept.
  std::vector<uint8_t> Pack(const AdjacencyKey& key, uint64_t since,
                            absl::Span<const AdjacentFact> facts);
  uint64_t StoreBlock(const std::vector<uint8_t>& packed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FreeBlock(const uint8_t* block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddChange(LaneArrays& lane, EntityId vertex, SlotTable::Slot& place, ArrayChange change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddPast(LaneArrays& lane, EntityId vertex, std::unique_ptr<PastArray> past)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOutPast(SlotTable::Slot& place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RetirePast(PastArray* first) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static size_t BytesOfPast(const PastArray& past);
  void NoteType(const AdjacencyKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropCountsOf(const AdjacencyKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropCounts(SlotTable::Page& page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropValues(SlotTable::Page& page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether a commit after `since` touched one of 64 entities.
  bool PageTouched(TypeId type, bool outgoing, uint64_t first, CommitVersion since) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  SlotTable::Slot* FindArray(const AdjacencyKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOut(SlotTable::Slot& place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOutArrays(SlotTable& table, uint64_t id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Retire(Retired retired) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FreeRetired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Free(const Retired& retired) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FreeArray(uint64_t slot, bool keeps_block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Without columns.
  size_t ArrayBytes() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t ColumnBytes() const { return columns_.bytes() + past_columns_.bytes(); }
  // What arrays may take.
  size_t ArrayBudget() const { return budget_ - std::min(ColumnBytes(), budget_ / kColumnsPart); }
  void Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  SlotTable& TableAt(size_t table) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SweepArrays(SlotTable& table, uint64_t id, bool past, size_t most_arrays)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOutPage(SlotTable& table, uint64_t id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // By 2 * type + direction; null where there is none.
  using LaneDirectory = std::vector<std::atomic<LaneArrays*>>;

  const size_t budget_;
  const uint64_t first_;
  Epochs epochs_;
  std::atomic<LaneDirectory*> lanes_{nullptr};
  SlotTable types_;
  TypeSets sets_;
  PropertyColumns columns_;
  PastColumns past_columns_;
  mutable std::atomic<uint64_t> hits_{0};
  mutable std::atomic<uint64_t> misses_{0};

  mutable Mutex mutex_;
  std::vector<CommitVersion> last_changed_ ABSL_GUARDED_BY(mutex_);  // by stripe
  std::vector<std::unique_ptr<LaneArrays>> all_lanes_ ABSL_GUARDED_BY(mutex_);
  // All that there were: a reader may hold an older one. Each is twice as large.
  std::vector<std::unique_ptr<LaneDirectory>> directories_ ABSL_GUARDED_BY(mutex_);
  SlabMemory memory_ ABSL_GUARDED_BY(mutex_);
  std::vector<Retired> retired_ ABSL_GUARDED_BY(mutex_);
  size_t table_bytes_ ABSL_GUARDED_BY(mutex_) = 0;   // pages of all tables
  size_t array_bytes_ ABSL_GUARDED_BY(mutex_) = 0;   // blocks in use
  size_t change_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of ChangedArrays in use
  size_t past_bytes_ ABSL_GUARDED_BY(mutex_) = 0;    // of arrays of the past
  size_t value_bytes_ ABSL_GUARDED_BY(mutex_) = 0;   // of values beside pages
  size_t arrays_ ABSL_GUARDED_BY(mutex_) = 0;
  CommitVersion newest_change_ ABSL_GUARDED_BY(mutex_);
  uint64_t evictions_ ABSL_GUARDED_BY(mutex_) = 0;
  Hand hand_ ABSL_GUARDED_BY(mutex_);
};

class AdjacencyCache::LaneArrays {
 public:
  TypeId type() const { return type_; }
  bool outgoing() const { return outgoing_; }

 private:
  friend class AdjacencyCache;
  static constexpr uint64_t kNoDistance = UINT64_MAX;
  LaneArrays(TypeId type, bool outgoing) : type_(type), outgoing_(outgoing) {}

  const TypeId type_;
  const bool outgoing_;
  SlotTable slots_;
  SlotTable past_;  // slots hold the address of the first PastArray
  // FactId less RelationshipId of most arrays: that of the first one that has one distance. Set
  // once.
  std::atomic<uint64_t> fact_distance_{kNoDistance};
};

inline AdjacencyCache::Found AdjacencyCache::Find(const LaneArrays& lane, EntityId vertex,
                                                  CommitVersion version) const {
  SlotTable::Slot* const place = lane.slots_.Find(vertex.value());
  const uint64_t slot = place == nullptr ? 0 : place->load(std::memory_order_seq_cst);
  Found found;
  if ((slot & kAddress) != 0) {
    MarkUsed(*place, slot);
    found = FoundIn(lane, slot, version);
  }
  return found.block != nullptr ? found : FindPast(lane, vertex, version);
}

inline void AdjacencyCache::Prefetch(const LaneArrays& lane, EntityId vertex) const {
  const SlotTable::Slot* const place = lane.slots_.Find(vertex.value());
  if (place == nullptr) return;
  // Of most arrays the two lines hold all.
  const uint64_t address = place->load(std::memory_order_seq_cst) & kAddress;
  __builtin_prefetch(std::bit_cast<const void*>(address));
  __builtin_prefetch(std::bit_cast<const void*>(address + kCacheLine));
}

inline void AdjacencyCache::MarkUsed(SlotTable::Slot& place, uint64_t slot) {
  if ((slot & kUsedBit) != 0) return;
  place.compare_exchange_strong(slot, slot | kUsedBit, std::memory_order_relaxed);
}

// Of a slot that holds an array.
inline AdjacencyCache::Found AdjacencyCache::FoundIn(const LaneArrays& lane, uint64_t slot,
                                                     CommitVersion version) const {
  Found found;
  found.block = BlockOf(slot);
  if (IsChanged(slot)) found.changed = ChangedOf(slot);
  uint32_t since;
  std::memcpy(&since, found.block, sizeof(since));
  if (version.value() < first_ + since) return {};
  found.fact_distance = lane.fact_distance_.load(std::memory_order_relaxed);
  return found;
}

inline const uint8_t* AdjacencyCache::BlockOf(uint64_t slot) {
  if (IsChanged(slot)) return ChangedOf(slot)->block;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a slot is an address with flags in it
  return reinterpret_cast<const uint8_t*>(slot & kAddress);
}

inline AdjacencyCache::LaneArrays* AdjacencyCache::LaneAt(TypeId type, bool outgoing) const {
  const LaneDirectory* const lanes = lanes_.load(std::memory_order_seq_cst);
  const size_t i = 2 * size_t{type.value()} + (outgoing ? 1 : 0);
  return lanes == nullptr || i >= lanes->size() ? nullptr
                                                : (*lanes)[i].load(std::memory_order_seq_cst);
}

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_ADJACENCY_CACHE_H_
