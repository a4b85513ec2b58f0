#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/facts/belief.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using enum Stance;

constexpr absl::string_view kNames[] = {"uncited", "asserted", "disputed", "retracted"};

// `2024-05 disputed`, one text a change; a change that no report dates is `(2026-06-02T00:00:00Z)
// disputed`.
std::vector<std::string> Changes(const Fact& fact, const BeliefPolicy& policy) {
  std::vector<std::string> texts;
  for (const StatusChange& change : StatusChanges(fact, policy)) {
    const absl::string_view status = kNames[static_cast<size_t>(change.status)];
    const std::string date = change.date.ToString();
    texts.push_back(change.reported ? absl::StrCat(date, " ", status)
                                    : absl::StrCat("(", date, ") ", status));
  }
  return texts;
}

std::vector<std::string> Changes(std::vector<Citation> citations) {
  return Changes(NumberedFact(1, "2020", "..", std::move(citations)), *DefaultPolicy());
}

Citation Void(Citation citation, absl::string_view retracted) {
  citation.source_retracted = T(retracted);
  return citation;
}

TEST(StatusChangesTest, TheFirstStatusIsNoChange) {
  EXPECT_THAT(Changes({}), IsEmpty());
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024")}), IsEmpty());
  EXPECT_THAT(Changes({CitedBy(1, kRetracts, "2024"), CitedBy(2, kDisputes, "2025")}), IsEmpty());
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024"), CitedBy(2, kAsserts, "2025")}), IsEmpty());
}

TEST(StatusChangesTest, ChangesHaveTheReportDateOfTheCitationThatMadeThem) {
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024-03-01"), CitedBy(2, kDisputes, "2024-05"),
                       CitedBy(2, kAsserts, "2024-08-01")}),
              ElementsAre("2024-05 disputed", "2024-08-01 asserted"));
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024-03-01"), CitedBy(1, kRetracts, "2024-06-01")}),
              ElementsAre("2024-06-01 retracted"));
}

TEST(StatusChangesTest, CitationsAreReplayedByDateNotByCommit) {
  EXPECT_THAT(
      Changes({CitedBy(1, kRetracts, "2025", 1.0, 1), CitedBy(1, kAsserts, "2024", 1.0, 2)}),
      ElementsAre("2025 retracted"));
}

TEST(StatusChangesTest, CitationsOfOneDateActTogether) {
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024"), CitedBy(2, kDisputes, "2024")}), IsEmpty());
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024"), CitedBy(1, kDisputes, "2025"),
                       CitedBy(2, kAsserts, "2025")}),
              ElementsAre("2025 disputed"));
  // The year begins with its first day, but they are two dates.
  EXPECT_THAT(Changes({CitedBy(1, kAsserts, "2024-01-01"), CitedBy(2, kDisputes, "2024")}),
              ElementsAre("2024 disputed"));
}

TEST(StatusChangesTest, WithoutReportDateAChangeIsNotReported) {
  EXPECT_THAT(Changes({CitedBy(1, kRetracts, "2025"), CitedBy(1, kAsserts)}),
              ElementsAre("(2026-06-02T00:00:00Z) asserted"));
}

TEST(StatusChangesTest, TheRetractionOfASourceIsDatedByTheAct) {
  EXPECT_THAT(
      Changes({Void(CitedBy(1, kAsserts, "2024"), "2026-07-01"), CitedBy(2, kDisputes, "2025")}),
      ElementsAre("2025 disputed", "(2026-07-01T00:00:00Z) retracted"));
  // Void before it was cited at all.
  EXPECT_THAT(Changes({Void(CitedBy(1, kAsserts, "2024"), "2023-01-01")}), IsEmpty());
  EXPECT_THAT(
      Changes({Void(CitedBy(1, kAsserts, "2024"), "2023-01-01"), CitedBy(2, kAsserts, "2025")}),
      ElementsAre("2025 asserted"));
}

TEST(StatusChangesTest, SourcesThatThePolicyLeavesOutChangeNothing) {
  const Fact fact = NumberedFact(
      1, "..", "..", {CitedBy(1, kAsserts, "2024"), CitedBy(2, kDisputes, "2025-01-01")});
  BeliefPolicy policy;
  policy.barred = {EntityId(2)};
  EXPECT_THAT(Changes(fact, policy), IsEmpty());
  BeliefPolicy until;
  until.reported_until = T("2025-01-01");
  EXPECT_THAT(Changes(fact, until), IsEmpty());
  until.reported_until = T("2025-01-02");
  EXPECT_THAT(Changes(fact, until), ElementsAre("2025-01-01 disputed"));
}

using DateKey = std::pair<Instant, Instant>;

DateKey DateOf(const Citation& citation) {
  if (!citation.reported) return {citation.recorded_at, citation.recorded_at};
  return {citation.reported->earliest, citation.reported->latest};
}

// The fact as it stood at the end of a date: later citations and later retractions of sources taken
// away.
Fact AsOf(const Fact& fact, DateKey date) {
  Fact past = fact;
  past.citations.clear();
  for (Citation citation : fact.citations) {
    if (DateOf(citation) > date) continue;
    if (citation.source_retracted &&
        DateKey(*citation.source_retracted, *citation.source_retracted) > date) {
      citation.source_retracted.reset();
    }
    past.citations.push_back(citation);
  }
  return past;
}

// The replay agrees with asking for the belief at every date anew.
TEST(StatusChangesTest, AgreesWithTheStatusAtEachDate) {
  Random random(11);
  size_t changes_seen = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Fact fact = RandomFact(random, 1);
    BeliefPolicy policy = RandomPolicy(random);
    policy.reported_until.reset();
    std::vector<DateKey> dates;
    for (const Citation& citation : fact.citations) {
      dates.push_back(DateOf(citation));
      if (citation.source_retracted) {
        dates.emplace_back(*citation.source_retracted, *citation.source_retracted);
      }
    }
    std::sort(dates.begin(), dates.end());
    dates.erase(std::unique(dates.begin(), dates.end()), dates.end());

    std::vector<std::pair<DateKey, FactStatus>> expected;
    std::optional<FactStatus> status;
    for (const DateKey& date : dates) {
      const Fact past = AsOf(fact, date);
      const bool cited =
          std::any_of(past.citations.begin(), past.citations.end(),
                      [&](const Citation& citation) { return policy.Counts(citation.source); });
      if (!cited) continue;
      const FactStatus now = EvaluateBelief(past, policy).status;
      if (status && *status != now) expected.emplace_back(date, now);
      status = now;
    }
    std::vector<std::pair<DateKey, FactStatus>> actual;
    for (const StatusChange& change : StatusChanges(fact, policy)) {
      actual.emplace_back(DateKey(change.date.earliest, change.date.latest), change.status);
    }
    ASSERT_EQ(actual, expected) << "round " << round;
    changes_seen += actual.size();
  }
  EXPECT_GT(changes_seen, 2'000u);
}

}  // namespace
}  // namespace relata
