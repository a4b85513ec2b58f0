#include "graph/query/executor/execution_context.h"

#include <atomic>
#include <climits>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

TEST(QueryBudgetTest, OnceStoppedGivesTheFirstReason) {
  QueryBudget budget(SystemClock(), {}, nullptr);
  RELATA_EXPECT_OK(budget.CheckStopped());
  budget.Stop(absl::ResourceExhaustedError("first"));
  budget.Stop(absl::CancelledError("second"));
  EXPECT_EQ(budget.CheckStopped(), absl::ResourceExhaustedError("first"));
  EXPECT_EQ(budget.Spend(UINT_MAX), absl::ResourceExhaustedError("first"));
}

TEST(QueryBudgetTest, AsksWhetherItIsCancelledByOneThreadAtATime) {
  std::atomic<int> asking{0};
  std::atomic<int> most{0};
  std::atomic<int> asked{0};
  QueryBudget budget(SystemClock(), {}, [&] {
    const int now = ++asking;
    if (now > most) most = now;
    std::this_thread::yield();
    --asking;
    return ++asked >= 1000;
  });
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&budget] {
      while (budget.CheckStopped().ok()) continue;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 1);
  EXPECT_GE(asked, 1000);
}

}  // namespace
}  // namespace relata::query
