#ifndef RELATA_CLIENT_CALL_CANCELLER_H_
#define RELATA_CLIENT_CALL_CANCELLER_H_

#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"

namespace relata {

// Lets another thread end a call of Client, which then returns CANCELLED: also one that only
// begins later. For one call; thread-safe. Not for signal handlers, which must not take locks.
class CallCanceller {
 public:
  void Cancel() {
    MutexLock lock(&mutex_);
    cancelled_ = true;
    if (end_) end_();
  }
  bool cancelled() const {
    MutexLock lock(&mutex_);
    return cancelled_;
  }

 private:
  friend class Client;

  // While the call runs `end` stops it; an empty one when it is over.
  void Attach(std::function<void()> end) {
    MutexLock lock(&mutex_);
    end_ = std::move(end);
    if (cancelled_ && end_) end_();
  }

  mutable Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_CLIENT_CALL_CANCELLER_H_
