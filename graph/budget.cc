#include "graph/budget.h"

namespace relata {
namespace {

// How many expansions may pass between two looks at the clock and at the client.
constexpr uint64_t kCheckEvery = 256;

}  // namespace

absl::Status Budget::Spend(uint64_t n) {
  spent_ += n;
  if (spent_ > limits_.expansions && state_ == State::kOpen) state_ = State::kExpansionsSpent;
  if (spent_ < next_check_) return absl::OkStatus();
  next_check_ = spent_ + kCheckEvery;
  if (cancelled_ && cancelled_()) {
    return absl::CancelledError("the question was cancelled by its client");
  }
  // A deadline that passed before the expansions were spent makes the cut depend on the clock.
  if (state_ == State::kOpen && limits_.deadline_monotonic_us != INT64_MAX &&
      clock_->MonotonicMicros() >= limits_.deadline_monotonic_us) {
    state_ = State::kTimeSpent;
  }
  return absl::OkStatus();
}

}  // namespace relata
