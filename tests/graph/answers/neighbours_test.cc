#include "graph/answers/neighbours.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using Row = std::tuple<TypeId, bool, EntityId, RelationshipId, FactId>;

Row RowOf(const Neighbour& n) { return {n.ends.type, n.outgoing, n.entity, n.ends.id, n.fact.id}; }

// Tries every relationship, and sorts.
std::vector<Row> NaiveNeighbours(const Snapshot& snapshot, const ReadView& view, EntityId entity,
                                 const std::vector<Step>& steps) {
  std::vector<std::pair<std::tuple<TypeId, bool, EntityId, RelationshipId, size_t>, Row>> rows;
  for (const RelationshipState& state : AllRelationships(snapshot)) {
    const auto& [id, type, from, to] = state.ends;
    for (const bool outgoing : {true, false}) {
      if ((outgoing ? from : to) != entity || !Allows(steps, type, outgoing)) continue;
      if (!outgoing && from == to && Allows(steps, type, true)) continue;
      const EntityId other = outgoing ? to : from;
      size_t rank = 0;
      for (const VisibleFact& visible : SelectVisible(state.facts, view)) {
        rows.push_back(
            {{type, !outgoing, other, id, rank++}, {type, outgoing, other, id, visible.fact->id}});
      }
    }
  }
  std::sort(rows.begin(), rows.end());
  std::vector<Row> sorted;
  sorted.reserve(rows.size());
  for (const auto& [order, row] : rows) sorted.push_back(row);
  return sorted;
}

ReadView RandomView(Dice& dice, const TestGraph& graph) {
  ReadView view = RandomInstant(dice, graph);
  if (dice.OneIn(3)) view.valid = ValidTime::All();
  if (dice.OneIn(3))
    view.valid = ValidTime::Window(InstantOf("2020-03-01"), InstantOf("2021-02-01"));
  if (dice.OneIn(6)) {
    auto raw = std::make_shared<BeliefPolicy>();
    raw->raw = true;
    view.policy = raw;
  }
  return view;
}

TEST(NeighboursPropertyTest, PagesEqualEnumeration) {
  constexpr RandomGraphSize kSize{4, 20};
  size_t rows = 0;
  for (int g = 0; g < 150; ++g) {
    Dice dice(9000 + g);
    TestGraph graph;
    FillRandomly(dice, kSize, graph);
    const Snapshot snapshot = graph.Latest();
    for (int q = 0; q < 10; ++q) {
      SCOPED_TRACE("graph " + std::to_string(g) + " question " + std::to_string(q));
      const ReadView view = RandomView(dice, graph);
      const EntityId entity = RandomEntity(dice, kSize, graph);
      const std::vector<Step> steps = RandomSteps(dice, graph);
      const std::vector<Row> expected = NaiveNeighbours(snapshot, view, entity, steps);
      std::vector<Row> actual;
      std::optional<NeighbourCursor> cursor;
      do {
        const size_t limit = 1 + dice.Below(5);
        RELATA_ASSERT_OK_AND_ASSIGN(
            const NeighbourPage page,
            ListNeighbours(snapshot, view, entity, steps, cursor ? &*cursor : nullptr, limit));
        ASSERT_LE(page.rows.size(), limit);
        ASSERT_TRUE(!page.next || page.rows.size() == limit);
        for (const Neighbour& row : page.rows) actual.push_back(RowOf(row));
        cursor = page.next;
      } while (cursor);
      ASSERT_EQ(actual, expected);
      // What the walk of the graph sees is the same.
      Expansion expansion;
      RELATA_ASSERT_OK(Expand(snapshot, {entity}, steps, view, &expansion));
      std::vector<Row> edges;
      for (const Edge& e : expansion.of(0)) {
        edges.push_back({e.type, e.outgoing, e.neighbour, e.relationship, e.fact});
      }
      ASSERT_EQ(edges, expected);
      rows += expected.size();
    }
  }
  EXPECT_GT(rows, 5000u);
}

TEST(NeighboursTest, RefusesWhatIsNotThere) {
  TestGraph graph;
  graph.Entity("a");
  graph.Commit();
  EXPECT_THAT(ListNeighbours(graph.Latest(), At("2021-01-01"), EntityId(77), {Step{}}, nullptr, 5),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ListNeighbours(graph.Latest(), At("2021-01-01"), graph.IdOf("a"), {}, nullptr, 5),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(NeighboursTest, GivesTheBeliefOfThePolicy) {
  TestGraph graph;
  for (const char* const key : {"a", "b"}) graph.Entity(key);
  graph.Entity("s", {"Source"});
  FactWrite fact = MakeFact();
  fact.citations = {MakeCitation("s", Stance::kAsserts, "2020", 0.25)};
  graph.Link("ab", "OWNS", "a", "b", {fact});
  graph.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const NeighbourPage page,
                              ListNeighbours(graph.Latest(), At("2021-01-01"), graph.IdOf("b"),
                                             {graph.StepOf("OWNS", Direction::kIn)}, nullptr, 5));
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].entity, graph.IdOf("a"));
  EXPECT_FALSE(page.rows[0].outgoing);
  EXPECT_EQ(page.rows[0].belief.status, FactStatus::kAsserted);
  EXPECT_EQ(page.rows[0].belief.confidence, 0.25);
  EXPECT_FALSE(page.next.has_value());
}

}  // namespace
}  // namespace relata
