#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "graph/answers/chains.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/naive_chains.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr RandomGraphSize kChainGraph{7, 24};
constexpr int kGraphs = 900;
constexpr int kQuestions = 12;

ChainRequest RandomChainRequest(Dice& dice, const TestGraph& graph) {
  ChainRequest request;
  request.start = RandomEntity(dice, kChainGraph, graph);
  request.steps = RandomSteps(dice, graph);
  request.max_hops = 1 + static_cast<int>(dice.Below(4));
  if (dice.OneIn(4)) request.min_hops = 1 + static_cast<int>(dice.Below(request.max_hops));
  if (dice.OneIn(2)) request.mode = ChainMode::kTrail;
  if (dice.OneIn(3)) request.parallel = ChainParallel::kMerged;
  request.order = static_cast<ChainOrder>(dice.Below(3));
  request.currency = {'U', 'S', 'D'};
  if (dice.OneIn(4)) request.end = RandomEntity(dice, kChainGraph, graph);
  if (dice.OneIn(5)) request.started_from = InstantOf("2020-03-10");
  if (dice.OneIn(5)) request.started_before = InstantOf("2021-02-01");
  if (dice.OneIn(6)) {
    request.end_labels = {*graph.Latest().names().FindLabel("Company")};
  }
  if (dice.OneIn(4)) {
    request.non_decreasing = true;
    request.parallel = ChainParallel::kEach;
    const Direction direction = dice.OneIn(2) ? Direction::kOut : Direction::kIn;
    for (Step& step : request.steps) step.direction = direction;
  }
  request.limit = 100'000;
  return request;
}

std::vector<NaiveChain> Simplified(const std::vector<Chain>& chains) {
  std::vector<NaiveChain> simple;
  simple.reserve(chains.size());
  for (const Chain& chain : chains) simple.push_back(Simplified(chain));
  return simple;
}

// Page by page, with pages of changing sizes.
std::vector<NaiveChain> Paged(Dice& dice, const Snapshot& snapshot, const ReadView& view,
                              ChainRequest request, TestGraph& graph) {
  std::vector<NaiveChain> all;
  std::optional<ChainCursor> cursor;
  do {
    request.limit = 1 + dice.Below(7);
    Budget budget = graph.Plenty();
    const ChainAnswer page =
        FindChains(snapshot, view, request, cursor ? &*cursor : nullptr, budget).value();
    EXPECT_LE(page.chains.size(), request.limit);
    for (const Chain& chain : page.chains) all.push_back(Simplified(chain));
    cursor = page.next;
  } while (cursor);
  return all;
}

class ChainsPropertyTest : public testing::TestWithParam<int> {};

TEST_P(ChainsPropertyTest, EqualsEnumeration) {
  size_t chains = 0;
  for (int g = GetParam(); g < kGraphs; g += 6) {
    Dice dice(1000 + g);
    TestGraph graph;
    FillRandomly(dice, kChainGraph, graph);
    const Snapshot snapshot = graph.Latest();
    for (int q = 0; q < kQuestions; ++q) {
      SCOPED_TRACE("graph " + std::to_string(g) + " question " + std::to_string(q));
      const ReadView view = RandomInstant(dice, graph);
      ChainRequest request = RandomChainRequest(dice, graph);
      Budget budget = graph.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer,
                                  FindChains(snapshot, view, request, nullptr, budget));
      const std::vector<NaiveChain> expected = NaiveChains(snapshot, view, request);
      ASSERT_EQ(Simplified(answer.chains), expected);
      EXPECT_FALSE(answer.cut);
      EXPECT_FALSE(answer.next.has_value());
      chains += expected.size();
      // The first few alone are the first few of all.
      request.limit = 1 + dice.Below(5);
      Budget again = graph.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer best,
                                  FindChains(snapshot, view, request, nullptr, again));
      const size_t count = std::min(request.limit, expected.size());
      ASSERT_EQ(Simplified(best.chains),
                std::vector<NaiveChain>(expected.begin(), expected.begin() + count));
      if (expected.size() < 200) {
        ASSERT_EQ(Paged(dice, snapshot, view, request, graph), expected);
      }
    }
  }
  EXPECT_GT(chains, 5000u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChainsPropertyTest, testing::Range(0, 6));

TEST(ChainsBudgetPropertyTest, WhatACutAnswerGivesIsTheBest) {
  int cuts = 0;
  for (int g = 0; g < 40; ++g) {
    Dice dice(5000 + g);
    TestGraph graph;
    FillRandomly(dice, kChainGraph, graph);
    const Snapshot snapshot = graph.Latest();
    const ReadView view = RandomInstant(dice, graph);
    const ChainRequest request = RandomChainRequest(dice, graph);
    const std::vector<NaiveChain> expected = NaiveChains(snapshot, view, request);
    for (const uint64_t expansions : {1, 5, 20, 60}) {
      Budget budget(graph.clock(), {.expansions = expansions});
      RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer,
                                  FindChains(snapshot, view, request, nullptr, budget));
      ASSERT_LE(answer.chains.size(), expected.size());
      ASSERT_EQ(Simplified(answer.chains),
                std::vector<NaiveChain>(expected.begin(), expected.begin() + answer.chains.size()));
      EXPECT_TRUE(answer.reproducible);
      EXPECT_EQ(answer.cut, answer.frontier_left > 0);
      if (!answer.cut) {
        EXPECT_EQ(answer.chains.size(), expected.size());
      }
      cuts += answer.cut;
    }
  }
  EXPECT_GT(cuts, 20);
}

}  // namespace
}  // namespace relata
