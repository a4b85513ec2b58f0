#ifndef RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_
#define RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/answers/timeline.h"
#include "graph/answers/via_paths.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// A fact that a timeline tells of.
struct TimelineFact {
  FactOwner owner;
  std::optional<RelationshipEnds> relationship;
  Fact fact;
  FactStatus status = FactStatus::kUncited;  // under the policy
  std::vector<StatusChange> changes;
  std::vector<size_t> found_at;  // places in ViaPaths::reached, ascending
};

// Collects the facts of the request's events at the entities reached, at every valid time, as the
// policy shows them (S10). Under the default policy retracted facts are among them. Each fact once,
// in no particular order. For one thread and one question.
class TimelineFacts {
 public:
  TimelineFacts(const Snapshot& snapshot, const ReadView& view, const TimelineRequest& request,
                Budget& budget);

  // Looks at the entities in order, or as far as the budget lasts; returns how many were not looked
  // at. Call once.
  absl::StatusOr<uint64_t> Collect(const std::vector<ViaPaths::Reached>& reached);

  std::vector<TimelineFact>& facts() { return facts_; }

 private:
  struct FoundRelationship {
    RelationshipEnds ends;
    std::vector<size_t> found_at;
  };

  absl::Status FindRelationships(EntityId entity, size_t place);
  absl::Status AddProperties(EntityId entity, size_t place);
  absl::Status AddRelationships();
  // Adds the facts that the policy shows.
  void AddFacts(const FactOwner& owner, const std::optional<RelationshipEnds>& relationship,
                std::vector<Fact> facts, const std::vector<size_t>& found_at);

  const Snapshot& snapshot_;
  const BeliefPolicy& policy_;
  Budget& budget_;
  std::vector<Step> steps_;             // of the events that are relationships
  std::vector<PropertyId> properties_;  // of the others; ascending, distinct
  std::vector<FoundRelationship> found_;
  absl::flat_hash_map<RelationshipId, size_t> place_;  // in found_
  std::vector<TimelineFact> facts_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_
