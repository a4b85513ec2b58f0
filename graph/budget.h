#ifndef RELATA_GRAPH_BUDGET_H_
#define RELATA_GRAPH_BUDGET_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "base/clock.h"

namespace relata {

// What one question may spend, and when it must stop. Used by the one thread that answers;
// `cancelled` may read what other threads write, as long as it does so safely. `clock` must outlive
// it.
class Budget {
 public:
  struct Limits {
    uint64_t expansions = 10'000'000;  // relationships looked at
    int64_t deadline_monotonic_us = INT64_MAX;
  };
  // How a question stands.
  enum class State {
    kOpen,
    kExpansionsSpent,  // a cut answer is reproducible (S6)
    kTimeSpent,        // a cut answer is not
  };
  // `cancelled` (may be empty) is asked every few hundred expansions: true where the client has
  // gone. Must be cheap.
  Budget(Clock* clock, Limits limits, std::function<bool()> cancelled = nullptr)
      : clock_(clock), limits_(limits), cancelled_(std::move(cancelled)) {}

  // Counts `n` more expansions. CANCELLED where the client has gone. A spent budget is no error:
  // see state().
  absl::Status Spend(uint64_t n);
  State state() const { return state_; }
  bool open() const { return state_ == State::kOpen; }
  uint64_t spent() const { return spent_; }

 private:
  Clock* const clock_;
  const Limits limits_;
  const std::function<bool()> cancelled_;
  uint64_t spent_ = 0;
  uint64_t next_check_ = 0;
  State state_ = State::kOpen;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BUDGET_H_
