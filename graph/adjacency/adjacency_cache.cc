#include "graph/adjacency/adjacency_cache.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/hash/hash.h"

namespace relata {
namespace {

thread_local uint64_t hits_of_this_thread = 0;

// Changes beside an array before it is made anew: a part of its size, so that the copying costs
// each change little, and at least so many.
constexpr size_t kLeastChanges = 64;
constexpr size_t kChangesPart = 8;
// An array of more than this part of the budget is not kept.
constexpr size_t kLargestPart = 4;
// Tables of slots take no more than this part of it.
constexpr size_t kTablesPart = 2;
// Types from this one on have no arrays: ids of types that are there are dense, and readers may ask
// for one that is not.
constexpr uint32_t kMostTypes = 1 << 16;
// Columns of properties of a version of the past take no more than this part of it.
constexpr size_t kPastColumnsPart = 16;

}  // namespace

AdjacencyCache::AdjacencyCache(size_t budget_bytes, CommitVersion first)
    : budget_(budget_bytes),
      first_(first.value()),
      columns_(budget_bytes,
               [this] {
                 MutexLock lock(&mutex_);
                 Evict();
               }),
      past_columns_(budget_bytes / kPastColumnsPart) {
  MutexLock lock(&mutex_);
  last_changed_.resize(kStripes);
}

AdjacencyCache::~AdjacencyCache() {
  InvalidateAll(CommitVersion(UINT64_MAX));
  MutexLock lock(&mutex_);
  for (const Retired& retired : retired_) Free(retired);
}

size_t AdjacencyCache::StripeOf(const AdjacencyKey& key) {
  return absl::Hash<AdjacencyKey>()(key) % kStripes;
}

// What PackFacts may rely on.
std::optional<uint64_t> AdjacencyCache::DistanceOf(const LaneArrays& lane) {
  const uint64_t distance = lane.fact_distance_.load(std::memory_order_relaxed);
  return distance == LaneArrays::kNoDistance ? std::nullopt : std::optional(distance);
}

void AdjacencyCache::FindPage(TypeId type, bool outgoing, uint64_t first, CommitVersion version,
                              FoundPage* found) const {
  found->known = 0;
  std::array<uint64_t, SlotTable::kPageSlots> slots{};
  const LaneArrays* const lane = FindLane(type, outgoing);
  SlotTable::Page* const arrays = lane == nullptr ? nullptr : lane->slots_.FindPage(first);
  for (size_t i = 0; arrays != nullptr && i < slots.size(); ++i) {
    slots[i] = arrays->slots[i].load(std::memory_order_seq_cst);
    __builtin_prefetch(std::bit_cast<const void*>(slots[i] & kAddress));
  }
  // Consecutive entities often have the same types.
  const TypeSets::Types* last = nullptr;
  bool last_has_type = false;
  for (size_t i = 0; i < slots.size(); ++i) {
    found->arrays[i] = {};
    if ((slots[i] & kAddress) != 0) {
      MarkUsed(arrays->slots[i], slots[i]);
      found->arrays[i] = FoundIn(*lane, slots[i], version);
    }
    if (found->arrays[i].block == nullptr && lane != nullptr) {
      found->arrays[i] = FindPast(*lane, EntityId(first + i), version);
    }
    if (found->arrays[i].block != nullptr) {
      found->known |= uint64_t{1} << i;
      continue;
    }
    const TypeSets::Types* const types = FindTypes(EntityId(first + i), outgoing, version);
    if (types == nullptr) continue;
    if (types != last) last_has_type = std::binary_search(types->begin(), types->end(), type);
    last = types;
    found->known |= uint64_t{!last_has_type} << i;
  }
}

const TypeSets::Types* AdjacencyCache::FindTypes(EntityId vertex, bool outgoing,
                                                 CommitVersion version) const {
  SlotTable::Page* const page = types_.FindPage(vertex.value());
  if (page == nullptr) return nullptr;
  const uint64_t slot =
      page->slots[vertex.value() % SlotTable::kPageSlots].load(std::memory_order_seq_cst);
  const auto set = static_cast<uint32_t>((outgoing ? slot : slot >> kTypesWidth) & kTypesMask);
  if (set == 0 || version.value() < first_ + SinceOfTypes(slot)) return nullptr;
  if (!page->used.load(std::memory_order_relaxed)) {
    page->used.store(true, std::memory_order_relaxed);
  }
  return &sets_.Get(set);
}

AdjacencyCache::Found AdjacencyCache::FindPast(const LaneArrays& lane, EntityId vertex,
                                               CommitVersion version) const {
  SlotTable::Slot* const place = lane.past_.Find(vertex.value());
  const uint64_t slot = place == nullptr ? 0 : place->load(std::memory_order_seq_cst);
  const auto* past = std::bit_cast<const PastArray*>(slot & kAddress);
  for (; past != nullptr; past = past->next.load(std::memory_order_seq_cst)) {
    if (version.value() < past->since || version.value() >= past->until) continue;
    MarkUsed(*place, slot);
    Found found;
    found.block = BlockOf(past->slot);
    if (IsChanged(past->slot)) found.changed = ChangedOf(past->slot);
    found.fact_distance = lane.fact_distance_.load(std::memory_order_relaxed);
    return found;
  }
  return {};
}

CommitVersion AdjacencyCache::newest_change() const {
  MutexLock lock(&mutex_);
  return newest_change_;
}

void AdjacencyCache::Touch(const AdjacencyKey& key, CommitVersion version) {
  newest_change_ = std::max(newest_change_, version);
  CommitVersion& last_changed = last_changed_[StripeOf(key)];
  last_changed = std::max(last_changed, version);
}

AdjacencyCache::LaneArrays& AdjacencyCache::ObtainLane(TypeId type, bool outgoing) {
  if (LaneArrays* const lane = LaneAt(type, outgoing)) return *lane;
  const size_t i = 2 * size_t{type.value()} + (outgoing ? 1 : 0);
  const LaneDirectory* const before = lanes_.load();
  if (before == nullptr || i >= before->size()) {
    const size_t known = before == nullptr ? 0 : before->size();
    auto directory = std::make_unique<LaneDirectory>(std::max(i + 1, 2 * known));
    for (size_t k = 0; k < known; ++k) (*directory)[k].store((*before)[k].load());
    lanes_.store(directory.get());
    directories_.push_back(std::move(directory));
  }
  all_lanes_.push_back(std::unique_ptr<LaneArrays>(new LaneArrays(type, outgoing)));
  (*directories_.back())[i].store(all_lanes_.back().get());
  return *all_lanes_.back();
}

SlotTable::Page* AdjacencyCache::ObtainPage(SlotTable& table, uint64_t id) {
  const size_t before = table.bytes();
  SlotTable::Page* const page = table.ObtainPage(id, budget_ / kTablesPart);
  table_bytes_ += table.bytes() - before;
  return page;
}

uint64_t AdjacencyCache::StoreBlock(const std::vector<uint8_t>& packed) {
  uint8_t* const block = memory_.Allocate(packed.size());
  std::copy(packed.begin(), packed.end(), block);
  array_bytes_ += SlabMemory::BytesOf(packed.size());
  return reinterpret_cast<uint64_t>(block);
}

std::vector<uint8_t> AdjacencyCache::Pack(const AdjacencyKey& key, uint64_t since,
                                          absl::Span<const AdjacentFact> facts) {
  if (facts.size() > UINT32_MAX || key.type.value() >= kMostTypes) return {};
  std::optional<uint64_t> distance;
  if (const LaneArrays* const lane = FindLane(key.type, key.outgoing)) distance = DistanceOf(*lane);
  if (!distance && !facts.empty()) {
    MutexLock lock(&mutex_);
    LaneArrays& lane = ObtainLane(key.type, key.outgoing);
    const std::optional<uint64_t> common = CommonFactDistance(facts);
    if (common && !DistanceOf(lane)) lane.fact_distance_ = *common;
    distance = DistanceOf(lane);
  }
  std::vector<uint8_t> packed = PackFacts(facts, static_cast<uint32_t>(since), distance);
  if (packed.size() > budget_ / kLargestPart) packed.clear();
  return packed;
}

void AdjacencyCache::InstallSince(const AdjacencyKey& key, CommitVersion since_version,
                                  CommitVersion built_at, absl::Span<const AdjacentFact> facts) {
  const uint64_t since = std::max(since_version.value(), first_) - first_;
  if (since > UINT32_MAX) return;
  const std::vector<uint8_t> packed = Pack(key, since, facts);
  if (packed.empty()) return;
  MutexLock lock(&mutex_);
  if (last_changed_[StripeOf(key)] > built_at) return;
  SlotTable::Page* const page =
      ObtainPage(ObtainLane(key.type, key.outgoing).slots_, key.vertex.value());
  if (page == nullptr) return;
  SlotTable::Slot& place = page->slots[key.vertex.value() % SlotTable::kPageSlots];
  if (const uint64_t slot = place.load(); (slot & kAddress) != 0) {
    // Both are exact now; the one that serves older readers stays.
    if (PackedArray(BlockOf(slot), 0).since() <= since) return;
    TakeOut(place);
  }
  place.store(StoreBlock(packed));
  ++arrays_;
  Evict();
}

void AdjacencyCache::InstallPast(const AdjacencyKey& key, CommitVersion since, CommitVersion until,
                                 absl::Span<const AdjacentFact> facts) {
  const std::vector<uint8_t> packed = Pack(key, 0, facts);
  if (packed.empty()) return;
  MutexLock lock(&mutex_);
  LaneArrays& lane = ObtainLane(key.type, key.outgoing);
  if (FindPast(lane, key.vertex, since).block != nullptr) return;
  auto past = std::make_unique<PastArray>();
  past->slot = StoreBlock(packed);
  past->since = since.value();
  past->until = until.value();
  array_bytes_ -= SlabMemory::BytesOf(packed.size());
  AddPast(lane, key.vertex, std::move(past));
  Evict();
}

// Takes the array over; its bytes are those of the past from now on.
void AdjacencyCache::AddPast(LaneArrays& lane, EntityId vertex, std::unique_ptr<PastArray> past) {
  past_bytes_ += BytesOfPast(*past);
  SlotTable::Page* const page = ObtainPage(lane.past_, vertex.value());
  if (page == nullptr) return RetirePast(past.release());
  SlotTable::Slot& place = page->slots[vertex.value() % SlotTable::kPageSlots];
  PastArray* last = past.get();
  past->next = std::bit_cast<PastArray*>(place.load() & kAddress);
  // Of arrays with changes, which take much, only the newest stays.
  const bool changed = IsChanged(last->slot);
  for (size_t i = 1; i < kMostPast; ++i) {
    PastArray* const next = last->next;
    if (next == nullptr || (changed && IsChanged(next->slot))) break;
    last = next;
  }
  place.store(reinterpret_cast<uint64_t>(past.release()));
  RetirePast(last->next.exchange(nullptr));
}

// The list was taken out; null: there is none.
void AdjacencyCache::RetirePast(PastArray* first) {
  if (first == nullptr) return;
  for (const PastArray* past = first; past != nullptr; past = past->next) {
    past_bytes_ -= BytesOfPast(*past);
  }
  Retire({0, 0, false, nullptr, first});
}

size_t AdjacencyCache::BytesOfPast(const PastArray& past) {
  size_t bytes =
      sizeof(PastArray) + SlabMemory::BytesOf(PackedArray(BlockOf(past.slot), 0).bytes());
  if (IsChanged(past.slot)) bytes += ChangedOf(past.slot)->bytes();
  return bytes;
}

void AdjacencyCache::InstallTypes(EntityId vertex, bool outgoing, CommitVersion built_at,
                                  const TypeSets::Types& types) {
  const uint64_t since = built_at.value() - first_;
  if (since >> (64 - kTypesSince) != 0) return;
  MutexLock lock(&mutex_);
  if (last_changed_[StripeOf({vertex, TypeId(), outgoing})] > built_at) return;
  SlotTable::Page* const page = ObtainPage(types_, vertex.value());
  const uint32_t set = page == nullptr ? 0 : sets_.Intern(types);
  if (set == 0) return;
  SlotTable::Slot& place = page->slots[vertex.value() % SlotTable::kPageSlots];
  const uint64_t slot = place.load();
  const int shift = outgoing ? 0 : kTypesWidth;
  if (((slot >> shift) & kTypesMask) != 0) return;
  const uint64_t known = slot & ((uint64_t{1} << kTypesSince) - 1);
  place.store(known | uint64_t{set} << shift | std::max(since, SinceOfTypes(slot)) << kTypesSince);
  page->used.store(true, std::memory_order_relaxed);
  Evict();
}

// Adds the type to those that the vertex is known to have.
void AdjacencyCache::NoteType(const AdjacencyKey& key) {
  SlotTable::Slot* const place = types_.Find(key.vertex.value());
  if (place == nullptr) return;
  const uint64_t slot = place->load();
  const int shift = key.outgoing ? 0 : kTypesWidth;
  const auto set = static_cast<uint32_t>((slot >> shift) & kTypesMask);
  if (set == 0) return;
  TypeSets::Types types = sets_.Get(set);
  const auto position = std::lower_bound(types.begin(), types.end(), key.type);
  if (position != types.end() && *position == key.type) return;
  types.insert(position, key.type);
  // Where there are too many sets they are not known any more.
  place->store((slot & ~(kTypesMask << shift)) | uint64_t{sets_.Intern(types)} << shift);
}

SlotTable::Slot* AdjacencyCache::FindArray(const AdjacencyKey& key) {
  const LaneArrays* const lane = FindLane(key.type, key.outgoing);
  SlotTable::Slot* const place = lane == nullptr ? nullptr : lane->slots_.Find(key.vertex.value());
  return place == nullptr || (place->load() & kAddress) == 0 ? nullptr : place;
}

void AdjacencyCache::Change(const AdjacencyKey& key, CommitVersion version, EntityId neighbour,
                            RelationshipId relationship,
                            absl::FunctionRef<std::vector<AdjacentFact>()> facts) {
  MutexLock lock(&mutex_);
  Touch(key, version);
  Touch({key.vertex, TypeId(), key.outgoing}, version);
  NoteType(key);
  DropCountsOf(key);
  SlotTable::Slot* const place = FindArray(key);
  if (place == nullptr) return;
  ArrayChange change;
  change.neighbour = neighbour;
  change.relationship = relationship;
  change.version = version;
  change.facts = facts();
  AddChange(*LaneAt(key.type, key.outgoing), key.vertex, *place, std::move(change));
  Evict();
}

void AdjacencyCache::AddChange(LaneArrays& lane, EntityId vertex, SlotTable::Slot& place,
                               ArrayChange change) {
  const uint64_t slot = place.load();
  const CommitVersion version = change.version;
  const uint8_t* const block = BlockOf(slot);
  const PackedArray array(block, lane.fact_distance_);
  std::unique_ptr<ChangedArray> changed =
      WithChange(array, block, IsChanged(slot) ? ChangedOf(slot) : nullptr, std::move(change));
  const size_t limit = std::max<size_t>(kLeastChanges, array.size() / kChangesPart);
  if (changed->changes.size() <= limit) {
    change_bytes_ += changed->bytes();
    const uint64_t next = reinterpret_cast<uint64_t>(changed.release()) | kChangedBit;
    const uint64_t before = place.exchange(next | (slot & kUsedBit));
    if (!IsChanged(before)) return;
    change_bytes_ -= ChangedOf(before)->bytes();
    Retire({0, before, /*keeps_block=*/true, nullptr, nullptr});
    return;
  }
  const uint64_t since = version.value() - first_;
  if (since > UINT32_MAX) {
    TakeOut(place);
    return;
  }
  const std::vector<uint8_t> merged = PackFacts(UnpackFacts(array, changed.get(), version),
                                                static_cast<uint32_t>(since), DistanceOf(lane));
  auto past = std::make_unique<PastArray>();
  past->slot = slot & ~kUsedBit;
  past->since = first_ + array.since();
  past->until = version.value();
  if (IsChanged(slot)) change_bytes_ -= ChangedOf(slot)->bytes();
  array_bytes_ -= SlabMemory::BytesOf(array.bytes());
  place.store(StoreBlock(merged));
  AddPast(lane, vertex, std::move(past));
}

void AdjacencyCache::Invalidate(const AdjacencyKey& key, CommitVersion version) {
  MutexLock lock(&mutex_);
  Touch(key, version);
  Touch({key.vertex, TypeId(), key.outgoing}, version);
  NoteType(key);
  DropCountsOf(key);
  if (SlotTable::Slot* const place = FindArray(key)) TakeOut(*place);
}

void AdjacencyCache::InvalidatePages(const TouchedPages& pages, CommitVersion version) {
  MutexLock lock(&mutex_);
  newest_change_ = std::max(newest_change_, version);
  // Simpler than those of each entity: only who reads at an older version now cannot keep it.
  std::fill(last_changed_.begin(), last_changed_.end(), version);
  pages.ForEach([&](TypeId type, bool outgoing, uint64_t first) {
    mutex_.AssertHeld();
    if (LaneArrays* const lane = LaneAt(type, outgoing)) TakeOutArrays(lane->slots_, first);
    TakeOutPage(types_, first);
  });
}

void AdjacencyCache::InvalidateAll(CommitVersion version) {
  columns_.ChangeAll(version);
  MutexLock lock(&mutex_);
  std::fill(last_changed_.begin(), last_changed_.end(), version);
  for (const auto& lane : all_lanes_) {
    for (uint64_t id = lane->slots_.NextPage(0); id != UINT64_MAX;
         id = lane->slots_.NextPage(id + SlotTable::kPageSlots)) {
      TakeOutArrays(lane->slots_, id);
    }
    for (uint64_t id = lane->past_.NextPage(0); id != UINT64_MAX;
         id = lane->past_.NextPage(id + SlotTable::kPageSlots)) {
      for (SlotTable::Slot& place : lane->past_.FindPage(id)->slots) TakeOutPast(place);
      TakeOutPage(lane->past_, id);
    }
  }
  for (uint64_t id = types_.NextPage(0); id != UINT64_MAX;
       id = types_.NextPage(id + SlotTable::kPageSlots)) {
    TakeOutPage(types_, id);
  }
}

uint64_t AdjacencyCache::HitsOfThisThread() { return hits_of_this_thread; }

void AdjacencyCache::CountLookups(uint64_t hits, uint64_t misses) const {
  hits_of_this_thread += hits;
  if (hits > 0) hits_.fetch_add(hits, std::memory_order_relaxed);
  if (misses > 0) misses_.fetch_add(misses, std::memory_order_relaxed);
}

AdjacencyCache::Stats AdjacencyCache::GetStats() const {
  MutexLock lock(&mutex_);
  Stats stats;
  stats.hits = hits_.load(std::memory_order_relaxed);
  stats.misses = misses_.load(std::memory_order_relaxed);
  stats.evictions = evictions_ + columns_.evictions();
  stats.bytes = ArrayBytes() + ColumnBytes();
  stats.table_bytes = table_bytes_ + sets_.bytes();
  stats.column_bytes = ColumnBytes() + value_bytes_;
  stats.past_bytes = past_bytes_;
  stats.held_bytes = memory_.held_bytes() + change_bytes_ + value_bytes_ + stats.table_bytes +
                     columns_.held_bytes() + past_columns_.bytes();
  stats.arrays = arrays_;
  return stats;
}

}  // namespace relata
