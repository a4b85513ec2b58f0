#include "base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <new>
#include <thread>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr int kLowest = 19;

int NicenessOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

TEST(ThreadPriorityTest, WorkRunsBehindOthersAndTheCallerStays) {
  const int before = NicenessOfThisThread();
  if (before == kLowest) GTEST_SKIP() << "the tests themselves run behind all others";
  int within = before;
  RunBehindOthers([&] { within = NicenessOfThisThread(); });
  EXPECT_GT(within, before);
  EXPECT_EQ(NicenessOfThisThread(), before);
}

TEST(ThreadPriorityTest, ThreadsThatTheWorkStartsAreBehindOthersToo) {
  const int before = NicenessOfThisThread();
  if (before == kLowest) GTEST_SKIP() << "the tests themselves run behind all others";
  int within = before;
  RunBehindOthers([&] { std::thread([&] { within = NicenessOfThisThread(); }).join(); });
  EXPECT_GT(within, before);
}

TEST(ThreadPriorityTest, TheCallerGetsWhatTheWorkThrows) {
  EXPECT_THROW(RunBehindOthers([] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace
}  // namespace relata
