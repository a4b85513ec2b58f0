#include "client/retry.h"

#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/manual_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

class RetryTest : public testing::Test {
 protected:
  // Calls an attempt that takes `each` and always ends with `status`.
  absl::Status Retry(RetryKind kind, const absl::Status& status,
                     absl::Duration timeout = absl::Hours(1),
                     absl::Duration each = absl::ZeroDuration()) {
    return CallWithRetries(
        policy_, kind, timeout, &clock_,
        [this](absl::Duration wait) {
          waits_.push_back(wait);
          clock_.AdvanceMicros(absl::ToInt64Microseconds(wait));
        },
        [&](absl::Duration left) {
          time_left_.push_back(left);
          clock_.AdvanceMicros(absl::ToInt64Microseconds(each));
          return status;
        });
  }

  RetryPolicy policy_;
  ManualClock clock_{0};
  std::vector<absl::Duration> waits_;
  std::vector<absl::Duration> time_left_;
};

TEST_F(RetryTest, TriesUnavailableUpToTheLimit) {
  EXPECT_THAT(Retry(RetryKind::kUnavailable, absl::UnavailableError("away")),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(time_left_.size(), 5u);
  EXPECT_EQ(waits_.size(), 4u);
}

TEST_F(RetryTest, WaitsGrowWithJitterInTheUpperHalf) {
  policy_.max_attempts = 8;
  policy_.max_backoff = absl::Milliseconds(300);
  Retry(RetryKind::kUnavailable, absl::UnavailableError("away")).IgnoreError();
  const int expected[] = {50, 100, 200, 300, 300, 300, 300};
  ASSERT_EQ(waits_.size(), 7u);
  for (size_t i = 0; i < waits_.size(); ++i) {
    EXPECT_GE(waits_[i], absl::Milliseconds(expected[i]) / 2);
    EXPECT_LE(waits_[i], absl::Milliseconds(expected[i]));
  }
}

TEST_F(RetryTest, DoesNotRetryWhatIsNotSafe) {
  Retry(RetryKind::kNever, absl::UnavailableError("away")).IgnoreError();
  EXPECT_EQ(time_left_.size(), 1u);
  Retry(RetryKind::kUnavailable, absl::AbortedError("conflict")).IgnoreError();
  EXPECT_EQ(time_left_.size(), 2u);
  Retry(RetryKind::kUnavailableOrAborted, absl::InternalError("fault")).IgnoreError();
  EXPECT_EQ(time_left_.size(), 3u);
  Retry(RetryKind::kUnavailableOrAborted, absl::AbortedError("conflict")).IgnoreError();
  EXPECT_EQ(time_left_.size(), 8u);
}

// What the first try wrote is in doubt, and a later refusal does not tell.
TEST_F(RetryTest, ARefusalSaysThatAnEarlierTryGotNoAnswer) {
  int tries = 0;
  const absl::Status status = CallWithRetries(
      policy_, RetryKind::kUnavailable, absl::Hours(1), &clock_, [](absl::Duration) {},
      [&](absl::Duration) {
        if (++tries < 3) return absl::UnavailableError(absl::StrCat("away ", tries));
        absl::Status refused = absl::FailedPreconditionError("read-only");
        refused.SetPayload("details", absl::Cord("kept"));
        return refused;
      });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "read-only; an earlier try ended with: away 1");
  EXPECT_EQ(status.GetPayload("details"), absl::Cord("kept"));
  EXPECT_EQ(Retry(RetryKind::kUnavailable, absl::UnavailableError("away")).message(), "away");
}

TEST_F(RetryTest, StaysWithinTheTimeout) {
  EXPECT_THAT(Retry(RetryKind::kUnavailable, absl::UnavailableError("away"), absl::Seconds(10),
                    absl::Seconds(4)),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(time_left_.size(), 3u);
  EXPECT_EQ(time_left_.front(), absl::Seconds(10));
  EXPECT_LT(time_left_.back(), absl::Seconds(2));
}

TEST_F(RetryTest, NoTimeIsDeadlineExceeded) {
  EXPECT_THAT(Retry(RetryKind::kUnavailable, absl::OkStatus(), absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_TRUE(time_left_.empty());
}

}  // namespace
}  // namespace relata
