#include <algorithm>
#include <memory>
#include <utility>

#include "graph/adjacency/adjacency_cache.h"

// How things leave the cache: out of their slot, kept until no reader is left that may look at
// them, freed; and which of them leave where the budget is used up.
namespace relata {
namespace {

// So many things wait to be freed before it is looked whether they can be.
constexpr size_t kRetiredBatch = 32;
// Rounds of the clock after which nothing more can be evicted.
constexpr int kMostRounds = 3;

}  // namespace

// Takes the array out of its slot, if there is one.
void AdjacencyCache::TakeOut(SlotTable::Slot& place) {
  const uint64_t slot = place.exchange(0);
  if ((slot & kAddress) == 0) return;
  if (IsChanged(slot)) change_bytes_ -= ChangedOf(slot)->bytes();
  array_bytes_ -= SlabMemory::BytesOf(PackedArray(BlockOf(slot), 0).bytes());
  --arrays_;
  Retire({0, slot, /*keeps_block=*/false, nullptr, nullptr});
}

// The page of the entity with its arrays, if there is one.
void AdjacencyCache::TakeOutArrays(SlotTable& table, uint64_t id) {
  SlotTable::Page* const page = table.FindPage(id);
  if (page == nullptr) return;
  for (SlotTable::Slot& place : page->slots) TakeOut(place);
  TakeOutPage(table, id);
}

void AdjacencyCache::TakeOutPast(SlotTable::Slot& place) {
  RetirePast(std::bit_cast<PastArray*>(place.exchange(0) & kAddress));
}

void AdjacencyCache::TakeOutPage(SlotTable& table, uint64_t id) {
  if (SlotTable::Page* const taken = table.FindPage(id)) {
    DropCounts(*taken);
    DropValues(*taken);
  }
  const size_t before = table.bytes();
  std::unique_ptr<SlotTable::Page> page = table.TakePage(id);
  table_bytes_ -= before - table.bytes();
  Retire({0, 0, false, std::move(page), nullptr});
}

void AdjacencyCache::Retire(Retired retired) {
  retired.epoch = epochs_.Retire();
  retired_.push_back(std::move(retired));
  if (retired_.size() % kRetiredBatch == 0) FreeRetired();
}

void AdjacencyCache::FreeRetired() {
  const uint64_t safe = epochs_.SafeBelow();
  const auto kept = std::partition(retired_.begin(), retired_.end(),
                                   [&](const Retired& retired) { return retired.epoch >= safe; });
  for (auto it = kept; it != retired_.end(); ++it) Free(*it);
  retired_.erase(kept, retired_.end());
}

void AdjacencyCache::Free(const Retired& retired) {
  if ((retired.slot & kAddress) != 0) FreeArray(retired.slot, retired.keeps_block);
  for (const PastArray* past = retired.past; past != nullptr;) {
    FreeArray(past->slot, /*keeps_block=*/false);
    past = std::unique_ptr<const PastArray>(past)->next;
  }
}

void AdjacencyCache::FreeArray(uint64_t slot, bool keeps_block) {
  const uint8_t* const block = BlockOf(slot);
  if (IsChanged(slot)) delete ChangedOf(slot);
  if (!keeps_block) FreeBlock(block);
}

void AdjacencyCache::FreeBlock(const uint8_t* block) {
  const size_t bytes = PackedArray(block, 0).bytes();
  memory_.Free(const_cast<uint8_t*>(block), bytes);
}

size_t AdjacencyCache::ArrayBytes() const {
  return array_bytes_ + change_bytes_ + past_bytes_ + value_bytes_ + table_bytes_ + sets_.bytes();
}

SlotTable& AdjacencyCache::TableAt(size_t table) {
  const size_t lanes = all_lanes_.size();
  if (table >= 2 * lanes) return types_;
  return table < lanes ? all_lanes_[table]->slots_ : all_lanes_[table - lanes]->past_;
}

// Takes out what the clocks find unused until the rest is within the budget.
void AdjacencyCache::Evict() {
  if (ArrayBytes() + ColumnBytes() <= budget_) return;
  const size_t most_arrays = ArrayBudget();
  for (int rounds = 0; ArrayBytes() > most_arrays && rounds < kMostRounds;) {
    const bool of_types = hand_.table >= 2 * all_lanes_.size();
    SlotTable& table = TableAt(hand_.table);
    const uint64_t id = table.NextPage(hand_.id);
    if (id == UINT64_MAX) {
      hand_ = of_types ? Hand() : Hand{hand_.table + 1, 0};
      if (of_types) ++rounds;
      continue;
    }
    hand_.id = id + SlotTable::kPageSlots;
    if (!of_types) {
      SweepArrays(table, id, /*past=*/hand_.table >= all_lanes_.size(), most_arrays);
    } else if (!table.FindPage(id)->used.exchange(false)) {
      TakeOutPage(table, id);
      ++evictions_;
    }
  }
  const size_t others = ArrayBytes() + past_columns_.bytes();
  columns_.Shrink(budget_ - std::min(others, budget_));
}

// Gives the arrays of a page that were used since the last time a second chance; a page that is
// empty then goes too.
void AdjacencyCache::SweepArrays(SlotTable& table, uint64_t id, bool past, size_t most_arrays) {
  bool empty = true;
  DropValues(*table.FindPage(id));
  for (SlotTable::Slot& place : table.FindPage(id)->slots) {
    if ((place.load() & kAddress) == 0) continue;
    if (ArrayBytes() > most_arrays && (place.fetch_and(~kUsedBit) & kUsedBit) == 0) {
      past ? TakeOutPast(place) : TakeOut(place);
      ++evictions_;
    } else {
      empty = false;
    }
  }
  if (empty) TakeOutPage(table, id);
}

}  // namespace relata
