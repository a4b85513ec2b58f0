#ifndef RELATA_GRAPH_VALUES_NUMBER_ORDER_H_
#define RELATA_GRAPH_VALUES_NUMBER_ORDER_H_

#include <cstddef>
#include <cstdint>

#include "graph/values/decimal.h"

namespace relata {

// The one collation of int64, float64 and decimal (S7), by exact mathematical value: nothing is
// rounded, so 2^53 + 1 and the decimal 0.1 differ from the doubles nearest to them. -0.0 equals
// 0.0; NaN equals NaN and is above infinity. Negative, 0, positive. storage/codec/ordered_number.h
// gives key bytes in the same order.
int CompareNumbers(int64_t a, int64_t b);
int CompareNumbers(double a, double b);
int CompareNumbers(int64_t a, double b);
int CompareNumbers(int64_t a, const Decimal& b);
int CompareNumbers(const Decimal& a, double b);
// The rest of the pairs, so that no argument is converted on the way.
inline int CompareNumbers(double a, int64_t b) { return -CompareNumbers(b, a); }
inline int CompareNumbers(double a, const Decimal& b) { return -CompareNumbers(b, a); }
inline int CompareNumbers(const Decimal& a, int64_t b) { return -CompareNumbers(b, a); }
inline int CompareNumbers(const Decimal& a, const Decimal& b) { return Compare(a, b); }

// Equal numbers have equal hashes, whatever their types. Not stable between runs.
size_t HashNumber(int64_t number);
size_t HashNumber(double number);
size_t HashNumber(const Decimal& number);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_NUMBER_ORDER_H_
