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
    : snapshot_(snapshot), request_(request), policy_(*view.policy), budget_(budget) {
  for (const TimelineEvent& event : request.events) {
    if (event.type.valid()) {
      steps_.push_back({event.type, event.direction});
    } else {
      properties_.push_back(event.property);
    }
  }
  std::sort(properties_.begin(), properties_.end());
  properties_.erase(std::unique(properties_.begin(), properties_.end()), properties_.end());
}

absl::StatusOr<uint64_t> TimelineFacts::Collect(const std::vector<ViaPaths::Reached>& reached,
                                                const TimelineCursor* after) {
  EdgeWalk walk(snapshot_, steps_, EveryFact());
  size_t done = 0;
  for (; done < reached.size() && budget_.open(); ++done) {
    const EntityId entity = reached[done].entity;
    if (!steps_.empty()) RELATA_RETURN_IF_ERROR(AddEdges(walk, entity, done));
    if (!properties_.empty()) RELATA_RETURN_IF_ERROR(AddProperties(entity, done));
  }
  DropLateRelationships(after);
  RELATA_RETURN_IF_ERROR(AddRelationships());
  return reached.size() - done;
}

absl::Status TimelineFacts::AddEdges(EdgeWalk& walk, EntityId entity, size_t place) {
  uint64_t edges = 0;
  RELATA_RETURN_IF_ERROR(walk.Run({entity}, [&](size_t /*vertex*/, const auto& edge) {
    ++edges;
    AddFound(entity, edge.ToEdge(), edge.valid(), place);
  }));
  return budget_.Spend(edges + 1);
}

void TimelineFacts::AddFound(EntityId entity, const Edge& edge, const Interval& valid,
                             size_t place) {
  const auto [known, is_new] = place_.emplace(edge.relationship, found_.size());
  if (is_new) found_.emplace_back().ends = edge.Ends(entity);
  FoundRelationship& found = found_[known->second];
  // The facts of a relationship stand together, so the first entity sees all of them.
  if (found.found_at.empty() || found.found_at.back() != place) found.found_at.push_back(place);
  if (found.found_at.front() != place) return;
  found.cited |= edge.digest.status != FactStatus::kUncited;
  found.facts.push_back({edge.fact, valid});
}

template <typename Visit>
void TimelineFacts::ForEachDate(const FoundRelationship& found, Visit visit) const {
  const auto visit_bound = [&](const Bound& date) {
    if (IsInWindow(request_, date)) visit(EntryDate{date.unknown, date.earliest, date.latest});
  };
  for (const FoundFact& fact : found.facts) {
    visit_bound(fact.valid.from);
    if (fact.valid.to.kind != BoundKind::kUnbounded) visit_bound(fact.valid.to);
  }
}

bool TimelineFacts::IsBefore(const EntryDate& a, const EntryDate& b) const {
  return request_.descending ? b < a : a < b;
}

// A hub reaches thousands of events of which a page shows a hundred. The dates of facts without
// citations stand in the adjacency arrays, so what comes after the page is dropped unread.
void TimelineFacts::DropLateRelationships(const TimelineCursor* after) {
  // Other policies and path dates may hide entries that are counted here.
  if (!policy_.IsDefault() || request_.path_at_date) return;
  std::vector<EntryDate> dates;
  for (const FoundRelationship& found : found_) {
    if (found.cited) continue;
    ForEachDate(found, [&](const EntryDate& date) {
      const bool follows =
          after == nullptr || IsBefore({after->unknown, after->earliest, after->latest}, date);
      if (follows) dates.push_back(date);
    });
  }
  if (dates.size() <= request_.limit) return;
  const auto last = dates.begin() + static_cast<std::ptrdiff_t>(request_.limit);
  std::nth_element(dates.begin(), last, dates.end(),
                   [&](const EntryDate& a, const EntryDate& b) { return IsBefore(a, b); });
  std::erase_if(found_, [&](const FoundRelationship& found) {
    bool is_late = !found.cited;
    ForEachDate(found, [&](const EntryDate& date) { is_late &= IsBefore(*last, date); });
    return is_late;
  });
}

absl::Status TimelineFacts::AddProperties(EntityId entity, size_t place) {
  RELATA_ASSIGN_OR_RETURN(auto state, snapshot_.GetEntity(entity));
  if (!state) return absl::OkStatus();
  for (const PropertyId property : properties_) {
    const auto facts = state->properties.find(property);
    if (facts == state->properties.end()) continue;
    RELATA_RETURN_IF_ERROR(budget_.Spend(facts->second.size()));
    AddFacts({/*is_relationship=*/false, entity.value(), property, FactId()}, std::nullopt,
             std::move(facts->second), {place});
  }
  return absl::OkStatus();
}

absl::Status TimelineFacts::AddRelationships() {
  std::vector<const FoundRelationship*> unread;
  for (const FoundRelationship& found : found_) {
    if (IsKnown(found)) {
      AddKnown(found);
    } else {
      unread.push_back(&found);
    }
  }
  for (size_t begin = 0; begin < unread.size(); begin += kBatch) {
    const size_t end = std::min(begin + kBatch, unread.size());
    std::vector<RelationshipEnds> ends;
    for (size_t i = begin; i < end; ++i) ends.push_back(unread[i]->ends);
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot_.GetRelationships(ends));
    for (size_t i = begin; i < end; ++i) {
      if (!states[i - begin]) continue;
      const FoundRelationship& found = *unread[i];
      const FactOwner owner{/*is_relationship=*/true, found.ends.id.value(), PropertyId(),
                            FactId()};
      AddFacts(owner, found.ends, std::move(states[i - begin]->facts), found.found_at);
    }
  }
  return absl::OkStatus();
}

void TimelineFacts::AddKnown(const FoundRelationship& found) {
  for (const FoundFact& fact : found.facts) {
    TimelineFact& added = facts_.emplace_back();
    added.owner = {/*is_relationship=*/true, found.ends.id.value(), PropertyId(), fact.id};
    added.relationship = found.ends;
    added.fact.id = fact.id;
    added.fact.valid = fact.valid;
    added.found_at = found.found_at;
    added.is_whole = false;
  }
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
    TimelineFact& added = facts_.emplace_back();
    added.owner = owner;
    added.owner.fact = fact.id;
    added.relationship = relationship;
    added.fact = std::move(fact);
    added.status = belief.status;
    added.changes = std::move(changes);
    added.found_at = found_at;
  }
}

}  // namespace relata
