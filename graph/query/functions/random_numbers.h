#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_RANDOM_NUMBERS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_RANDOM_NUMBERS_H_

#include <cstdint>

namespace relata::query {

// The next 64 random bits of rand() and randomUUID(): SplitMix64 (Steele, Lea, Flood, "Fast
// Splittable Pseudorandom Number Generators", OOPSLA 2014). Not for secrets.
inline uint64_t NextRandom(uint64_t* state) {
  *state += 0x9e3779b97f4a7c15;
  uint64_t bits = *state;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_RANDOM_NUMBERS_H_
