#include "graph/adjacency/adjacency_cache.h"

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr size_t kBudget = 16 << 20;

AdjacencyKey KeyOf(uint64_t vertex, bool outgoing = true) {
  return {EntityId(vertex), TypeId(1), outgoing};
}

// Facts of relationships 10, 20, … to the neighbours 1, 2, …
std::vector<AdjacentFact> MakeFacts(size_t count = 1) {
  std::vector<AdjacentFact> facts(count);
  for (size_t i = 0; i < count; ++i) {
    facts[i].neighbour = EntityId(i + 1);
    facts[i].relationship = RelationshipId(10 * (i + 1));
    facts[i].fact = FactId(1'000 + i);
  }
  return facts;
}

class AdjacencyCacheTest : public testing::Test {
 protected:
  // The relationships of an array as of a version; nullopt where there is none for it.
  std::optional<std::vector<uint64_t>> Find(const AdjacencyKey& key, uint64_t version) {
    const AdjacencyCache::Pin pin(&cache_);
    const AdjacencyCache::LaneArrays* const lane = cache_.FindLane(key.type, key.outgoing);
    if (lane == nullptr) return std::nullopt;
    const auto found = cache_.Find(*lane, key.vertex, CommitVersion(version));
    if (found.block == nullptr) return std::nullopt;
    std::vector<uint64_t> relationships;
    const PackedArray array(found.block, found.fact_distance);
    for (const AdjacentFact& fact : UnpackFacts(array, found.changed, CommitVersion(version))) {
      relationships.push_back(fact.relationship.value());
    }
    return relationships;
  }
  void Change(const AdjacencyKey& key, uint64_t version, uint64_t neighbour, uint64_t relationship,
              size_t facts) {
    cache_.Change(key, CommitVersion(version), EntityId(neighbour), RelationshipId(relationship),
                  [&] {
                    AdjacentFact fact;
                    fact.neighbour = EntityId(neighbour);
                    fact.relationship = RelationshipId(relationship);
                    return std::vector<AdjacentFact>(facts, fact);
                  });
  }

  using List = std::vector<uint64_t>;
  AdjacencyCache cache_{kBudget};
};

TEST_F(AdjacencyCacheTest, GivesAnArrayToReadersFromItsVersionOn) {
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 5), List({10}));
  EXPECT_EQ(Find(KeyOf(1), 9), List({10}));
  EXPECT_EQ(Find(KeyOf(1), 4), std::nullopt);
  EXPECT_EQ(Find(KeyOf(2), 5), std::nullopt);
  EXPECT_EQ(Find(KeyOf(1, /*outgoing=*/false), 5), std::nullopt);
  EXPECT_EQ(cache_.GetStats().arrays, 1u);
}

TEST_F(AdjacencyCacheTest, EveryReaderSeesTheChangesUpToItsVersion) {
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts(3));
  Change(KeyOf(1), 6, 2, 15, 1);  // new, between others
  Change(KeyOf(1), 7, 2, 20, 0);  // deleted
  Change(KeyOf(1), 8, 1, 10, 2);  // a fact more
  Change(KeyOf(1), 9, 2, 15, 0);  // the new one deleted
  Change(KeyOf(1), 9, 7, 70, 1);  // new, at the end
  EXPECT_EQ(Find(KeyOf(1), 5), List({10, 20, 30}));
  EXPECT_EQ(Find(KeyOf(1), 6), List({10, 15, 20, 30}));
  EXPECT_EQ(Find(KeyOf(1), 7), List({10, 15, 30}));
  EXPECT_EQ(Find(KeyOf(1), 8), List({10, 10, 15, 30}));
  EXPECT_EQ(Find(KeyOf(1), 9), List({10, 10, 30, 70}));
}

TEST_F(AdjacencyCacheTest, ManyChangesMakeANewArray) {
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts(3));
  List expected = {10, 20, 30};
  for (uint64_t i = 0; i < 500; ++i) {
    Change(KeyOf(1), 6 + i, 100 + i, 1'000 + i, 1);
    expected.push_back(1'000 + i);
    ASSERT_EQ(Find(KeyOf(1), 6 + i), expected);
  }
  EXPECT_EQ(Find(KeyOf(1), 5), std::nullopt) << "the array was made anew since";
  EXPECT_EQ(cache_.GetStats().arrays, 1u);
  // Some ten bytes a fact and what waits to be merged.
  EXPECT_LT(cache_.GetStats().bytes, 40'000u);
}

TEST_F(AdjacencyCacheTest, AnArrayMadeNewLeavesTheOldOneToOlderReaders) {
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  for (uint64_t i = 0; i < 100; ++i) Change(KeyOf(1), 6 + i, 7, 70 + i, 1);
  for (uint64_t version = 5; version < 106; ++version) {
    const auto found = Find(KeyOf(1), version);
    ASSERT_TRUE(found.has_value()) << version;
    EXPECT_EQ(found->size(), version - 4) << version;
  }
  EXPECT_EQ(Find(KeyOf(1), 4), std::nullopt);
  EXPECT_GT(cache_.GetStats().past_bytes, 0u);
}

TEST_F(AdjacencyCacheTest, ArraysOfThePastServeTheirVersionsAlone) {
  cache_.InstallPast(KeyOf(1), CommitVersion(3), CommitVersion(5), MakeFacts(2));
  cache_.InstallPast(KeyOf(1), CommitVersion(5), CommitVersion(6), MakeFacts(3));
  cache_.Install(KeyOf(1), CommitVersion(9), MakeFacts(1));
  EXPECT_EQ(Find(KeyOf(1), 2), std::nullopt);
  EXPECT_EQ(Find(KeyOf(1), 3), List({10, 20}));
  EXPECT_EQ(Find(KeyOf(1), 4), List({10, 20}));
  EXPECT_EQ(Find(KeyOf(1), 5), List({10, 20, 30}));
  EXPECT_EQ(Find(KeyOf(1), 6), std::nullopt);
  EXPECT_EQ(Find(KeyOf(1), 9), List({10}));
  // A page at once says the same.
  AdjacencyCache::FoundPage page;
  cache_.FindPage(TypeId(1), true, 0, CommitVersion(4), &page);
  EXPECT_EQ(page.known, 2u);
  EXPECT_EQ(PackedArray(page.arrays[1].block, page.arrays[1].fact_distance).size(), 2u);
  // The oldest made go beyond a few.
  for (uint64_t i = 10; i < 20; ++i) {
    cache_.InstallPast(KeyOf(1), CommitVersion(i), CommitVersion(i + 1), MakeFacts(2));
  }
  EXPECT_EQ(Find(KeyOf(1), 4), std::nullopt);
  EXPECT_EQ(Find(KeyOf(1), 19), List({10}));
  cache_.InvalidateAll(CommitVersion(30));
  EXPECT_EQ(Find(KeyOf(1), 19), std::nullopt);
  EXPECT_EQ(cache_.GetStats().past_bytes, 0u);
}

TEST_F(AdjacencyCacheTest, WhatHasNotChangedForLongServesOlderReadersToo) {
  cache_.InstallSince(KeyOf(1), CommitVersion(2), CommitVersion(9), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 1), std::nullopt);
  EXPECT_EQ(Find(KeyOf(1), 2), List({10}));
  Change(KeyOf(2), 12, 2, 20, 1);
  EXPECT_EQ(cache_.newest_change(), CommitVersion(12));
  cache_.InstallSince(KeyOf(2), CommitVersion(2), CommitVersion(11), MakeFacts());
  EXPECT_EQ(Find(KeyOf(2), 12), std::nullopt) << "it was read before the change";
}

TEST_F(AdjacencyCacheTest, InvalidatingDropsTheArray) {
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  cache_.Install(KeyOf(2), CommitVersion(5), MakeFacts());
  cache_.Invalidate(KeyOf(1), CommitVersion(6));
  EXPECT_EQ(Find(KeyOf(1), 6), std::nullopt);
  EXPECT_EQ(Find(KeyOf(2), 6), List({10}));
  EXPECT_EQ(cache_.GetStats().arrays, 1u);
  cache_.InvalidateAll(CommitVersion(7));
  EXPECT_EQ(Find(KeyOf(2), 7), std::nullopt);
  cache_.Install(KeyOf(2), CommitVersion(6), MakeFacts());
  EXPECT_EQ(Find(KeyOf(2), 7), std::nullopt) << "read before everything changed";
}

TEST_F(AdjacencyCacheTest, InvalidatingPagesDropsTheirArraysAndTypesAndNoOthers) {
  constexpr bool kIn = false;
  for (const uint64_t vertex : {1, 63, 64}) {
    cache_.Install(KeyOf(vertex), CommitVersion(5), MakeFacts());
    cache_.Install(KeyOf(vertex, kIn), CommitVersion(5), MakeFacts(2));
    cache_.InstallTypes(EntityId(vertex), true, CommitVersion(5), {TypeId(1)});
  }
  TouchedPages touched;
  touched.Add(TypeId(1), true, EntityId(2));
  touched.Add(TypeId(7), true, EntityId(1'000));  // nothing is here
  cache_.InvalidatePages(touched, CommitVersion(6));
  EXPECT_EQ(Find(KeyOf(1), 6), std::nullopt);
  EXPECT_EQ(Find(KeyOf(63), 6), std::nullopt);
  EXPECT_EQ(Find(KeyOf(64), 6), List({10}));
  EXPECT_EQ(Find(KeyOf(1, kIn), 6), List({10, 20}));
  EXPECT_EQ(cache_.GetStats().arrays, 4u);
  EXPECT_EQ(cache_.FindTypes(EntityId(1), true, CommitVersion(6)), nullptr);
  EXPECT_NE(cache_.FindTypes(EntityId(64), true, CommitVersion(6)), nullptr);
  EXPECT_EQ(cache_.newest_change(), CommitVersion(6));
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 6), std::nullopt) << "read before they changed";
  cache_.Install(KeyOf(1), CommitVersion(6), MakeFacts(2));
  EXPECT_EQ(Find(KeyOf(1), 6), List({10, 20}));
}

TEST_F(AdjacencyCacheTest, RefusesAnArrayThatACommitHasOvertaken) {
  Change(KeyOf(1), 6, 1, 10, 1);
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 6), std::nullopt);
  cache_.Install(KeyOf(1), CommitVersion(6), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 6), List({10}));
}

TEST_F(AdjacencyCacheTest, ValuesHoldUntilOneOfTheirPageChanges) {
  cache_.Install(KeyOf(70), CommitVersion(5), MakeFacts(3));
  for (const uint32_t property : {1, 2}) {
    cache_.columns().Keep(PropertyColumns::Owner::kFact, PropertyId(property), CommitVersion(5),
                          {{1'000, Value::Int(property)}});
  }
  const auto column = [&](uint32_t property) -> const PropertyColumns::Column& {
    return *cache_.columns().Find(PropertyColumns::Owner::kFact, PropertyId(property));
  };
  const auto install = [&](uint32_t property, uint64_t since, size_t count = 3) {
    auto values = std::make_unique<PageValues>();
    values->of = &column(property);
    values->codes.shapes.assign(count, 1);
    values->codes.bits.assign(count, since);
    values->since = CommitVersion(since);
    cache_.InstallValues(TypeId(1), /*outgoing=*/true, 64, std::move(values));
  };
  // The version that those of the page of 64 to 127 came from.
  const auto since = [&](uint32_t property) -> std::optional<uint64_t> {
    const AdjacencyCache::Pin pin(&cache_);
    const PageValues* const found =
        cache_.FindValues(TypeId(1), /*outgoing=*/true, 64, column(property));
    if (found == nullptr) return std::nullopt;
    EXPECT_EQ(found->codes.bits[2], found->since.value());
    return found->since.value();
  };
  const size_t bytes = cache_.GetStats().bytes;
  install(1, 5);
  EXPECT_EQ(since(1), 5u);
  EXPECT_EQ(since(2), std::nullopt);
  install(2, 6);
  install(1, 7);
  EXPECT_EQ(since(1), 5u) << "those that serve older readers stay";
  EXPECT_EQ(since(2), 6u);
  EXPECT_GE(cache_.GetStats().bytes, bytes + 2 * (sizeof(PageValues) + size_t{3} * 9));
  // Others: another direction, another page.
  Change(KeyOf(70, /*outgoing=*/false), 8, 1, 10, 1);
  Change(KeyOf(128), 8, 1, 10, 1);
  EXPECT_EQ(since(1), 5u);
  // Any of the page, with an array or without.
  Change(KeyOf(127), 9, 1, 10, 1);
  EXPECT_EQ(since(1), std::nullopt);
  EXPECT_EQ(since(2), std::nullopt);
  EXPECT_EQ(cache_.GetStats().bytes, bytes);
  install(1, 8);
  EXPECT_EQ(since(1), std::nullopt) << "a commit has overtaken them";
  install(1, 9, kBudget / 9);
  EXPECT_EQ(since(1), std::nullopt) << "no room";
  install(1, 9);
  EXPECT_EQ(since(1), 9u);
  cache_.InvalidateAll(CommitVersion(10));
  EXPECT_EQ(since(1), std::nullopt);
}

TEST_F(AdjacencyCacheTest, CountsHoldUntilOneOfTheirPageChanges) {
  const auto install = [&](uint64_t since) {
    PageCounts counts;
    counts.counts[7] = 3;
    counts.since = CommitVersion(since);
    counts.safe_from = 100;
    counts.safe_to = 200;
    cache_.InstallCounts(TypeId(1), /*outgoing=*/true, 64, counts);
  };
  // Those of the page of 64 to 127, as a reader at a version and an instant may use them.
  const auto count = [&](uint64_t version, Instant t) -> std::optional<uint32_t> {
    const AdjacencyCache::Pin pin(&cache_);
    const PageCounts* const found = cache_.FindCounts(TypeId(1), /*outgoing=*/true, 64);
    if (found == nullptr || !found->Hold(CommitVersion(version), t)) return std::nullopt;
    return found->counts[7];
  };
  install(5);
  EXPECT_EQ(count(5, 100), 3u);
  EXPECT_EQ(count(9, 199), 3u);
  EXPECT_EQ(count(4, 100), std::nullopt) << "an older reader";
  EXPECT_EQ(count(5, 99), std::nullopt);
  EXPECT_EQ(count(5, 200), std::nullopt);
  const size_t bytes = cache_.GetStats().table_bytes;
  install(5);
  EXPECT_EQ(cache_.GetStats().table_bytes, bytes) << "the former ones go";
  // Others: another direction, another page.
  Change(KeyOf(70, /*outgoing=*/false), 6, 1, 10, 1);
  Change(KeyOf(128), 6, 1, 10, 1);
  EXPECT_EQ(count(6, 100), 3u);
  // Any of the page, with an array or without.
  Change(KeyOf(127), 7, 1, 10, 1);
  EXPECT_EQ(count(7, 100), std::nullopt);
  EXPECT_LE(cache_.GetStats().table_bytes, bytes - sizeof(PageCounts));
  install(6);
  EXPECT_EQ(count(7, 100), std::nullopt) << "a commit has overtaken them";
  install(7);
  EXPECT_EQ(count(7, 100), 3u);
  cache_.Invalidate(KeyOf(64), CommitVersion(8));
  EXPECT_EQ(count(8, 100), std::nullopt);
  install(8);
  cache_.InvalidateAll(CommitVersion(9));
  EXPECT_EQ(count(9, 100), std::nullopt);
}

TEST_F(AdjacencyCacheTest, OfTwoArraysTheOneForOlderReadersStays) {
  cache_.Install(KeyOf(1), CommitVersion(7), MakeFacts());
  cache_.Install(KeyOf(1), CommitVersion(5), MakeFacts());
  cache_.Install(KeyOf(1), CommitVersion(7), MakeFacts());
  EXPECT_EQ(Find(KeyOf(1), 5), List({10}));
  EXPECT_EQ(cache_.GetStats().arrays, 1u);
}

TEST_F(AdjacencyCacheTest, FactIdsAreKeptWhateverTheirDistance) {
  // The first array decides what the lane's arrays need not say.
  for (const uint64_t distance : {uint64_t{50}, uint64_t{7}, ~uint64_t{0}}) {
    std::vector<AdjacentFact> facts = MakeFacts(2);
    for (AdjacentFact& fact : facts) fact.fact = FactId(fact.relationship.value() + distance);
    const AdjacencyKey key = KeyOf(100 + distance % 1'000);
    cache_.Install(key, CommitVersion(1), facts);
    const AdjacencyCache::Pin pin(&cache_);
    const auto found =
        cache_.Find(*cache_.FindLane(key.type, key.outgoing), key.vertex, CommitVersion(1));
    ASSERT_NE(found.block, nullptr);
    EXPECT_EQ(PackedArray(found.block, found.fact_distance).Get(1), facts[1]);
  }
}

TEST_F(AdjacencyCacheTest, TypesOfAVertexGrowWithCommits) {
  const auto types_at = [&](uint64_t version, bool outgoing) {
    const AdjacencyCache::Pin pin(&cache_);
    const TypeSets::Types* const types =
        cache_.FindTypes(EntityId(1), outgoing, CommitVersion(version));
    return types == nullptr ? std::nullopt : std::optional(*types);
  };
  EXPECT_EQ(types_at(5, true), std::nullopt);
  cache_.InstallTypes(EntityId(1), true, CommitVersion(5), {TypeId(2)});
  EXPECT_EQ(types_at(5, true), TypeSets::Types({TypeId(2)}));
  EXPECT_EQ(types_at(4, true), std::nullopt);
  EXPECT_EQ(types_at(5, false), std::nullopt);
  Change(KeyOf(1), 6, 1, 10, 1);
  EXPECT_EQ(types_at(6, true), TypeSets::Types({TypeId(1), TypeId(2)}));
  cache_.InstallTypes(EntityId(1), false, CommitVersion(7), {});
  EXPECT_EQ(types_at(7, false), TypeSets::Types());
  EXPECT_EQ(types_at(7, true), TypeSets::Types({TypeId(1), TypeId(2)}));
  Change(KeyOf(1, false), 8, 1, 10, 1);
  cache_.InvalidateAll(CommitVersion(9));
  cache_.InstallTypes(EntityId(1), true, CommitVersion(8), {TypeId(2)});
  EXPECT_EQ(types_at(9, true), std::nullopt);
}

TEST(AdjacencyCacheBudgetTest, StaysWithinItsBudgetAndForgetsWhatIsNotUsed) {
  constexpr size_t kSmall = 64 << 10;
  AdjacencyCache cache(kSmall);
  cache.Install(KeyOf(1), CommitVersion(1), MakeFacts(100));
  for (uint64_t vertex = 2; vertex <= 2'000; ++vertex) {
    cache.Install(KeyOf(vertex), CommitVersion(1), MakeFacts(100));
    ASSERT_LE(cache.GetStats().bytes, kSmall);
    const AdjacencyCache::Pin pin(&cache);
    const auto found = cache.Find(*cache.FindLane(TypeId(1), true), EntityId(1), CommitVersion(1));
    ASSERT_NE(found.block, nullptr) << "used just before";
  }
  const AdjacencyCache::Stats stats = cache.GetStats();
  EXPECT_EQ(stats.arrays + stats.evictions, 2'000u);
  EXPECT_GT(stats.evictions, 1'000u);
  EXPECT_GT(stats.bytes, kSmall / 2);
}

TEST(AdjacencyCacheBudgetTest, ArraysOfThePastAreForgottenToo) {
  AdjacencyCache cache(100'000);
  for (uint64_t i = 1; i < 20'000; ++i) {
    cache.InstallPast(KeyOf(i % 1'000), CommitVersion(i), CommitVersion(i + 1), MakeFacts(5));
    ASSERT_LE(cache.GetStats().bytes, 100'000u);
  }
  EXPECT_GT(cache.GetStats().evictions, 100u);
  EXPECT_GT(cache.GetStats().past_bytes, 10'000u);
}

TEST(AdjacencyCacheBudgetTest, AnArrayBeyondTheBudgetIsNotKept) {
  AdjacencyCache cache(64 << 10);
  cache.Install(KeyOf(1), CommitVersion(1), MakeFacts(100'000));
  EXPECT_EQ(cache.GetStats().arrays, 0u);
}

TEST(AdjacencyCacheBudgetTest, AnIdFarOutTakesNoTableBeyondTheBudget) {
  AdjacencyCache cache(kBudget);
  cache.Install(KeyOf(uint64_t{1} << 60), CommitVersion(1), MakeFacts());
  cache.InstallTypes(EntityId(uint64_t{1} << 60), true, CommitVersion(1), {});
  EXPECT_EQ(cache.GetStats().arrays, 0u);
  EXPECT_LT(cache.GetStats().bytes, 1'000u);
}

TEST(AdjacencyCacheBudgetTest, ATypeThatCannotBeThereTakesNothing) {
  AdjacencyCache cache(kBudget);
  cache.Install({EntityId(1), TypeId(UINT32_MAX), true}, CommitVersion(1), {});
  EXPECT_EQ(cache.FindLane(TypeId(UINT32_MAX), true), nullptr);
  EXPECT_LT(cache.GetStats().bytes, 1'000u);
}

TEST(AdjacencyCacheBudgetTest, PagesOfTypesAreForgottenToo) {
  AdjacencyCache cache(64 << 10);
  for (uint64_t vertex = 1; vertex <= 100'000; ++vertex) {
    cache.InstallTypes(EntityId(vertex), true, CommitVersion(1), {TypeId(1)});
    ASSERT_LE(cache.GetStats().bytes, size_t{64} << 10);
  }
}

TEST(AdjacencyCacheBudgetTest, WhatAReaderLooksAtStaysUntilItLeaves) {
  AdjacencyCache cache(kBudget);
  cache.Install(KeyOf(1), CommitVersion(1), MakeFacts(10));
  {
    const AdjacencyCache::Pin pin(&cache);
    const auto found = cache.Find(*cache.FindLane(TypeId(1), true), EntityId(1), CommitVersion(1));
    cache.InvalidateAll(CommitVersion(2));
    for (uint64_t vertex = 2; vertex < 500; ++vertex) {
      cache.Install(KeyOf(vertex), CommitVersion(2), MakeFacts(10));
      cache.Invalidate(KeyOf(vertex), CommitVersion(3));
    }
    const PackedArray array(found.block, found.fact_distance);
    for (size_t i = 0; i < 10; ++i) EXPECT_EQ(array.Get(i), MakeFacts(10)[i]);
    EXPECT_GT(cache.GetStats().held_bytes, 20'000u);
  }
  for (uint64_t vertex = 500; vertex < 600; ++vertex) {
    cache.Install(KeyOf(vertex), CommitVersion(3), MakeFacts(10));
    cache.Invalidate(KeyOf(vertex), CommitVersion(4));
  }
  EXPECT_LT(cache.GetStats().held_bytes, 40'000u);
}

// The commit v adds relationship v to the vertex v mod kVertices + 1, so what an array holds at a
// version is known.
class CacheHammer {
 public:
  explicit CacheHammer(size_t budget) : cache_(budget) {}

  void Run() {
    std::vector<std::thread> readers;
    for (uint64_t i = 0; i < 3; ++i) readers.emplace_back([this, i] { Read(i); });
    for (uint64_t version = 1; version <= kCommits; ++version) {
      cache_.Change(KeyOf(version % kVertices + 1), CommitVersion(version), EntityId(version),
                    RelationshipId(version), [&] { return FactsBetween(version, version); });
      head_ = version;
      // The readers keep up.
      while (rounds_ < version) std::this_thread::yield();
    }
    done_ = true;
    for (std::thread& reader : readers) reader.join();
  }
  uint64_t compared() const { return compared_; }
  AdjacencyCache::Stats stats() const { return cache_.GetStats(); }

 private:
  static constexpr uint64_t kVertices = 6;
  static constexpr uint64_t kCommits = 3'000;

  // Of one vertex, by commits in [first, last].
  static std::vector<AdjacentFact> FactsBetween(uint64_t first, uint64_t last) {
    std::vector<AdjacentFact> facts;
    for (uint64_t version = first; version <= last; version += kVertices) {
      AdjacentFact fact;
      fact.neighbour = EntityId(version);
      fact.relationship = RelationshipId(version);
      fact.fact = FactId(version);
      facts.push_back(fact);
    }
    return facts;
  }

  void Read(uint64_t reader) {
    std::mt19937_64 random(reader);
    while (!done_) {
      const uint64_t version = head_;
      const uint64_t vertex = random() % kVertices + 1;
      const uint64_t first = vertex == 1 ? kVertices : vertex - 1;
      const std::vector<AdjacentFact> expected = FactsBetween(first, version);
      for (int look = 0; look < 4; ++look) {
        const AdjacencyCache::Pin pin(&cache_);
        const auto* const lane = cache_.FindLane(TypeId(1), true);
        if (lane == nullptr) continue;
        const auto found = cache_.Find(*lane, EntityId(vertex), CommitVersion(version));
        if (found.block == nullptr) continue;
        const PackedArray array(found.block, found.fact_distance);
        const auto facts = UnpackFacts(array, found.changed, CommitVersion(version));
        EXPECT_EQ(facts, expected) << "vertex " << vertex << " at " << version;
        ++compared_;
      }
      cache_.Install(KeyOf(vertex), CommitVersion(version), expected);
      ++rounds_;
    }
  }

  AdjacencyCache cache_;
  std::atomic<uint64_t> head_{0};
  std::atomic<bool> done_{false};
  std::atomic<uint64_t> compared_{0};
  std::atomic<uint64_t> rounds_{0};
};

TEST(AdjacencyCacheHammerTest, ReadersSeeTheirVersionWhileCommitsGoOn) {
  CacheHammer hammer(1 << 20);
  hammer.Run();
  EXPECT_GT(hammer.compared(), 0u);
  EXPECT_EQ(hammer.stats().evictions, 0u);
}

TEST(AdjacencyCacheHammerTest, ReadersSeeTheirVersionWhileArraysAreEvicted) {
  CacheHammer hammer(7 << 10);
  hammer.Run();
  EXPECT_GT(hammer.stats().evictions, 0u);
}

}  // namespace
}  // namespace relata
