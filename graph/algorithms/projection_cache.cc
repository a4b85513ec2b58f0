#include "graph/algorithms/projection_cache.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

template <typename T>
std::vector<T> Sorted(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

bool SamePolicy(const BeliefPolicy& a, const BeliefPolicy& b) {
  // Under the raw policy the other fields have no effect.
  if (a.raw || b.raw) return a.raw == b.raw;
  return a.min_confidence == b.min_confidence && a.min_sources == b.min_sources &&
         a.trusted == b.trusted && a.barred == b.barred && a.disputed_in == b.disputed_in &&
         a.reported_until == b.reported_until;
}

// Whether what is kept at its instant is also what is asked for.
bool ServesTime(const Projection& kept, const ValidTime& asked) {
  const ValidTime& valid = kept.spec().view.valid;
  if (valid.kind != asked.kind || valid.certainly != asked.certainly) return false;
  if (valid.kind == ValidTime::Kind::kAll) return true;
  return asked.from == valid.from || (asked.from > valid.from && asked.from < kept.stable_until());
}

bool Serves(const Projection& kept, const ProjectionSpec& asked) {
  const ProjectionSpec& spec = kept.spec();
  const bool same_weight = spec.weight == asked.weight &&
                           (!spec.weight || (spec.default_weight == asked.default_weight &&
                                             spec.parallel == asked.parallel));
  return same_weight && spec.orientation == asked.orientation &&
         (kept.has_in() || !asked.incoming) && ServesTime(kept, asked.view.valid) &&
         SamePolicy(*spec.view.policy, *asked.view.policy) &&
         Sorted(spec.labels) == Sorted(asked.labels) && Sorted(spec.types) == Sorted(asked.types);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Projection>> ProjectionCache::Get(const Snapshot& snapshot,
                                                                       const ProjectionSpec& spec,
                                                                       RunControl& control) {
  std::shared_ptr<const Projection> projection = Find(snapshot.version(), spec);
  if (projection == nullptr) {
    const size_t memory_bytes = std::min(budget_bytes_, control.free_bytes());
    RELATA_ASSIGN_OR_RETURN(projection, Projection::Build(snapshot, spec, memory_bytes, control));
    Install(projection);
  }
  RELATA_RETURN_IF_ERROR(control.Reserve(projection->bytes()));
  return projection;
}

std::shared_ptr<const Projection> ProjectionCache::Find(CommitVersion version,
                                                        const ProjectionSpec& spec) {
  MutexLock lock(&mutex_);
  for (auto it = projections_.begin(); it != projections_.end(); ++it) {
    if ((*it)->version() != version || !Serves(**it, spec)) continue;
    projections_.splice(projections_.begin(), projections_, it);
    ++hits_;
    return projections_.front();
  }
  ++misses_;
  return nullptr;
}

void ProjectionCache::Install(std::shared_ptr<const Projection> projection) {
  MutexLock lock(&mutex_);
  bytes_ += projection->bytes();
  projections_.push_front(std::move(projection));
  while (bytes_ > budget_bytes_) {
    bytes_ -= projections_.back()->bytes();
    projections_.pop_back();
  }
}

ProjectionCache::Stats ProjectionCache::GetStats() const {
  MutexLock lock(&mutex_);
  return {hits_, misses_, projections_.size(), bytes_};
}

}  // namespace relata
