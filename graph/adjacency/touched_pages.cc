#include "graph/adjacency/touched_pages.h"

#include <cstddef>

#include "graph/adjacency/slot_table.h"

namespace relata {

void TouchedPages::Add(TypeId type, bool outgoing, EntityId vertex) {
  const size_t i = 2 * size_t{type.value()} + (outgoing ? 1 : 0);
  if (lanes_.size() <= i) lanes_.resize(i + 1);
  std::vector<bool>& pages = lanes_[i];
  const uint64_t page = vertex.value() / SlotTable::kPageSlots;
  if (pages.size() <= page) pages.resize(page + 1);
  pages[page] = true;
}

void TouchedPages::ForEach(
    absl::FunctionRef<void(TypeId type, bool outgoing, uint64_t first)> visit) const {
  for (size_t i = 0; i < lanes_.size(); ++i) {
    const TypeId type(static_cast<uint32_t>(i / 2));
    for (size_t page = 0; page < lanes_[i].size(); ++page) {
      if (lanes_[i][page]) visit(type, i % 2 != 0, page * SlotTable::kPageSlots);
    }
  }
}

}  // namespace relata
