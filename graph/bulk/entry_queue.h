#ifndef RELATA_GRAPH_BULK_ENTRY_QUEUE_H_
#define RELATA_GRAPH_BULK_ENTRY_QUEUE_H_

#include <cstddef>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "base/mutex.h"
#include "graph/bulk/entry_runs.h"
#include "graph/store/states.h"

namespace relata {

// Lets another thread encode what is added to runs, so that the caller reads and checks the next
// things meanwhile: about half of the work each. States are handed over in batches; their memory
// comes back and is used again. Used by one thread, which alone may use the runs once Finish
// returned.
class EntryQueue {
 public:
  // Borrows the runs. Without `threaded` everything is done at once, on the caller's thread.
  EntryQueue(EntryRuns* runs, bool threaded);
  // What is not encoded yet is dropped.
  ~EntryQueue();
  EntryQueue(const EntryQueue&) = delete;
  EntryQueue& operator=(const EntryQueue&) = delete;

  // Takes what the state holds, and leaves something older in it. An error is that of an earlier
  // one, as EntryRuns has them; nothing more is added after it.
  absl::Status Add(EntityState& state);
  absl::Status Add(RelationshipState& state);
  // Waits until all is encoded.
  absl::Status Finish();

 private:
  // The first `used` of each vector count.
  template <typename State>
  struct States {
    std::vector<State> states;
    size_t used = 0;
    void Take(State& state);
  };
  struct Batch {
    States<EntityState> entities;
    States<RelationshipState> relationships;
    size_t size() const { return entities.used + relationships.used; }
    void Clear() { entities.used = relationships.used = 0; }
  };

  absl::Status HandOver();
  absl::Status Encode(Batch& batch);
  void Work();

  EntryRuns* const runs_;
  Batch filling_;  // the caller's
  Batch working_;  // the worker's while `busy_`, else the caller's

  Mutex mutex_;
  CondVar changed_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::thread worker_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_ENTRY_QUEUE_H_
