#ifndef RELATA_GRAPH_ANSWERS_TIMELINE_H_
#define RELATA_GRAPH_ANSWERS_TIMELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// A kind of event: a relationship type seen from the entity reached, or a property of it.
struct TimelineEvent {
  TypeId type;  // 0: `property` counts
  Direction direction = Direction::kEither;
  PropertyId property;
};

// What to ask (S10).
struct TimelineRequest {
  std::vector<EntityId> subjects;  // at least one
  std::vector<Step> via;           // may be empty: the subjects alone
  int min_hops = 0;
  int max_hops = 0;
  std::vector<TimelineEvent> events;  // at least one
  // Entries whose date possibly lies in [from, to); with infinities on both sides unknown dates
  // too.
  Instant from = kMinusInfinity;
  Instant to = kPlusInfinity;
  // There is an instant of the entry's date at which the via relationships are all valid; else each
  // was at any time.
  bool path_at_date = false;
  bool descending = false;
  size_t limit = 100;
  // What nobody wants to know of entries need not be found out. Without paths: their number, the
  // shortest one and its two ends mean nothing. Without facts: a relationship's fact may have no
  // more than its id and its interval.
  bool with_paths = true;
  bool with_facts = true;
};

enum class TimelineKind : uint8_t { kBegin = 0, kEnd = 1, kStatus = 2 };

// One relationship of a via path.
struct TimelineHop {
  RelationshipEnds ends;
  EntityId to;
};

struct TimelineEntry {
  TimelineKind kind = TimelineKind::kBegin;
  Bound date;  // the from-bound, the to-bound, or the date of the change of status
  bool unknown = false;
  FactStatus status =
      FactStatus::kUncited;  // of kStatus: the new one; else the fact's under the policy
  FactOwner owner;
  std::optional<RelationshipEnds> relationship;  // of a relationship's fact
  Fact fact;
  EntityId subject;
  std::optional<EntityId> actor;  // absent for a property
  EntityId reached;               // the entity at which the fact was found on the shortest path
  uint64_t paths = 0;
  std::vector<TimelineHop> shortest;  // of the via paths, from a subject
  EntityId shortest_from;             // the subject it starts at
};

// The place of an entry in the order of S10.
struct TimelineCursor {
  bool unknown = false;
  Instant earliest = 0;
  Instant latest = 0;
  std::string subject_key;
  std::string actor_key;
  FactId fact;
  TimelineKind kind = TimelineKind::kBegin;
  uint32_t ordinal = 0;  // among the status entries of one fact at one date
};

struct TimelineAnswer {
  std::vector<TimelineEntry> entries;
  std::optional<TimelineCursor> next;  // more entries follow
  bool cut = false;
  bool reproducible = true;
  uint64_t frontier_left = 0;  // entities not looked at
};

// The first `limit` entries after `after` in the order of S10. view.valid does not matter, the
// policy does: under the default one facts that are retracted are shown too, with the entry that
// says so where a report dates it. Entities without key sort first, with the empty key.
// INVALID_ARGUMENT: no subject, no event, bad hops; NOT_FOUND: a subject does not exist.
absl::StatusOr<TimelineAnswer> BuildTimeline(const Snapshot& snapshot, const ReadView& view,
                                             const TimelineRequest& request,
                                             const TimelineCursor* after, Budget& budget);

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_TIMELINE_H_
