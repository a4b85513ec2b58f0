#ifndef RELATA_TESTS_SUPPORT_ALLOCATIONS_H_
#define RELATA_TESTS_SUPPORT_ALLOCATIONS_H_

#include <cstdint>

namespace relata {

// What this thread allocated by `new` since StartCounting. A test that links it has its `new` and
// `delete` replaced; what other threads free of this thread's is not seen.
struct Allocations {
  int64_t peak_bytes = 0;   // at most held at a time, with what malloc rounds them up to
  int64_t total_bytes = 0;  // all that was ever allocated: of a copy of everything, every time
};

void StartCounting();
Allocations StopCounting();

}  // namespace relata

#endif  // RELATA_TESTS_SUPPORT_ALLOCATIONS_H_
