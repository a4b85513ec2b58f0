#include "graph/store/keyless_relationships.h"

#include <memory>

namespace relata {

KeylessRelationships::~KeylessRelationships() {
  for (const std::atomic<Page*>& page : pages_) delete page.load(std::memory_order_relaxed);
}

bool KeylessRelationships::Contains(RelationshipId id) const {
  if (id.value() >= kMostIds) return false;
  const Page* const page = pages_[id.value() / kIdsOfPage].load(std::memory_order_acquire);
  if (page == nullptr) return false;
  return ((*page)[WordOf(id)].load(std::memory_order_relaxed) & BitOf(id)) != 0;
}

void KeylessRelationships::Add(RelationshipId id) {
  if (id.value() >= kMostIds) return;
  std::atomic<Page*>& place = pages_[id.value() / kIdsOfPage];
  Page* page = place.load(std::memory_order_acquire);
  if (page == nullptr) {
    auto made = std::make_unique<Page>();
    // Another thread may have been faster: then `page` gets its.
    if (place.compare_exchange_strong(page, made.get(), std::memory_order_acq_rel)) {
      page = made.release();
    }
  }
  (*page)[WordOf(id)].fetch_or(BitOf(id), std::memory_order_relaxed);
}

}  // namespace relata
