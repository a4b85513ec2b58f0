#include "graph/facts/belief.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using enum Stance;

Fact Cited(std::vector<Citation> citations) {
  return NumberedFact(1, "..", "..", std::move(citations));
}

Belief Default(std::vector<Citation> citations) {
  return EvaluateBelief(Cited(std::move(citations)), *DefaultPolicy());
}

FactStatus StatusOf(std::vector<Citation> citations) {
  return Default(std::move(citations)).status;
}

bool Visible(const Fact& fact, const BeliefPolicy& policy) {
  return EvaluateBelief(fact, policy).visible;
}

BeliefPolicy ReportedBy(absl::string_view last_day) {
  BeliefPolicy policy;
  policy.reported_until = T(last_day) + Instant{86'400} * 1'000'000;
  return policy;
}

TEST(BeliefPolicyTest, OnlyTheUnchangedOneIsTheDefault) {
  EXPECT_TRUE(DefaultPolicy()->IsDefault());
  std::vector<BeliefPolicy> others(7);
  others[0].raw = true;
  others[1].min_confidence = 0.1;
  others[2].min_sources = 1;
  others[3].trusted.emplace();
  others[4].barred.insert(EntityId(1));
  others[5].disputed_in = false;
  others[6].reported_until = 0;
  for (const BeliefPolicy& other : others) EXPECT_FALSE(other.IsDefault());
}

TEST(BeliefPolicyTest, ABarredSourceDoesNotCountEvenWhereTrusted) {
  BeliefPolicy policy;
  EXPECT_TRUE(policy.Counts(EntityId(1)));
  policy.barred = {EntityId(1)};
  policy.trusted.emplace({EntityId(1), EntityId(2)});
  EXPECT_FALSE(policy.Counts(EntityId(1)));
  EXPECT_TRUE(policy.Counts(EntityId(2)));
  EXPECT_FALSE(policy.Counts(EntityId(3)));
}

TEST(BeliefTest, AnUncitedFactHasConfidenceOneAndNoSource) {
  const Belief belief = Default({});
  EXPECT_EQ(belief.status, FactStatus::kUncited);
  EXPECT_EQ(belief.confidence, 1.0);
  EXPECT_THAT(belief.asserting, IsEmpty());
  EXPECT_EQ(belief.certain_from, kPlusInfinity);
  EXPECT_TRUE(belief.visible);
}

TEST(BeliefTest, StatusSaysWhoAssertsAndWhoDisputes) {
  EXPECT_EQ(StatusOf({CitedBy(1, kAsserts)}), FactStatus::kAsserted);
  EXPECT_EQ(StatusOf({CitedBy(1, kAsserts), CitedBy(2, kDisputes)}), FactStatus::kDisputed);
  EXPECT_EQ(StatusOf({CitedBy(1, kAsserts), CitedBy(2, kRetracts)}), FactStatus::kAsserted);
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts)}), FactStatus::kRetracted);
  // Only disputed: nobody asserts it.
  EXPECT_EQ(StatusOf({CitedBy(1, kDisputes)}), FactStatus::kRetracted);
  EXPECT_FALSE(Default({CitedBy(1, kDisputes)}).visible);
}

TEST(BeliefTest, SourcesAreDistinctAndAscending) {
  const Belief belief = Default({CitedBy(5, kAsserts), CitedBy(9, kDisputes), CitedBy(2, kAsserts),
                                 CitedBy(5, kAsserts, "", 0.5), CitedBy(3, kDisputes)});
  EXPECT_THAT(belief.asserting, ElementsAre(EntityId(2), EntityId(5)));
  EXPECT_THAT(belief.disputing, ElementsAre(EntityId(3), EntityId(9)));
}

TEST(BeliefTest, ConfidenceIsTheLargestOfAssertingCitations) {
  const Belief belief =
      Default({CitedBy(1, kAsserts, "2024", 0.5), CitedBy(2, kAsserts, "2024", 0.75),
               CitedBy(3, kDisputes, "2024", 0.9),
               // No longer what source 4 says.
               CitedBy(4, kAsserts, "2020", 1.0), CitedBy(4, kAsserts, "2021", 0.25)});
  EXPECT_EQ(belief.confidence, 0.75);
  EXPECT_EQ(Default({CitedBy(1, kRetracts)}).confidence, 0.0);
}

TEST(BeliefTest, TheLatestCitationOfASourceGoesByReportDateFirst) {
  // Entered later, but about an older report.
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts, "2025-03-01", 1.0, 2),
                      CitedBy(1, kAsserts, "2025-01-01", 1.0, 3)}),
            FactStatus::kRetracted);
  // Bounds go by their earliest, then their latest instant.
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts, "2025-01-02"), CitedBy(1, kAsserts, "2025")}),
            FactStatus::kRetracted);
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts, "2025"), CitedBy(1, kAsserts, "2025-01-01")}),
            FactStatus::kRetracted);
}

TEST(BeliefTest, WithoutReportDateTheCommitTimeStandsIn) {
  // Commit 1 is of June 2026.
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts, "2026-07-01"), CitedBy(1, kAsserts)}),
            FactStatus::kRetracted);
  EXPECT_EQ(StatusOf({CitedBy(1, kRetracts, "2026-05-01"), CitedBy(1, kAsserts)}),
            FactStatus::kAsserted);
  // An unknown report date is none.
  Citation unknown = CitedBy(1, kAsserts);
  unknown.reported = Bound::Unknown();
  EXPECT_EQ(StatusOf({unknown, CitedBy(1, kRetracts, "2026-05-01")}), FactStatus::kAsserted);
}

TEST(BeliefTest, OfOneDateTheLaterCommitThenTheLaterInOrderCounts) {
  EXPECT_EQ(StatusOf({CitedBy(1, kAsserts, "2025", 1.0, 3), CitedBy(1, kRetracts, "2025", 1.0, 2)}),
            FactStatus::kAsserted);
  EXPECT_EQ(StatusOf({CitedBy(1, kAsserts, "2025", 1.0, 2), CitedBy(1, kRetracts, "2025", 1.0, 2)}),
            FactStatus::kRetracted);
}

TEST(BeliefTest, WhatHasNotCommittedYetIsLatest) {
  Citation pending = CitedBy(1, kAsserts, "2025");
  pending.recorded = CommitVersion();
  pending.recorded_at = kPlusInfinity;
  EXPECT_EQ(StatusOf({pending, CitedBy(1, kRetracts, "2025", 1.0, 900)}), FactStatus::kAsserted);
  pending.reported.reset();
  EXPECT_EQ(StatusOf({pending, CitedBy(1, kRetracts, "2030", 1.0, 900)}), FactStatus::kAsserted);
}

TEST(BeliefTest, ARetractedSourceSaysNothingWhateverItsDates) {
  Citation voided = CitedBy(1, kAsserts, "2025");
  voided.source_retracted = T("2026-08-01");
  EXPECT_EQ(StatusOf({voided}), FactStatus::kRetracted);
  EXPECT_EQ(StatusOf({voided, CitedBy(2, kAsserts)}), FactStatus::kAsserted);
  EXPECT_EQ(StatusOf({voided, CitedBy(1, kAsserts, "2026-09-01")}), FactStatus::kRetracted);
  // Also where the citation that says so is not counted itself.
  voided.reported.reset();
  EXPECT_FALSE(
      Visible(Cited({voided, CitedBy(1, kAsserts, "2025-01-01")}), ReportedBy("2025-12-31")));
  Citation disputing = CitedBy(1, kDisputes);
  disputing.source_retracted = T("2026-08-01");
  EXPECT_EQ(StatusOf({disputing, CitedBy(2, kAsserts)}), FactStatus::kAsserted);
}

TEST(BeliefTest, LeastConfidenceAndLeastSourcesIncludeTheirEdges) {
  const Fact fact = Cited({CitedBy(1, kAsserts, "", 0.5), CitedBy(2, kAsserts, "", 0.75)});
  BeliefPolicy policy;
  policy.min_confidence = 0.75;
  policy.min_sources = 2;
  EXPECT_TRUE(Visible(fact, policy));
  policy.min_confidence = 0.76;
  EXPECT_FALSE(Visible(fact, policy));
  policy.min_confidence = 0;
  policy.min_sources = 3;
  EXPECT_FALSE(Visible(fact, policy));
}

TEST(BeliefTest, OnlyLeastSourcesAndATrustedListHideUncitedFacts) {
  const Fact uncited = Cited({});
  BeliefPolicy passing = ReportedBy("2020-01-01");
  passing.min_confidence = 1.0;
  passing.barred = {EntityId(1)};
  passing.disputed_in = false;
  EXPECT_TRUE(Visible(uncited, passing));
  BeliefPolicy sources;
  sources.min_sources = 1;
  EXPECT_FALSE(Visible(uncited, sources));
  BeliefPolicy trusted;
  trusted.trusted.emplace();
  EXPECT_FALSE(Visible(uncited, trusted));
}

TEST(BeliefTest, SourcesThatAPolicyLeavesOutDoNotExist) {
  const Fact fact = Cited({CitedBy(1, kAsserts, "2024", 0.5), CitedBy(2, kDisputes, "2024")});
  BeliefPolicy barred;
  barred.barred = {EntityId(2)};
  barred.disputed_in = false;
  EXPECT_EQ(EvaluateBelief(fact, barred).status, FactStatus::kAsserted);
  EXPECT_TRUE(Visible(fact, barred));
  // Left without assertion it is hidden, not uncited.
  barred.barred = {EntityId(1), EntityId(2)};
  EXPECT_EQ(EvaluateBelief(fact, barred).status, FactStatus::kRetracted);
  EXPECT_FALSE(Visible(fact, barred));
  BeliefPolicy trusting;
  trusting.trusted.emplace({EntityId(1)});
  EXPECT_EQ(EvaluateBelief(fact, trusting).status, FactStatus::kAsserted);
}

TEST(BeliefTest, DisputedFactsCanBeLeftOut) {
  const Fact fact = Cited({CitedBy(1, kAsserts), CitedBy(2, kDisputes)});
  BeliefPolicy policy;
  EXPECT_TRUE(Visible(fact, policy));
  policy.disputed_in = false;
  EXPECT_FALSE(Visible(fact, policy));
}

TEST(BeliefTest, OnlyWhatWasSurelyReportedByTheDayCounts) {
  const Fact day = Cited({CitedBy(1, kAsserts, "2025-03-11"), CitedBy(1, kRetracts, "2025-05-01")});
  EXPECT_FALSE(Visible(day, ReportedBy("2025-03-10")));
  EXPECT_TRUE(Visible(day, ReportedBy("2025-03-11")));
  EXPECT_TRUE(Visible(day, ReportedBy("2025-04-30")));
  EXPECT_FALSE(Visible(day, ReportedBy("2025-05-01")));
  const Fact month = Cited({CitedBy(1, kAsserts, "2025-03")});
  EXPECT_FALSE(Visible(month, ReportedBy("2025-03-30")));
  EXPECT_TRUE(Visible(month, ReportedBy("2025-03-31")));
  const Fact midnight = Cited({CitedBy(1, kAsserts, "2025-03-12T00:00:00Z")});
  EXPECT_FALSE(Visible(midnight, ReportedBy("2025-03-11")));
  EXPECT_TRUE(Visible(midnight, ReportedBy("2025-03-12")));
  EXPECT_FALSE(Visible(Cited({CitedBy(1, kAsserts)}), ReportedBy("2090-01-01")));
}

TEST(BeliefTest, RawShowsEverythingWithTheStatusOfTheDefault) {
  BeliefPolicy raw;
  raw.raw = true;
  raw.barred = {EntityId(1)};
  raw.reported_until = T("2000-01-01");
  const Belief belief = EvaluateBelief(Cited({CitedBy(1, kAsserts, "", 0.5)}), raw);
  EXPECT_EQ(belief.status, FactStatus::kAsserted);
  EXPECT_EQ(belief.confidence, 0.5);
  EXPECT_TRUE(Visible(Cited({CitedBy(1, kRetracts)}), raw));
}

TEST(BeliefTest, CertaintyOfAnUnknownStartBeginsAfterTheEarliestReport) {
  const auto certain_from = [](std::vector<Citation> citations) {
    return Default(std::move(citations)).certain_from;
  };
  EXPECT_EQ(certain_from({CitedBy(1, kAsserts, "2026-05"), CitedBy(2, kAsserts, "2026-03-11")}),
            T("2026-03-12"));
  // The year is the earlier date, for all that it ends later.
  EXPECT_EQ(certain_from({CitedBy(1, kAsserts, "2026-03-11"), CitedBy(2, kAsserts, "2026")}),
            T("2027-01-01"));
  EXPECT_EQ(certain_from({CitedBy(1, kDisputes, "2026-03-11"), CitedBy(2, kAsserts)}),
            kPlusInfinity);
  // Of each source the latest citation only.
  EXPECT_EQ(certain_from({CitedBy(1, kAsserts, "2022"), CitedBy(1, kAsserts, "2025-01-01")}),
            T("2025-01-02"));
  EXPECT_EQ(certain_from({CitedBy(1, kAsserts, "2022"), CitedBy(1, kAsserts)}), kPlusInfinity);
}

TEST(BeliefDigestTest, CountsSourcesUpToThree) {
  EXPECT_EQ(MakeDigest(Cited({})), (BeliefDigest{FactStatus::kUncited, 0}));
  std::vector<Citation> citations;
  for (uint64_t source = 1; source <= 5; ++source) {
    citations.push_back(CitedBy(source, kAsserts));
    EXPECT_EQ(
        MakeDigest(Cited(citations)),
        (BeliefDigest{FactStatus::kAsserted, static_cast<uint8_t>(std::min<uint64_t>(source, 3))}));
  }
  citations.push_back(CitedBy(6, kDisputes));
  EXPECT_EQ(MakeDigest(Cited(citations)), (BeliefDigest{FactStatus::kDisputed, 3}));
  EXPECT_EQ(MakeDigest(Cited({CitedBy(1, kRetracts)})), (BeliefDigest{FactStatus::kRetracted, 0}));
  EXPECT_FALSE(MakeDigest(Cited({CitedBy(1, kRetracts)})).visible());
  EXPECT_TRUE(MakeDigest(Cited(citations)).visible());
}

TEST(RanksBeforeTest, LatestFromThenConfidenceThenCommitThenId) {
  const Fact old = NumberedFact(9, "2020", "..");
  Fact fact = NumberedFact(1, "2021", "..");
  EXPECT_TRUE(RanksBefore(fact, 0.1, old, 1.0));
  EXPECT_FALSE(RanksBefore(old, 1.0, fact, 0.1));
  Fact rival = NumberedFact(2, "2021", "..");
  EXPECT_TRUE(RanksBefore(fact, 0.6, rival, 0.5));
  EXPECT_TRUE(RanksBefore(rival, 0.5, fact, 0.5));
  fact.recorded = CommitVersion(2);
  EXPECT_TRUE(RanksBefore(fact, 0.5, rival, 0.5));
  rival.recorded = CommitVersion();  // not committed yet: the latest
  EXPECT_TRUE(RanksBefore(rival, 0.5, fact, 0.5));
  EXPECT_FALSE(RanksBefore(fact, 0.5, fact, 0.5));
}

TEST(RanksBeforeTest, BoundsGoByEarliestThenLatest) {
  EXPECT_TRUE(
      RanksBefore(NumberedFact(1, "2021", ".."), 1, NumberedFact(2, "2021-01-01", ".."), 1));
  EXPECT_TRUE(
      RanksBefore(NumberedFact(1, "2021-01-02", ".."), 1, NumberedFact(2, "2021", ".."), 1));
}

TEST(RanksBeforeTest, AnUnknownStartRanksAsNone) {
  // As equal to `..`: the ids decide.
  EXPECT_TRUE(RanksBefore(NumberedFact(2, "", ".."), 1, NumberedFact(1, "..", ".."), 1));
  EXPECT_TRUE(RanksBefore(NumberedFact(2, "..", ".."), 1, NumberedFact(1, "", ".."), 1));
  EXPECT_TRUE(RanksBefore(NumberedFact(1, "1900", ".."), 0.1, NumberedFact(2, "", ".."), 1));
}

TEST(RanksBeforeTest, APieceRanksAsTheFactItWasCutFrom) {
  Fact piece = NumberedFact(50, "2025", "..");
  piece.recorded = CommitVersion(9);
  piece.cut_from = RankOrigin{From("2020"), CommitVersion(1), FactId(3)};
  EXPECT_TRUE(RanksBefore(NumberedFact(1, "2021", ".."), 1, piece, 1));
  EXPECT_TRUE(RanksBefore(NumberedFact(4, "2020", ".."), 1, piece, 1));
  EXPECT_TRUE(RanksBefore(piece, 1, NumberedFact(2, "2020", ".."), 1));
}

TEST(SelectVisibleTest, AnInstantShowsTheBestWindowsAndAllShowEachInRankOrder) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020-01-01", "2022-01-01"),
                                   NumberedFact(2, "2021-01-01", "2023-01-01"),
                                   NumberedFact(3, "2024-01-01", "..")};
  EXPECT_THAT(ShownIds(facts, ViewAt("2020-06-01")), ElementsAre(1));
  EXPECT_THAT(ShownIds(facts, ViewAt("2021-06-01")), ElementsAre(2));
  EXPECT_THAT(ShownIds(facts, ViewAt("2023-06-01")), IsEmpty());
  const ValidTime window = ValidTime::Window(T("2021-06-01"), T("2023-06-01"));
  EXPECT_THAT(ShownIds(facts, {window, DefaultPolicy()}), ElementsAre(2, 1));
  EXPECT_THAT(ShownIds(facts, {ValidTime::All(), DefaultPolicy()}), ElementsAre(3, 2, 1));
  EXPECT_THAT(ShownIds(facts, {ValidTime::All(true), DefaultPolicy()}), ElementsAre(3, 2, 1));
}

TEST(SelectVisibleTest, RawShowsEveryRivalOfAnInstant) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020", "..", {CitedBy(1, kRetracts)}),
                                   NumberedFact(2, "2021", ".."), NumberedFact(3, "2030", "..")};
  BeliefPolicy raw;
  raw.raw = true;
  const ReadView view = ViewWith(ValidTime::At(T("2025-01-01")), raw);
  EXPECT_THAT(ShownIds(facts, view), ElementsAre(2, 1));
  EXPECT_EQ(SelectOne(facts, view), &facts[1]);
}

TEST(SelectVisibleTest, AHiddenFactGivesWayToTheNextInRank) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020", ".."),
                                   NumberedFact(2, "2021", "..", {CitedBy(1, kRetracts)})};
  EXPECT_THAT(ShownIds(facts, ViewAt("2025-01-01")), ElementsAre(1));
}

TEST(SelectVisibleTest, CertainlyConsidersWhatIsCertainOnly) {
  const std::vector<Fact> facts = {NumberedFact(1, "2019", ".."), NumberedFact(2, "2021", "..")};
  EXPECT_THAT(ShownIds(facts, ViewAt("2021-06-01")), ElementsAre(2));
  EXPECT_THAT(ShownIds(facts, ViewAt("2021-06-01", true)), ElementsAre(1));
  EXPECT_THAT(ShownIds(facts, ViewAt("2022-01-01", true)), ElementsAre(2));
}

TEST(SelectVisibleTest, AllCertainlyShowsWhatIsCertainAtSomeInstant) {
  const std::vector<Fact> facts = {NumberedFact(1, "2019", "2021"), NumberedFact(2, "2020", "2020"),
                                   NumberedFact(3, "2021", ""), NumberedFact(4, "", ".."),
                                   NumberedFact(5, "", "..", {CitedBy(1, kAsserts, "2026-03-11")})};
  EXPECT_THAT(ShownIds(facts, {ValidTime::All(), DefaultPolicy()}), ElementsAre(3, 2, 1, 5, 4));
  EXPECT_THAT(ShownIds(facts, {ValidTime::All(true), DefaultPolicy()}), ElementsAre(1, 5));
}

TEST(SelectVisibleTest, AnUnknownStartIsCertainFromItsReport) {
  const std::vector<Fact> facts = {NumberedFact(1, "", "..", {CitedBy(1, kAsserts, "2026-03-11")})};
  EXPECT_THAT(ShownIds(facts, ViewAt("1900-01-01")), ElementsAre(1));
  EXPECT_THAT(ShownIds(facts, ViewAt("2026-03-11", true)), IsEmpty());
  EXPECT_THAT(ShownIds(facts, ViewAt("2026-03-12", true)), ElementsAre(1));
  const auto certain_in = [](absl::string_view from, absl::string_view to) {
    return ReadView{ValidTime::Window(T(from), T(to), true), DefaultPolicy()};
  };
  EXPECT_THAT(ShownIds(facts, certain_in("2020-01-01", "2026-03-12")), IsEmpty());
  EXPECT_THAT(ShownIds(facts, certain_in("2020-01-01", "2026-03-13")), ElementsAre(1));
}

}  // namespace
}  // namespace relata
