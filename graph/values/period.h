#ifndef RELATA_GRAPH_VALUES_PERIOD_H_
#define RELATA_GRAPH_VALUES_PERIOD_H_

#include <cstdint>

#include "graph/values/bound.h"

namespace relata {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// The calendar periods that a bound may name, each kind numbered without gaps, later ones higher.
// The numbers live on disk.
//   kDay      days since 1970-01-01
//   kMonth    12 * year + (month - 1)
//   kSeason   4 * year + 0 (March to May), 1, 2, 3 (December to February of the next year)
//   kQuarter  4 * year + 0 (January to March) to 3
//   kYear     the year
struct Period {
  BoundKind kind = BoundKind::kDay;
  int64_t number = 0;
};

// Whether bounds of this kind name a period.
bool IsPeriod(BoundKind kind);
// Whether the period lies in the years 0001 to 9999, as every parsed one does (a winter may end
// later). Precondition: IsPeriod(period.kind).
bool InRange(const Period& period);
// The bound [first instant, first instant after). Precondition: InRange(period).
Bound BoundOf(const Period& period);
// The period of this kind that holds `t`. Preconditions: IsPeriod(kind), and `t` is finite.
Period PeriodAt(BoundKind kind, Instant t);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_PERIOD_H_
