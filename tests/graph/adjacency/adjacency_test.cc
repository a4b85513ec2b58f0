#include "graph/adjacency/adjacency.h"

#include <memory>
#include <string>
#include <vector>

#include "graph/adjacency/adjacency_cache.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;

class AdjacencyTest : public testing::Test {
 protected:
  AdjacencyTest() {
    for (const char* const key : {"a", "b", "c"}) graph_.Entity(key);
    graph_.Entity("s", {"Source"});
    graph_.Link("ab", "OWNS", "a", "b", {MakeFact({}, "2020")});
    graph_.Link("ca", "OWNS", "c", "a", {MakeFact()});
    graph_.Link("aa", "OWNS", "a", "a", {MakeFact()});
    graph_.Link("ac", "ACQUIRED", "a", "c", {MakeFact({}, "2021"), MakeFact({}, "2023")});
    graph_.Commit();
  }

  std::vector<std::string> Edges(const std::vector<Step>& steps, const ReadView& view) {
    Expansion expansion;
    const EntityId a = graph_.IdOf("a");
    EXPECT_THAT(Expand(graph_.Latest(), {a}, steps, view, &expansion), IsOk());
    std::vector<std::string> keys;
    for (const Edge& edge : expansion.of(0)) {
      keys.push_back((edge.outgoing ? "out " : "in ") + graph_.KeyOf(edge.relationship));
    }
    return keys;
  }

  TestGraph graph_;
};

TEST_F(AdjacencyTest, OrdersByTypeDirectionAndNeighbour) {
  EXPECT_THAT(Edges({{TypeId(), Direction::kEither}}, At("2024-01-01")),
              ElementsAre("out aa", "out ab", "in ca", "out ac"));
  EXPECT_THAT(Edges({graph_.StepOf("OWNS", Direction::kIn)}, At("2024-01-01")),
              ElementsAre("in aa", "in ca"));
  // A set of steps: what several of them match comes once.
  EXPECT_THAT(Edges({graph_.StepOf("OWNS", Direction::kIn), graph_.StepOf("OWNS"),
                     graph_.StepOf("OWNS", Direction::kEither)},
                    At("2024-01-01")),
              ElementsAre("out aa", "out ab", "in ca"));
}

TEST_F(AdjacencyTest, AnInstantShowsOneFactAndAWindowEach) {
  const std::vector<Step> steps = {graph_.StepOf("ACQUIRED")};
  EXPECT_THAT(Edges(steps, At("2024-01-01")), ElementsAre("out ac"));
  EXPECT_THAT(Edges(steps, At("2020-01-01")), ElementsAre());
  EXPECT_THAT(Edges(steps, {ValidTime::All(), DefaultPolicy()}), ElementsAre("out ac", "out ac"));
  EXPECT_THAT(Edges(steps, {ValidTime::Window(InstantOf("2021-05-01"), InstantOf("2022-01-01")),
                            DefaultPolicy()}),
              ElementsAre("out ac"));
}

TEST_F(AdjacencyTest, AllCertainlyLeavesOutWhatNeverIsCertain) {
  graph_.Link("open", "RAN", "a", "b", {MakeFact({}, "2020", "2020")});
  graph_.Link("closed", "RAN", "a", "c", {MakeFact({}, "2020", "2022")});
  graph_.Commit();
  const std::vector<Step> steps = {graph_.StepOf("RAN")};
  // The second time from the cache.
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(Edges(steps, {ValidTime::All(), DefaultPolicy()}),
                ElementsAre("out open", "out closed"));
    EXPECT_THAT(Edges(steps, {ValidTime::All(true), DefaultPolicy()}), ElementsAre("out closed"));
  }
}

TEST_F(AdjacencyTest, SpansOfManyVerticesStandSideBySide) {
  const std::vector<EntityId> vertices = {graph_.IdOf("b"), EntityId(1'000'000), graph_.IdOf("a"),
                                          graph_.IdOf("a")};
  Expansion expansion;
  RELATA_ASSERT_OK(
      Expand(graph_.Latest(), vertices, {graph_.StepOf("OWNS")}, At("2024-01-01"), &expansion));
  ASSERT_EQ(expansion.offsets.size(), 5u);
  EXPECT_EQ(expansion.of(0).size(), 0u);
  EXPECT_EQ(expansion.of(1).size(), 0u);
  EXPECT_EQ(expansion.of(2).size(), 2u);
  EXPECT_EQ(expansion.of(3).size(), 2u);
}

TEST_F(AdjacencyTest, TheSecondLookComesFromTheCache) {
  const std::vector<Step> steps = {graph_.StepOf("OWNS")};
  Edges(steps, At("2024-01-01"));
  const uint64_t misses = graph_.database().adjacency_cache().GetStats().misses;
  const uint64_t hits = graph_.database().adjacency_cache().GetStats().hits;
  Edges(steps, At("2020-06-01"));
  EXPECT_EQ(graph_.database().adjacency_cache().GetStats().misses, misses);
  EXPECT_EQ(graph_.database().adjacency_cache().GetStats().hits, hits + 1);
}

TEST_F(AdjacencyTest, AReaderOfThePastKeepsItsVersion) {
  const Snapshot before = graph_.Latest();
  graph_.Link("ab2", "OWNS", "a", "b", {MakeFact()});
  graph_.Stage(DeleteRelationship{RelationshipKeyRef{"aa"}, Portion()});
  graph_.Commit();
  EXPECT_THAT(Edges({graph_.StepOf("OWNS")}, At("2024-01-01")), ElementsAre("out ab", "out ab2"));
  Expansion past;
  RELATA_ASSERT_OK(
      Expand(before, {graph_.IdOf("a")}, {graph_.StepOf("OWNS")}, At("2024-01-01"), &past));
  EXPECT_EQ(past.edges.size(), 2u);
  EXPECT_EQ(past.edges[0].relationship, before.FindRelationship("aa").value());
}

TEST_F(AdjacencyTest, DigestsAreOfTheDefaultPolicyWhateverThePolicy) {
  FactWrite fact = MakeFact();
  fact.citations = {MakeCitation("s", Stance::kAsserts, "2020", 0.5)};
  graph_.Link("bc", "OWNS", "b", "c", {fact});
  graph_.Commit();
  auto strict = std::make_shared<BeliefPolicy>();
  strict->min_sources = 1;
  for (const auto& policy : {DefaultPolicy(), std::shared_ptr<const BeliefPolicy>(strict)}) {
    Expansion expansion;
    RELATA_ASSERT_OK(Expand(graph_.Latest(), {graph_.IdOf("b")}, {graph_.StepOf("OWNS")},
                            {ValidTime::At(InstantOf("2024-01-01")), policy}, &expansion));
    ASSERT_EQ(expansion.edges.size(), 1u);
    EXPECT_EQ(expansion.edges[0].digest.status, FactStatus::kAsserted);
    EXPECT_EQ(expansion.edges[0].digest.sources, 1);
  }
}

}  // namespace
}  // namespace relata
