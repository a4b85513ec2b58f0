#include "graph/budget.h"

#include "base/manual_clock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

TEST(BudgetTest, IsOpenUntilItsExpansionsAreSpent) {
  ManualClock clock(0);
  Budget budget(&clock, {.expansions = 10});
  RELATA_EXPECT_OK(budget.Spend(10));
  EXPECT_TRUE(budget.open());
  RELATA_EXPECT_OK(budget.Spend(1));
  EXPECT_EQ(budget.state(), Budget::State::kExpansionsSpent);
  EXPECT_EQ(budget.spent(), 11u);
}

TEST(BudgetTest, ClosesAtItsDeadline) {
  ManualClock clock(0);
  Budget budget(&clock, {.deadline_monotonic_us = 100});
  RELATA_EXPECT_OK(budget.Spend(1));
  EXPECT_TRUE(budget.open());
  clock.AdvanceMicros(100);
  for (int i = 0; i < 1000; ++i) RELATA_EXPECT_OK(budget.Spend(1));
  EXPECT_EQ(budget.state(), Budget::State::kTimeSpent);
}

TEST(BudgetTest, WhatWasSpentFirstStays) {
  ManualClock clock(0);
  Budget budget(&clock, {.expansions = 10, .deadline_monotonic_us = 100});
  RELATA_EXPECT_OK(budget.Spend(11));
  clock.AdvanceMicros(200);
  RELATA_EXPECT_OK(budget.Spend(10'000));
  EXPECT_EQ(budget.state(), Budget::State::kExpansionsSpent);
}

TEST(BudgetTest, SaysWhenTheClientHasGone) {
  ManualClock clock(0);
  bool gone = false;
  Budget budget(&clock, {}, [&] { return gone; });
  RELATA_EXPECT_OK(budget.Spend(10'000));
  gone = true;
  EXPECT_THAT(budget.Spend(10'000), StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace relata
