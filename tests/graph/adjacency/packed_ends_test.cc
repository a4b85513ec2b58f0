#include "graph/adjacency/packed_ends.h"

#include <optional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr int64_t kMicrosOfDay = 86'400'000'000;

Bound OnDay(int64_t day) {
  Bound bound = Bound::At(day * kMicrosOfDay);
  bound.latest += kMicrosOfDay;
  bound.kind = BoundKind::kDay;
  return bound;
}

AdjacentFact FactOf(uint64_t neighbour, uint64_t relationship, const Bound& from) {
  AdjacentFact made;
  made.neighbour = EntityId(neighbour);
  made.relationship = RelationshipId(relationship);
  made.fact = FactId(relationship);
  made.valid = {from, Bound::Unbounded(BoundRole::kTo)};
  return made;
}

const Bound kAlways = Bound::Unbounded(BoundRole::kFrom);

// The neighbours, where they can be told at `t`.
std::optional<std::vector<EntityId>> EndsOf(const std::vector<AdjacentFact>& facts, Instant t,
                                            std::optional<uint64_t> distance = 0) {
  const std::vector<uint8_t> block = PackFacts(facts, 7, distance);
  PackedEnds ends;
  if (!ends.Read(block.data(), PackedEnds::ValidAt(t))) return std::nullopt;
  std::vector<EntityId> copied(ends.size());
  // In two parts.
  const uint32_t middle = ends.size() / 2;
  ends.Copy(0, middle, copied.data());
  ends.Copy(middle, ends.size(), copied.data() + middle);
  return copied;
}

std::vector<EntityId> NeighboursOf(const std::vector<AdjacentFact>& facts) {
  std::vector<EntityId> neighbours;
  for (const AdjacentFact& fact : facts) neighbours.push_back(fact.neighbour);
  return neighbours;
}

TEST(PackedEndsTest, ArraysOfFactsThatAlwaysHold) {
  const std::vector<AdjacentFact> facts = {FactOf(3, 9, kAlways), FactOf(70'000, 4, kAlways)};
  for (const Instant t : {kMinusInfinity, Instant{0}, kPlusInfinity - 1}) {
    EXPECT_EQ(EndsOf(facts, t), NeighboursOf(facts));
  }
  EXPECT_EQ(EndsOf({}, 0), std::vector<EntityId>());
}

TEST(PackedEndsTest, ADayHasBegunForCertainAtItsEnd) {
  const std::vector<AdjacentFact> facts = {FactOf(1, 1, OnDay(-9)), FactOf(2, 2, OnDay(40))};
  EXPECT_EQ(EndsOf(facts, 41 * kMicrosOfDay), NeighboursOf(facts));
  EXPECT_EQ(EndsOf(facts, 41 * kMicrosOfDay - 1), std::nullopt);
  EXPECT_EQ(EndsOf(facts, kMinusInfinity), std::nullopt);
}

TEST(PackedEndsTest, InstantsOfEachUnit) {
  for (const int64_t unit : {int64_t{1}, int64_t{1'000}, int64_t{1'000'000}, kMicrosOfDay}) {
    for (const int64_t latest : {int64_t{5}, int64_t{-5}}) {
      const std::vector<AdjacentFact> facts = {FactOf(1, 1, kAlways),
                                               FactOf(4, 2, Bound::At(-7 * unit)),
                                               FactOf(9, 3, Bound::At(latest * unit))};
      EXPECT_EQ(EndsOf(facts, latest * unit), NeighboursOf(facts));
      EXPECT_EQ(EndsOf(facts, latest * unit - 1), std::nullopt);
    }
  }
}

TEST(PackedEndsTest, BasesAndWhatDoesNotMatterAreSkipped) {
  std::vector<AdjacentFact> facts;
  for (uint64_t i = 0; i < 200; ++i) {
    facts.push_back(FactOf(1'000'000 + i, 2'000'000 + i, OnDay(static_cast<int64_t>(i))));
    facts.back().digest = {FactStatus::kAsserted, static_cast<uint8_t>(i % 3)};
  }
  EXPECT_EQ(EndsOf(facts, 1'000 * kMicrosOfDay), NeighboursOf(facts));
  EXPECT_EQ(EndsOf(facts, 1'000 * kMicrosOfDay, std::nullopt), NeighboursOf(facts));
  facts[7].fact = FactId(1);
  EXPECT_EQ(EndsOf(facts, 1'000 * kMicrosOfDay), NeighboursOf(facts));
}

TEST(PackedEndsTest, HiddenFactsSeveralOfARelationshipAndEndsOfTimeNeedALook) {
  const std::vector<AdjacentFact> facts = {FactOf(1, 1, kAlways), FactOf(2, 2, kAlways)};
  std::vector<AdjacentFact> hidden = facts;
  hidden[1].digest = {FactStatus::kRetracted, 0};
  EXPECT_EQ(EndsOf(hidden, 0), std::nullopt);
  std::vector<AdjacentFact> several = facts;
  several[1].relationship = RelationshipId(1);
  EXPECT_EQ(EndsOf(several, 0), std::nullopt);
  std::vector<AdjacentFact> ended = facts;
  ended[0].valid.to = OnDay(1);
  EXPECT_EQ(EndsOf(ended, 0), std::nullopt);
  std::vector<AdjacentFact> unknown = facts;
  unknown[0].valid.from = Bound::Unknown();
  EXPECT_EQ(EndsOf(unknown, 0), std::nullopt);
}

// What is told at all is right.
TEST(PackedEndsTest, RandomFacts) {
  std::mt19937_64 random(5);
  int told = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<AdjacentFact> facts;
    const uint64_t count = random() % 40 + 1;
    const uint64_t id_range = uint64_t{1} << (random() % 40);
    const uint64_t kinds = random() % 3;
    for (uint64_t i = 0; i < count; ++i) {
      const auto time = static_cast<int64_t>(random() % 1000);
      Bound from = kAlways;
      if (kinds == 1) from = OnDay(time);
      if (kinds == 2) from = Bound::At(time * kMicrosOfDay + 1'000);
      facts.push_back(FactOf(random() % id_range + 1, random() % id_range + 1, from));
      if (random() % 64 == 0) facts.back().valid.to = OnDay(2'000);
      if (random() % 64 == 0) facts.back().digest = {FactStatus::kRetracted, 0};
    }
    const auto t = static_cast<Instant>(random() % 1200) * kMicrosOfDay;
    const auto ends = EndsOf(facts, t);
    if (!ends) continue;
    ++told;
    ASSERT_EQ(*ends, NeighboursOf(facts));
    for (const AdjacentFact& fact : facts) {
      ASSERT_TRUE(fact.digest.visible());
      ASSERT_TRUE(Matches(ValidTime::At(t, /*certainly=*/true), fact.valid, fact.certain_from));
    }
  }
  EXPECT_GT(told, 200);
}

}  // namespace
}  // namespace relata
