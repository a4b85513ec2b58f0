#include "graph/answers/chain_dates.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

Bound From(const std::string& text) { return *Bound::Parse(text, BoundRole::kFrom); }
Instant InstantOf(const std::string& text) { return *ParseInstant(text); }

TEST(StartedWithinTest, ExactBoundsAreOneInstant) {
  const Bound bound = From("2020-03-15T00:00:00Z");
  for (const bool certainly : {false, true}) {
    EXPECT_TRUE(StartedWithin(bound, InstantOf("2020-03-15"), InstantOf("2020-03-16"), certainly));
    EXPECT_FALSE(StartedWithin(bound, InstantOf("2020-03-14"), InstantOf("2020-03-15"), certainly));
    EXPECT_FALSE(StartedWithin(bound, InstantOf("2020-03-16"), kPlusInfinity, certainly));
  }
}

TEST(StartedWithinTest, PossiblyIsSomeInstantCertainlyIsAll) {
  const Bound june = From("2020-06");
  EXPECT_TRUE(StartedWithin(june, InstantOf("2020-06-30"), InstantOf("2021-01-01"), false));
  EXPECT_FALSE(StartedWithin(june, InstantOf("2020-06-30"), InstantOf("2021-01-01"), true));
  EXPECT_TRUE(StartedWithin(june, InstantOf("2020-06-01"), InstantOf("2020-07-01"), true));
  EXPECT_FALSE(StartedWithin(june, InstantOf("2020-06-01"), InstantOf("2020-06-30"), true));
  EXPECT_FALSE(StartedWithin(june, InstantOf("2020-07-01"), kPlusInfinity, false));
  EXPECT_FALSE(StartedWithin(june, kMinusInfinity, InstantOf("2020-06-01"), false));
}

TEST(StartedWithinTest, UnknownPossiblyAnywhereCertainlyOnlyWithoutLimits) {
  const Bound unknown = From("");
  EXPECT_TRUE(StartedWithin(unknown, InstantOf("2020-01-01"), InstantOf("2020-01-02"), false));
  EXPECT_FALSE(StartedWithin(unknown, InstantOf("2020-01-01"), kPlusInfinity, true));
  EXPECT_FALSE(StartedWithin(unknown, kMinusInfinity, InstantOf("2020-01-01"), true));
  EXPECT_TRUE(StartedWithin(unknown, kMinusInfinity, kPlusInfinity, true));
}

TEST(StartedWithinTest, UnboundedLiesBeforeEverything) {
  EXPECT_TRUE(StartedWithin(From(".."), kMinusInfinity, InstantOf("0001-01-01"), true));
  EXPECT_FALSE(StartedWithin(From(".."), InstantOf("0001-01-01"), kPlusInfinity, false));
}

// Whether dates can be picked, from the first step on, by trying instants on a grid that holds
// every edge of the bounds.
bool CanPick(const std::vector<Bound>& bounds, size_t i, int64_t least) {
  if (i == bounds.size()) return true;
  for (int64_t t = least; t <= 12; ++t) {
    const Bound& b = bounds[i];
    const bool holds = b.exact() ? t == b.earliest : b.earliest <= t && t < b.latest;
    if (holds && CanPick(bounds, i + 1, t)) return true;
  }
  return false;
}

TEST(DateOrderTest, AgreesWithPickingDatesInBothDirections) {
  std::mt19937_64 random(11);
  int fitting = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Bound> bounds;
    do {
      Bound& b = bounds.emplace_back();
      b.kind = BoundKind::kCut;
      b.earliest = static_cast<int64_t>(random() % 10);
      b.latest = b.earliest + static_cast<int64_t>(random() % 3);
    } while (bounds.size() < 5 && random() % 4 != 0);
    const std::vector<Bound> backward(bounds.rbegin(), bounds.rend());
    DateOrder along(/*outgoing=*/true);
    DateOrder against(/*outgoing=*/false);
    bool along_fits = true;
    bool against_fits = true;
    for (size_t i = 0; i < bounds.size(); ++i) {
      along_fits = along_fits && along.Add(bounds[i]);
      against_fits = against_fits && against.Add(backward[i]);
    }
    const bool expected = CanPick(bounds, 0, 0);
    ASSERT_EQ(along_fits, expected) << "round " << round;
    ASSERT_EQ(against_fits, expected) << "round " << round;
    fitting += expected;
  }
  EXPECT_GT(fitting, 2'000);
  EXPECT_LT(fitting, 18'000);
}

TEST(DateOrderTest, UnboundedIsBeforeWhatHasADate) {
  DateOrder order(/*outgoing=*/true);
  EXPECT_TRUE(order.Add(From("..")));
  EXPECT_TRUE(order.Add(From("2020")));
  EXPECT_FALSE(order.Add(From("..")));
}

TEST(DateOrderTest, UnknownFitsAnywhereAndCarries) {
  DateOrder order(/*outgoing=*/true);
  EXPECT_TRUE(order.Add(From("2020-11-05")));
  EXPECT_TRUE(order.Add(From("")));
  EXPECT_FALSE(order.Add(From("2020-10-01")));
}

TEST(DateOrderTest, TheFirstInstantAfterAPeriodIsNotInIt) {
  DateOrder order(/*outgoing=*/true);
  EXPECT_TRUE(order.Add(From("2021-01-01T00:00:00Z")));
  EXPECT_FALSE(order.Add(From("2020")));
}

}  // namespace
}  // namespace relata
