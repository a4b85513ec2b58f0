#ifndef RELATA_GRAPH_QUERY_STATEMENT_RUN_H_
#define RELATA_GRAPH_QUERY_STATEMENT_RUN_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/engine.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/executor/operator.h"
#include "graph/query/executor/running_statements.h"
#include "graph/query/planner/plan.h"
#include "graph/transaction/transaction.h"

namespace relata::query {

// What statements of one engine share.
struct EngineParts {
  Database* database = nullptr;
  const ProcedureRegistry* procedures = nullptr;
  RunningStatements* running = nullptr;
  IndexGuesses* guesses = nullptr;
  WorkerPool* workers = nullptr;
};

// One run of a compiled statement: its contexts, operators and budget, and for a statement that
// writes its transaction. Used by one thread.
class StatementRun : public QueryResult {
 public:
  StatementRun(EngineParts parts, std::shared_ptr<const CompiledStatement> statement,
               absl::string_view text, const Parameters& parameters, const QueryOptions& options);
  ~StatementRun() override;

  // Makes it ready to be read. `own`: the snapshot that it reads unless a clause says otherwise;
  // `transaction` (may be null: it cannot write) is borrowed, or owned where the statement is a
  // transaction of its own.
  absl::Status Start(const Snapshot& own, Transaction* transaction);
  absl::Status StartOwning(std::unique_ptr<Transaction> transaction);
  // Runs it whole; Next then gives what was kept.
  absl::Status RunToEnd();
  // Where its request id was answered before, as `snapshot` has it: takes the commit of that run
  // over and stays without rows. INVALID_ARGUMENT where the id was for something else.
  absl::StatusOr<bool> Replay(const Snapshot& snapshot);
  // Commits the transaction that it owns. ABORTED as Database::Commit.
  absl::Status Commit();
  bool writes() const { return statement_->bound.writes || statement_->bound.changes_schema; }
  bool explains() const { return statement_->bound.mode == BoundStatement::Mode::kExplain; }
  // Whether parts of it are committed whatever becomes of the rest (CALL { } IN TRANSACTIONS).
  bool committed_parts() const { return statistics_.commit_version.has_value(); }
  void SetCompilation(int64_t compile_us, bool from_cache);

  const std::vector<std::string>& columns() const override;
  absl::StatusOr<bool> Next(Batch* batch) override;
  const QueryStatistics& statistics() const override { return statistics_; }
  std::string plan_text() const override;
  absl::StatusOr<Datum> Labels(const Datum& node) override;
  absl::StatusOr<Datum> Properties(const Datum& entity) override;
  absl::StatusOr<std::string> Key(const Datum& entity) override;
  absl::string_view TypeOf(const RelationshipRef& relationship) override;

 private:
  absl::StatusOr<bool> Pull(Batch* batch);
  // CALL { } IN TRANSACTIONS: ends the transaction that there is, and begins the next.
  absl::Status CommitPart();
  absl::Status RollbackPart();
  absl::Status BeginPart();
  void FinishStatistics();
  bool WasDeleted(const Datum& entity) const;

  const EngineParts parts_;
  const std::shared_ptr<const CompiledStatement> statement_;
  const Parameters parameters_;
  const QueryOptions options_;
  const std::shared_ptr<RunningStatements::Entry> running_;
  const int64_t started_us_;
  QueryBudget budget_;
  std::unique_ptr<Transaction> owned_;
  std::vector<ReadContext> contexts_;
  std::unique_ptr<GraphReader> reader_;
  std::unique_ptr<GraphWriter> writer_;
  ExecutionContext context_;
  std::vector<OperatorProfile> profile_;
  std::unique_ptr<Operator> root_;
  MemoryHold kept_memory_;
  std::deque<Batch> kept_;
  bool ran_ = false;
  bool ended_ = false;
  SideEffects earlier_effects_;  // of parts that have committed
  QueryStatistics statistics_;
  absl::Status failed_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_STATEMENT_RUN_H_
