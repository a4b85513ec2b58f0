#include <algorithm>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/answers/timeline.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr RandomGraphSize kTimelineGraph{6, 18};

// An entry as text: everything that an answer says of it, ids instead of contents.
std::string Describe(TimelineKind kind, FactStatus status, const Bound& date, FactId fact,
                     EntityId subject, EntityId actor, uint64_t paths, EntityId shortest_from,
                     const std::vector<RelationshipId>& shortest) {
  return absl::StrCat(
      "kind ", static_cast<int>(kind), " status ", static_cast<int>(status), " ", date.ToString(),
      " fact ", fact.value(), " subject ", subject.value(), " actor ", actor.value(), " paths ",
      paths, " from ", shortest_from.value(), " via ",
      absl::StrJoin(shortest, ",",
                    [](std::string* out, RelationshipId id) { absl::StrAppend(out, id.value()); }));
}

std::string Describe(const TimelineEntry& entry) {
  std::vector<RelationshipId> shortest;
  for (const TimelineHop& hop : entry.shortest) shortest.push_back(hop.ends.id);
  return Describe(entry.kind, entry.status, entry.date, entry.fact.id, entry.subject,
                  entry.actor.value_or(EntityId()), entry.paths, entry.shortest_from, shortest);
}

// What an entry is without its via paths and the contents of its fact.
std::vector<std::string> Places(const TimelineAnswer& answer) {
  std::vector<std::string> places;
  for (const TimelineEntry& entry : answer.entries) {
    places.push_back(Describe(entry.kind, entry.status, entry.date, entry.fact.id, entry.subject,
                              entry.actor.value_or(EntityId()), 0, EntityId(), {}));
  }
  return places;
}

// That relationships' facts are given whole.
void ExpectWholeFacts(const Snapshot& snapshot, const TimelineAnswer& answer) {
  for (const TimelineEntry& entry : answer.entries) {
    if (!entry.relationship) continue;
    const auto states = snapshot.GetRelationships({*entry.relationship}).value();
    const auto same =
        std::count_if(states[0]->facts.begin(), states[0]->facts.end(), [&](const Fact& fact) {
          return fact.id == entry.fact.id && SameFact(fact, entry.fact) &&
                 fact.citations.size() == entry.fact.citations.size() &&
                 fact.recorded == entry.fact.recorded;
        });
    EXPECT_EQ(same, 1);
  }
}

// A via path: where it leads, and what it goes over.
struct Path {
  EntityId from;
  EntityId to;
  std::vector<const RelationshipState*> hops;

  // Shorter ones first, then the one from the earlier subject (subjects ascend), then lower ids.
  auto Order() const {
    std::vector<RelationshipId> ids;
    for (const RelationshipState* hop : hops) ids.push_back(hop->ends.id);
    return std::make_tuple(hops.size(), from, ids);
  }
};

// Makes the whole timeline by trying everything.
class NaiveTimeline {
 public:
  NaiveTimeline(const Snapshot& snapshot, const ReadView& view, const TimelineRequest& request)
      : snapshot_(snapshot), view_(view), request_(request), all_(AllRelationships(snapshot)) {}

  std::vector<std::string> Run() {
    for (const EntityId subject : request_.subjects) {
      Path path{subject, subject, {}};
      std::vector<EntityId> visited = {subject};
      Walk(path, visited);
    }
    for (const RelationshipState& state : all_) AddRelationship(state);
    AddProperties();
    std::vector<std::string> texts;
    for (const auto& [order, text] : entries_) texts.push_back(text);
    if (request_.descending) std::reverse(texts.begin(), texts.end());
    return texts;
  }

 private:
  bool IsVisible(const Fact& fact) const { return EvaluateBelief(fact, *view_.policy).visible; }

  void Walk(Path& path, std::vector<EntityId>& visited) {
    const int hops = static_cast<int>(path.hops.size());
    if (hops >= request_.min_hops) paths_.push_back(path);
    if (hops == request_.max_hops) return;
    const EntityId at = path.to;
    for (const RelationshipState& state : all_) {
      const auto& [id, type, from, to] = state.ends;
      for (const bool outgoing : {true, false}) {
        const EntityId next = outgoing ? to : from;
        if ((outgoing ? from : to) != at || !Allows(request_.via, type, outgoing)) continue;
        if (std::count(visited.begin(), visited.end(), next) > 0) continue;
        if (std::none_of(state.facts.begin(), state.facts.end(),
                         [&](const Fact& f) { return IsVisible(f); })) {
          continue;
        }
        path.hops.push_back(&state);
        path.to = next;
        visited.push_back(next);
        Walk(path, visited);
        visited.pop_back();
        path.to = at;
        path.hops.pop_back();
      }
    }
  }

  bool Holds(const RelationshipState& hop, Instant t) const {
    return std::any_of(hop.facts.begin(), hop.facts.end(), [&](const Fact& fact) {
      return IsVisible(fact) && fact.valid.from.earliest <= t && t < fact.valid.to.latest;
    });
  }

  // Whatever holds together somewhere in the date does so at its start or where a fact begins.
  bool IsValidAt(const Path& path, const Bound& date) const {
    if (!request_.path_at_date) return true;
    std::set<Instant> instants = {date.earliest};
    for (const RelationshipState* hop : path.hops) {
      for (const Fact& fact : hop->facts) instants.insert(fact.valid.from.earliest);
    }
    return std::any_of(instants.begin(), instants.end(), [&](Instant t) {
      const bool inside = t >= date.earliest && (t < date.latest || date.exact());
      return inside && (!date.exact() || t == date.earliest) &&
             std::all_of(path.hops.begin(), path.hops.end(),
                         [&](const RelationshipState* hop) { return Holds(*hop, t); });
    });
  }

  void AddRelationship(const RelationshipState& state) {
    std::set<EntityId> at;
    for (const TimelineEvent& event : request_.events) {
      if (event.type != state.ends.type) continue;
      if (event.direction != Direction::kIn) at.insert(state.ends.from);
      if (event.direction != Direction::kOut) at.insert(state.ends.to);
    }
    for (const Fact& fact : state.facts) {
      AddFact(fact, at, state.ends.to, state.ends.from);
    }
  }

  void AddProperties() {
    std::set<EntityId> entities;
    for (const Path& path : paths_) entities.insert(path.to);
    for (const TimelineEvent& event : request_.events) {
      if (event.type.valid()) continue;
      for (const EntityId entity : entities) {
        const auto state = snapshot_.GetEntity(entity).value();
        const std::vector<Fact>* const facts = state->FindProperty(event.property);
        if (facts == nullptr) continue;
        for (const Fact& fact : *facts) AddFact(fact, {entity}, entity, EntityId());
      }
    }
  }

  void AddFact(const Fact& fact, const std::set<EntityId>& at, EntityId subject, EntityId actor) {
    const FactStatus status = EvaluateBelief(fact, *view_.policy).status;
    const std::vector<StatusChange> changes = StatusChanges(fact, *view_.policy);
    if (!IsVisible(fact) && !view_.policy->IsDefault()) return;
    AddEntry(fact, at, subject, actor, TimelineKind::kBegin, status, fact.valid.from);
    if (fact.valid.to.kind != BoundKind::kUnbounded) {
      AddEntry(fact, at, subject, actor, TimelineKind::kEnd, status, fact.valid.to);
    }
    for (const StatusChange& change : changes) {
      if (!change.reported) continue;
      AddEntry(fact, at, subject, actor, TimelineKind::kStatus, change.status, change.date);
    }
  }

  bool InWindow(const Bound& date) const {
    const bool from_open = request_.from == kMinusInfinity;
    const bool to_open = request_.to == kPlusInfinity;
    if (from_open && to_open) return true;
    if (date.unknown) return false;
    const bool before_end = to_open || date.earliest < request_.to;
    const bool after_start =
        from_open || date.latest > request_.from || (date.exact() && date.latest == request_.from);
    return before_end && after_start;
  }

  void AddEntry(const Fact& fact, const std::set<EntityId>& at, EntityId subject, EntityId actor,
                TimelineKind kind, FactStatus status, const Bound& date) {
    if (!InWindow(date)) return;
    const Path* shortest = nullptr;
    uint64_t count = 0;
    for (const Path& path : paths_) {
      if (at.count(path.to) == 0 || !IsValidAt(path, date)) continue;
      ++count;
      if (shortest == nullptr || path.Order() < shortest->Order()) shortest = &path;
    }
    if (count == 0) return;
    std::vector<RelationshipId> via;
    for (const RelationshipState* hop : shortest->hops) via.push_back(hop->ends.id);
    const auto order = std::make_tuple(date.unknown, date.earliest, date.latest, KeyOf(subject),
                                       KeyOf(actor), fact.id, kind);
    const bool is_new = entries_
                            .emplace(order, Describe(kind, status, date, fact.id, subject, actor,
                                                     count, shortest->from, via))
                            .second;
    EXPECT_TRUE(is_new);
  }

  std::string KeyOf(EntityId id) const {
    return id.valid() ? snapshot_.GetEntityRecord(id).value()->key : "";
  }

  const Snapshot& snapshot_;
  const ReadView& view_;
  const TimelineRequest& request_;
  const std::vector<RelationshipState> all_;
  std::vector<Path> paths_;
  std::map<std::tuple<bool, Instant, Instant, std::string, std::string, FactId, TimelineKind>,
           std::string>
      entries_;
};

// Gives some entities dated facts of the property `status`.
void AddStatusFacts(Dice& dice, TestGraph& graph) {
  for (int i = 0; i < kTimelineGraph.entities; i += 2) {
    AddFacts write;
    write.entity = EntityKeyRef{absl::StrCat("e/", i)};
    write.property = "status";
    for (const char* const value : {"draft", "in force"}) {
      FactWrite fact = MakeFact({}, dice.OneIn(2) ? "2020" : "2021-05-03");
      fact.value = Value::String(value);
      if (dice.OneIn(3)) fact.citations.push_back(MakeCitation("source/s"));
      write.facts.push_back(std::move(fact));
    }
    graph.Stage(std::move(write));
  }
  graph.Commit();
}

TimelineRequest RandomTimelineRequest(Dice& dice, const TestGraph& graph) {
  TimelineRequest request;
  std::set<EntityId> subjects;
  do {
    subjects.insert(RandomEntity(dice, kTimelineGraph, graph));
  } while (dice.OneIn(3));
  request.subjects.assign(subjects.begin(), subjects.end());
  if (!dice.OneIn(4)) {
    request.via = RandomSteps(dice, graph);
    request.max_hops = static_cast<int>(dice.Below(4));
    if (dice.OneIn(4)) request.min_hops = static_cast<int>(dice.Below(request.max_hops + 1));
  }
  for (const std::string& type : RandomTypes()) {
    if (dice.OneIn(2) || !graph.TypeOf(type).valid()) continue;
    request.events.push_back(
        {graph.TypeOf(type), static_cast<Direction>(dice.Below(3)), PropertyId()});
  }
  if (request.events.empty() || dice.OneIn(3)) {
    request.events.push_back({TypeId(), Direction::kEither, graph.PropertyOf("status")});
  }
  if (dice.OneIn(4)) request.from = InstantOf("2020-03-15");
  if (dice.OneIn(4)) request.to = InstantOf("2021-05-03");
  request.path_at_date = dice.OneIn(2);
  request.descending = dice.OneIn(2);
  return request;
}

std::vector<std::string> Paged(Dice& dice, const Snapshot& snapshot, const ReadView& view,
                               TimelineRequest request, TestGraph& graph) {
  std::vector<std::string> all;
  std::optional<TimelineCursor> cursor;
  do {
    request.limit = 1 + dice.Below(9);
    Budget budget = graph.Plenty();
    const TimelineAnswer page =
        BuildTimeline(snapshot, view, request, cursor ? &*cursor : nullptr, budget).value();
    for (const TimelineEntry& entry : page.entries) all.push_back(Describe(entry));
    cursor = page.next;
    EXPECT_TRUE(!cursor || page.entries.size() == request.limit);
  } while (cursor);
  return all;
}

TEST(TimelinePropertyTest, EqualsEnumeration) {
  size_t entries = 0;
  for (int g = 0; g < 150; ++g) {
    Dice dice(7000 + g);
    TestGraph graph;
    FillRandomly(dice, kTimelineGraph, graph);
    AddStatusFacts(dice, graph);
    const Snapshot snapshot = graph.Latest();
    for (int q = 0; q < 8; ++q) {
      SCOPED_TRACE(absl::StrCat("graph ", g, " question ", q));
      const ReadView view{ValidTime::All(), RandomPolicy(dice, graph)};
      TimelineRequest request = RandomTimelineRequest(dice, graph);
      request.limit = 100'000;
      Budget budget = graph.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer,
                                  BuildTimeline(snapshot, view, request, nullptr, budget));
      std::vector<std::string> actual;
      for (const TimelineEntry& entry : answer.entries) actual.push_back(Describe(entry));
      const std::vector<std::string> expected = NaiveTimeline(snapshot, view, request).Run();
      ASSERT_EQ(actual, expected);
      EXPECT_FALSE(answer.cut);
      EXPECT_FALSE(answer.next.has_value());
      ASSERT_EQ(Paged(dice, snapshot, view, request, graph), expected);
      ExpectWholeFacts(snapshot, answer);
      request.with_paths = false;
      request.with_facts = false;
      Budget same_budget = graph.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer bare,
                                  BuildTimeline(snapshot, view, request, nullptr, same_budget));
      ASSERT_EQ(Places(bare), Places(answer));
      entries += expected.size();
    }
  }
  EXPECT_GT(entries, 5000u);
}

}  // namespace
}  // namespace relata
