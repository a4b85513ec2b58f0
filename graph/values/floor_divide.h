#ifndef RELATA_GRAPH_VALUES_FLOOR_DIVIDE_H_
#define RELATA_GRAPH_VALUES_FLOOR_DIVIDE_H_

#include <cstdint>

namespace relata {

// Rounded down, also below 0. Preconditions: b > 0, and nothing overflows.
constexpr int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
// What that leaves, from 0 to b - 1.
constexpr int64_t FloorModulo(int64_t a, int64_t b) { return a - FloorDivide(a, b) * b; }

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_FLOOR_DIVIDE_H_
