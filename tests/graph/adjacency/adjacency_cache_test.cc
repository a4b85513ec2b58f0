#include "graph/adjacency/adjacency_cache.h"

#include <memory>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr size_t kBudget = 16 << 20;

AdjacencyKey KeyOf(uint64_t vertex, bool outgoing = true) {
  return {EntityId(vertex), TypeId(1), outgoing};
}

std::shared_ptr<const AdjacencyArray> MakeArray(uint64_t since, size_t facts = 1) {
  auto array = std::make_shared<AdjacencyArray>();
  array->since = CommitVersion(since);
  array->facts.resize(facts);
  return array;
}

TEST(AdjacencyCacheTest, GivesAnArrayToReadersFromItsVersionOn) {
  AdjacencyCache cache(kBudget);
  const auto array = MakeArray(5);
  cache.Install(KeyOf(1), CommitVersion(5), array);
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(5)), array);
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(9)), array);
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(4)), nullptr);
  EXPECT_EQ(cache.Find(KeyOf(2), CommitVersion(5)), nullptr);
  EXPECT_EQ(cache.Find(KeyOf(1, /*outgoing=*/false), CommitVersion(5)), nullptr);
  const AdjacencyCache::Stats stats = cache.GetStats();
  EXPECT_EQ(stats.hits, 2u);
  EXPECT_EQ(stats.misses, 3u);
  EXPECT_EQ(stats.arrays, 1u);
  EXPECT_EQ(stats.bytes, array->bytes());
}

TEST(AdjacencyCacheTest, ACommitDropsWhatItTouches) {
  AdjacencyCache cache(kBudget);
  cache.Install(KeyOf(1), CommitVersion(5), MakeArray(5));
  cache.Install(KeyOf(2), CommitVersion(5), MakeArray(5));
  cache.Invalidate(KeyOf(1), CommitVersion(6));
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(6)), nullptr);
  EXPECT_NE(cache.Find(KeyOf(2), CommitVersion(6)), nullptr);
  EXPECT_EQ(cache.GetStats().arrays, 1u);
}

TEST(AdjacencyCacheTest, RefusesAnArrayThatACommitHasOvertaken) {
  AdjacencyCache cache(kBudget);
  cache.Invalidate(KeyOf(1), CommitVersion(6));
  cache.Install(KeyOf(1), CommitVersion(5), MakeArray(5));
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(6)), nullptr);
  cache.Install(KeyOf(1), CommitVersion(6), MakeArray(6));
  EXPECT_NE(cache.Find(KeyOf(1), CommitVersion(6)), nullptr);
}

TEST(AdjacencyCacheTest, OfTwoArraysTheOneForOlderReadersStays) {
  AdjacencyCache cache(kBudget);
  const auto newer = MakeArray(7);
  const auto older = MakeArray(5);
  cache.Install(KeyOf(1), CommitVersion(7), newer);
  cache.Install(KeyOf(1), CommitVersion(7), older);
  cache.Install(KeyOf(1), CommitVersion(7), newer);
  EXPECT_EQ(cache.Find(KeyOf(1), CommitVersion(5)), older);
  EXPECT_EQ(cache.GetStats().bytes, older->bytes());
}

TEST(AdjacencyCacheTest, StaysWithinItsBudgetAndForgetsTheLeastUsed) {
  AdjacencyCache cache(64 << 10);  // 4 KiB a shard
  const auto kept = MakeArray(1, 8);
  cache.Install(KeyOf(0), CommitVersion(1), kept);
  for (uint64_t vertex = 1; vertex <= 2'000; ++vertex) {
    cache.Install(KeyOf(vertex), CommitVersion(1), MakeArray(1, 8));
    ASSERT_LE(cache.GetStats().bytes, size_t{64 << 10});
    ASSERT_NE(cache.Find(KeyOf(0), CommitVersion(1)), nullptr) << "used just before";
  }
  const AdjacencyCache::Stats stats = cache.GetStats();
  EXPECT_EQ(stats.arrays + stats.evictions, 2'001u);
  EXPECT_GT(stats.evictions, 1'500u);
}

TEST(AdjacencyCacheTest, AnArrayBeyondTheBudgetIsNotKept) {
  AdjacencyCache cache(64 << 10);
  cache.Install(KeyOf(1), CommitVersion(1), MakeArray(1, 1'000));
  EXPECT_EQ(cache.GetStats().arrays, 0u);
  EXPECT_EQ(cache.GetStats().bytes, 0u);
}

}  // namespace
}  // namespace relata
