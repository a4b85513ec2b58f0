#include "graph/adjacency/node_set.h"

namespace relata {

bool NodeSet::InsertHashed(EntityId node) {
  if (!hashed_.insert(node).second) return false;
  if (hashed_.size() <= kMostHashed) return true;
  in_pages_ = true;
  size_ = 0;
  for (const EntityId each : hashed_) insert(each);
  hashed_.clear();
  return true;
}

void NodeSet::MakePage(uint64_t page) {
  if (page >= pages_.size()) pages_.resize(page + 1);
  pages_[page] = std::make_unique<Page>();
  ++page_count_;
}

void NodeSet::clear() {
  hashed_.clear();
  for (const std::unique_ptr<Page>& page : pages_) {
    if (page != nullptr) page->fill(0);
  }
  size_ = 0;
  in_pages_ = false;
}

}  // namespace relata
