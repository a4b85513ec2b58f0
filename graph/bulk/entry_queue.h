#ifndef RELATA_GRAPH_BULK_ENTRY_QUEUE_H_
#define RELATA_GRAPH_BULK_ENTRY_QUEUE_H_

#include <cstddef>
#include <deque>
#include <memory>
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
// comes back and is used again. Several batches wait in line, and a thread that ran out of work is
// woken only when there is some more of it: waking for each batch takes longer than encoding it.
// Used by one thread, which alone may use the runs once Finish returned.
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

  using BatchPointer = std::unique_ptr<Batch>;

  absl::Status HandOver();
  absl::Status Encode(Batch& batch);
  // The next batch in line; null where nothing more comes.
  BatchPointer NextFull();
  // Gives back the batch that was worked on.
  void Done(BatchPointer batch, const absl::Status& encoded);
  void Work();

  EntryRuns* const runs_;
  BatchPointer filling_;  // the caller's

  Mutex mutex_;
  CondVar caller_wakes_;
  CondVar worker_wakes_;
  std::deque<BatchPointer> full_ ABSL_GUARDED_BY(mutex_);  // in the order added
  std::vector<BatchPointer> empty_ ABSL_GUARDED_BY(mutex_);
  // The caller waits until all is encoded; nothing more comes.
  bool finishing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::thread worker_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_ENTRY_QUEUE_H_
