#ifndef RELATA_STORAGE_ANSWERED_TIMES_H_
#define RELATA_STORAGE_ANSWERED_TIMES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "storage/ordered_kv.h"

namespace relata {

// Where the bound is kept (space kMeta).
inline constexpr char kAnsweredTimeKey[] = "\x02";

// Keeps a bound above every system time that a read was answered at, durable before the answer is
// given, so that commits after a restart get later times although the clock was set back meanwhile
// (S3). The bound runs ahead of the times by up to kAheadUs, so that reads of "now" one after
// another write once in that time. Thread-safe.
class AnsweredTimes {
 public:
  static constexpr int64_t kAheadUs = 1'000'000;

  // Reads the bound that `kv` holds, which must outlive this. DATA_LOSS where it is damaged,
  // FAILED_PRECONDITION where a newer format wrote it.
  static absl::StatusOr<std::unique_ptr<AnsweredTimes>> Load(OrderedKv* kv);
  // Lowers the stored bound to the largest time that was reserved, where that can be written, so
  // that commits after a short stop have the times of the clock.
  ~AnsweredTimes();
  AnsweredTimes(const AnsweredTimes&) = delete;
  AnsweredTimes& operator=(const AnsweredTimes&) = delete;

  // The bound found by Load: commits must get times beyond it. INT64_MIN: no read was answered.
  int64_t loaded() const { return loaded_; }
  // Returns when the bound is at or above `time_us` on disk. Cost: one synced write where it was
  // not. UNAVAILABLE and other errors of the engine: it may not be, so do not answer.
  absl::Status Reserve(int64_t time_us) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  AnsweredTimes(OrderedKv* kv, int64_t loaded);
  absl::Status Write(int64_t bound_us, bool sync) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  OrderedKv* const kv_;
  const int64_t loaded_;
  Mutex mutex_;
  int64_t bound_us_ ABSL_GUARDED_BY(mutex_);
  int64_t largest_us_ ABSL_GUARDED_BY(mutex_);  // that Reserve was asked for
};

// Record codec, on disk: format 1: zigzag bound_us.
std::string EncodeAnsweredTime(int64_t bound_us);
absl::StatusOr<int64_t> DecodeAnsweredTime(absl::string_view bytes);

}  // namespace relata

#endif  // RELATA_STORAGE_ANSWERED_TIMES_H_
