#include "graph/adjacency/background_fill.h"

#include <utility>

#include "absl/time/time.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "base/thread_priority.h"
#include "graph/adjacency/range_fill.h"

namespace relata {
namespace {

// Relationships of a piece, about; a vertex is never cut. Some milliseconds: so much later it is
// noticed that others ask.
constexpr size_t kPiece = 1024;
// While others ask or commit a thread rests so many times as long as it worked: both take half a
// core then.
constexpr int64_t kRest = 3;
// Of so many parts of the budget columns get three: the rest is for arrays and what is asked for.
constexpr size_t kColumnParts = 8;

}  // namespace

BackgroundFill::BackgroundFill(std::function<Snapshot()> head, AdjacencyCache* cache, Clock* clock)
    : head_(std::move(head)),
      cache_(cache),
      clock_(clock),
      first_evictions_(cache->GetStats().evictions),
      outgoing_([this] { Run(/*outgoing=*/true); }),
      incoming_([this] { Run(/*outgoing=*/false); }) {}

BackgroundFill::~BackgroundFill() {
  {
    MutexLock lock(&mutex_);
    stop_ = true;
    changed_.SignalAll();
  }
  outgoing_.join();
  incoming_.join();
}

BackgroundFill::Progress BackgroundFill::GetProgress() const {
  MutexLock lock(&mutex_);
  return progress_;
}

void BackgroundFill::Wait() const {
  MutexLock lock(&mutex_);
  while (!progress_.done) changed_.Wait(&mutex_);
}

bool BackgroundFill::stopped() const {
  MutexLock lock(&mutex_);
  return stop_;
}

void BackgroundFill::Run(bool outgoing) {
  LetOthersGoFirst();
  absl::Status status = FillDirection(outgoing);
  if (!status.ok() && !absl::IsResourceExhausted(status) && !absl::IsCancelled(status)) {
    LogWarning("filling the adjacency cache failed; it fills as it is used",
               {{"error", status.message()}});
  }
  MutexLock lock(&mutex_);
  if (progress_.ended.ok()) progress_.ended = std::move(status);
  progress_.done = --running_ == 0;
  changed_.SignalAll();
}

absl::Status BackgroundFill::FillDirection(bool outgoing) {
  EntityId next(1);
  bool ended = false;
  uint64_t lookups_before = 0;
  CommitVersion version_before = head_().version();
  while (!ended) {
    if (stopped()) return absl::CancelledError("the database is being closed");
    const int64_t begin = clock_->MonotonicMicros();
    const Snapshot head = head_();
    RELATA_ASSIGN_OR_RETURN(ended, FillPiece(head, outgoing, &next));
    const AdjacencyCache::Stats stats = cache_->GetStats();
    if (stats.evictions > first_evictions_) {
      return absl::ResourceExhaustedError("the budget of the adjacency cache is used up");
    }
    const uint64_t lookups = stats.hits + stats.misses;
    const bool others_read = std::exchange(lookups_before, lookups) != lookups;
    const bool others_write = std::exchange(version_before, head.version()) != head.version();
    if (others_read || others_write) Rest(kRest * (clock_->MonotonicMicros() - begin));
  }
  return absl::OkStatus();
}

// Fills as of `head` from the entity `next` on, which becomes where the next piece starts. Whether
// there is none.
absl::StatusOr<bool> BackgroundFill::FillPiece(const Snapshot& head, bool outgoing,
                                               EntityId* next) {
  RangeToFill range;
  range.outgoing = outgoing;
  range.first = *next;
  range.most = kPiece;
  if (cache_->columns().bytes() < cache_->budget_bytes() / kColumnParts * 3) {
    range.values.which = FilledValues::Which::kNumbers;
  }
  RELATA_ASSIGN_OR_RETURN(const FilledRange filled, FillRange(head, range));
  *next = filled.next;
  MutexLock lock(&mutex_);
  progress_.relationships += filled.relationships;
  return filled.ended;
}

void BackgroundFill::Rest(int64_t micros) {
  const int64_t until = clock_->MonotonicMicros() + micros;
  MutexLock lock(&mutex_);
  while (!stop_) {
    const int64_t left = until - clock_->MonotonicMicros();
    if (left <= 0 || changed_.WaitWithTimeout(&mutex_, absl::Microseconds(left))) break;
  }
}

}  // namespace relata
