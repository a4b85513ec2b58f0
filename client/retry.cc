#include "client/retry.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

namespace {

// What a try that got no answer did is not told by the error of a later one: a write that it may
// have made is still in doubt.
absl::Status WithEarlier(const absl::Status& earlier, const absl::Status& status) {
  if (status.ok() || earlier.ok() || earlier.message() == status.message()) return status;
  absl::Status both(
      status.code(),
      absl::StrCat(status.message(), "; an earlier try ended with: ", earlier.message()));
  status.ForEachPayload([&both](absl::string_view type, const absl::Cord& payload) {
    both.SetPayload(type, payload);
  });
  return both;
}

}  // namespace

absl::Status CallWithRetries(const RetryPolicy& policy, RetryKind kind, absl::Duration timeout,
                             Clock* clock, const Sleeper& sleep,
                             absl::FunctionRef<absl::Status(absl::Duration)> attempt) {
  const int64_t start = clock->MonotonicMicros();
  absl::Duration backoff = policy.initial_backoff;
  absl::Status status = absl::DeadlineExceededError("the time for the call is used up");
  absl::Status unanswered;
  for (int tries = 1;; ++tries) {
    const absl::Duration left = timeout - absl::Microseconds(clock->MonotonicMicros() - start);
    if (left <= absl::ZeroDuration()) return status;
    status = WithEarlier(unanswered, attempt(left));
    if (status.ok() || tries >= policy.max_attempts || !MayRetry(kind, status)) return status;
    if (absl::IsUnavailable(status) && unanswered.ok()) unanswered = status;
    absl::BitGen random;
    const absl::Duration drawn = backoff * absl::Uniform(random, 0.5, 1.0);
    const absl::Duration wait = std::max(drawn, ReadCallError(status).retry_delay);
    if (wait >= timeout - absl::Microseconds(clock->MonotonicMicros() - start)) return status;
    sleep(wait);
    backoff = std::min(backoff * 2, policy.max_backoff);
  }
}

}  // namespace relata
