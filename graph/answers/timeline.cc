#include "graph/answers/timeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/answers/seen_facts.h"
#include "graph/answers/timeline_facts.h"
#include "graph/answers/via_paths.h"

namespace relata {
namespace {

absl::Status CheckRequest(const Snapshot& snapshot, const TimelineRequest& request) {
  if (request.subjects.empty()) {
    return absl::InvalidArgumentError("a timeline needs at least one subject");
  }
  if (request.events.empty()) {
    return absl::InvalidArgumentError(
        "a timeline needs at least one kind of event (a relationship type or a property)");
  }
  if (request.min_hops < 0 || request.max_hops < request.min_hops) {
    return absl::InvalidArgumentError(absl::StrCat("hops must be 0 <= min_hops <= max_hops, not ",
                                                   request.min_hops, " and ", request.max_hops));
  }
  if (request.from >= request.to) {
    return absl::InvalidArgumentError("the window of a timeline must begin before it ends");
  }
  for (const EntityId subject : request.subjects) {
    RELATA_RETURN_IF_ERROR(CheckExists(snapshot, subject, "subject"));
  }
  return absl::OkStatus();
}

// Keys of entities, read once each; empty for one without.
class EntityKeys {
 public:
  explicit EntityKeys(const Snapshot& snapshot) : snapshot_(snapshot) {}

  absl::Status Read(const std::vector<EntityId>& ids) {
    std::vector<EntityId> unread;
    for (const EntityId id : ids) {
      if (keys_.try_emplace(id).second) unread.push_back(id);
    }
    RELATA_ASSIGN_OR_RETURN(const auto records, snapshot_.GetEntityRecords(unread));
    for (size_t i = 0; i < unread.size(); ++i) {
      if (records[i]) keys_[unread[i]] = records[i]->key;
    }
    return absl::OkStatus();
  }
  // Precondition: read.
  const std::string& Of(EntityId id) const { return keys_.at(id); }

 private:
  const Snapshot& snapshot_;
  absl::flat_hash_map<EntityId, std::string> keys_;
};

// An entry before it is known to be among those returned.
struct Candidate {
  TimelineCursor place;
  size_t fact = 0;  // in TimelineFacts::facts
  Bound date;
  FactStatus status = FactStatus::kUncited;
};

auto OrderOf(const TimelineCursor& c) {
  return std::tie(c.unknown, c.earliest, c.latest, c.subject_key, c.actor_key, c.fact, c.kind,
                  c.ordinal);
}

// The via paths that lead to a fact and fit its date.
struct Access {
  uint64_t paths = 0;
  ViaPaths::PathId shortest = 0;
  EntityId reached;
};

// Makes the entries of the facts collected.
class TimelineBuilder {
 public:
  TimelineBuilder(const Snapshot& snapshot, const TimelineRequest& request, const ViaPaths& paths,
                  std::vector<TimelineFact>& facts)
      : request_(request), paths_(paths), facts_(facts), keys_(snapshot) {}

  absl::Status Build(const TimelineCursor* after, TimelineAnswer& answer) {
    RELATA_RETURN_IF_ERROR(ReadKeys());
    for (size_t i = 0; i < facts_.size(); ++i) AddCandidates(i);
    std::sort(candidates_.begin(), candidates_.end(),
              [&](const auto& a, const auto& b) { return IsBefore(a.place, b.place); });
    for (const Candidate& candidate : candidates_) {
      if (after != nullptr && !IsBefore(*after, candidate.place)) continue;
      const Access access = AccessTo(facts_[candidate.fact], candidate.date);
      if (access.paths == 0) continue;
      if (answer.entries.size() == request_.limit) {
        if (request_.limit > 0) answer.next = last_;
        break;
      }
      answer.entries.push_back(MakeEntry(candidate, access));
      last_ = candidate.place;
    }
    return absl::OkStatus();
  }

 private:
  EntityId SubjectOf(const TimelineFact& fact) const {
    return fact.relationship ? fact.relationship->to : EntityId(fact.owner.id);
  }

  absl::Status ReadKeys() {
    std::vector<EntityId> ids;
    for (const TimelineFact& fact : facts_) {
      ids.push_back(SubjectOf(fact));
      if (fact.relationship) ids.push_back(fact.relationship->from);
    }
    return keys_.Read(ids);
  }

  bool IsBefore(const TimelineCursor& a, const TimelineCursor& b) const {
    return request_.descending ? OrderOf(b) < OrderOf(a) : OrderOf(a) < OrderOf(b);
  }

  void AddCandidates(size_t fact) {
    const TimelineFact& f = facts_[fact];
    const Interval& valid = f.fact.valid;
    AddCandidate(fact, TimelineKind::kBegin, valid.from, f.status, 0);
    if (valid.to.kind != BoundKind::kUnbounded) {
      AddCandidate(fact, TimelineKind::kEnd, valid.to, f.status, 0);
    }
    uint32_t ordinal = 0;
    for (const StatusChange& change : f.changes) {
      // A change that no report dates has no place in the order (S10).
      if (change.reported) {
        AddCandidate(fact, TimelineKind::kStatus, change.date, change.status, ordinal);
      }
      ++ordinal;
    }
  }

  void AddCandidate(size_t fact, TimelineKind kind, const Bound& date, FactStatus status,
                    uint32_t ordinal) {
    if (!IsInWindow(request_, date)) return;
    const TimelineFact& f = facts_[fact];
    Candidate& candidate = candidates_.emplace_back();
    candidate.place.unknown = date.unknown;
    candidate.place.earliest = date.earliest;
    candidate.place.latest = date.latest;
    candidate.place.subject_key = keys_.Of(SubjectOf(f));
    if (f.relationship) candidate.place.actor_key = keys_.Of(f.relationship->from);
    candidate.place.fact = f.fact.id;
    candidate.place.kind = kind;
    candidate.place.ordinal = ordinal;
    candidate.fact = fact;
    candidate.date = date;
    candidate.status = status;
  }

  Access AccessTo(const TimelineFact& fact, const Bound& date) const {
    Access access;
    const auto add = [&](const ViaPaths::Reached& reached, ViaPaths::PathId path, uint64_t count) {
      if (access.paths == 0 || path < access.shortest) {
        access.shortest = path;
        access.reached = reached.entity;
      }
      access.paths += count;
    };
    for (const size_t place : fact.found_at) {
      const ViaPaths::Reached& reached = paths_.reached()[place];
      if (!request_.path_at_date) {
        add(reached, reached.shortest, reached.paths);
        continue;
      }
      for (const ViaPaths::PathId path : reached.all) {
        if (paths_.ValidAt(path, date)) add(reached, path, 1);
      }
    }
    return access;
  }

  TimelineEntry MakeEntry(const Candidate& candidate, const Access& access) const {
    const TimelineFact& f = facts_[candidate.fact];
    TimelineEntry entry;
    entry.kind = candidate.place.kind;
    entry.date = candidate.date;
    entry.unknown = candidate.date.unknown;
    entry.status = candidate.status;
    entry.owner = f.owner;
    entry.relationship = f.relationship;
    entry.fact = f.fact;
    entry.subject = SubjectOf(f);
    if (f.relationship) entry.actor = f.relationship->from;
    entry.reached = access.reached;
    entry.paths = access.paths;
    entry.shortest = paths_.HopsOf(access.shortest);
    entry.shortest_from = paths_.SubjectOf(access.shortest);
    return entry;
  }

  const TimelineRequest& request_;
  const ViaPaths& paths_;
  const std::vector<TimelineFact>& facts_;
  EntityKeys keys_;
  std::vector<Candidate> candidates_;
  TimelineCursor last_;
};

}  // namespace

absl::StatusOr<TimelineAnswer> BuildTimeline(const Snapshot& snapshot, const ReadView& view,
                                             const TimelineRequest& request,
                                             const TimelineCursor* after, Budget& budget) {
  RELATA_RETURN_IF_ERROR(CheckRequest(snapshot, request));
  ViaPaths paths(snapshot, view, request, budget);
  RELATA_RETURN_IF_ERROR(paths.Walk());
  TimelineFacts facts(snapshot, view, request, budget);
  RELATA_ASSIGN_OR_RETURN(const uint64_t unread, facts.Collect(paths.reached(), after));
  TimelineAnswer answer;
  RELATA_RETURN_IF_ERROR(
      TimelineBuilder(snapshot, request, paths, facts.facts()).Build(after, answer));
  answer.frontier_left = paths.frontier_left() + unread;
  answer.cut = answer.frontier_left > 0;
  if (answer.cut) answer.reproducible = budget.state() != Budget::State::kTimeSpent;
  return answer;
}

}  // namespace relata
