#ifndef RELATA_GRAPH_ADJACENCY_BACKGROUND_FILL_H_
#define RELATA_GRAPH_ADJACENCY_BACKGROUND_FILL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/store/snapshot.h"

namespace relata {

// Fills the adjacency cache after a database was opened: a sequential scan of the outgoing entries
// and one of the incoming ones, each on a thread of its own, in pieces. Each piece reads the head
// as it is then, so that commits meanwhile do not make all of it stale. Outgoing entries hold whole
// facts, so that what the columns keep of them in eight bytes (numbers, dates, valid times) is
// filled in with them, up to a part of the budget. Stops when the budget is used up. Its threads
// let others go first, and while others look things up in the cache or commit they work half of
// the time together. Thread-safe.
class BackgroundFill {
 public:
  // Begins. `cache` and `clock`, and what `head` uses, must outlive it.
  BackgroundFill(std::function<Snapshot()> head, AdjacencyCache* cache, Clock* clock);
  // Stops within the time of a piece, some milliseconds.
  ~BackgroundFill();
  BackgroundFill(const BackgroundFill&) = delete;
  BackgroundFill& operator=(const BackgroundFill&) = delete;

  struct Progress {
    bool done = false;
    uint64_t relationships = 0;  // read, in each direction
    // Why it ended early: the engine's error, or RESOURCE_EXHAUSTED where the budget is used up.
    absl::Status ended;
  };
  Progress GetProgress() const;
  // Blocks until it has ended. For tests and measurements.
  void Wait() const;

 private:
  void Run(bool outgoing);
  absl::Status FillDirection(bool outgoing);
  absl::StatusOr<bool> FillPiece(const Snapshot& head, bool outgoing, EntityId* next);
  void Rest(int64_t micros) ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mutex_);

  const std::function<Snapshot()> head_;
  AdjacencyCache* const cache_;
  Clock* const clock_;
  const uint64_t first_evictions_;  // what the cache counted at the beginning
  mutable Mutex mutex_;
  mutable CondVar changed_;
  Progress progress_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 2;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread outgoing_;
  std::thread incoming_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_BACKGROUND_FILL_H_
