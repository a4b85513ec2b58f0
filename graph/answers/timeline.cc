#include "graph/answers/timeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "graph/adjacency/key_columns.h"
#include "graph/answers/seen_facts.h"
#include "graph/answers/timeline_facts.h"
#include "graph/answers/via_paths.h"

namespace relata {
namespace {

absl::Status CheckRequest(const TimelineRequest& request) {
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
  return absl::OkStatus();
}

absl::Status CheckSubjects(const Snapshot& snapshot, const TimelineRequest& request,
                           const ViaPaths& paths) {
  // Who has relationships exists.
  const auto is_other = [&](const ViaPaths::Reached& reached) {
    return reached.entity != request.subjects.front();
  };
  const bool walked = request.subjects.size() == 1 &&
                      std::any_of(paths.reached().begin(), paths.reached().end(), is_other);
  if (walked) return absl::OkStatus();
  for (const EntityId subject : request.subjects) {
    RELATA_RETURN_IF_ERROR(CheckExists(snapshot, subject, "subject"));
  }
  return absl::OkStatus();
}

// Keys of entities, read once each; empty for one without.
class EntityKeys {
 public:
  explicit EntityKeys(const Snapshot& snapshot) : snapshot_(snapshot), known_(snapshot) {}

  absl::Status Read(const std::vector<EntityId>& ids) {
    std::vector<EntityId> unread;
    for (const EntityId id : ids) {
      const auto [key, is_new] = keys_.try_emplace(id);
      if (is_new && !known_.Get(id, &key->second)) unread.push_back(id);
    }
    if (unread.empty()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(auto records, snapshot_.GetEntityRecords(unread));
    std::vector<std::pair<EntityId, std::string>> read;
    for (size_t i = 0; i < unread.size(); ++i) {
      if (!records[i]) continue;
      keys_[unread[i]] = records[i]->key;
      read.emplace_back(unread[i], std::move(records[i]->key));
    }
    known_.Keep(read);
    return absl::OkStatus();
  }
  // Precondition: read.
  const std::string& Of(EntityId id) const { return keys_.at(id); }

 private:
  const Snapshot& snapshot_;
  KeyColumns known_;
  absl::flat_hash_map<EntityId, std::string> keys_;
};

// An entry before it is known to be among those returned.
struct Candidate {
  size_t fact = 0;  // in TimelineFacts::facts
  TimelineKind kind = TimelineKind::kBegin;
  uint32_t ordinal = 0;
  FactStatus status = FactStatus::kUncited;
  Bound date;
};

// What comes first in the order of S10. Keys are read for entries that agree in it alone.
auto DateOf(const Bound& date) { return std::tie(date.unknown, date.earliest, date.latest); }
auto DateOf(const TimelineCursor& c) { return std::tie(c.unknown, c.earliest, c.latest); }

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
      : snapshot_(snapshot), request_(request), paths_(paths), facts_(facts), keys_(snapshot) {}

  absl::Status Build(const TimelineCursor* after, TimelineAnswer& answer) {
    candidates_.reserve(facts_.size());
    for (size_t i = 0; i < facts_.size(); ++i) AddCandidates(i);
    if (after != nullptr) {
      std::erase_if(candidates_,
                    [&](const Candidate& c) { return IsBefore(DateOf(c.date), DateOf(*after)); });
    }
    std::sort(candidates_.begin(), candidates_.end(), [&](const Candidate& a, const Candidate& b) {
      return IsBefore(DateOf(a.date), DateOf(b.date));
    });
    answer.entries.reserve(std::min(candidates_.size(), request_.limit));
    bool full = false;
    for (size_t begin = 0, end = 0; begin < candidates_.size() && !full; begin = end) {
      end = EndOfDates(std::min(candidates_.size(), begin + request_.limit + 1));
      RELATA_RETURN_IF_ERROR(OrderTies(begin, end, after));
      RELATA_ASSIGN_OR_RETURN(full, AddEntries(begin, end, after, answer));
    }
    return request_.with_facts ? ReadFacts(answer) : absl::OkStatus();
  }

 private:
  EntityId SubjectOf(const TimelineFact& fact) const {
    return fact.relationship ? fact.relationship->to : EntityId(fact.owner.id);
  }
  const std::string& SubjectKey(const Candidate& c) const {
    return keys_.Of(SubjectOf(facts_[c.fact]));
  }
  // Empty for a property.
  const std::string& ActorKey(const Candidate& c) const {
    static const auto* const kNone = new std::string();
    const auto& relationship = facts_[c.fact].relationship;
    return relationship ? keys_.Of(relationship->from) : *kNone;
  }

  template <typename T>
  bool IsBefore(const T& a, const T& b) const {
    return request_.descending ? b < a : a < b;
  }

  void AddCandidates(size_t fact) {
    const TimelineFact& f = facts_[fact];
    const Interval& valid = f.valid;
    AddCandidate(fact, TimelineKind::kBegin, valid.from, f.status, 0);
    if (valid.to.kind != BoundKind::kUnbounded) {
      AddCandidate(fact, TimelineKind::kEnd, valid.to, f.status, 0);
    }
    if (f.read == nullptr) return;
    uint32_t ordinal = 0;
    for (const StatusChange& change : f.read->changes) {
      // A change that no report dates has no place in the order (S10).
      if (change.reported) {
        AddCandidate(fact, TimelineKind::kStatus, change.date, change.status, ordinal);
      }
      ++ordinal;
    }
  }

  void AddCandidate(size_t fact, TimelineKind kind, const Bound& date, FactStatus status,
                    uint32_t ordinal) {
    if (IsInWindow(request_, date)) candidates_.push_back({fact, kind, ordinal, status, date});
  }

  // Where the date of the candidate before `end` ends.
  size_t EndOfDates(size_t end) const {
    while (end < candidates_.size() &&
           DateOf(candidates_[end].date) == DateOf(candidates_[end - 1].date)) {
      ++end;
    }
    return end;
  }

  absl::Status ReadKeys(absl::Span<const Candidate> candidates) {
    std::vector<EntityId> ids;
    for (const Candidate& candidate : candidates) {
      const TimelineFact& fact = facts_[candidate.fact];
      ids.push_back(SubjectOf(fact));
      if (fact.relationship) ids.push_back(fact.relationship->from);
    }
    return keys_.Read(ids);
  }

  // Orders candidates [begin, end), which are ordered by date and hold whole dates, by all of the
  // order.
  absl::Status OrderTies(size_t begin, size_t end, const TimelineCursor* after) {
    std::vector<Candidate> tied;
    std::vector<std::pair<size_t, size_t>> runs;
    for (size_t i = begin, next = begin; i < end; i = next) {
      next = EndOfDates(i + 1);
      // What follows a cursor of its date is told by keys.
      if (next - i < 2 && (after == nullptr || DateOf(candidates_[i].date) != DateOf(*after))) {
        continue;
      }
      runs.emplace_back(i, next);
      tied.insert(tied.end(), candidates_.begin() + static_cast<std::ptrdiff_t>(i),
                  candidates_.begin() + static_cast<std::ptrdiff_t>(next));
    }
    RELATA_RETURN_IF_ERROR(ReadKeys(tied));
    for (const auto& [from, to] : runs) {
      std::sort(
          candidates_.begin() + static_cast<std::ptrdiff_t>(from),
          candidates_.begin() + static_cast<std::ptrdiff_t>(to),
          [&](const Candidate& a, const Candidate& b) { return IsBefore(KeysOf(a), KeysOf(b)); });
    }
    return absl::OkStatus();
  }

  // What decides among entries of one date. Precondition: their keys were read.
  using Keys = std::tuple<const std::string&, const std::string&, FactId, TimelineKind, uint32_t>;
  Keys KeysOf(const Candidate& c) const {
    return {SubjectKey(c), ActorKey(c), facts_[c.fact].id, c.kind, c.ordinal};
  }
  static Keys KeysOf(const TimelineCursor& c) {
    return {c.subject_key, c.actor_key, c.fact, c.kind, c.ordinal};
  }

  // Adds the entries of candidates [begin, end) that come after `after`; true once there are as
  // many as were asked for and one more follows.
  absl::StatusOr<bool> AddEntries(size_t begin, size_t end, const TimelineCursor* after,
                                  TimelineAnswer& answer) {
    for (size_t i = begin; i < end; ++i) {
      const Candidate& candidate = candidates_[i];
      const bool at_cursor = after != nullptr && DateOf(candidate.date) == DateOf(*after);
      if (at_cursor && !IsBefore(KeysOf(*after), KeysOf(candidate))) continue;
      const Access access = AccessTo(facts_[candidate.fact], candidate.date);
      if (access.paths == 0) continue;
      if (answer.entries.size() == request_.limit) {
        if (request_.limit == 0) return true;
        RELATA_ASSIGN_OR_RETURN(answer.next, PlaceOf(candidates_[last_]));
        return true;
      }
      if (facts_[candidate.fact].read == nullptr) unread_.push_back(answer.entries.size());
      answer.entries.push_back(MakeEntry(candidate, access));
      last_ = i;
    }
    return false;
  }

  absl::StatusOr<TimelineCursor> PlaceOf(const Candidate& candidate) {
    RELATA_RETURN_IF_ERROR(ReadKeys({candidate}));
    TimelineCursor place;
    std::tie(place.unknown, place.earliest, place.latest) = DateOf(candidate.date);
    place.subject_key = SubjectKey(candidate);
    place.actor_key = ActorKey(candidate);
    place.fact = facts_[candidate.fact].id;
    place.kind = candidate.kind;
    place.ordinal = candidate.ordinal;
    return place;
  }

  // The facts of entries that were told without reading them.
  absl::Status ReadFacts(TimelineAnswer& answer) {
    std::vector<RelationshipEnds> ends;
    for (const size_t entry : unread_) ends.push_back(*answer.entries[entry].relationship);
    RELATA_ASSIGN_OR_RETURN(const auto states, snapshot_.GetRelationships(ends));
    for (size_t i = 0; i < unread_.size(); ++i) {
      Fact& fact = answer.entries[unread_[i]].fact;
      const Fact* whole = nullptr;
      if (states[i]) {
        for (const Fact& each : states[i]->facts) {
          if (each.id == fact.id) whole = &each;
        }
      }
      if (whole == nullptr) {
        return absl::DataLossError(absl::StrCat("relationship #", ends[i].id.value(),
                                                " has no fact #", fact.id.value(),
                                                ", which its neighbours tell of"));
      }
      fact = *whole;
    }
    return absl::OkStatus();
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
    for (const size_t place : fact.found_at.places()) {
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
    entry.kind = candidate.kind;
    entry.date = candidate.date;
    entry.unknown = candidate.date.unknown;
    entry.status = candidate.status;
    entry.owner = f.owner;
    entry.relationship = f.relationship;
    if (f.read != nullptr) {
      entry.fact = f.read->fact;
    } else {
      entry.fact.id = f.id;
      entry.fact.valid = f.valid;
    }
    entry.subject = SubjectOf(f);
    if (f.relationship) entry.actor = f.relationship->from;
    entry.reached = access.reached;
    if (!request_.with_paths) return entry;
    entry.paths = access.paths;
    entry.shortest = paths_.HopsOf(access.shortest);
    entry.shortest_from = paths_.SubjectOf(access.shortest);
    return entry;
  }

  const Snapshot& snapshot_;
  const TimelineRequest& request_;
  const ViaPaths& paths_;
  const std::vector<TimelineFact>& facts_;
  EntityKeys keys_;
  std::vector<Candidate> candidates_;
  size_t last_ = 0;             // the candidate of the last entry
  std::vector<size_t> unread_;  // entries without their whole fact
};

}  // namespace

absl::StatusOr<TimelineAnswer> BuildTimeline(const Snapshot& snapshot, const ReadView& view,
                                             const TimelineRequest& request,
                                             const TimelineCursor* after, Budget& budget) {
  RELATA_RETURN_IF_ERROR(CheckRequest(request));
  ViaPaths paths(snapshot, view, request, budget);
  RELATA_RETURN_IF_ERROR(paths.Walk());
  RELATA_RETURN_IF_ERROR(CheckSubjects(snapshot, request, paths));
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
