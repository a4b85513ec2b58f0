#include "graph/adjacency/edge_walk.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

std::vector<EntityId> Neighbours(const Expansion& expansion) {
  std::vector<EntityId> neighbours;
  for (const Edge& edge : expansion.edges) neighbours.push_back(edge.neighbour);
  return neighbours;
}

std::vector<EntityId> Ends(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                           absl::Span<const Step> steps, const ReadView& view) {
  std::vector<EntityId> all;
  EXPECT_THAT(ForEachEnd(snapshot, vertices, steps, view,
                         [&](absl::Span<const EntityId> ends) {
                           all.insert(all.end(), ends.begin(), ends.end());
                         }),
              IsOk());
  return all;
}

void ExpectTheSame(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                   absl::Span<const Step> steps, const ReadView& view) {
  Expansion expansion;
  RELATA_ASSERT_OK(Expand(snapshot, vertices, steps, view, &expansion));
  EXPECT_EQ(Ends(snapshot, vertices, steps, view), Neighbours(expansion));
}

std::shared_ptr<const BeliefPolicy> RawPolicy() {
  auto raw = std::make_shared<BeliefPolicy>();
  raw->raw = true;
  return raw;
}

// Twice, so that arrays are read first and are there the second time; the second commit lies beside
// them then.
TEST(EdgeWalkTest, EndsAreTheNeighboursOfAnExpansion) {
  const RandomGraphSize size{30, 200};
  for (uint64_t seed = 0; seed < 5; ++seed) {
    TestGraph graph;
    Dice dice(seed);
    FillRandomly(dice, size, graph);
    std::vector<EntityId> vertices;
    for (int i = 0; i < 3 * size.entities; ++i) {
      vertices.push_back(RandomEntity(dice, size, graph));
    }
    const Snapshot before = graph.Latest();
    for (int round = 0; round < 40; ++round) {
      const std::vector<Step> steps = RandomSteps(dice, graph);
      ReadView view = RandomInstant(dice, graph);
      view.valid.certainly = dice.OneIn(3);
      for (const auto& policy : {view.policy, DefaultPolicy(), RawPolicy()}) {
        view.policy = policy;
        ExpectTheSame(graph.Latest(), vertices, steps, view);
        ExpectTheSame(before, vertices, steps, view);
        ExpectTheSame(graph.Latest(), vertices, steps, {ValidTime::All(), policy});
        ExpectTheSame(graph.Latest(), vertices, steps, {ValidTime::At(kPlusInfinity), policy});
      }
      if (round != 20) continue;
      for (int i = 0; i < 20; ++i) {
        graph.Link(absl::StrCat("later", i), dice.Of(RandomTypes()),
                   absl::StrCat("e/", dice.Below(30)), absl::StrCat("e/", dice.Below(30)),
                   {MakeFact({}, dice.OneIn(2) ? "2020" : "..")});
      }
      graph.Commit();
    }
  }
}

TEST(EdgeWalkTest, ShowsTheEndsOfManyEdgesAndOfNone) {
  constexpr int kMany = 700;
  TestGraph graph;
  for (int i = 0; i < kMany; ++i) graph.Entity(absl::StrCat("e", i));
  graph.Commit();
  for (int i = 0; i < kMany; ++i) {
    graph.Link(absl::StrCat("r", i), "PAYS", "e0", absl::StrCat("e", i), {MakeFact({}, "2020")});
    if (i % 2 == 0) {
      graph.Link(absl::StrCat("s", i), "PAYS", absl::StrCat("e", i), "e1", {MakeFact({}, "2021")});
    }
  }
  graph.Commit();
  std::vector<EntityId> vertices;
  for (int i = 0; i < 40; ++i) vertices.push_back(graph.IdOf(absl::StrCat("e", i % 7)));
  for (const char* const instant : {"2019-06-01", "2020-06-01", "2024-01-01"}) {
    for (int round = 0; round < 2; ++round) {
      ExpectTheSame(graph.Latest(), vertices, {graph.StepOf("PAYS")}, At(instant));
      ExpectTheSame(graph.Latest(), vertices, {graph.StepOf("PAYS", Direction::kEither)},
                    At(instant));
    }
  }
  EXPECT_EQ(Ends(graph.Latest(), {vertices[0]}, {graph.StepOf("PAYS")}, At("2024-01-01")).size(),
            size_t{kMany} + 1);
}

}  // namespace
}  // namespace relata
