#include "graph/catalog/schema_cache.h"

#include "base/status_macros.h"

namespace relata {
namespace {

constexpr size_t kMostPast = 8;

}  // namespace

absl::StatusOr<std::shared_ptr<const Schema>> SchemaCache::Get(const StoreSnapshot& snapshot) {
  {
    MutexLock lock(&mutex_);
    if (newest_ != nullptr && snapshot.version() >= since_) return newest_;
    for (const auto& [version, schema] : past_) {
      if (version == snapshot.version()) return schema;
    }
  }
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Schema> schema, Schema::Load(snapshot));
  MutexLock lock(&mutex_);
  if (newest_ == nullptr && snapshot.at_head() && snapshot.version() >= last_changed_) {
    newest_ = schema;
    since_ = snapshot.version();
  } else if (!snapshot.at_head()) {
    if (past_.size() == kMostPast) past_.pop_front();
    past_.emplace_back(snapshot.version(), schema);
  }
  return schema;
}

void SchemaCache::Invalidate(CommitVersion version) {
  MutexLock lock(&mutex_);
  newest_ = nullptr;
  last_changed_ = version;
}

}  // namespace relata
