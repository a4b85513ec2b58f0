#include "graph/query/plan_cache.h"

namespace relata::query {
namespace {

// A graph that has grown or shrunk by this factor gets new plans.
constexpr uint64_t kGrowth = 4;
// Below this size plans hardly differ.
constexpr uint64_t kSmall = 1000;
// Longer statements are hardly ever sent twice, and their plans take some hundred times the memory
// of their text.
constexpr size_t kLongestKey = 32 << 10;

bool MuchChanged(uint64_t before, uint64_t now) {
  if (before < kSmall && now < kSmall) return false;
  return now > before * kGrowth || before > now * kGrowth;
}

}  // namespace

std::shared_ptr<const CompiledStatement> PlanCache::Find(const std::string& key,
                                                         const Basis& basis) {
  MutexLock lock(&mutex_);
  const auto it = entries_.find(key);
  if (it == entries_.end()) return nullptr;
  const Basis& made_for = it->second.basis;
  const bool stale = made_for.schema != basis.schema ||
                     made_for.usable_indexes != basis.usable_indexes ||
                     MuchChanged(made_for.entities, basis.entities) ||
                     MuchChanged(made_for.relationships, basis.relationships);
  if (stale) {
    uses_.erase(it->second.use);
    entries_.erase(it);
    return nullptr;
  }
  uses_.splice(uses_.begin(), uses_, it->second.use);
  return it->second.plan;
}

void PlanCache::Insert(const std::string& key, Basis basis,
                       std::shared_ptr<const CompiledStatement> plan) {
  if (key.size() > kLongestKey) return;
  MutexLock lock(&mutex_);
  if (entries_.contains(key)) return;  // another thread was faster
  uses_.push_front(key);
  entries_[key] = {std::move(basis), std::move(plan), uses_.begin()};
  while (entries_.size() > capacity_) {
    entries_.erase(uses_.back());
    uses_.pop_back();
  }
}

}  // namespace relata::query
