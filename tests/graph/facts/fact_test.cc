#include "graph/facts/fact.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"

namespace relata {
namespace {

Fact ShareFact(uint64_t id, double share, absl::string_view from = "..") {
  Fact fact = NumberedFact(id, from, "..");
  fact.value = Value();
  fact.properties = {{PropertyId(3), Value::Double(share)}, {PropertyId(7), Value::String("x")}};
  return fact;
}

TEST(FactTest, FindsPropertiesById) {
  const Fact fact = ShareFact(1, 0.5);
  ASSERT_NE(fact.FindProperty(PropertyId(3)), nullptr);
  EXPECT_EQ(fact.FindProperty(PropertyId(3))->get<double>(), 0.5);
  EXPECT_EQ(fact.FindProperty(PropertyId(7))->get<std::string>(), "x");
  for (const uint32_t absent : {1u, 5u, 9u}) {
    EXPECT_EQ(fact.FindProperty(PropertyId(absent)), nullptr);
  }
}

TEST(FactTest, PlainIsUncitedUnboundedAndNeverCut) {
  EXPECT_TRUE(NumberedFact(1, "..", "..").plain());
  EXPECT_FALSE(NumberedFact(1, "2020", "..").plain());
  EXPECT_FALSE(NumberedFact(1, "..", "").plain());
  EXPECT_FALSE(NumberedFact(1, "..", "..", {CitedBy(1, Stance::kAsserts)}).plain());
  Fact cut = NumberedFact(1, "..", "..");
  cut.cut_from = RankOrigin{From("2020"), CommitVersion(1), FactId(9)};
  EXPECT_FALSE(cut.plain());
}

TEST(SameFactTest, ComparesStatementsOverTheSameInterval) {
  const Fact fact = NumberedFact(1, "2020", "2021-05");
  Fact other = NumberedFact(2, "2020", "2021-05");
  other.value = Value::Double(1.0);  // equal to the integer 1
  other.recorded = CommitVersion(9);
  other.citations = {CitedBy(1, Stance::kAsserts)};
  EXPECT_TRUE(SameFact(fact, other));

  other.value.set_qualifier(Qualifier::kAbout);
  EXPECT_FALSE(SameFact(fact, other));
  EXPECT_FALSE(SameFact(fact, NumberedFact(2, "2020", "2021-05")));
  EXPECT_FALSE(SameFact(fact, NumberedFact(1, "2020", "2021-06")));
}

TEST(SameFactTest, AnIntervalIsItsInstantsKindsAndTilde) {
  const Fact fact = NumberedFact(1, "2020-03-01T08:00:00+08:00", "..");
  EXPECT_TRUE(SameFact(fact, NumberedFact(1, "2020-03-01T00:00:00Z", "..")));
  EXPECT_FALSE(SameFact(fact, NumberedFact(1, "2020-03-01T00:00:00Z", "")));
  EXPECT_FALSE(SameFact(NumberedFact(1, "2020", ".."), NumberedFact(1, "2020~", "..")));
}

TEST(SameFactTest, ComparesAllProperties) {
  EXPECT_TRUE(SameFact(ShareFact(1, 0.5), ShareFact(2, 0.5)));
  EXPECT_FALSE(SameFact(ShareFact(1, 0.5), ShareFact(2, 0.25)));
  Fact fewer = ShareFact(2, 0.5);
  fewer.properties.pop_back();
  EXPECT_FALSE(SameFact(ShareFact(1, 0.5), fewer));
  EXPECT_FALSE(SameFact(fewer, ShareFact(1, 0.5)));
  Fact renamed = ShareFact(2, 0.5);
  renamed.properties.back().first = PropertyId(8);
  EXPECT_FALSE(SameFact(ShareFact(1, 0.5), renamed));
}

TEST(SameCitationTest, LooksAtWhatTheCallerGaveOnly) {
  Citation citation = CitedBy(1, Stance::kAsserts, "2024-05", 0.5, 3);
  citation.locator = "p. 4";
  Citation other = citation;
  other.recorded = CommitVersion(8);
  other.recorded_at = T("2030-01-01");
  other.source_retracted = T("2031-01-01");
  EXPECT_TRUE(SameCitation(citation, other));

  std::vector<Citation> differing(6, citation);
  differing[0].source = EntityId(2);
  differing[1].stance = Stance::kDisputes;
  differing[2].confidence = 0.25;
  differing[3].reported = From("2024-06");
  differing[4].reported.reset();
  differing[5].locator = "p. 5";
  for (const Citation& different : differing) {
    EXPECT_FALSE(SameCitation(citation, different));
    EXPECT_FALSE(SameCitation(different, citation));
  }
}

TEST(AddFactTest, AnotherStatementOrIntervalIsAnotherFact) {
  std::vector<Fact> facts;
  const AddedFact first = AddFact(NumberedFact(1, "2020", ".."), facts);
  EXPECT_TRUE(first.is_new && first.changed);
  EXPECT_EQ(first.index, 0u);
  const AddedFact second = AddFact(NumberedFact(2, "2020", ".."), facts);
  EXPECT_TRUE(second.is_new && second.changed);
  EXPECT_EQ(second.index, 1u);
  EXPECT_EQ(facts.size(), 2u);
}

TEST(AddFactTest, TheSameAgainOnlyAddsItsCitations) {
  std::vector<Fact> facts = {NumberedFact(1, "..", ".."),
                             NumberedFact(2, "2020", "..", {CitedBy(1, Stance::kAsserts, "2021")})};
  Fact again = NumberedFact(9, "2020", "..", {CitedBy(2, Stance::kDisputes, "2022", 1.0, 7)});
  again.value = Value::Int(2);
  again.recorded = CommitVersion(7);
  const AddedFact added = AddFact(again, facts);
  EXPECT_FALSE(added.is_new);
  EXPECT_TRUE(added.changed);
  EXPECT_EQ(added.index, 1u);
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[1].id, FactId(2));
  EXPECT_EQ(facts[1].recorded, CommitVersion(1));
  ASSERT_EQ(facts[1].citations.size(), 2u);
  EXPECT_EQ(facts[1].citations[1].source, EntityId(2));
}

TEST(AddFactTest, ACitationThatIsThereStaysAsItWas) {
  std::vector<Fact> facts = {NumberedFact(
      1, "..", "..",
      {CitedBy(1, Stance::kAsserts, "2021", 1.0, 2), CitedBy(1, Stance::kRetracts, "", 1.0, 3)})};
  const AddedFact added =
      AddFact(NumberedFact(1, "..", "..", {CitedBy(1, Stance::kAsserts, "2021", 1.0, 9)}), facts);
  EXPECT_FALSE(added.is_new);
  EXPECT_FALSE(added.changed);
  ASSERT_EQ(facts[0].citations.size(), 2u);
  EXPECT_EQ(facts[0].citations[0].recorded, CommitVersion(2));
}

TEST(AddFactTest, OfEqualCitationsOfANewFactOneIsAdded) {
  std::vector<Fact> facts;
  AddFact(NumberedFact(1, "..", "..", {CitedBy(1, Stance::kAsserts), CitedBy(1, Stance::kAsserts)}),
          facts);
  EXPECT_EQ(facts[0].citations.size(), 1u);
}

// S4.3: importing twice equals once, and the order of independent facts does not matter.
TEST(AddFactTest, AddingIsIdempotentAndTakesAnyOrder) {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<Fact> input;
    for (uint64_t i = 0; i < 8; ++i) {
      Fact fact = NumberedFact(100 + i, OneIn(random, 2) ? "2020" : "..", "..");
      fact.value = Value::Int(static_cast<int64_t>(Below(random, 2)));
      fact.citations = {RandomCitation(random), RandomCitation(random)};
      input.push_back(fact);
    }
    std::vector<Fact> once;
    for (const Fact& fact : input) AddFact(fact, once);
    std::vector<Fact> twice = once;
    for (const Fact& fact : input) EXPECT_FALSE(AddFact(fact, twice).changed);
    std::shuffle(input.begin(), input.end(), random);
    std::vector<Fact> shuffled;
    for (const Fact& fact : input) AddFact(fact, shuffled);

    ASSERT_EQ(shuffled.size(), once.size());
    for (const Fact& fact : once) {
      const auto same = std::find_if(shuffled.begin(), shuffled.end(),
                                     [&](const Fact& other) { return SameFact(fact, other); });
      ASSERT_NE(same, shuffled.end());
      EXPECT_TRUE(std::is_permutation(fact.citations.begin(), fact.citations.end(),
                                      same->citations.begin(), same->citations.end(),
                                      SameCitation));
    }
  }
}

}  // namespace
}  // namespace relata
