// The counts beside pages of arrays: installed and taken out as arrays are.
#include <memory>
#include <utility>

#include "graph/adjacency/adjacency_cache.h"

namespace relata {

const PageCounts* AdjacencyCache::FindCounts(TypeId type, bool outgoing, uint64_t first) const {
  const LaneArrays* const lane = FindLane(type, outgoing);
  const SlotTable::Page* const page = lane == nullptr ? nullptr : lane->slots_.FindPage(first);
  return page == nullptr ? nullptr : page->counts.load(std::memory_order_seq_cst);
}

void AdjacencyCache::InstallCounts(TypeId type, bool outgoing, uint64_t first, PageCounts counts) {
  auto installed = std::make_unique<const PageCounts>(counts);
  MutexLock lock(&mutex_);
  for (uint64_t i = 0; i < SlotTable::kPageSlots; ++i) {
    const AdjacencyKey key{EntityId(first + i), type, outgoing};
    if (last_changed_[StripeOf(key)] > installed->since) return;
  }
  SlotTable::Page* const page = ObtainPage(ObtainLane(type, outgoing).slots_, first);
  if (page == nullptr) return;
  DropCounts(*page);
  table_bytes_ += sizeof(PageCounts);
  page->counts.store(installed.release());
  Evict();
}

void AdjacencyCache::DropCountsOf(const AdjacencyKey& key) {
  LaneArrays* const lane = LaneAt(key.type, key.outgoing);
  SlotTable::Page* const page =
      lane == nullptr ? nullptr : lane->slots_.FindPage(key.vertex.value());
  if (page != nullptr) DropCounts(*page);
}

void AdjacencyCache::DropCounts(SlotTable::Page& page) {
  std::unique_ptr<const PageCounts> counts(page.counts.exchange(nullptr));
  if (counts == nullptr) return;
  table_bytes_ -= sizeof(PageCounts);
  Retired retired;
  retired.counts = std::move(counts);
  Retire(std::move(retired));
}

}  // namespace relata
