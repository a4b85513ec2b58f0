#ifndef RELATA_GRAPH_QUERY_PLANNER_SAMPLED_NODES_H_
#define RELATA_GRAPH_QUERY_PLANNER_SAMPLED_NODES_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "graph/store/snapshot.h"

namespace relata::query {

// Places to look at: the same ones each time, so that a plan does not change by chance (Knuth's
// MMIX generator).
class SamplePlaces {
 public:
  // 0 to `limit` - 1.
  uint64_t Below(uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 11) % limit;
  }

 private:
  uint64_t state_ = 1;
};

// Nodes of a label (or any) spread over the ids, one after the other; some may come twice. Used by
// one thread; `snapshot` must outlive it.
class SampledNodes {
 public:
  static absl::StatusOr<SampledNodes> Of(const Snapshot& snapshot, std::optional<LabelId> label);
  // nullopt: there is none at this place; the next may have one.
  absl::StatusOr<std::optional<EntityId>> Next();
  SamplePlaces& places() { return places_; }

 private:
  static constexpr size_t kAtAPlace = 16;

  SampledNodes(const Snapshot* snapshot, std::optional<LabelId> label, uint64_t largest)
      : snapshot_(snapshot), label_(label), largest_(largest) {}

  const Snapshot* snapshot_;
  std::optional<LabelId> label_;
  uint64_t largest_;  // no id is above it
  SamplePlaces places_;
};

// Relationships spread over the ids, one after the other; some may come twice. As SampledNodes.
class SampledRelationships {
 public:
  static absl::StatusOr<SampledRelationships> Of(const Snapshot& snapshot);
  // nullopt: there is none of the type at this place; the next may have one.
  absl::StatusOr<std::optional<RelationshipEnds>> Next(TypeId type);

 private:
  static constexpr size_t kAtAPlace = 64;

  SampledRelationships(const Snapshot* snapshot, uint64_t largest)
      : snapshot_(snapshot), largest_(largest) {}

  const Snapshot* snapshot_;
  uint64_t largest_;  // no id is above it
  SamplePlaces places_;
};

// Whether a count has changed so little that what was sampled then still holds.
bool SameSampledSize(uint64_t before, uint64_t now);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_SAMPLED_NODES_H_
