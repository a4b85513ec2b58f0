#ifndef RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_
#define RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/answers/timeline.h"
#include "graph/answers/via_paths.h"
#include "graph/budget.h"
#include "graph/store/snapshot.h"

namespace relata {

// Places in ViaPaths::reached, ascending.
using FoundAt = absl::InlinedVector<size_t, 2>;

// A fact that a timeline tells of.
struct TimelineFact {
  FactOwner owner;
  std::optional<RelationshipEnds> relationship;
  Fact fact;
  FactStatus status = FactStatus::kUncited;  // under the policy
  std::vector<StatusChange> changes;
  FoundAt found_at;
  bool is_whole = true;  // else `fact` has its id and its interval alone
};

// Whether an entry of this date is in the request's window [from, to).
bool IsInWindow(const TimelineRequest& request, const Bound& date);

// Collects the facts of the request's events at the entities reached, at every valid time, as the
// policy shows them (S10). Under the default policy retracted facts are among them, and facts
// without citations are told from the adjacency arrays, without reading them. Each fact once, in no
// particular order. For one thread and one question.
class TimelineFacts {
 public:
  TimelineFacts(const Snapshot& snapshot, const ReadView& view, const TimelineRequest& request,
                Budget& budget);

  // Looks at the entities in order, or as far as the budget lasts; returns how many were not looked
  // at. Relationships whose entries surely come after the first request.limit + 1 that follow
  // `after` (null: all) may be left out. Call once.
  absl::StatusOr<uint64_t> Collect(const std::vector<ViaPaths::Reached>& reached,
                                   const TimelineCursor* after);

  std::vector<TimelineFact>& facts() { return facts_; }

 private:
  // What comes first in the order of S10: unknown, earliest, latest.
  using EntryDate = std::tuple<bool, Instant, Instant>;
  struct FoundFact {
    FactId id;
    Interval valid;
  };
  struct FoundRelationship {
    RelationshipEnds ends;
    FoundAt found_at;
    // Its citations may date entries too, so that only reading its facts tells which it has.
    bool cited = false;
    absl::InlinedVector<FoundFact, 1> facts;
  };

  // Notes the relationships of the entity at a place of `reached`.
  absl::Status AddEdges(EdgeWalk& walk, EntityId entity, size_t place);
  // Notes an edge, valid so.
  void AddFound(EntityId entity, const Edge& edge, const Interval& valid, size_t place);
  bool IsBefore(const EntryDate& a, const EntryDate& b) const;
  // Calls visit(date) for the entries of a fact without citations.
  template <typename Visit>
  void ForEachDate(const FoundRelationship& found, Visit visit) const;
  void DropLateRelationships(const TimelineCursor* after);
  absl::Status AddProperties(EntityId entity, size_t place);
  absl::Status AddRelationships();
  // Whether its facts are known from the edges.
  bool IsKnown(const FoundRelationship& found) const { return policy_.IsDefault() && !found.cited; }
  void AddKnown(const FoundRelationship& found);
  // Adds the facts that the policy shows.
  void AddFacts(const FactOwner& owner, const std::optional<RelationshipEnds>& relationship,
                std::vector<Fact> facts, const FoundAt& found_at);

  const Snapshot& snapshot_;
  const TimelineRequest& request_;
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
