#include "graph/adjacency/slot_table.h"

#include <algorithm>

namespace relata {

SlotTable::~SlotTable() {
  if (roots_.empty()) return;
  for (std::atomic<Segment*>& segment : roots_.back()->segments) {
    if (segment == nullptr) continue;
    for (std::atomic<Page*>& page : segment.load()->pages) delete page.load();
    delete segment.load();
  }
}

void SlotTable::Grow(uint64_t segments) {
  auto root = std::make_unique<Root>(segments);
  const Root* const before = root_.load();
  for (size_t i = 0; before != nullptr && i < before->segments.size(); ++i) {
    root->segments[i].store(before->segments[i].load());
  }
  bytes_ += sizeof(Root) + segments * sizeof(root->segments[0]);
  root_.store(root.get());
  roots_.push_back(std::move(root));
}

SlotTable::Page* SlotTable::ObtainPage(uint64_t id, size_t most_bytes) {
  if (Page* const page = FindPage(id)) return page;
  const uint64_t segment = id / (kPageSlots * kSegmentPages);
  const uint64_t known = roots_.empty() ? 0 : roots_.back()->segments.size();
  const uint64_t wanted = segment < known ? known : std::max(segment + 1, 2 * known);
  const uint64_t growth = wanted == known ? 0 : wanted;
  if (growth > most_bytes / sizeof(void*) ||
      bytes_ + growth * sizeof(void*) + sizeof(Segment) + sizeof(Page) > most_bytes) {
    return nullptr;
  }
  if (growth > 0) Grow(wanted);
  std::atomic<Segment*>& place = roots_.back()->segments[segment];
  if (place == nullptr) {
    place.store(new Segment());
    bytes_ += sizeof(Segment);
  }
  Page* const page = new Page();
  bytes_ += sizeof(Page);
  place.load()->pages[id / kPageSlots % kSegmentPages].store(page);
  return page;
}

std::unique_ptr<SlotTable::Page> SlotTable::TakePage(uint64_t id) {
  if (FindPage(id) == nullptr) return nullptr;
  Segment* const segment = roots_.back()->segments[id / (kPageSlots * kSegmentPages)].load();
  std::atomic<Page*>& place = segment->pages[id / kPageSlots % kSegmentPages];
  bytes_ -= sizeof(Page);
  return std::unique_ptr<Page>(place.exchange(nullptr));
}

uint64_t SlotTable::NextPage(uint64_t id) const {
  if (roots_.empty()) return UINT64_MAX;
  const Root& root = *roots_.back();
  uint64_t page = id / kPageSlots;
  while (page / kSegmentPages < root.segments.size()) {
    const Segment* const segment = root.segments[page / kSegmentPages].load();
    if (segment == nullptr) {
      page = (page / kSegmentPages + 1) * kSegmentPages;
      continue;
    }
    if (segment->pages[page % kSegmentPages].load() != nullptr) return page * kPageSlots;
    ++page;
  }
  return UINT64_MAX;
}

}  // namespace relata
