#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_CALENDAR_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_CALENDAR_H_

#include <cstdint>

#include "graph/values/floor_divide.h"

namespace relata::query {

// Other ways to name a day than year, month and day, all proleptic Gregorian; days count from
// 1970-01-01. Weeks are those of ISO 8601: from Monday, the first of a year is the one with its
// first Thursday.

// The years of dates end here, and at its negative.
inline constexpr int64_t kMaxYear = 999'999'999;

struct WeekDate {
  int64_t week_year = 0;
  int week = 1;         // 1 to 53
  int day_of_week = 1;  // 1, Monday, to 7
};
WeekDate ToWeekDate(int64_t days);
// The Monday of week 1.
int64_t FirstDayOfWeekYear(int64_t week_year);
int WeeksInYear(int64_t week_year);

bool IsLeapYear(int64_t year);
// 1 to 366.
int OrdinalDay(int64_t days);
// 1 to 4, of a month 1 to 12.
constexpr int QuarterOfMonth(int month) { return (month - 1) / 3 + 1; }
// The first day of a quarter 1 to 4, and how many days it has.
int64_t FirstDayOfQuarter(int64_t year, int quarter);
int DaysInQuarter(int64_t year, int quarter);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_CALENDAR_H_
