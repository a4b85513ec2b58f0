#ifndef RELATA_CLIENT_RETRY_H_
#define RELATA_CLIENT_RETRY_H_

#include <functional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace relata {

// How a call is tried again after an error that may pass.
struct RetryPolicy {
  // Tries in all, the first one too; 1 never tries again.
  int max_attempts = 5;
  // The wait before the second try; each further one is twice as long, up to max_backoff. What is
  // really waited is drawn at random from the upper half of that, so that clients that failed
  // together do not come back together. A longer wait that the server asked for is kept.
  absl::Duration initial_backoff = absl::Milliseconds(50);
  absl::Duration max_backoff = absl::Seconds(2);
};

// Which errors of a call may be answered by another try.
enum class RetryKind {
  // None: the call is not safe to repeat.
  kNever,
  // UNAVAILABLE: reads, and writes that carry a request id.
  kUnavailable,
  // UNAVAILABLE and ABORTED: writes with a request id and without preconditions.
  kUnavailableOrAborted,
};

// Whether a call of this kind that ended with `status` may be tried again.
bool MayRetry(RetryKind kind, const absl::Status& status);

// Waits for a duration; tests put their own in its place.
using Sleeper = std::function<void(absl::Duration)>;

// Calls `attempt` with the time it may take until it succeeds, fails for good, or the tries or
// `timeout` (for all of it, waits included) are used up; returns its last status, with the message
// of the first try that was UNAVAILABLE where that is another: what that one wrote is in doubt.
// With no time left at all, DEADLINE_EXCEEDED.
absl::Status CallWithRetries(const RetryPolicy& policy, RetryKind kind, absl::Duration timeout,
                             Clock* clock, const Sleeper& sleep,
                             absl::FunctionRef<absl::Status(absl::Duration)> attempt);

}  // namespace relata

#endif  // RELATA_CLIENT_RETRY_H_
