// Counts and values beside pages of arrays: installed and taken out as arrays are.
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
  if (PageTouched(type, outgoing, first, installed->since)) return;
  SlotTable::Page* const page = ObtainPage(ObtainLane(type, outgoing).slots_, first);
  if (page == nullptr) return;
  DropCounts(*page);
  table_bytes_ += sizeof(PageCounts);
  page->counts.store(installed.release());
  Evict();
}

bool AdjacencyCache::PageTouched(TypeId type, bool outgoing, uint64_t first,
                                 CommitVersion since) const {
  for (uint64_t i = 0; i < SlotTable::kPageSlots; ++i) {
    if (last_changed_[StripeOf({EntityId(first + i), type, outgoing})] > since) return true;
  }
  return false;
}

const PageValues* AdjacencyCache::FindValues(TypeId type, bool outgoing, uint64_t first,
                                             const PropertyColumns::Column& of) const {
  const LaneArrays* const lane = FindLane(type, outgoing);
  const SlotTable::Page* const page = lane == nullptr ? nullptr : lane->slots_.FindPage(first);
  const PageValues* values = page == nullptr ? nullptr : page->values.load();
  while (values != nullptr && values->of != &of) values = values->next.get();
  return values;
}

void AdjacencyCache::InstallValues(TypeId type, bool outgoing, uint64_t first,
                                   std::unique_ptr<PageValues> values) {
  const size_t bytes = values->bytes();
  MutexLock lock(&mutex_);
  const LaneArrays* const lane = FindLane(type, outgoing);
  SlotTable::Page* const page = lane == nullptr ? nullptr : lane->slots_.FindPage(first);
  if (page == nullptr || PageTouched(type, outgoing, first, values->since)) return;
  if (ArrayBytes() + ColumnBytes() + bytes > budget_) return;
  // Those that came first serve older readers too.
  if (FindValues(type, outgoing, first, *values->of) != nullptr) return;
  value_bytes_ += bytes;
  values->next.reset(page->values.load());
  page->values.store(values.release());
}

void AdjacencyCache::DropCountsOf(const AdjacencyKey& key) {
  LaneArrays* const lane = LaneAt(key.type, key.outgoing);
  SlotTable::Page* const page =
      lane == nullptr ? nullptr : lane->slots_.FindPage(key.vertex.value());
  if (page == nullptr) return;
  DropCounts(*page);
  DropValues(*page);
}

void AdjacencyCache::DropValues(SlotTable::Page& page) {
  std::unique_ptr<const PageValues> values(page.values.exchange(nullptr));
  if (values == nullptr) return;
  for (const PageValues* each = values.get(); each != nullptr; each = each->next.get()) {
    value_bytes_ -= each->bytes();
  }
  Retired retired;
  retired.values = std::move(values);
  Retire(std::move(retired));
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
