#ifndef RELATA_BASE_CLOCK_H_
#define RELATA_BASE_CLOCK_H_

#include <cstdint>

namespace relata {

// The only source of time in Relata. Whoever needs the time gets a Clock* from outside, so that a
// test can put a ManualClock there. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Microseconds since 1970-01-01T00:00:00Z, without leap seconds. May jump, also backwards, when
  // the machine's time is corrected.
  virtual int64_t NowMicros() = 0;

  // Microseconds since some fixed moment in the past; never goes back. For deadlines and for
  // measuring how long something took.
  virtual int64_t MonotonicMicros() = 0;
};

// The machine's clock. Lives as long as the process; the caller does not own it.
Clock* SystemClock();

}  // namespace relata

#endif  // RELATA_BASE_CLOCK_H_
