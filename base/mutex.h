#ifndef RELATA_BASE_MUTEX_H_
#define RELATA_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace relata {

// A lock that one thread holds at a time; not recursive. Clang's -Wthread-safety checks its use
// together with ABSL_GUARDED_BY and its kin.
//
// It is std::mutex underneath and not absl::Mutex, because ThreadSanitizer understands std::mutex,
// while a packaged Abseil that was built without ThreadSanitizer makes it report races that are
// none.
class ABSL_LOCKABLE Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

  // True if the lock was free and is now held.
  bool TryLock() ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true) { return mutex_.try_lock(); }

  // Tells the static analysis that the caller holds this lock, where it cannot see that itself (in
  // a lambda, for example). Does nothing at run time.
  void AssertHeld() const ABSL_ASSERT_EXCLUSIVE_LOCK() {}

 private:
  friend class CondVar;

  std::mutex mutex_;
};

// Holds `mutex` from construction to destruction. Borrows the mutex, which must live longer.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }

  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

// A condition that threads wait for. As ever, a wait may end for no reason: call it in a loop that
// tests the condition. All waits on one CondVar at a time must use the same Mutex.
class CondVar {
 public:
  CondVar() = default;
  CondVar(const CondVar&) = delete;
  CondVar& operator=(const CondVar&) = delete;

  // Releases `mutex`, sleeps until signalled, and holds `mutex` again on return.
  void Wait(Mutex* mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // As Wait(), for at most `timeout` of real time (a ManualClock has no influence). True if that
  // time passed without a signal. Zero and less only let other threads in; longer than a year, also
  // infinite, is cut to a year.
  bool WaitWithTimeout(Mutex* mutex, absl::Duration timeout) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    const absl::Duration bounded =
        timeout < absl::Hours(24 * 365) ? timeout : absl::Hours(24 * 365);
    std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
    const std::cv_status status = condition_.wait_for(
        lock, std::chrono::nanoseconds(absl::ToInt64Nanoseconds(
                  bounded > absl::ZeroDuration() ? bounded : absl::ZeroDuration())));
    lock.release();
    return status == std::cv_status::timeout;
  }

  // Wakes one waiting thread, if there is any.
  void Signal() { condition_.notify_one(); }
  // Wakes all waiting threads.
  void SignalAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace relata

#endif  // RELATA_BASE_MUTEX_H_
