#include "graph/query/engine.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/compile_watch.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/index_guesses.h"
#include "graph/query/executor/violation_error.h"
#include "graph/query/executor/worker_pool.h"
#include "graph/query/plan_cache.h"
#include "graph/query/planner/degree_samples.h"
#include "graph/query/planner/planner.h"
#include "graph/query/planner/value_samples.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/read_contexts.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/statement_run.h"
#include "graph/query/statistics_procedures.h"
#include "graph/query/syntax/parser.h"
#include "storage/committer.h"

namespace relata::query {
namespace {

constexpr size_t kCachedPlans = 1000;
// Longer texts are rarely sent twice.
constexpr size_t kLongestCachedText = 64 << 10;
constexpr int kMaxAttempts = 10;
// About what a word or sign of a text takes while it is compiled: as a token, in the tree, bound,
// and in the plan: 230 in a list of numbers, 500 in one of sums, less among longer words.
constexpr size_t kBytesPerToken = 200;

bool IsExplain(const CompiledStatement& statement) {
  return statement.bound.mode == BoundStatement::Mode::kExplain;
}

absl::Status CheckParameters(const CompiledStatement& statement, const Parameters& parameters) {
  size_t at = 0;
  for (const std::string& name : statement.bound.parameters) {
    while (at < parameters.size() && parameters[at].first < name) ++at;
    if (at < parameters.size() && parameters[at].first == name) continue;
    return MakeQueryError(
        ErrorClass::kParameterMissing, ErrorPhase::kCompile, "MissingParameter", std::nullopt,
        absl::StrCat("the statement uses $", name, ", and no parameter of this name was given"));
  }
  return absl::OkStatus();
}

int ThreadsOrCores(int threads) {
  if (threads > 0) return threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

absl::Status CheckAllowed(const CompiledStatement& statement, bool read_only) {
  if (!read_only || !(statement.bound.writes || statement.bound.changes_schema))
    return absl::OkStatus();
  return absl::FailedPreconditionError("the statement writes, and this call may only read");
}

}  // namespace

// Texts to plans.
class QueryEngine::Compiler {
 public:
  struct Compiled {
    std::shared_ptr<const CompiledStatement> statement;
    bool from_cache = false;
    int64_t micros = 0;
  };

  Compiler(Database* database, const ProcedureRegistry* procedures)
      : database_(database),
        procedures_(procedures),
        degrees_(database),
        values_(database),
        plans_(kCachedPlans) {}

  DegreeSamples* degrees() { return &degrees_; }
  ValueSamples* values() { return &values_; }

  absl::StatusOr<Compiled> Compile(absl::string_view text, const Parameters& parameters,
                                   const QueryOptions& options) {
    const int64_t begun = database_->clock()->MonotonicMicros();
    RELATA_ASSIGN_OR_RETURN(PlanCache::Basis basis, BasisNow());
    // The arguments of CALL without parentheses are the parameters by name, so the names belong to
    // the key.
    std::string key = absl::StrCat(options.use_indexes ? "i" : "",
                                   options.use_plan_rules ? "r" : "", options.morsel_rows, ":");
    for (const auto& [name, value] : parameters) absl::StrAppend(&key, name, ",");
    absl::StrAppend(&key, ":", text);
    Compiled compiled;
    compiled.statement = plans_.Find(key, basis);
    compiled.from_cache = compiled.statement != nullptr;
    if (!compiled.from_cache) {
      RELATA_ASSIGN_OR_RETURN(compiled.statement, CompileAnew(text, parameters, options));
      if (text.size() <= kLongestCachedText)
        plans_.Insert(key, std::move(basis), compiled.statement);
    }
    compiled.micros = database_->clock()->MonotonicMicros() - begun;
    return compiled;
  }

 private:
  absl::StatusOr<PlanCache::Basis> BasisNow() const {
    PlanCache::Basis basis;
    RELATA_ASSIGN_OR_RETURN(basis.schema, database_->Latest().GetSchema());
    basis.usable_indexes = database_->UsableIndexes();
    basis.entities = database_->EntityCount();
    basis.relationships = database_->RelationshipCount();
    return basis;
  }

  absl::StatusOr<std::shared_ptr<const CompiledStatement>> CompileAnew(
      absl::string_view text, const Parameters& parameters, const QueryOptions& options) {
    QueryBudget budget(database_->clock(), {.deadline_monotonic_us = options.deadline_monotonic_us},
                       options.cancelled);
    CompileWatch watch([&budget] { return budget.CheckStopped(); });
    ParserLimits limits;
    limits.tokens = options.memory_bytes / kBytesPerToken;
    limits.watch = &watch;
    RELATA_ASSIGN_OR_RETURN(const ast::Statement parsed, Parse(text, limits));
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<BoundStatement> bound,
                            Analyze(parsed, text, *procedures_, &parameters, &watch));
    PlannerInput input;
    input.database = database_;
    input.degrees = &degrees_;
    input.values = &values_;
    input.morsel_rows = options.morsel_rows;
    input.watch = &watch;
    input.use_indexes = options.use_indexes;
    input.use_rules = options.use_plan_rules;
    return PlanStatement(std::move(bound), input);
  }

  Database* const database_;
  const ProcedureRegistry* const procedures_;
  DegreeSamples degrees_;
  ValueSamples values_;
  PlanCache plans_;
};

namespace {

// Runs statements in a transaction that the caller ends.
class OpenTransaction : public QueryTransaction {
 public:
  using PrepareFunction = std::function<absl::StatusOr<std::unique_ptr<StatementRun>>(
      absl::string_view, const Parameters&, const QueryOptions&)>;
  // `transaction` null: read-only, at `snapshot`.
  OpenTransaction(EngineParts parts, Snapshot snapshot, std::unique_ptr<Transaction> transaction,
                  PrepareFunction prepare)
      : parts_(parts),
        snapshot_(std::move(snapshot)),
        transaction_(std::move(transaction)),
        prepare_(std::move(prepare)) {}

  absl::StatusOr<std::unique_ptr<QueryResult>> Run(absl::string_view text,
                                                   const Parameters& parameters,
                                                   const QueryOptions& options) override {
    RELATA_RETURN_IF_ERROR(CheckOpen());
    QueryOptions allowed = options;
    allowed.read_only = options.read_only || transaction_ == nullptr;
    memory_bytes_ = std::max(memory_bytes_, options.memory_bytes);
    if (!options.principal.empty()) principal_ = options.principal;
    absl::StatusOr<std::unique_ptr<QueryResult>> result = RunAllowed(text, parameters, allowed);
    // A compile-time error has changed nothing; whatever failed later may have.
    if (!result.ok()) {
      const std::optional<QueryErrorInfo> info = GetQueryError(result.status());
      failed_ = !(info && info->phase == ErrorPhase::kCompile);
    }
    return result;
  }

  absl::StatusOr<CommitResult> Commit() override {
    RELATA_RETURN_IF_ERROR(CheckOpen());
    ended_ = true;
    if (transaction_ == nullptr) return CommitResult{snapshot_.version(), snapshot_.commit_time()};
    QueryBudget budget(parts_.database->clock(), {.memory_bytes = memory_bytes_}, nullptr);
    MemoryHold held(&budget, kHeldByTransaction);
    transaction_->WatchCommit([&held](size_t bytes) { return held.Set(bytes); });
    const absl::StatusOr<Committed> committed = parts_.database->Commit(*transaction_, principal_);
    if (!committed.ok()) return NameViolation(committed.status());
    return CommitResult{committed->version, committed->time_us};
  }

  void Rollback() override { ended_ = true; }

 private:
  absl::Status CheckOpen() const {
    if (ended_) return absl::FailedPreconditionError("the transaction has ended; begin a new one");
    if (failed_) {
      return absl::FailedPreconditionError(
          "a statement of the transaction failed; roll it back and run the whole again");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<QueryResult>> RunAllowed(absl::string_view text,
                                                          const Parameters& parameters,
                                                          const QueryOptions& options) {
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<StatementRun> run, prepare_(text, parameters, options));
    if (run->explains()) return run;
    RELATA_RETURN_IF_ERROR(run->Start(snapshot_, transaction_.get()));
    if (transaction_ != nullptr) RELATA_RETURN_IF_ERROR(run->RunToEnd());
    return run;
  }

  const EngineParts parts_;
  const Snapshot snapshot_;
  const std::unique_ptr<Transaction> transaction_;
  const PrepareFunction prepare_;
  std::string principal_;
  size_t memory_bytes_ = 0;  // the most that a statement of it might hold
  bool failed_ = false;
  bool ended_ = false;
};

}  // namespace

QueryEngine::QueryEngine(Database* database, int query_threads)
    : database_(database),
      workers_(std::make_unique<WorkerPool>(ThreadsOrCores(query_threads) - 1)),
      procedures_(std::make_unique<ProcedureRegistry>()),
      running_(std::make_unique<RunningStatements>()),
      guesses_(std::make_unique<IndexGuesses>()),
      compiler_(std::make_unique<Compiler>(database, procedures_.get())) {
  // Their names are ours and differ, so this cannot fail.
  RegisterBuiltinProcedures(*procedures_).IgnoreError();
  for (Procedure& procedure : StatisticsProcedures(compiler_->degrees(), compiler_->values())) {
    procedures_->Register(std::move(procedure)).IgnoreError();
  }
}

QueryEngine::~QueryEngine() = default;

absl::StatusOr<std::unique_ptr<StatementRun>> QueryEngine::Prepare(absl::string_view text,
                                                                   const Parameters& parameters,
                                                                   const QueryOptions& options,
                                                                   bool in_transaction) {
  RELATA_ASSIGN_OR_RETURN(Compiler::Compiled compiled,
                          compiler_->Compile(text, parameters, options));
  const CompiledStatement& statement = *compiled.statement;
  RELATA_RETURN_IF_ERROR(CheckAllowed(statement, options.read_only));
  if (in_transaction && statement.bound.commits_in_parts) {
    return absl::FailedPreconditionError(
        "CALL { } IN TRANSACTIONS commits by itself: run it outside of a transaction");
  }
  if (!IsExplain(statement)) RELATA_RETURN_IF_ERROR(CheckParameters(statement, parameters));
  const EngineParts parts{database_, procedures_.get(), running_.get(), guesses_.get(),
                          workers_.get()};
  auto run = std::make_unique<StatementRun>(parts, std::move(compiled.statement), text, parameters,
                                            options);
  run->SetCompilation(compiled.micros, compiled.from_cache);
  return run;
}

absl::StatusOr<std::unique_ptr<QueryResult>> QueryEngine::Run(absl::string_view text,
                                                              const Parameters& parameters,
                                                              const QueryOptions& options) {
  for (int attempt = 1;; ++attempt) {
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<StatementRun> run,
                            Prepare(text, parameters, options, false));
    if (run->explains()) return run;
    if (!run->writes()) {
      RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot,
                              StatementSnapshot(*database_, options, database_->Latest()));
      RELATA_RETURN_IF_ERROR(run->Start(snapshot, nullptr));
      return run;
    }
    if (options.as_of_version || options.as_of_time) {
      return absl::InvalidArgumentError(
          "a statement that writes cannot be run as of a system time of the past");
    }
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, database_->Begin());
    if (!options.request.id.empty()) {
      RELATA_ASSIGN_OR_RETURN(const bool replayed, run->Replay(transaction->snapshot()));
      if (replayed) return run;
    }
    RELATA_RETURN_IF_ERROR(run->StartOwning(std::move(transaction)));
    RELATA_RETURN_IF_ERROR(run->RunToEnd());
    absl::Status committed = run->Commit();
    if (committed.ok()) return run;
    const bool again =
        absl::IsAborted(committed) && attempt < kMaxAttempts && !run->committed_parts();
    if (!again) return committed;
  }
}

absl::StatusOr<std::unique_ptr<QueryTransaction>> QueryEngine::Begin(bool read_only) {
  std::unique_ptr<Transaction> transaction;
  if (!read_only) {
    RELATA_ASSIGN_OR_RETURN(transaction, database_->Begin());
  }
  const Snapshot snapshot = transaction != nullptr ? transaction->snapshot() : database_->Latest();
  const EngineParts parts{database_, procedures_.get(), running_.get(), guesses_.get(),
                          workers_.get()};
  return std::make_unique<OpenTransaction>(
      parts, snapshot, std::move(transaction),
      [this](absl::string_view text, const Parameters& parameters, const QueryOptions& options) {
        return Prepare(text, parameters, options, true);
      });
}

}  // namespace relata::query
