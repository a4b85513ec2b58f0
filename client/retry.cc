#include "client/retry.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "client/call_error.h"

namespace relata {

bool MayRetry(RetryKind kind, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return kind != RetryKind::kNever;
    case absl::StatusCode::kAborted:
      return kind == RetryKind::kUnavailableOrAborted;
    default:
      return false;
  }
}

absl::Status CallWithRetries(const RetryPolicy& policy, RetryKind kind, absl::Duration timeout,
                             Clock* clock, const Sleeper& sleep,
                             absl::FunctionRef<absl::Status(absl::Duration)> attempt) {
  const int64_t start = clock->MonotonicMicros();
  absl::Duration backoff = policy.initial_backoff;
  absl::Status status = absl::DeadlineExceededError("the time for the call is used up");
  for (int tries = 1;; ++tries) {
    const absl::Duration left = timeout - absl::Microseconds(clock->MonotonicMicros() - start);
    if (left <= absl::ZeroDuration()) return status;
    status = attempt(left);
    if (status.ok() || tries >= policy.max_attempts || !MayRetry(kind, status)) return status;
    absl::BitGen random;
    const absl::Duration drawn = backoff * absl::Uniform(random, 0.5, 1.0);
    const absl::Duration wait = std::max(drawn, ReadCallError(status).retry_delay);
    if (wait >= timeout - absl::Microseconds(clock->MonotonicMicros() - start)) return status;
    sleep(wait);
    backoff = std::min(backoff * 2, policy.max_backoff);
  }
}

}  // namespace relata
