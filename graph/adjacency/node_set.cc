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

void NodeSet::InsertAll(absl::Span<const EntityId> nodes, std::vector<EntityId>* fresh) {
  size_t i = 0;
  for (; i < nodes.size() && !in_pages_; ++i) {
    if (InsertHashed(nodes[i])) fresh->push_back(nodes[i]);
  }
  // Whether a node is fresh cannot be foretold, so none is branched upon: each is written where the
  // next one goes, which moves on if it was.
  const size_t before = fresh->size();
  fresh->resize(before + nodes.size() - i);
  EntityId* const begin = fresh->data() + before;
  EntityId* end = begin;
  for (; i < nodes.size(); ++i) {
    const uint64_t id = nodes[i].value();
    uint64_t& word = WordOf(id);
    const uint64_t there = word >> (id % kWordBits) & 1;
    word |= uint64_t{1} << (id % kWordBits);
    *end = nodes[i];
    end += 1 - there;
  }
  const auto added = static_cast<size_t>(end - begin);
  size_ += added;
  fresh->resize(before + added);
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
