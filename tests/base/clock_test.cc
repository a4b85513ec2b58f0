#include "base/clock.h"

#include <cstdint>
#include <ctime>

#include "base/manual_clock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(SystemClockTest, AgreesWithTheTimeOfTheMachine) {
  const int64_t before = static_cast<int64_t>(std::time(nullptr));
  const int64_t now = SystemClock()->NowMicros();
  const int64_t after = static_cast<int64_t>(std::time(nullptr));
  EXPECT_GE(now, (before - 1) * 1000000);
  EXPECT_LE(now, (after + 2) * 1000000);
}

TEST(SystemClockTest, MonotonicTimeNeverGoesBackAndMoves) {
  const int64_t start = SystemClock()->MonotonicMicros();
  int64_t last = start;
  while (last == start) {
    const int64_t now = SystemClock()->MonotonicMicros();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(last, start);
}

TEST(ManualClockTest, StandsStillUntilItIsMoved) {
  ManualClock clock(1'000'000);
  EXPECT_EQ(clock.NowMicros(), 1'000'000);
  EXPECT_EQ(clock.MonotonicMicros(), 0);
  clock.AdvanceMicros(250);
  EXPECT_EQ(clock.NowMicros(), 1'000'250);
  EXPECT_EQ(clock.MonotonicMicros(), 250);
}

TEST(ManualClockTest, TheTimeOfDayMayGoBackButMonotonicTimeStays) {
  ManualClock clock(5);
  clock.AdvanceMicros(10);
  clock.SetNowMicros(-7);
  EXPECT_EQ(clock.NowMicros(), -7);
  EXPECT_EQ(clock.MonotonicMicros(), 10);
}

}  // namespace
}  // namespace relata
