#include "graph/values/temporal.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(CalendarTest, KnownDays) {
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
  EXPECT_EQ(DaysFromCivil(1969, 12, 31), -1);
  EXPECT_EQ(DaysFromCivil(2000, 2, 29), 11016);
  EXPECT_EQ(DaysFromCivil(2026, 3, 11), 20523);
  EXPECT_EQ(DaysFromCivil(1, 1, 1), -719162);
  EXPECT_EQ(DaysFromCivil(-999'999'999, 1, 1), Date::kMinDays);
  EXPECT_EQ(DaysFromCivil(999'999'999, 12, 31), Date::kMaxDays);
}

// Walks 900 years day by day, beside a counter that knows only the lengths of months.
TEST(CalendarTest, EveryDayFollowsTheOneBefore) {
  int64_t days = DaysFromCivil(-100, 1, 1);
  for (int64_t year = -100; year < 800; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= DaysInMonth(year, month); ++day, ++days) {
        int64_t got_year;
        int got_month;
        int got_day;
        CivilFromDays(days, &got_year, &got_month, &got_day);
        ASSERT_EQ(got_year, year);
        ASSERT_EQ(got_month, month);
        ASSERT_EQ(got_day, day);
        ASSERT_EQ(DaysFromCivil(year, month, day), days);
      }
    }
  }
}

TEST(CalendarTest, LeapYears) {
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
  EXPECT_EQ(DaysInMonth(2026, 2), 28);
  EXPECT_EQ(DaysInMonth(1900, 2), 28);
  EXPECT_EQ(DaysInMonth(2000, 2), 29);
  EXPECT_EQ(DaysInMonth(0, 2), 29);
  EXPECT_EQ(DaysInMonth(-4, 2), 29);
  EXPECT_EQ(DaysInMonth(2026, 4), 30);
  EXPECT_EQ(DaysInMonth(2026, 12), 31);
}

}  // namespace
}  // namespace relata
