#include "graph/query/planner/value_samples.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/planner/sampled_nodes.h"
#include "graph/store/key_layout.h"
#include "storage/versioned_store.h"

namespace relata::query {
namespace {

absl::StatusOr<size_t> CountNodesOf(const Snapshot& snapshot, const std::string& prefix) {
  size_t count = 0;
  VersionedScan scan(snapshot.store(), KeyRange::Prefix(prefix));
  for (; scan.Valid() && count < ValueSamples::kMostCounted; scan.Next()) ++count;
  RELATA_RETURN_IF_ERROR(scan.status());
  return count;
}

}  // namespace

std::optional<ValueSample> ValueSamples::Of(const IndexDefinition& index) {
  const uint64_t entities = database_->EntityCount();
  {
    MutexLock lock(&mutex_);
    const auto it = entries_.find(index.id);
    if (it != entries_.end() && SameSampledSize(it->second.entities, entities)) {
      return it->second.sample;
    }
  }
  // An estimate that cannot be made is none.
  const absl::StatusOr<std::optional<ValueSample>> sample = Look(index);
  if (!sample.ok()) return std::nullopt;
  MutexLock lock(&mutex_);
  entries_[index.id] = {*sample, entities};
  return *sample;
}

absl::StatusOr<std::optional<ValueSample>> ValueSamples::Look(const IndexDefinition& index) const {
  const Snapshot snapshot = database_->Latest();
  RELATA_ASSIGN_OR_RETURN(SampledNodes nodes, SampledNodes::Of(snapshot, index.label));
  int tried = 0;
  int looked_at = 0;
  double parts = 0;  // of values
  double same = 0;
  for (int i = 0; i < kNodes; ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, nodes.Next());
    if (!id) continue;
    ++tried;
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> entity, snapshot.GetEntity(*id));
    const std::vector<Fact>* const facts = entity ? entity->FindProperty(index.property) : nullptr;
    if (facts == nullptr) continue;
    RELATA_ASSIGN_OR_RETURN(
        const size_t count,
        CountNodesOf(snapshot, IndexValuePrefix(index.id, facts->back().value)));
    ++looked_at;
    parts += 1 / static_cast<double>(std::max<size_t>(count, 1));
    same += static_cast<double>(count);
  }
  if (looked_at == 0) return std::nullopt;
  return ValueSample{parts / looked_at, same / looked_at, static_cast<double>(looked_at) / tried};
}

}  // namespace relata::query
