#include "graph/adjacency/column_pages.h"

#include <algorithm>
#include <bit>

namespace relata {
namespace {

constexpr size_t kLeastPlaces = 16;

}  // namespace

// Stands where a page was taken out, so that those behind it are still found; has no page's number.
ColumnPage* ColumnPages::Gone() {
  static auto* const kGone = new ColumnPage(UINT64_MAX);
  return kGone;
}

void ColumnPages::Put(Table& table, ColumnPage* page) {
  size_t place = PlaceOf(table, page->number);
  while (table.places[place].load(std::memory_order_relaxed) != nullptr) {
    place = (place + 1) & (size_of(table) - 1);
  }
  table.places[place].store(page, std::memory_order_seq_cst);
}

std::unique_ptr<const ColumnPages::Table> ColumnPages::Add(ColumnPage* page) {
  std::unique_ptr<const Table> outgrown;
  // A quarter of the places at least stays free.
  if ((used_ + 1) * 4 > places() * 3) {
    auto table = std::make_unique<Table>(std::max(kLeastPlaces, std::bit_ceil(2 * live_)));
    for (size_t place = 0; place < places(); ++place) {
      if (ColumnPage* const each = At(place)) Put(*table, each);
    }
    used_ = live_;
    outgrown.reset(table_.exchange(table.release(), std::memory_order_seq_cst));
  }
  Put(*table_.load(std::memory_order_relaxed), page);
  ++live_;
  ++used_;
  return outgrown;
}

void ColumnPages::TakeOut(const ColumnPage& page) {
  Table& table = *table_.load(std::memory_order_relaxed);
  size_t place = PlaceOf(table, page.number);
  while (table.places[place].load(std::memory_order_relaxed) != &page) {
    place = (place + 1) & (size_of(table) - 1);
  }
  table.places[place].store(Gone(), std::memory_order_seq_cst);
  --live_;
}

ColumnPage* ColumnPages::At(size_t place) const {
  ColumnPage* const page =
      table_.load(std::memory_order_relaxed)->places[place].load(std::memory_order_relaxed);
  return page == Gone() ? nullptr : page;
}

size_t ColumnPages::places() const {
  const Table* const table = table_.load(std::memory_order_relaxed);
  return table == nullptr ? 0 : size_of(*table);
}

}  // namespace relata
