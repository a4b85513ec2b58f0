#ifndef RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_RUN_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/morsel_source.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// What one morsel gave. Made by one thread, then read by another.
class MorselResult {
 public:
  virtual ~MorselResult() = default;
};

// The operators of one thread over a pipeline. Used by one thread at a time.
class MorselWorker {
 public:
  virtual ~MorselWorker() = default;
  // Runs the pipeline over the morsel that its context has.
  virtual absl::StatusOr<std::unique_ptr<MorselResult>> Run() = 0;
  // Whether Run stopped in the middle, so that it is to be asked for the rest before it runs again:
  // whoever reads the result does so.
  virtual bool stopped_midway() const { return false; }
};

// Runs a pipeline over the morsels of its scan and gives the results in the order of the morsels,
// which is the order of the scan. The thread that asks works too; others of the context's pool join
// it once the first morsels have shown that there is much to do (more units of QueryBudget::Spend
// than some morsels have ids), so that a small one costs no thread. A statement with a
// transaction, whose reads are noted, runs as one morsel on its thread.
//
// Who may call what: the public functions are for one thread at a time, the one of the operators
// above. Workers on other threads have a context, a reader and operators of their own, and share
// the plan, the parameters (immutable), the budget and the snapshots (thread-safe); so limits,
// cancelling and the deadline hold for all together. Whoever meets one of these stops the budget,
// and so does a run that is dropped, so that every thread ends within some thousand units of work.
// Of several other errors that of the first morsel is given.
class MorselRun {
 public:
  // Makes the operators of one worker. Called on its thread; the context is the worker's.
  using MakeWorker =
      std::function<absl::StatusOr<std::unique_ptr<MorselWorker>>(ExecutionContext* context)>;

  // `plan`: the operator that reads the results, for PROFILE; `scan` as ScanBelow gives it. All
  // must outlive it.
  MorselRun(const PlanNode& plan, const PlanNode& scan, ExecutionContext* context, MakeWorker make);
  // Waits for the other threads. Before the last result was given it stops the budget for that: a
  // part of a plan that runs by morsels is read to its end, or else the statement is over.
  ~MorselRun();
  MorselRun(const MorselRun&) = delete;
  MorselRun& operator=(const MorselRun&) = delete;

  // The result of the next morsel; null at the end. What it gave before must have been read: a
  // worker that stopped midway is used again from now on.
  absl::StatusOr<std::unique_ptr<MorselResult>> Next();
  // Results that are done and not read, at most.
  uint64_t most_unread() const { return kAhead * static_cast<uint64_t>(threads_); }
  // The worker of the last result; null unless it stopped midway.
  MorselWorker* worker() { return lent_ == nullptr ? nullptr : lent_->operators.get(); }

 private:
  // A thread's own.
  struct Worker {
    ExecutionContext context;
    std::unique_ptr<GraphReader> reader;
    std::vector<OperatorProfile> profile;
    std::unique_ptr<MorselWorker> operators;
    uint64_t morsels = 0;
  };
  struct Task {
    uint64_t number = 0;
    std::optional<Morsel> morsel;
  };
  struct Done {
    absl::StatusOr<std::unique_ptr<MorselResult>> result = nullptr;
    std::unique_ptr<Worker> worker;  // null where it could not be made
  };

  // Up to so many times the number of threads morsels may be done before they are read.
  static constexpr uint64_t kAhead = 2;

  std::optional<Task> TakeTask() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Worker> TakeIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(const Task& task, Done done) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AskForHelp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Help();
  // Runs a task with a worker, which is made first where it is null.
  Done RunTask(const Task& task, std::unique_ptr<Worker> worker);
  absl::StatusOr<std::unique_ptr<Worker>> MakeOne() const;
  void AddProfiles() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const PlanNode& plan_;
  ExecutionContext* const context_;
  // What workers copy: operators above change the other while workers are made.
  const ExecutionContext of_workers_;
  const MakeWorker make_;
  const bool whole_;  // one morsel
  const int threads_;
  const uint64_t work_before_;
  std::unique_ptr<Worker> lent_;  // of the last result

  Mutex mutex_;
  CondVar changed_;
  MorselSource source_ ABSL_GUARDED_BY(mutex_);
  bool cut_all_ ABSL_GUARDED_BY(mutex_) = false;  // no task is left to take
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;    // tasks
  uint64_t given_ ABSL_GUARDED_BY(mutex_) = 0;    // results
  int helpers_ ABSL_GUARDED_BY(mutex_) = 0;       // at work, or about to
  std::map<uint64_t, Done> done_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Worker>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_MORSEL_RUN_H_
