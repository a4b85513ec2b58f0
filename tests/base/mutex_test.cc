#include "base/mutex.h"

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

struct Counter {
  Mutex mutex;
  CondVar changed;
  int value ABSL_GUARDED_BY(mutex) = 0;
};

TEST(MutexTest, KeepsConcurrentIncrementsApart) {
  Counter counter;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counter] {
      for (int i = 0; i < 10000; ++i) {
        MutexLock lock(&counter.mutex);
        ++counter.value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  MutexLock lock(&counter.mutex);
  EXPECT_EQ(counter.value, 40000);
}

// Whether another thread could take the lock now.
bool IsFree(Mutex& mutex) {
  bool taken = false;
  std::thread([&mutex, &taken] {
    if (mutex.TryLock()) {
      taken = true;
      mutex.Unlock();
    }
  }).join();
  return taken;
}

TEST(MutexTest, TryLockFailsWhileAnotherThreadHoldsIt) {
  Mutex mutex;
  {
    MutexLock lock(&mutex);
    EXPECT_FALSE(IsFree(mutex));
  }
  EXPECT_TRUE(IsFree(mutex));
}

TEST(CondVarTest, SignalWakesAWaiter) {
  Counter counter;
  std::thread waker([&counter] {
    MutexLock lock(&counter.mutex);
    counter.value = 1;
    counter.changed.Signal();
  });
  {
    MutexLock lock(&counter.mutex);
    while (counter.value == 0) counter.changed.Wait(&counter.mutex);
    EXPECT_EQ(counter.value, 1);
  }
  waker.join();
}

TEST(CondVarTest, SignalAllWakesEveryWaiter) {
  Counter counter;
  int done = 0;
  std::vector<std::thread> waiters;
  waiters.reserve(3);
  for (int t = 0; t < 3; ++t) {
    waiters.emplace_back([&counter, &done] {
      MutexLock lock(&counter.mutex);
      while (counter.value == 0) counter.changed.WaitWithTimeout(&counter.mutex, absl::Hours(1));
      ++done;
    });
  }
  {
    MutexLock lock(&counter.mutex);
    counter.value = 1;
    counter.changed.SignalAll();
  }
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(done, 3);
}

TEST(CondVarTest, WaitEndsWhenTheTimeIsUpAndHoldsTheLockAgain) {
  Counter counter;
  MutexLock lock(&counter.mutex);
  while (!counter.changed.WaitWithTimeout(&counter.mutex, absl::Milliseconds(1))) {
  }
  EXPECT_TRUE(counter.changed.WaitWithTimeout(&counter.mutex, -absl::InfiniteDuration()));
  EXPECT_FALSE(IsFree(counter.mutex));
}

}  // namespace
}  // namespace relata
