#ifndef RELATA_GRAPH_QUERY_EXECUTOR_EXECUTION_CONTEXT_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_EXECUTION_CONTEXT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/functions/function.h"
#include "graph/query/runtime/datum.h"

namespace relata {
class Clock;
class Database;
}  // namespace relata

namespace relata::query {

struct Batch;
class ExecutionContext;
class FixedValues;
class GraphWriter;
class MembershipCache;
struct PlanNode;
class ProcedureRegistry;
class RunningStatements;
class WorkerPool;
struct QueryOptions;
struct SideEffects;

// Who holds memory, for the message where it runs out. Of literals.
struct MemoryHolder {
  absl::string_view name = "the statement";
  absl::string_view advice = "narrow it, or add LIMIT";  // what makes it hold less
};

// What a statement has spent, and when it must stop. Thread-safe.
class QueryBudget {
 public:
  struct Limits {
    size_t memory_bytes = SIZE_MAX;
    uint64_t expansions = UINT64_MAX;
    int64_t deadline_monotonic_us = INT64_MAX;
  };
  QueryBudget(Clock* clock, Limits limits, std::function<bool()> cancelled);

  // Counts work (rows made, relationships looked at). Looks at the clock and at `cancelled` every
  // few thousand units: CANCELLED, DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED beyond the expansions.
  absl::Status Spend(uint64_t work);
  absl::Status SpendExpansions(uint64_t n);
  // Asks at once. `cancelled` is asked by one thread at a time: meanwhile others go on.
  absl::Status CheckStopped();
  // The statement is over, so that whoever still works for it is to end: CheckStopped gives `why`
  // from now on, that of the first call. `why` must be an error.
  void Stop(absl::Status why);
  // Memory held by operators. RESOURCE_EXHAUSTED, naming the holder, the limit and what to do,
  // where it would pass it.
  absl::Status Reserve(size_t bytes, const MemoryHolder& holder = {});
  void Release(size_t bytes);
  uint64_t work() const { return work_.load(std::memory_order_relaxed); }
  uint64_t expansions() const { return expansions_.load(std::memory_order_relaxed); }
  size_t peak_bytes() const { return peak_bytes_.load(std::memory_order_relaxed); }
  const Limits& limits() const { return limits_; }

 private:
  // Whether the statement was cancelled, as far as this thread can tell without waiting.
  bool AskCancelled();

  Clock* const clock_;
  const Limits limits_;
  Mutex asking_;  // held while `cancelled_` is asked
  const std::function<bool()> cancelled_;
  std::atomic<bool> stopped_{false};
  Mutex stop_mutex_;
  absl::Status why_stopped_ ABSL_GUARDED_BY(stop_mutex_);
  std::atomic<uint64_t> work_{0};
  std::atomic<uint64_t> expansions_{0};
  std::atomic<size_t> bytes_{0};
  std::atomic<size_t> peak_bytes_{0};
};

// Memory of one operator, given back when it goes. Not thread-safe.
class MemoryHold {
 public:
  explicit MemoryHold(QueryBudget* budget, MemoryHolder holder = {})
      : budget_(budget), holder_(holder) {}
  ~MemoryHold() { budget_->Release(bytes_); }
  MemoryHold(const MemoryHold&) = delete;
  MemoryHold& operator=(const MemoryHold&) = delete;
  absl::Status Add(size_t bytes);
  // Sets what is held in all.
  absl::Status Set(size_t bytes);
  size_t bytes() const { return bytes_; }

 private:
  QueryBudget* const budget_;
  const MemoryHolder holder_;
  size_t bytes_ = 0;
};

// What PROFILE counts for an operator.
struct OperatorProfile {
  uint64_t rows = 0;
  uint64_t batches = 0;
  uint64_t expansions = 0;  // relationships looked at
  // Arrays of relationships that were in the adjacency cache, with those of its children.
  uint64_t hits = 0;
  uint64_t reads = 0;  // entities and relationships that a scan or seek fetched
  // States read for values of properties and labels, with those of its children.
  uint64_t states = 0;
  int64_t nanos = 0;        // with its children; of all threads together
  size_t memory_bytes = 0;  // at most held; of all threads together
  // Of what ran by morsels: how many each thread had.
  std::vector<uint64_t> morsels;

  // Adds what another thread counted.
  OperatorProfile& operator+=(const OperatorProfile& other);
};

// A part of a scan: its ids in (after, last].
struct Morsel {
  int scan = 0;  // PlanNode::id
  uint64_t after = 0;
  uint64_t last = 0;
};

// RunPlan (operator.h), for expressions, which do not link the operators.
using PlanRunner = absl::Status (*)(const PlanNode& plan, ExecutionContext* context,
                                    const Batch* argument,
                                    const std::function<absl::StatusOr<bool>(const Batch&)>& sink);

// All that operators and expressions of one run share. Made by the engine for each run, and copied
// for each worker thread (morsel_run.h), which then has a `reader` and a `profile` of its own;
// single-threaded but for `budget` and `workers`.
class ExecutionContext {
 public:
  GraphReader* reader = nullptr;
  GraphWriter* writer = nullptr;  // null: read-only
  Database* database = nullptr;
  const ProcedureRegistry* procedures = nullptr;
  RunningStatements* running = nullptr;  // never null in a running statement
  const QueryOptions* options = nullptr;
  const Datum::Map* parameters = nullptr;  // ascending by name
  QueryBudget* budget = nullptr;
  PlanRunner run_plan = nullptr;  // for subqueries in expressions: &RunPlan
  size_t batch_rows = 1024;
  WorkerPool* workers = nullptr;  // null: this thread alone
  int max_threads = 1;            // this one included
  uint64_t morsel_ids = 1 << 14;
  // Set for the operators of a worker (morsel_run.h) before each Open: which part of the scan below
  // them they are about. nullopt: all of it.
  std::optional<Morsel> morsel;
  int plan_depth = 0;  // of MakeOperator, while it makes an operator
  int64_t now_micros = 0;
  Instant valid_now = 0;
  uint64_t random_state = 0;
  std::shared_ptr<MembershipCache> memberships;  // made by the first IN
  // Whether all expressions belong to one statement and live as long as it, so that what is the
  // same throughout may be kept; `fixed` is made by the first of it.
  bool keeps_fixed = false;
  std::shared_ptr<FixedValues> fixed;
  std::vector<OperatorProfile>* profile = nullptr;  // by PlanNode::id; null: not asked for
  // CALL { } IN TRANSACTIONS: commits what was written so far and goes on in a new transaction.
  // Empty: not allowed here.
  std::function<absl::Status()> commit_batch;
  std::function<absl::Status()> rollback_batch;

  CallContext MakeCallContext() {
    return {reader, now_micros, valid_now, parameters, &random_state};
  }
  // ParameterMissing where it was not given.
  absl::StatusOr<Datum> Parameter(absl::string_view name) const;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_EXECUTION_CONTEXT_H_
