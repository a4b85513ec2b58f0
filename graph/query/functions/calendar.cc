#include "graph/query/functions/calendar.h"

#include "graph/values/temporal.h"

namespace relata::query {
namespace {

// 1970-01-01 was a Thursday.
int DayOfWeek(int64_t days) { return static_cast<int>(FloorModulo(days + 3, 7)) + 1; }

}  // namespace

int64_t FirstDayOfWeekYear(int64_t week_year) {
  // 4 January always lies in week 1.
  const int64_t fourth = DaysFromCivil(week_year, 1, 4);
  return fourth - (DayOfWeek(fourth) - 1);
}

int WeeksInYear(int64_t week_year) {
  return static_cast<int>((FirstDayOfWeekYear(week_year + 1) - FirstDayOfWeekYear(week_year)) / 7);
}

WeekDate ToWeekDate(int64_t days) {
  WeekDate date;
  date.day_of_week = DayOfWeek(days);
  // The Thursday of a week lies in its year.
  int month = 0;
  int day = 0;
  CivilFromDays(days - date.day_of_week + 4, &date.week_year, &month, &day);
  date.week = static_cast<int>((days - FirstDayOfWeekYear(date.week_year)) / 7) + 1;
  return date;
}

bool IsLeapYear(int64_t year) { return DaysInMonth(year, 2) == 29; }

int OrdinalDay(int64_t days) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  CivilFromDays(days, &year, &month, &day);
  return static_cast<int>(days - DaysFromCivil(year, 1, 1)) + 1;
}

int64_t FirstDayOfQuarter(int64_t year, int quarter) {
  return DaysFromCivil(year, (quarter - 1) * 3 + 1, 1);
}

int DaysInQuarter(int64_t year, int quarter) {
  const int64_t next =
      quarter == 4 ? DaysFromCivil(year + 1, 1, 1) : FirstDayOfQuarter(year, quarter + 1);
  return static_cast<int>(next - FirstDayOfQuarter(year, quarter));
}

}  // namespace relata::query
