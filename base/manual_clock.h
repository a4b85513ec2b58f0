#ifndef RELATA_BASE_MANUAL_CLOCK_H_
#define RELATA_BASE_MANUAL_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace relata {

// A clock that stands still until it is told to move: for tests, and for replaying a commit log
// with the times that it recorded. Thread-safe.
class ManualClock : public Clock {
 public:
  // Starts at `now_micros`, microseconds since 1970-01-01T00:00:00Z, with the monotonic time at 0.
  explicit ManualClock(int64_t now_micros) : now_micros_(now_micros) {}

  int64_t NowMicros() override { return now_micros_.load(); }
  int64_t MonotonicMicros() override { return monotonic_micros_.load(); }

  // Sets the time of day, also backwards. The monotonic time stays as it is.
  void SetNowMicros(int64_t now_micros) { now_micros_.store(now_micros); }

  // Moves both times forward by `micros`, which must not be negative.
  void AdvanceMicros(int64_t micros) {
    now_micros_.fetch_add(micros);
    monotonic_micros_.fetch_add(micros);
  }

 private:
  std::atomic<int64_t> now_micros_;
  std::atomic<int64_t> monotonic_micros_{0};
};

}  // namespace relata

#endif  // RELATA_BASE_MANUAL_CLOCK_H_
