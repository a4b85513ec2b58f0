#include "graph/adjacency/past_columns.h"

#include <algorithm>

namespace relata {

std::shared_ptr<PropertyColumns> PastColumns::At(CommitVersion version) {
  MutexLock lock(&mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const Kept& kept) { return kept.version == version; });
  if (found != kept_.end()) {
    std::rotate(found, found + 1, kept_.end());
    return kept_.back().columns;
  }
  if (kept_.size() == kMostVersions) kept_.erase(kept_.begin());
  kept_.push_back({version, std::make_shared<PropertyColumns>(budget_)});
  return kept_.back().columns;
}

size_t PastColumns::bytes() const {
  MutexLock lock(&mutex_);
  size_t sum = 0;
  for (const Kept& kept : kept_) sum += kept.columns->bytes();
  return sum;
}

}  // namespace relata
