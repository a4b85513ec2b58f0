#include "graph/values/floor_divide.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

// The Gregorian calendar repeats every 400 years ("era" below). Years are counted from 1 March
// here, so that the leap day is the last day of a year and needs no case of its own. The method is
// Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil,
// civil_from_days).
constexpr int64_t kYearsPerEra = 400;
constexpr int64_t kDaysPerEra = 146097;
// From 0000-03-01 to 1970-01-01.
constexpr int64_t kEpochShift = 719468;

}  // namespace

int64_t DaysFromCivil(int64_t year, int month, int day) {
  const int64_t shifted_year = month <= 2 ? year - 1 : year;
  const int64_t era = FloorDivide(shifted_year, kYearsPerEra);
  const int64_t year_of_era = shifted_year - era * kYearsPerEra;
  const int64_t month_from_march = (month + 9) % 12;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kEpochShift;
}

void CivilFromDays(int64_t days, int64_t* year, int* month, int* day) {
  const int64_t shifted = days + kEpochShift;
  const int64_t era = FloorDivide(shifted, kDaysPerEra);
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  *day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  *month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  *year = year_of_era + era * kYearsPerEra + (*month <= 2 ? 1 : 0);
}

int DaysInMonth(int64_t year, int month) {
  if (month == 2) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return leap ? 29 : 28;
  }
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace relata
