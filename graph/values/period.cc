#include "graph/values/period.h"

#include "graph/values/floor_divide.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

constexpr int64_t kFirstYear = 1;
constexpr int64_t kLastYear = 9999;

int MonthsPerPeriod(BoundKind kind) {
  switch (kind) {
    case BoundKind::kYear:
      return 12;
    case BoundKind::kSeason:
    case BoundKind::kQuarter:
      return 3;
    default:
      return 1;
  }
}

// Seasons start in March, two months into the year.
int FirstMonthShift(BoundKind kind) { return kind == BoundKind::kSeason ? 2 : 0; }

// `month` counts as Period does for kMonth.
Instant FirstInstantOfMonth(int64_t month) {
  const int64_t year = FloorDivide(month, 12);
  return DaysFromCivil(year, static_cast<int>(month - 12 * year) + 1, 1) * kMicrosPerDay;
}

}  // namespace

bool IsPeriod(BoundKind kind) { return kind >= BoundKind::kDay && kind <= BoundKind::kYear; }

bool InRange(const Period& period) {
  if (period.kind == BoundKind::kDay) {
    return period.number >= DaysFromCivil(kFirstYear, 1, 1) &&
           period.number <= DaysFromCivil(kLastYear, 12, 31);
  }
  const int64_t per_year = 12 / MonthsPerPeriod(period.kind);
  return period.number >= kFirstYear * per_year && period.number < (kLastYear + 1) * per_year;
}

Bound BoundOf(const Period& period) {
  if (period.kind == BoundKind::kDay) {
    const Instant first = period.number * kMicrosPerDay;
    return Bound{first, first + kMicrosPerDay, period.kind};
  }
  const int months = MonthsPerPeriod(period.kind);
  const int64_t first_month = period.number * months + FirstMonthShift(period.kind);
  return Bound{FirstInstantOfMonth(first_month), FirstInstantOfMonth(first_month + months),
               period.kind};
}

Period PeriodAt(BoundKind kind, Instant t) {
  const int64_t days = FloorDivide(t, kMicrosPerDay);
  if (kind == BoundKind::kDay) return {kind, days};
  int64_t year;
  int month;
  int day;
  CivilFromDays(days, &year, &month, &day);
  const int64_t months = 12 * year + month - 1 - FirstMonthShift(kind);
  return {kind, FloorDivide(months, MonthsPerPeriod(kind))};
}

}  // namespace relata
