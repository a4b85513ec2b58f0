#include "base/clock.h"

#include <chrono>

namespace relata {
namespace {

template <typename StdClock>
int64_t MicrosOf() {
  return std::chrono::duration_cast<std::chrono::microseconds>(StdClock::now().time_since_epoch())
      .count();
}

class MachineClock : public Clock {
 public:
  int64_t NowMicros() override { return MicrosOf<std::chrono::system_clock>(); }
  int64_t MonotonicMicros() override { return MicrosOf<std::chrono::steady_clock>(); }
};

}  // namespace

Clock* SystemClock() {
  // Never destroyed, so that threads which outlive main() may still ask for the time.
  static Clock* const kClock = new MachineClock();
  return kClock;
}

}  // namespace relata
