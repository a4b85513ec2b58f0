#include "graph/algorithms/arcs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/algorithms/vertex_numbering.h"
#include "tests/graph/algorithms/arc_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;

TEST(ArcsTest, SortsAndMergesByTarget) {
  RunControl control = Unhindered();
  Arcs arcs{{0, 4, 4, 5}, {2, 1, 2, 0}, {1.0, 2.0, 0.5, 4.0}};
  arcs.targets.push_back(1);
  arcs.weights.push_back(7.0);
  Arcs least = arcs;
  RELATA_ASSERT_OK(SortAndMerge(ParallelWeights::kSum, control, &arcs));
  EXPECT_THAT(arcs.offsets, ElementsAre(0, 3, 3, 4));
  EXPECT_THAT(arcs.targets, ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(arcs.weights, ElementsAre(4.0, 2.0, 1.5, 7.0));
  RELATA_ASSERT_OK(SortAndMerge(ParallelWeights::kLeast, control, &least));
  EXPECT_THAT(least.weights, ElementsAre(4.0, 2.0, 0.5, 7.0));
}

TEST(ArcsTest, TransposesTwiceIntoItself) {
  RunControl control = Unhindered();
  const Arcs arcs{{0, 2, 3, 3}, {1, 2, 1}, {1.0, 2.0, 3.0}};
  RELATA_ASSERT_OK_AND_ASSIGN(const Arcs turned, Transpose(arcs, control));
  EXPECT_THAT(turned.offsets, ElementsAre(0, 0, 2, 3));
  EXPECT_THAT(turned.targets, ElementsAre(0, 1, 0));
  EXPECT_THAT(turned.weights, ElementsAre(1.0, 3.0, 2.0));
  RELATA_ASSERT_OK_AND_ASSIGN(const Arcs back, Transpose(turned, control));
  EXPECT_EQ(back.offsets, arcs.offsets);
  EXPECT_EQ(back.targets, arcs.targets);
  EXPECT_EQ(back.weights, arcs.weights);
}

TEST(ArcsTest, AnUndirectedLoopStaysOneArcOfItsWeight) {
  const auto projection =
      Project({.vertices = 2, .arcs = {{0, 0, 3.0}, {0, 1, 2.0}, {1, 0, 5.0}}, .weighted = true},
              Orientation::kUndirected);
  EXPECT_THAT(projection->out().of(0), ElementsAre(0, 1));
  EXPECT_THAT(projection->out().weights_of(0), ElementsAre(3.0, 7.0));
  EXPECT_THAT(projection->out().weights_of(1), ElementsAre(7.0));
}

TEST(ArcsTest, NumbersEntitiesCloseTogetherAndFarApart) {
  for (const uint64_t step : {1, 3, 1000}) {
    std::vector<EntityId> entities;
    for (uint64_t i = 0; i < 50; ++i) entities.emplace_back(7 + i * step);
    const VertexNumbering numbering(entities);
    for (VertexIndex v = 0; v < 50; ++v) {
      EXPECT_EQ(numbering.entity(v), entities[v]);
      EXPECT_EQ(numbering.Find(entities[v]), v);
    }
    EXPECT_EQ(numbering.Find(EntityId(6)), kNoVertex);
    EXPECT_EQ(numbering.Find(EntityId(7 + 50 * step)), kNoVertex);
    EXPECT_EQ(numbering.Find(EntityId(8)), step == 1 ? 1 : kNoVertex);
  }
  EXPECT_EQ(VertexNumbering().Find(EntityId(1)), kNoVertex);
}

}  // namespace
}  // namespace relata
