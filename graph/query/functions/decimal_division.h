#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_DECIMAL_DIVISION_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_DECIMAL_DIVISION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "graph/values/decimal.h"

namespace relata::query {

// Division of decimals, which unlike their sum and product is not always exact.

// Digits that a quotient keeps after the point.
inline constexpr int kQuotientScale = 20;

// a / b with up to kQuotientScale digits after the point (fewer where the result has more than 38
// in all), the last one rounded half to even. An exact quotient has no more zeros at the end than
// the scales of a and b ask for. DivisionByZero; NumberOverflow where it does not fit at all.
absl::StatusOr<Decimal> DivideDecimals(const Decimal& a, const Decimal& b);

// What is left of a after b was taken off as many whole times as it fits, with the sign of a.
// Exact. DivisionByZero.
absl::StatusOr<Decimal> RemainderOfDecimals(const Decimal& a, const Decimal& b);

// How RoundDecimal treats what it cuts off. The first two look at the direction only, the halves
// only where both neighbours are equally near.
enum class RoundingMode : uint8_t {
  kUp,        // away from zero
  kDown,      // toward zero
  kCeiling,   // toward plus infinity
  kFloor,     // toward minus infinity
  kHalfUp,    // half away from zero
  kHalfDown,  // half toward zero
  kHalfEven,
  kHalfCeiling,  // half toward plus infinity
};
// `value` with `scale` digits after the point (0 to 38); a value of a smaller scale is unchanged.
Decimal RoundDecimal(const Decimal& value, int scale, RoundingMode mode);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_DECIMAL_DIVISION_H_
