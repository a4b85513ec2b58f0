#include "base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <thread>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr int kLowest = 19;

int NicenessOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

TEST(ThreadPriorityTest, WorkRunsBehindOthersAndTheCallerStays) {
  const int before = NicenessOfThisThread();
  int within = before;
  RunBehindOthers([&] { within = NicenessOfThisThread(); });
  EXPECT_GE(within, std::min(before + 1, kLowest));
  EXPECT_EQ(NicenessOfThisThread(), before);
}

TEST(ThreadPriorityTest, ThreadsThatTheWorkStartsAreBehindOthersToo) {
  const int before = NicenessOfThisThread();
  int within = before;
  RunBehindOthers([&] { std::thread([&] { within = NicenessOfThisThread(); }).join(); });
  EXPECT_GE(within, std::min(before + 1, kLowest));
}

TEST(ThreadPriorityTest, TheCallerGetsWhatTheWorkThrows) {
  EXPECT_THROW(RunBehindOthers([] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace
}  // namespace relata
