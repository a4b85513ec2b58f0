#include "graph/values/period.h"

#include <random>

#include "graph/values/temporal.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr BoundKind kPeriods[] = {BoundKind::kDay, BoundKind::kMonth, BoundKind::kSeason,
                                  BoundKind::kQuarter, BoundKind::kYear};

TEST(PeriodTest, DatedKindsArePeriodsOthersAreNot) {
  for (const BoundKind kind : kPeriods) EXPECT_TRUE(IsPeriod(kind));
  for (const BoundKind kind :
       {BoundKind::kUnbounded, BoundKind::kUnknown, BoundKind::kInstant, BoundKind::kCut}) {
    EXPECT_FALSE(IsPeriod(kind));
  }
}

TEST(PeriodTest, PeriodsFollowEachOtherWithoutGap) {
  for (const BoundKind kind : kPeriods) {
    const int64_t start = PeriodAt(kind, 0).number - 50;
    for (int64_t number = start; number < start + 100; ++number) {
      EXPECT_EQ(BoundOf({kind, number}).latest, BoundOf({kind, number + 1}).earliest);
    }
  }
}

TEST(PeriodTest, ThePeriodAtAnInstantHoldsIt) {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<Instant> instants(DaysFromCivil(2, 1, 1) * kMicrosPerDay,
                                                  DaysFromCivil(9999, 12, 31) * kMicrosPerDay);
  for (int i = 0; i < 50'000; ++i) {
    const Instant t = instants(random);
    for (const BoundKind kind : kPeriods) {
      const Bound bound = BoundOf(PeriodAt(kind, t));
      EXPECT_LE(bound.earliest, t);
      EXPECT_LT(t, bound.latest);
      EXPECT_EQ(bound.kind, kind);
    }
  }
}

TEST(PeriodTest, AWinterBelongsToTheYearOfItsDecember) {
  const Instant february = DaysFromCivil(2027, 2, 28) * kMicrosPerDay;
  EXPECT_EQ(PeriodAt(BoundKind::kSeason, february).number, 4 * 2026 + 3);
}

TEST(PeriodTest, OnlyTheYears1To9999AreInRange) {
  EXPECT_FALSE(InRange({BoundKind::kYear, 0}));
  EXPECT_TRUE(InRange({BoundKind::kYear, 1}));
  EXPECT_TRUE(InRange({BoundKind::kYear, 9999}));
  EXPECT_FALSE(InRange({BoundKind::kYear, 10000}));
  EXPECT_FALSE(InRange({BoundKind::kMonth, 11}));
  EXPECT_TRUE(InRange({BoundKind::kMonth, 12}));
  EXPECT_TRUE(InRange({BoundKind::kSeason, int64_t{4} * 9999 + 3}));
  EXPECT_FALSE(InRange({BoundKind::kSeason, int64_t{4} * 10000}));
  EXPECT_FALSE(InRange({BoundKind::kDay, DaysFromCivil(0, 12, 31)}));
  EXPECT_TRUE(InRange({BoundKind::kDay, DaysFromCivil(1, 1, 1)}));
  EXPECT_TRUE(InRange({BoundKind::kDay, DaysFromCivil(9999, 12, 31)}));
  EXPECT_FALSE(InRange({BoundKind::kDay, DaysFromCivil(10000, 1, 1)}));
}

}  // namespace
}  // namespace relata
