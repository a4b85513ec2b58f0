#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "base/manual_clock.h"
#include "graph/algorithms/betweenness.h"
#include "graph/algorithms/bfs.h"
#include "graph/algorithms/k_core.h"
#include "graph/algorithms/label_propagation.h"
#include "graph/algorithms/louvain.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/scc.h"
#include "graph/algorithms/sssp.h"
#include "graph/algorithms/triangles.h"
#include "graph/algorithms/wcc.h"
#include "tests/graph/algorithms/arc_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ArcGraph Ring(VertexIndex vertices) {
  ArcGraph graph{.vertices = vertices};
  for (VertexIndex v = 0; v < vertices; ++v) graph.arcs.push_back({v, (v + 1) % vertices});
  return graph;
}

// Two cliques of `size`, joined by one arc.
ArcGraph TwoCliques(VertexIndex size) {
  ArcGraph graph{.vertices = 2 * size};
  for (const VertexIndex first : {VertexIndex{0}, size}) {
    for (VertexIndex a = first; a < first + size; ++a) {
      for (VertexIndex b = a + 1; b < first + size; ++b) graph.arcs.push_back({a, b});
    }
  }
  graph.arcs.push_back({0, size});
  return graph;
}

// Every algorithm with one way to call it.
struct Named {
  std::string name;
  absl::Status (*run)(const Projection& projection, RunControl& control);
};
const std::vector<Named>& EveryAlgorithm() {
  static const auto* const kAll = new std::vector<Named>{
      {"bfs", [](auto& p, auto& c) { return BreadthFirstHops(p, 0, c).status(); }},
      {"sssp", [](auto& p, auto& c) { return ShortestDistances(p, 0, c).status(); }},
      {"wcc", [](auto& p, auto& c) { return WeakComponents(p, c).status(); }},
      {"scc", [](auto& p, auto& c) { return StrongComponents(p, c).status(); }},
      {"pagerank", [](auto& p, auto& c) { return PageRank(p, {}, c).status(); }},
      {"cdlp", [](auto& p, auto& c) { return PropagateLabels(p, 10, c).status(); }},
      {"lcc", [](auto& p, auto& c) { return ClusteringCoefficients(p, c).status(); }},
      {"triangles", [](auto& p, auto& c) { return CountTriangles(p, c).status(); }},
      {"betweenness", [](auto& p, auto& c) { return Betweenness(p, {}, c).status(); }},
      {"kcore", [](auto& p, auto& c) { return CoreNumbers(p, c).status(); }},
      {"louvain", [](auto& p, auto& c) { return Louvain(p, {}, c).status(); }},
  };
  return *kAll;
}

TEST(AlgorithmsTest, LouvainFindsCliques) {
  RunControl control = Unhindered();
  const auto projection = Project(TwoCliques(5), Orientation::kUndirected);
  RELATA_ASSERT_OK_AND_ASSIGN(const LouvainResult result, Louvain(*projection, {}, control));
  EXPECT_THAT(result.communities, ElementsAre(0, 0, 0, 0, 0, 5, 5, 5, 5, 5));
  // 20 of 21 edges lie inside, half of all ends on each side.
  EXPECT_NEAR(result.modularity, 20.0 / 21 - 0.5, 1e-12);
}

TEST(AlgorithmsTest, BetweennessOfABridge) {
  RunControl control = Unhindered();
  const auto projection = Project(TwoCliques(3), Orientation::kUndirected);
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<double> scores,
                              Betweenness(*projection, {}, control));
  // Each end of the bridge lies between two on its side and three on the other.
  EXPECT_THAT(scores, ElementsAre(6, 0, 0, 6, 0, 0));
}

TEST(AlgorithmsTest, SampledBetweennessIsSeededAndUnbiased) {
  const auto projection = Project(RandomArcGraph(3, 60, false), Orientation::kUndirected);
  const auto run = [&](uint64_t samples, uint64_t seed) {
    RunControl control = Unhindered();
    return *Betweenness(*projection, {.samples = samples, .seed = seed}, control);
  };
  const std::vector<double> exact = run(0, 0);
  EXPECT_EQ(run(projection->vertices(), 7), exact);
  EXPECT_EQ(run(9, 7), run(9, 7));
  EXPECT_NE(run(9, 7), run(9, 8));
  const double whole = std::accumulate(exact.begin(), exact.end(), 0.0);
  ASSERT_GT(whole, 0);
  double sum = 0;
  constexpr int kRuns = 2000;
  for (int seed = 0; seed < kRuns; ++seed) {
    const std::vector<double> scores = run(3, seed);
    sum += std::accumulate(scores.begin(), scores.end(), 0.0);
  }
  EXPECT_NEAR(sum / kRuns, whole, 0.05 * whole);
}

TEST(AlgorithmsTest, CoresOfACliqueWithATail) {
  RunControl control = Unhindered();
  ArcGraph graph = TwoCliques(4);
  graph.vertices = 11;
  graph.arcs.push_back({7, 8});
  graph.arcs.push_back({8, 9});
  const auto projection = Project(graph, Orientation::kUndirected);
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<uint32_t> cores, CoreNumbers(*projection, control));
  EXPECT_THAT(cores, ElementsAre(3, 3, 3, 3, 3, 3, 3, 3, 1, 1, 0));
}

TEST(AlgorithmsTest, PageRankStopsWhereItNoLongerChanges) {
  RunControl control = Unhindered();
  const auto projection = Project(Ring(10), Orientation::kDirected);
  RELATA_ASSERT_OK_AND_ASSIGN(
      const PageRankResult result,
      PageRank(*projection, {.iterations = 50, .tolerance = 1e-9}, control));
  EXPECT_EQ(result.iterations, 1);  // on a ring all have the same from the start
  RELATA_ASSERT_OK_AND_ASSIGN(const PageRankResult all,
                              PageRank(*projection, {.iterations = 50}, control));
  EXPECT_EQ(all.iterations, 50);
}

TEST(AlgorithmsTest, ALongPathNeedsNoStack) {
  RunControl control = Unhindered();
  constexpr VertexIndex kLength = 300'000;
  std::vector<EntityId> entities;
  Arcs arcs;
  for (VertexIndex v = 0; v < kLength; ++v) {
    entities.emplace_back(1 + v);
    arcs.targets.push_back((v + 1) % kLength);
    arcs.offsets.push_back(v + 1);
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const auto ring, Projection::FromArcs(entities, arcs, {}, control));
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<VertexIndex> strong,
                              StrongComponents(*ring, control));
  EXPECT_EQ(strong, std::vector<VertexIndex>(kLength, 0));
}

TEST(AlgorithmsTest, NegativeWeightsAreRefusedByName) {
  const auto projection =
      Project({.vertices = 3, .arcs = {{0, 1, 2.0}, {1, 2, -0.5}}, .weighted = true},
              Orientation::kDirected);
  const auto undirected =
      Project({.vertices = 3, .arcs = {{0, 1, 2.0}, {1, 2, -0.5}}, .weighted = true},
              Orientation::kUndirected);
  RunControl control = Unhindered();
  const auto refused = StatusIs(absl::StatusCode::kFailedPrecondition,
                                HasSubstr("from entity #11 to #12 it is -0.5"));
  EXPECT_THAT(ShortestDistances(*projection, 0, control).status(), refused);
  EXPECT_THAT(PageRank(*projection, {}, control).status(), refused);
  EXPECT_THAT(Louvain(*undirected, {}, control).status(), refused);
}

TEST(AlgorithmsTest, WhatAnAlgorithmIsNotDefinedForIsRefused) {
  RunControl control = Unhindered();
  const auto directed = Project(Ring(4), Orientation::kDirected);
  const auto refused =
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("orientation UNDIRECTED"));
  EXPECT_THAT(CoreNumbers(*directed, control).status(), refused);
  EXPECT_THAT(CountTriangles(*directed, control).status(), refused);
  EXPECT_THAT(Louvain(*directed, {}, control).status(), refused);
  const auto invalid = StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(""));
  EXPECT_THAT(BreadthFirstHops(*directed, 4, control).status(), invalid);
  EXPECT_THAT(ShortestDistances(*directed, kNoVertex, control).status(), invalid);
  EXPECT_THAT(PageRank(*directed, {.damping = 1.5}, control).status(), invalid);
  EXPECT_THAT(PageRank(*directed, {.damping = std::nan("")}, control).status(), invalid);
  EXPECT_THAT(PageRank(*directed, {.iterations = -1}, control).status(), invalid);
  EXPECT_THAT(PropagateLabels(*directed, -1, control).status(), invalid);
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto outgoing,
      Projection::FromArcs({EntityId(1)}, Arcs{.offsets = {0, 0}}, {}, control));
  EXPECT_THAT(PageRank(*outgoing, {}, control).status(), invalid);
}

TEST(AlgorithmsTest, NothingIsWrongWithAnEmptyGraph) {
  const auto empty = Project({}, Orientation::kUndirected);
  for (const Named& algorithm : EveryAlgorithm()) {
    if (algorithm.name == "bfs" || algorithm.name == "sssp") continue;  // they need a source
    RunControl control = Unhindered();
    RELATA_EXPECT_OK(algorithm.run(*empty, control)) << algorithm.name;
  }
}

TEST(AlgorithmsTest, EachStopsWhenToldAndSoonAfter) {
  std::vector<EntityId> entities;
  Arcs arcs;
  std::mt19937_64 random(1);
  constexpr VertexIndex kCount = 40'000;
  for (VertexIndex v = 0; v < kCount; ++v) {
    entities.emplace_back(1 + v);
    for (int i = 0; i < 8; ++i) arcs.targets.push_back(random() % kCount);
    arcs.offsets.push_back(arcs.size());
  }
  RunControl unhindered = Unhindered();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto graph,
      Projection::FromArcs(entities, arcs, {.orientation = Orientation::kUndirected}, unhindered));
  for (const Named& algorithm : EveryAlgorithm()) {
    int asked = 0;
    int64_t told_at = 0;
    RunControl control(SystemClock(), {.stopped = [&]() -> absl::Status {
                         if (++asked < 3) return absl::OkStatus();
                         told_at = SystemClock()->MonotonicMicros();
                         return absl::CancelledError("enough");
                       }});
    EXPECT_THAT(algorithm.run(*graph, control),
                StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")))
        << algorithm.name;
    EXPECT_LT(SystemClock()->MonotonicMicros() - told_at, 100'000) << algorithm.name;
  }
}

TEST(AlgorithmsTest, EachSaysHowMuchMemoryItLacks) {
  const auto graph = Project(TwoCliques(20), Orientation::kUndirected);
  for (const Named& algorithm : EveryAlgorithm()) {
    RunControl control(SystemClock(), {.memory_bytes = 100});
    EXPECT_THAT(algorithm.run(*graph, control),
                StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("100 are allowed")))
        << algorithm.name;
  }
}

TEST(AlgorithmsTest, ProgressIsToldByStageAndNotTooOften) {
  ManualClock clock(0);
  std::vector<std::string> told;
  RunControl control(&clock, {.report = [&](const RunProgress& progress) {
    told.push_back(std::string(progress.stage) + " " + std::to_string(progress.done) + "/" +
                   std::to_string(progress.total));
    return absl::OkStatus();
  }});
  RELATA_ASSERT_OK(control.Begin("one", 300'000));
  RELATA_ASSERT_OK(control.Advance(100'000));  // too soon
  clock.AdvanceMicros(300'000);
  RELATA_ASSERT_OK(control.Advance(100'000));
  RELATA_ASSERT_OK(control.Begin("two", 0));
  EXPECT_THAT(told, ElementsAre("one 0/300000", "one 200000/300000", "two 0/0"));
}

}  // namespace
}  // namespace relata
