#include "graph/adjacency/packed_array.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr int64_t kDay = 86'400'000'000;

Bound DayAt(int64_t day) {
  Bound bound = Bound::At(day * kDay);
  bound.latest += kDay;
  bound.kind = BoundKind::kDay;
  return bound;
}

AdjacentFact FactOf(uint64_t neighbour, uint64_t relationship, uint64_t fact, Interval valid = {}) {
  AdjacentFact made;
  made.neighbour = EntityId(neighbour);
  made.relationship = RelationshipId(relationship);
  made.fact = FactId(fact);
  made.valid = valid;
  return made;
}

Interval From(const Bound& from) { return {from, Bound::Unbounded(BoundRole::kTo)}; }

// Of so many facts times are tested.
constexpr size_t kTimed = 40;

// Packs and compares everything that can be read, time tests at all edges of the bounds included.
void CheckKept(const std::vector<AdjacentFact>& facts,
               std::optional<uint64_t> distance = std::nullopt) {
  const std::vector<uint8_t> block = PackFacts(facts, 7, distance);
  const PackedArray array(block.data(), distance.value_or(12345));
  ASSERT_EQ(array.size(), facts.size());
  ASSERT_EQ(array.bytes(), block.size());
  EXPECT_EQ(array.since(), 7u);
  std::vector<Instant> instants = {kMinusInfinity, kMinusInfinity + 1, 0, kPlusInfinity - 1,
                                   kPlusInfinity};
  for (size_t i = 0; i < facts.size(); ++i) {
    ASSERT_EQ(array.Get(i), facts[i]) << "fact " << i;
    for (const Bound& bound : {facts[i].valid.from, facts[i].valid.to}) {
      for (const Instant t : {bound.earliest, bound.latest}) {
        if (t == kMinusInfinity || t == kPlusInfinity || i >= kTimed) continue;
        instants.insert(instants.end(), {t - 1, t, t + 1});
      }
    }
  }
  for (const Instant t : instants) {
    for (const bool certainly : {false, true}) {
      const PackedArray::InstantTest test = array.TestAt(t, certainly);
      for (size_t i = 0; i < std::min(facts.size(), kTimed); ++i) {
        const bool matches =
            Matches(ValidTime::At(t, certainly), facts[i].valid, facts[i].certain_from);
        if (array.AllValidAt(t)) {
          ASSERT_TRUE(matches) << "at " << t << ", fact " << i;
        }
        if (test.exists) {
          ASSERT_EQ(array.Passes(test, i), matches) << "at " << t << ", fact " << i;
        }
      }
    }
  }
}

TEST(PackedArrayTest, KeepsNothing) { CheckKept({}); }

TEST(PackedArrayTest, KeepsFactsWithoutBounds) {
  const std::vector<AdjacentFact> facts = {FactOf(1, 10, 10), FactOf(5, 11, 11), FactOf(9, 3, 3)};
  CheckKept(facts);
  CheckKept(facts, 0);
}

TEST(PackedArrayTest, WhatAllShareTakesNoColumn) {
  std::vector<AdjacentFact> facts;
  for (uint64_t i = 0; i < 64; ++i) facts.push_back(FactOf(i, 1'000'000 + i, 2'000'000 + i));
  // Header and base, six bits for each neighbour and for each relationship.
  EXPECT_EQ(PackFacts(facts, 0, 1'000'000).size(), 14u + 64 * 2 * 6 / 8);
}

TEST(PackedArrayTest, KeepsDays) {
  CheckKept({FactOf(1, 1, 1, From(DayAt(18'000))), FactOf(1, 2, 2, From(DayAt(19'000))),
             FactOf(2, 3, 3, From(DayAt(-5)))});
  CheckKept({FactOf(1, 1, 1, {DayAt(18'000), DayAt(18'500)}), FactOf(1, 2, 2, From(DayAt(19'000))),
             FactOf(2, 3, 3, {Bound::Unbounded(BoundRole::kFrom), DayAt(17'000)})});
}

TEST(PackedArrayTest, KeepsInstantsOfEachUnit) {
  for (const int64_t unit : {int64_t{1}, int64_t{1'000}, int64_t{1'000'000}, kDay}) {
    CheckKept({FactOf(1, 1, 1, From(Bound::At(3 * unit))),
               FactOf(2, 2, 2, From(Bound::At(-7 * unit))),
               FactOf(3, 3, 3, {Bound::At(unit), Bound::At(9 * unit)})});
  }
}

TEST(PackedArrayTest, KeepsWhatNeedsATable) {
  Bound month = Bound::At(0);
  month.latest = 31 * kDay;
  month.kind = BoundKind::kMonth;
  Bound about = DayAt(5);
  about.about = true;
  Bound zoned = Bound::At(5);
  zoned.zone_minutes = 60;
  for (const Bound& bound : {month, about, zoned, Bound::Unknown()}) {
    CheckKept({FactOf(1, 1, 1, From(DayAt(1))), FactOf(2, 2, 2, From(bound)),
               FactOf(3, 3, 3, From(bound)), FactOf(4, 4, 4, {DayAt(1), bound})});
  }
  AdjacentFact reported = FactOf(1, 1, 1, From(Bound::Unknown()));
  reported.certain_from = 77;
  CheckKept({reported, FactOf(2, 2, 2, From(Bound::Unknown()))});
}

TEST(PackedArrayTest, KeepsMixedKindsOfBounds) {
  CheckKept({FactOf(1, 1, 1, From(DayAt(1))), FactOf(2, 2, 2, From(Bound::At(5)))});
}

TEST(PackedArrayTest, KeepsDigests) {
  std::vector<AdjacentFact> facts = {FactOf(1, 1, 1), FactOf(2, 2, 2), FactOf(3, 3, 3)};
  facts[0].digest = {FactStatus::kAsserted, 3};
  for (AdjacentFact& fact : facts) fact.digest = facts[0].digest;
  CheckKept(facts);
  facts[1].digest = {FactStatus::kRetracted, 0};
  CheckKept(facts);
  const std::vector<uint8_t> block = PackFacts(facts, 0, std::nullopt);
  EXPECT_FALSE(PackedArray(block.data(), 0).all_visible());
}

TEST(PackedArrayTest, KnowsWhetherARelationshipHasSeveralFacts) {
  const std::vector<AdjacentFact> facts = {FactOf(1, 1, 4), FactOf(1, 1, 2), FactOf(2, 2, 9)};
  CheckKept(facts);
  const std::vector<uint8_t> block = PackFacts(facts, 0, std::nullopt);
  EXPECT_FALSE(PackedArray(block.data(), 0).single());
}

TEST(PackedArrayTest, KeepsTheLargestNumbers) {
  CheckKept({FactOf(1, UINT64_MAX - 1, 1), FactOf(UINT64_MAX, 1, UINT64_MAX)});
  CheckKept({FactOf(1, 1, 1, From(Bound::At(kMinusInfinity + 1))),
             FactOf(2, 2, 2, From(Bound::At(kPlusInfinity - 1)))});
  CheckKept({FactOf(1, 1, 1, From(Bound::At(0))),
             FactOf(2, 2, 2, From(Bound::At((int64_t{1} << 57) - 1)))});
}

TEST(PackedArrayTest, KeepsRandomFacts) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 400; ++round) {
    std::vector<AdjacentFact> facts;
    const uint64_t count = round % 50 == 0 ? 70'000 : random() % 40 + 1;
    const uint64_t id_range = uint64_t{1} << (random() % 40);
    const int64_t time_range = int64_t{1} << (random() % 30);
    const uint64_t kinds = random() % 4;
    for (uint64_t i = 0; i < count; ++i) {
      AdjacentFact fact =
          FactOf(random() % id_range + 1, random() % id_range + 1, random() % id_range + 1);
      const auto time = static_cast<int64_t>(random() % static_cast<uint64_t>(time_range));
      if (kinds > 0 && random() % 8 != 0) {
        fact.valid.from = kinds == 1 ? DayAt(time % 10'000) : Bound::At(time * 1'000);
      }
      if (kinds > 1 && random() % 2 == 0) fact.valid.to = DayAt(20'000 + time % 10'000);
      if (kinds == 3 && random() % 4 == 0) fact.valid.from = Bound::Unknown();
      if (random() % 16 == 0) fact.digest = {FactStatus::kRetracted, 0};
      facts.push_back(fact);
    }
    CheckKept(facts);
    if (HasFatalFailure()) return;
  }
}

TEST(PackedArrayTest, FindsWhereARelationshipIs) {
  const std::vector<AdjacentFact> facts = {FactOf(2, 8, 1), FactOf(2, 9, 2), FactOf(4, 1, 3)};
  const std::vector<uint8_t> block = PackFacts(facts, 0, std::nullopt);
  const PackedArray array(block.data(), 0);
  EXPECT_EQ(array.LowerBound(EntityId(1), RelationshipId(5)), 0u);
  EXPECT_EQ(array.LowerBound(EntityId(2), RelationshipId(9)), 1u);
  EXPECT_EQ(array.LowerBound(EntityId(3), RelationshipId(1)), 2u);
  EXPECT_EQ(array.LowerBound(EntityId(4), RelationshipId(2)), 3u);
}

}  // namespace
}  // namespace relata
