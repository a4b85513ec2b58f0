#include "graph/query/executor/range_fills.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "graph/query/executor/worker_pool.h"

namespace relata::query {
namespace {

// The ranges that are left, which threads take one after the other. Lives as long as any thread may
// come for one; what it borrows is used only for a range that was taken, and the thread that asked
// waits for those.
class RangesLeft {
 public:
  RangesLeft(const Snapshot& head, std::vector<RangeToFill> ranges, QueryBudget* budget)
      : head_(head), budget_(*budget), ranges_(std::move(ranges)) {}

  // Takes ranges until none is left, or one went wrong.
  void Work() {
    while (const std::optional<RangeToFill> range = Take()) Finish(Fill(*range));
  }

  // When the last range is done.
  absl::StatusOr<uint64_t> Wait() {
    MutexLock lock(&mutex_);
    while (at_work_ > 0) changed_.Wait(&mutex_);
    RELATA_RETURN_IF_ERROR(status_);
    return read_;
  }

 private:
  std::optional<RangeToFill> Take() {
    MutexLock lock(&mutex_);
    if (next_ == ranges_.size()) return std::nullopt;
    ++at_work_;
    return ranges_[next_++];
  }
  void Finish(const absl::StatusOr<uint64_t>& read) {
    MutexLock lock(&mutex_);
    --at_work_;
    if (read.ok()) {
      read_ += *read;
    } else {
      status_.Update(read.status());
      next_ = ranges_.size();
    }
    changed_.SignalAll();
  }
  absl::StatusOr<uint64_t> Fill(const RangeToFill& range) {
    RELATA_ASSIGN_OR_RETURN(const FilledRange filled, FillRange(head_, range));
    RELATA_RETURN_IF_ERROR(budget_.Spend(filled.relationships));
    return filled.relationships;
  }

  const Snapshot& head_;
  QueryBudget& budget_;
  const std::vector<RangeToFill> ranges_;

  Mutex mutex_;
  CondVar changed_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;  // not taken yet
  int at_work_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t read_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<uint64_t> FillRanges(const Snapshot& head, std::vector<RangeToFill> ranges,
                                    const ExecutionContext& context) {
  const auto most = static_cast<int>(std::min<size_t>(ranges.size(), INT32_MAX));
  // Shared, since a thread of the pool may come when all is done.
  const auto left = std::make_shared<RangesLeft>(head, std::move(ranges), context.budget);
  for (int helpers = 1; helpers < std::min(most, context.max_threads); ++helpers) {
    if (context.workers == nullptr || !context.workers->TryRun([left] { left->Work(); })) break;
  }
  left->Work();
  return left->Wait();
}

}  // namespace relata::query
