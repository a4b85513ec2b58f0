#ifndef RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_
#define RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/answers/timeline.h"
#include "graph/answers/via_paths.h"
#include "graph/budget.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// Where a fact was found: places in ViaPaths::reached, ascending; two at most, since a relationship
// has two ends.
class FoundAt {
 public:
  explicit FoundAt(size_t place) : places_{place, 0} {}
  void Add(size_t place) { places_[count_++] = place; }
  absl::Span<const size_t> places() const { return {places_.data(), count_}; }

 private:
  std::array<size_t, 2> places_;
  size_t count_ = 1;
};

// A fact as it was read, with what its citations tell.
struct ReadFact {
  Fact fact;
  std::vector<StatusChange> changes;
};

// A fact that a timeline tells of.
struct TimelineFact {
  FactOwner owner;
  std::optional<RelationshipEnds> relationship;
  FactId id;
  Interval valid;
  FactStatus status = FactStatus::kUncited;  // under the policy
  FoundAt found_at;
  std::unique_ptr<const ReadFact> read;  // null: known from an adjacency array, without citations
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
  // A relationship whose facts are to be read.
  struct Unread {
    RelationshipEnds ends;
    FoundAt found_at;
  };
  // Where what was found of a relationship lies.
  struct Found {
    bool known = false;  // its first fact in facts_; else it is in unread_
    size_t index = 0;
  };

  // Whether an edge of one relationship may be seen from both of its ends.
  static bool MayMeetTwice(absl::Span<const Step> steps);
  // Notes the relationships of the entities at [place, place + entities.size()) of `reached`.
  absl::Status AddEdges(EdgeWalk& walk, absl::Span<const EntityId> entities, size_t place);
  // Notes an edge, valid so; the facts of a relationship at one place come one after the other.
  void AddEdge(EntityId entity, const Edge& edge, const Interval& valid, size_t place);
  // Of a relationship that was found from its other end; false: it was not.
  bool AddPlace(RelationshipId relationship, size_t place);
  void AddUnread(const RelationshipEnds& ends, size_t place);
  bool IsBefore(const EntryDate& a, const EntryDate& b) const;
  // Calls visit(date) for the entries of a fact without citations.
  template <typename Visit>
  void ForEachDate(const Interval& valid, Visit visit) const;
  // Whether all its entries come after the last one wanted.
  bool IsLate(const Interval& valid) const;
  // Drops known facts that are late by what is known so far.
  void DropLateFacts();
  void FindAgain();
  absl::Status AddProperties(EntityId entity, size_t place);
  absl::Status ReadRelationships();
  // Adds the facts that the policy shows.
  void AddFacts(const FactOwner& owner, const std::optional<RelationshipEnds>& relationship,
                std::vector<Fact> facts, const FoundAt& found_at);

  const Snapshot& snapshot_;
  const TimelineRequest& request_;
  const BeliefPolicy& policy_;
  // Whether facts without citations are told from the arrays.
  const bool knows_uncited_;
  Budget& budget_;
  std::vector<Step> steps_;             // of the events that are relationships
  std::vector<PropertyId> properties_;  // of the others; ascending, distinct
  std::vector<TimelineFact> facts_;
  std::vector<Unread> unread_;
  // Of what may be met again from the other end.
  absl::flat_hash_map<RelationshipId, Found> met_;
  bool may_meet_twice_ = false;
  // The relationship of the last edge.
  struct {
    RelationshipId relationship;
    size_t place = 0;
    bool skip = false;        // all of it is noted
    size_t facts_before = 0;  // in facts_
  } last_;
  std::optional<EntryDate> after_;        // entries up to there are not asked for
  std::optional<EntryDate> last_wanted_;  // as far as it is known
  size_t drop_at_ = SIZE_MAX;             // when facts_ has so many
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_TIMELINE_FACTS_H_
