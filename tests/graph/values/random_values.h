#ifndef RELATA_TESTS_GRAPH_VALUES_RANDOM_VALUES_H_
#define RELATA_TESTS_GRAPH_VALUES_RANDOM_VALUES_H_

#include <cstdint>
#include <random>
#include <string>

#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// Seeded values of all storable types, and null. Each draw comes from a small pool of hard ones
// (NaN, -0.0, 2^53 and its neighbours, empty strings, NULs, CJK, decimals of different scale, days
// before 1970) or at random, so that two draws are often equal or next to each other.
class RandomValues {
 public:
  explicit RandomValues(uint64_t seed) : random_(seed) {}

  // Lists hold up to four elements and are nested up to `list_depth` deep.
  Value Any(int list_depth = 2);
  Value Number();
  std::string String();
  // A bound as Parse, At or a cut makes it.
  Bound AnyBound(BoundRole role);
  uint64_t Below(uint64_t limit) { return random_() % limit; }

 private:
  // Of any size, small ones as likely as large ones.
  int64_t Integer();
  double Float();
  Decimal AnyDecimal();
  Value Temporal();
  // A day near 1970, or any in range.
  int64_t Day();

  std::mt19937_64 random_;
};

// Equal in type, fields and qualifier, bit for bit: 1 and 1.0, 0.0 and -0.0, 1.0 and 1.00 differ.
bool Identical(const Value& a, const Value& b);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_VALUES_RANDOM_VALUES_H_
