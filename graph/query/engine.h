#ifndef RELATA_GRAPH_QUERY_ENGINE_H_
#define RELATA_GRAPH_QUERY_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/database.h"
#include "graph/query/executor/side_effects.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/column.h"
#include "graph/query/runtime/datum.h"

namespace relata {
struct RunProgress;
}  // namespace relata

namespace relata::query {

class ProcedureRegistry;
class IndexGuesses;
class RunningStatements;
class StatementRun;
class WorkerPool;

// $name -> value. Ascending by name.
using Parameters = Datum::Map;

// What one statement may do and spend.
struct QueryOptions {
  // FAILED_PRECONDITION for a statement that writes.
  bool read_only = false;
  // Time and belief for what the statement itself does not say (S2.3; S11): valid time, default
  // now; system time, default the latest.
  std::optional<ValidTime> valid_time;
  std::optional<CommitVersion> as_of_version;
  std::optional<Instant> as_of_time;
  std::shared_ptr<const BeliefPolicy> policy;  // null: the default
  // Limits; what passes one ends with RESOURCE_EXHAUSTED that names it, or DEADLINE_EXCEEDED.
  size_t memory_bytes =
      256 << 20;  // held by operators: sorts, joins, aggregations, collected lists
  uint64_t expansions = 1'000'000'000;
  uint64_t max_rows = UINT64_MAX;  // of the result
  int64_t deadline_monotonic_us = INT64_MAX;
  // True where the client has gone: CANCELLED. Cheap; asked at least every few thousand rows or
  // expansions, from any thread, by one at a time.
  std::function<bool()> cancelled;
  // Told how far a whole-graph algorithm of the statement is, as RunControl::Hooks::report, on the
  // thread of the statement. Empty: nobody listens.
  std::function<absl::Status(const RunProgress&)> progress;
  // Who writes, for the commit log.
  std::string principal;
  // Makes a statement that writes, in a transaction of its own, idempotent: the same id with the
  // same body gives the first commit again and writes nothing (QueryStatistics::replayed), without
  // the rows of the first answer. INVALID_ARGUMENT with another body.
  RequestId request;
  // For tests and tuning.
  size_t batch_rows = 1024;
  bool use_indexes = true;
  bool use_plan_rules = true;  // false: patterns in the order written, no rewriting
  // Threads at work for the statement at a time, the caller's included; 0: as many as the engine
  // has. What it answers does not depend on it.
  int max_threads = 0;
  // Parts of a plan that make fewer rows by estimate run on one thread; how many ids of a scan are
  // one morsel (executor/morsel_run.h).
  double morsel_rows = 30'000;
  uint64_t morsel_ids = 1 << 14;
};

// What is known when the last batch was read.
struct QueryStatistics {
  SideEffects effects;
  // S6: what was read, and for a statement that wrote the version of its commit (in a transaction:
  // none yet).
  CommitVersion read_version;
  Instant read_time = 0;  // commit time of that version
  Instant valid_now = 0;  // the `now` of this statement (S2.3)
  std::optional<CommitVersion> commit_version;
  Instant commit_time = 0;
  bool replayed = false;  // the commit is that of an earlier run of the same request id
  int64_t compile_us = 0;
  int64_t run_us = 0;
  bool plan_from_cache = false;
  uint64_t rows = 0;
  uint64_t expansions = 0;
  size_t peak_memory_bytes = 0;
};

// The answer of a statement, read batch by batch. Owned by the caller, used by one thread at a
// time; must not outlive the engine or its transaction. Destroying it early stops the statement. A
// statement that writes has run whole and (without a transaction) committed before Run returns it.
class QueryResult {
 public:
  virtual ~QueryResult() = default;
  // As projected: the alias, or the text of the expression.
  virtual const std::vector<std::string>& columns() const = 0;
  // The next rows, one column each of columns(); false at the end. After an error only errors.
  virtual absl::StatusOr<bool> Next(Batch* batch) = 0;
  // Complete once Next has returned false.
  virtual const QueryStatistics& statistics() const = 0;
  // EXPLAIN and PROFILE: the tree of operators (columns are then empty); PROFILE's is complete at
  // the end. Empty otherwise.
  virtual std::string plan_text() const = 0;
  // What nodes and relationships of the answer look like (labels, type, properties), each in the
  // time context that it carries. For converting results.
  virtual absl::StatusOr<Datum> Labels(const Datum& node) = 0;        // list of strings
  virtual absl::StatusOr<Datum> Properties(const Datum& entity) = 0;  // map
  virtual absl::StatusOr<std::string> Key(const Datum& entity) = 0;   // `_key`, empty where none
  virtual absl::string_view TypeOf(const RelationshipRef& relationship) = 0;
};

// A transaction that lasts over several statements: a snapshot, and its own writes on it. Used by
// one thread at a time.
class QueryTransaction {
 public:
  virtual ~QueryTransaction() = default;  // rolls back what has not committed
  // After an error of a statement the transaction can only be rolled back (FAILED_PRECONDITION).
  virtual absl::StatusOr<std::unique_ptr<QueryResult>> Run(absl::string_view text,
                                                           const Parameters& parameters,
                                                           const QueryOptions& options) = 0;
  struct CommitResult {
    CommitVersion version;
    Instant time = 0;
  };
  // ABORTED: somebody else changed what this read; retry the whole. RESOURCE_EXHAUSTED: the commit
  // would hold more than the most that one of the statements might (QueryOptions::memory_bytes).
  virtual absl::StatusOr<CommitResult> Commit() = 0;
  virtual void Rollback() = 0;
};

// Runs statements of the query language on one database. Thread-safe. `database` must outlive it.
class QueryEngine {
 public:
  // `query_threads`: so many threads can work for one statement, its caller's included; the others
  // are borrowed by all statements from one pool. 0: as many as there are cores.
  explicit QueryEngine(Database* database, int query_threads = 0);
  ~QueryEngine();

  // One statement in a transaction of its own. Errors of the statement carry a QueryErrorInfo
  // (query_error.h). A write that meets a conflict is tried again a few times, then ABORTED.
  absl::StatusOr<std::unique_ptr<QueryResult>> Run(absl::string_view text,
                                                   const Parameters& parameters,
                                                   const QueryOptions& options);
  absl::StatusOr<std::unique_ptr<QueryTransaction>> Begin(bool read_only);

  Database& database() { return *database_; }
  // Procedures that CALL finds; those of Relata are there from the start. Register more before
  // statements run.
  ProcedureRegistry& procedures() { return *procedures_; }

 private:
  class Compiler;
  // The statement, compiled (its plan perhaps from the cache) and not yet started.
  absl::StatusOr<std::unique_ptr<StatementRun>> Prepare(absl::string_view text,
                                                        const Parameters& parameters,
                                                        const QueryOptions& options,
                                                        bool in_transaction);

  Database* const database_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<ProcedureRegistry> procedures_;
  std::unique_ptr<RunningStatements> running_;
  std::unique_ptr<IndexGuesses> guesses_;
  std::unique_ptr<Compiler> compiler_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_ENGINE_H_
