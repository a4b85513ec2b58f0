#include "graph/answers/timeline_facts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "graph/answers/chain_dates.h"

namespace relata {
namespace {

// How many relationships are read at a time.
constexpr size_t kBatch = 1024;
// How many entities are looked at between two looks at the budget.
constexpr size_t kEntityPiece = 64;

// Every fact whatever is believed of it: what is to be shown is decided fact by fact.
const ReadView& EveryFact() {
  static const auto* const kView = [] {
    auto raw = std::make_shared<BeliefPolicy>();
    raw->raw = true;
    return new ReadView{ValidTime::All(), std::move(raw)};
  }();
  return *kView;
}

}  // namespace

bool IsInWindow(const TimelineRequest& request, const Bound& date) {
  const bool everything = request.from == kMinusInfinity && request.to == kPlusInfinity;
  if (!everything && date.unknown) return false;
  return StartedWithin(date, request.from, request.to, /*certainly=*/false);
}

TimelineFacts::TimelineFacts(const Snapshot& snapshot, const ReadView& view,
                             const TimelineRequest& request, Budget& budget)
    : snapshot_(snapshot),
      request_(request),
      policy_(*view.policy),
      knows_uncited_(policy_.IsDefault()),
      budget_(budget) {
  for (const TimelineEvent& event : request.events) {
    if (event.type.valid()) {
      steps_.push_back({event.type, event.direction});
    } else {
      properties_.push_back(event.property);
    }
  }
  std::sort(properties_.begin(), properties_.end());
  properties_.erase(std::unique(properties_.begin(), properties_.end()), properties_.end());
  may_meet_twice_ = MayMeetTwice(steps_);
}

bool TimelineFacts::MayMeetTwice(absl::Span<const Step> steps) {
  for (const Step& a : steps) {
    if (a.direction == Direction::kEither) return true;
    for (const Step& b : steps) {
      if (a.type == b.type && a.direction != b.direction) return true;
    }
  }
  return false;
}

absl::StatusOr<uint64_t> TimelineFacts::Collect(const std::vector<ViaPaths::Reached>& reached,
                                                const TimelineCursor* after) {
  if (after != nullptr) after_ = EntryDate{after->unknown, after->earliest, after->latest};
  // Other policies and path dates may hide entries that would be counted.
  if (knows_uncited_ && !request_.path_at_date) {
    drop_at_ = std::max(kBatch, 2 * std::min(request_.limit, SIZE_MAX / 4));
  }
  EdgeWalk walk(snapshot_, steps_, EveryFact());
  std::vector<EntityId> piece;
  size_t done = 0;
  while (done < reached.size() && budget_.open()) {
    piece.clear();
    for (size_t i = done; i < reached.size() && piece.size() < kEntityPiece; ++i) {
      piece.push_back(reached[i].entity);
    }
    if (!steps_.empty()) RELATA_RETURN_IF_ERROR(AddEdges(walk, piece, done));
    if (!properties_.empty()) {
      for (size_t i = 0; i < piece.size(); ++i) {
        RELATA_RETURN_IF_ERROR(AddProperties(piece[i], done + i));
      }
    }
    done += piece.size();
  }
  if (drop_at_ != SIZE_MAX && facts_.size() > request_.limit) DropLateFacts();
  RELATA_RETURN_IF_ERROR(ReadRelationships());
  return reached.size() - done;
}

absl::Status TimelineFacts::AddEdges(EdgeWalk& walk, absl::Span<const EntityId> entities,
                                     size_t place) {
  uint64_t edges = 0;
  RELATA_RETURN_IF_ERROR(walk.Run(entities, [&](size_t i, const auto& edge) {
    ++edges;
    AddEdge(entities[i], edge.ToEdge(), edge.valid(), place + i);
  }));
  return budget_.Spend(edges + entities.size());
}

void TimelineFacts::AddEdge(EntityId entity, const Edge& edge, const Interval& valid,
                            size_t place) {
  if (edge.relationship != last_.relationship || place != last_.place) {
    last_ = {edge.relationship, place, false, facts_.size()};
    last_.skip = may_meet_twice_ && AddPlace(edge.relationship, place);
  }
  if (last_.skip) return;
  // Citations may date entries too, so that only reading its facts tells which it has.
  if (!knows_uncited_ || edge.digest.status != FactStatus::kUncited) {
    facts_.erase(facts_.begin() + static_cast<std::ptrdiff_t>(last_.facts_before), facts_.end());
    last_.skip = true;
    AddUnread(edge.Ends(entity), place);
    return;
  }
  if (last_wanted_ && IsLate(valid)) return;
  if (may_meet_twice_ && facts_.size() == last_.facts_before) {
    met_.insert_or_assign(edge.relationship, Found{/*known=*/true, facts_.size()});
  }
  facts_.push_back({{/*is_relationship=*/true, edge.relationship.value(), PropertyId(), edge.fact},
                    edge.Ends(entity),
                    edge.fact,
                    valid,
                    FactStatus::kUncited,
                    FoundAt(place),
                    nullptr});
  if (facts_.size() >= drop_at_) {
    DropLateFacts();
    drop_at_ = std::max(drop_at_, 2 * facts_.size());
    FindAgain();
  }
}

// After facts were dropped. Of the last relationship more may follow.
void TimelineFacts::FindAgain() {
  const auto is_of_last = [&](const TimelineFact& fact) {
    return fact.relationship && fact.relationship->id == last_.relationship;
  };
  last_.facts_before = facts_.size();
  while (last_.facts_before > 0 && is_of_last(facts_[last_.facts_before - 1])) {
    --last_.facts_before;
  }
  if (!may_meet_twice_) return;
  absl::erase_if(met_, [](const auto& found) { return found.second.known; });
  for (size_t i = facts_.size(); i-- > 0;) {
    if (facts_[i].read == nullptr) {
      met_.insert_or_assign(facts_[i].relationship->id, Found{/*known=*/true, i});
    }
  }
}

void TimelineFacts::AddUnread(const RelationshipEnds& ends, size_t place) {
  if (may_meet_twice_) met_.insert_or_assign(ends.id, Found{/*known=*/false, unread_.size()});
  unread_.push_back({ends, FoundAt(place)});
}

bool TimelineFacts::AddPlace(RelationshipId relationship, size_t place) {
  const auto it = met_.find(relationship);
  if (it == met_.end()) return false;
  if (!it->second.known) {
    unread_[it->second.index].found_at.Add(place);
    return true;
  }
  for (size_t i = it->second.index; i < facts_.size(); ++i) {
    TimelineFact& fact = facts_[i];
    if (!fact.relationship || fact.relationship->id != relationship) break;
    fact.found_at.Add(place);
  }
  return true;
}

template <typename Visit>
void TimelineFacts::ForEachDate(const Interval& valid, Visit visit) const {
  const auto visit_bound = [&](const Bound& date) {
    if (IsInWindow(request_, date)) visit(EntryDate{date.unknown, date.earliest, date.latest});
  };
  visit_bound(valid.from);
  if (valid.to.kind != BoundKind::kUnbounded) visit_bound(valid.to);
}

bool TimelineFacts::IsBefore(const EntryDate& a, const EntryDate& b) const {
  return request_.descending ? b < a : a < b;
}

bool TimelineFacts::IsLate(const Interval& valid) const {
  bool is_late = true;
  ForEachDate(valid, [&](const EntryDate& date) { is_late &= IsBefore(*last_wanted_, date); });
  return is_late;
}

// A hub reaches thousands of events of which a page shows a hundred. The dates of facts without
// citations stand in the adjacency arrays, so what comes after the page is dropped unread.
void TimelineFacts::DropLateFacts() {
  std::vector<EntryDate> dates;
  for (const TimelineFact& fact : facts_) {
    if (fact.read != nullptr) continue;
    ForEachDate(fact.valid, [&](const EntryDate& date) {
      if (!after_ || IsBefore(*after_, date)) dates.push_back(date);
    });
  }
  if (dates.size() <= request_.limit) return;
  const auto last = dates.begin() + static_cast<std::ptrdiff_t>(request_.limit);
  std::nth_element(dates.begin(), last, dates.end(),
                   [&](const EntryDate& a, const EntryDate& b) { return IsBefore(a, b); });
  last_wanted_ = *last;
  std::erase_if(
      facts_, [&](const TimelineFact& fact) { return fact.read == nullptr && IsLate(fact.valid); });
}

absl::Status TimelineFacts::AddProperties(EntityId entity, size_t place) {
  RELATA_ASSIGN_OR_RETURN(auto state, snapshot_.GetEntity(entity));
  if (!state) return absl::OkStatus();
  for (const PropertyId property : properties_) {
    const auto facts = state->properties.find(property);
    if (facts == state->properties.end()) continue;
    RELATA_RETURN_IF_ERROR(budget_.Spend(facts->second.size()));
    AddFacts({/*is_relationship=*/false, entity.value(), property, FactId()}, std::nullopt,
             std::move(facts->second), FoundAt(place));
  }
  return absl::OkStatus();
}

absl::Status TimelineFacts::ReadRelationships() {
  std::vector<RelationshipEnds> ends;
  for (size_t begin = 0; begin < unread_.size(); begin += kBatch) {
    const size_t end = std::min(begin + kBatch, unread_.size());
    ends.clear();
    for (size_t i = begin; i < end; ++i) ends.push_back(unread_[i].ends);
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot_.GetRelationships(ends));
    for (size_t i = begin; i < end; ++i) {
      if (!states[i - begin]) continue;
      const FactOwner owner{/*is_relationship=*/true, unread_[i].ends.id.value(), PropertyId(),
                            FactId()};
      AddFacts(owner, unread_[i].ends, std::move(states[i - begin]->facts), unread_[i].found_at);
    }
  }
  return absl::OkStatus();
}

void TimelineFacts::AddFacts(const FactOwner& owner,
                             const std::optional<RelationshipEnds>& relationship,
                             std::vector<Fact> facts, const FoundAt& found_at) {
  for (Fact& fact : facts) {
    const Belief belief = EvaluateBelief(fact, policy_);
    std::vector<StatusChange> changes = StatusChanges(fact, policy_);
    // The default policy tells of what was retracted, too.
    const bool told = belief.visible || policy_.IsDefault();
    if (!told) continue;
    FactOwner of_fact = owner;
    of_fact.fact = fact.id;
    facts_.push_back({of_fact, relationship, fact.id, fact.valid, belief.status, found_at,
                      std::make_unique<ReadFact>(std::move(fact), std::move(changes))});
  }
}

}  // namespace relata
