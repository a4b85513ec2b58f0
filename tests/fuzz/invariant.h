#ifndef RELATA_TESTS_FUZZ_INVARIANT_H_
#define RELATA_TESTS_FUZZ_INVARIANT_H_

#include <cstdio>
#include <cstdlib>

// Ends the program where `condition` does not hold, which is how a fuzzer learns that an input is a
// finding. Also in release builds.
#define FUZZ_CHECK(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

#endif  // RELATA_TESTS_FUZZ_INVARIANT_H_
