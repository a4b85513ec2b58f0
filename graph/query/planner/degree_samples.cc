#include "graph/query/planner/degree_samples.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/store/key_layout.h"
#include "storage/versioned_store.h"

namespace relata::query {
namespace {

// The same places each time, so that a plan does not change by chance (Knuth's MMIX generator).
class Places {
 public:
  uint64_t Below(uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 11) % limit;
  }

 private:
  uint64_t state_ = 1;
};

// No entity has an id above it.
absl::StatusOr<uint64_t> LargestId(const Snapshot& snapshot, std::optional<LabelId> label) {
  uint64_t below = 1;
  while (below < (uint64_t{1} << 62)) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> next,
                            snapshot.ListEntities(label, EntityId(below), 1));
    if (next.empty()) break;
    below = std::max(2 * below, next.back().value());
  }
  return below;
}

absl::StatusOr<size_t> CountKeys(const Snapshot& snapshot, const std::string& prefix) {
  size_t count = 0;
  VersionedScan scan(snapshot.store(), KeyRange::Prefix(prefix));
  for (; scan.Valid() && count < DegreeSamples::kMostCounted; scan.Next()) ++count;
  RELATA_RETURN_IF_ERROR(scan.status());
  return count;
}

// A graph that has not changed by half has about the same degrees.
bool SameSize(uint64_t before, uint64_t now) {
  return std::max(before, now) <= std::min(before, now) + std::min(before, now) / 2 + 100;
}

}  // namespace

std::optional<DegreeSample> DegreeSamples::Of(const std::string& label, const std::string& type,
                                              EdgeDirection direction) {
  const uint64_t relationships = database_->Statistics().relationships;
  Key key{label, type, direction};
  {
    MutexLock lock(&mutex_);
    const auto it = entries_.find(key);
    if (it != entries_.end() && SameSize(it->second.relationships, relationships)) {
      return it->second.sample;
    }
  }
  // An estimate that cannot be made is none.
  const absl::StatusOr<std::optional<DegreeSample>> sample = Look(key);
  if (!sample.ok()) return std::nullopt;
  MutexLock lock(&mutex_);
  entries_[std::move(key)] = {*sample, relationships};
  return *sample;
}

absl::StatusOr<std::optional<DegreeSample>> DegreeSamples::Look(const Key& key) const {
  const auto& [label_name, type_name, direction] = key;
  const Snapshot snapshot = database_->Latest();
  std::optional<LabelId> label;
  std::optional<TypeId> type;
  if (!label_name.empty()) label = snapshot.names().FindLabel(label_name);
  if (!type_name.empty()) type = snapshot.names().FindType(type_name);
  if ((!label && !label_name.empty()) || (!type && !type_name.empty())) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const uint64_t largest, LargestId(snapshot, label));
  Places places;
  DegreeSample sample;
  int looked_at = 0;
  for (int i = 0; i < kNodes; ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                            snapshot.ListEntities(label, EntityId(places.Below(largest)), 1));
    if (ids.empty()) continue;
    const bool out = direction == EdgeDirection::kOut;
    const std::string prefix = type ? (out ? OutPrefix(ids[0], *type) : InPrefix(ids[0], *type))
                                    : (out ? OutPrefix(ids[0]) : InPrefix(ids[0]));
    RELATA_ASSIGN_OR_RETURN(const size_t degree, CountKeys(snapshot, prefix));
    ++looked_at;
    sample.average += static_cast<double>(degree);
    sample.largest = std::max(sample.largest, static_cast<double>(degree));
  }
  if (looked_at == 0) return std::nullopt;
  sample.average /= looked_at;
  return sample;
}

}  // namespace relata::query
