#include "graph/answers/timeline_facts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

// How many relationships are read at a time.
constexpr size_t kBatch = 1024;

// Every fact whatever is believed of it: what is to be shown is decided fact by fact.
ReadView EveryFact() {
  auto raw = std::make_shared<BeliefPolicy>();
  raw->raw = true;
  return {ValidTime::All(), std::move(raw)};
}

}  // namespace

TimelineFacts::TimelineFacts(const Snapshot& snapshot, const ReadView& view,
                             const TimelineRequest& request, Budget& budget)
    : snapshot_(snapshot), policy_(*view.policy), budget_(budget) {
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

absl::StatusOr<uint64_t> TimelineFacts::Collect(const std::vector<ViaPaths::Reached>& reached) {
  size_t done = 0;
  for (; done < reached.size() && budget_.open(); ++done) {
    if (!steps_.empty()) RELATA_RETURN_IF_ERROR(FindRelationships(reached[done].entity, done));
    if (!properties_.empty()) RELATA_RETURN_IF_ERROR(AddProperties(reached[done].entity, done));
  }
  RELATA_RETURN_IF_ERROR(AddRelationships());
  return reached.size() - done;
}

absl::Status TimelineFacts::FindRelationships(EntityId entity, size_t place) {
  Expansion expansion;
  RELATA_RETURN_IF_ERROR(Expand(snapshot_, {entity}, steps_, EveryFact(), &expansion));
  for (const Edge& edge : expansion.edges) {
    const auto [known, is_new] = place_.emplace(edge.relationship, found_.size());
    if (is_new) found_.push_back({edge.Ends(entity), {}});
    std::vector<size_t>& found_at = found_[known->second].found_at;
    if (found_at.empty() || found_at.back() != place) found_at.push_back(place);
  }
  return budget_.Spend(expansion.edges.size() + 1);
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
  for (size_t begin = 0; begin < found_.size(); begin += kBatch) {
    const size_t end = std::min(begin + kBatch, found_.size());
    std::vector<RelationshipEnds> ends;
    for (size_t i = begin; i < end; ++i) ends.push_back(found_[i].ends);
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot_.GetRelationships(ends));
    for (size_t i = begin; i < end; ++i) {
      if (!states[i - begin]) continue;
      const FactOwner owner{/*is_relationship=*/true, found_[i].ends.id.value(), PropertyId(),
                            FactId()};
      AddFacts(owner, found_[i].ends, std::move(states[i - begin]->facts), found_[i].found_at);
    }
  }
  return absl::OkStatus();
}

void TimelineFacts::AddFacts(const FactOwner& owner,
                             const std::optional<RelationshipEnds>& relationship,
                             std::vector<Fact> facts, const std::vector<size_t>& found_at) {
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
