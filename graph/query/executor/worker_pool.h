#ifndef RELATA_GRAPH_QUERY_EXECUTOR_WORKER_POOL_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_WORKER_POOL_H_

#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"

namespace relata::query {

// Threads that the statements of one engine borrow for their morsels (morsel_run.h). A thread is
// started when one is first wanted and none is free, and then kept. There is no queue: a statement
// that gets no thread, as all are busy or the machine gives no more, goes on with those it has.
// Thread-safe.
class WorkerPool {
 public:
  // At most so many threads, 0 or more, beside those that call.
  explicit WorkerPool(int threads) : most_(threads) {}
  // Waits for the tasks at hand. No call may be under way.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs the task on one of its threads; false, and the task is dropped, where there is none for
  // it. Does not wait. The task must not throw.
  bool TryRun(std::function<void()> task);
  int threads() const { return most_; }

 private:
  void Work();

  const int most_;
  Mutex mutex_;
  CondVar changed_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  int free_ ABSL_GUARDED_BY(mutex_) = 0;  // threads that wait for a task, less the tasks that wait
  std::vector<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_WORKER_POOL_H_
