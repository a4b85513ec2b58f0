#include "graph/query/statement_run.h"

#include <climits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/executor/violation_error.h"
#include "graph/query/planner/planner.h"
#include "graph/query/read_contexts.h"
#include "storage/committer.h"

namespace relata::query {
namespace {

constexpr MemoryHolder kAnswer = {
    "the answer", "a statement that writes keeps it until it has committed: return less, or count"};

}  // namespace

StatementRun::StatementRun(EngineParts parts, std::shared_ptr<const CompiledStatement> statement,
                           absl::string_view text, const Parameters& parameters,
                           const QueryOptions& options)
    : parts_(parts),
      statement_(std::move(statement)),
      parameters_(parameters),
      options_(options),
      running_(parts.running->Add(text, options.principal, parts.database->clock()->NowMicros())),
      started_us_(parts.database->clock()->MonotonicMicros()),
      budget_(parts.database->clock(),
              {options.memory_bytes, options.expansions, options.deadline_monotonic_us},
              [this, entry = running_, cancelled = options.cancelled] {
                entry->steps.store(budget_.work(), std::memory_order_relaxed);
                return entry->terminated.load(std::memory_order_relaxed) ||
                       (cancelled && cancelled());
              }),
      kept_memory_(&budget_, kAnswer) {
  context_.database = parts_.database;
  context_.procedures = parts_.procedures;
  context_.running = parts_.running;
  context_.options = &options_;
  context_.parameters = &parameters_;
  context_.budget = &budget_;
  context_.workers = parts_.workers;
  context_.max_threads = options_.max_threads > 0 ? options_.max_threads : INT_MAX;
  context_.morsel_ids = options_.morsel_ids;
  context_.batch_rows = options_.batch_rows == 0 ? 1 : options_.batch_rows;
  context_.now_micros = parts_.database->clock()->NowMicros();
  context_.random_state = static_cast<uint64_t>(context_.now_micros) * 0x9E3779B97F4A7C15u ^
                          static_cast<uint64_t>(started_us_) ^ reinterpret_cast<uintptr_t>(this);
  if (statement_->bound.mode == BoundStatement::Mode::kProfile) {
    profile_.resize(static_cast<size_t>(statement_->nodes));
    context_.profile = &profile_;
  }
}

StatementRun::~StatementRun() = default;

absl::Status StatementRun::StartOwning(std::unique_ptr<Transaction> transaction) {
  owned_ = std::move(transaction);
  context_.commit_batch = [this] { return CommitPart(); };
  context_.rollback_batch = [this] { return RollbackPart(); };
  return Start(owned_->snapshot(), owned_.get());
}

absl::Status StatementRun::Start(const Snapshot& own, Transaction* transaction) {
  context_.run_plan = &RunPlan;
  context_.keeps_fixed = true;
  statistics_.read_version = own.version();
  statistics_.read_time = own.commit_time();
  context_.valid_now = parts_.database->Now(own);
  statistics_.valid_now = context_.valid_now;
  RELATA_ASSIGN_OR_RETURN(contexts_,
                          ResolveContexts(*statement_, options_, own, transaction != nullptr,
                                          *parts_.database, context_));
  reader_ = std::make_unique<GraphReader>(&contexts_, transaction, parts_.database, parts_.guesses);
  context_.reader = reader_.get();
  if (transaction != nullptr && writes()) {
    writer_ = std::make_unique<GraphWriter>(transaction, reader_.get(), &budget_);
    context_.writer = writer_.get();
  }
  RELATA_ASSIGN_OR_RETURN(root_, MakeOperator(*statement_->root, &context_));
  return root_->Open(nullptr);
}

absl::Status StatementRun::BeginPart() {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> next, parts_.database->Begin());
  for (ReadContext& context : contexts_) {
    if (context.own_writes) context.snapshot = next->snapshot();
  }
  reader_ = std::make_unique<GraphReader>(&contexts_, next.get(), parts_.database, parts_.guesses);
  writer_ = std::make_unique<GraphWriter>(next.get(), reader_.get(), &budget_);
  context_.reader = reader_.get();
  context_.writer = writer_.get();
  owned_ = std::move(next);
  return absl::OkStatus();
}

absl::Status StatementRun::CommitPart() {
  RELATA_RETURN_IF_ERROR(writer_->Finish());
  const SideEffects effects = writer_->Effects();
  writer_->WatchCommit();
  const absl::StatusOr<Committed> committed = parts_.database->Commit(*owned_, options_.principal);
  if (!committed.ok()) return NameViolation(committed.status());
  earlier_effects_ += effects;
  statistics_.commit_version = committed->version;
  statistics_.commit_time = committed->time_us;
  return BeginPart();
}

absl::Status StatementRun::RollbackPart() { return BeginPart(); }

absl::StatusOr<bool> StatementRun::Pull(Batch* batch) {
  const absl::StatusOr<bool> more = root_->Next(batch);
  if (!more.ok()) return NameViolation(more.status());
  if (!*more) return false;
  statistics_.rows += batch->rows;
  if (statistics_.rows > options_.max_rows) {
    return LimitReached("max_rows", options_.max_rows,
                        absl::StrCat("the statement gives more than max_rows = ", options_.max_rows,
                                     " rows; add a LIMIT or raise max_rows"));
  }
  return true;
}

absl::Status StatementRun::RunToEnd() {
  ran_ = true;
  while (true) {
    Batch batch;
    RELATA_ASSIGN_OR_RETURN(const bool more, Pull(&batch));
    if (!more) break;
    if (batch.rows == 0) continue;
    RELATA_RETURN_IF_ERROR(kept_memory_.Add(batch.Bytes()));
    kept_.push_back(std::move(batch));
  }
  if (writer_ != nullptr) RELATA_RETURN_IF_ERROR(writer_->Finish());
  FinishStatistics();
  return absl::OkStatus();
}

absl::Status StatementRun::Commit() {
  if (writer_ != nullptr) writer_->WatchCommit();
  const absl::StatusOr<Committed> committed =
      parts_.database->Commit(*owned_, options_.principal, options_.request);
  if (!committed.ok()) return NameViolation(committed.status());
  statistics_.commit_version = committed->version;
  statistics_.commit_time = committed->time_us;
  statistics_.peak_memory_bytes = budget_.peak_bytes();
  return absl::OkStatus();
}

absl::StatusOr<bool> StatementRun::Replay(const Snapshot& snapshot) {
  if (statement_->bound.commits_in_parts) {
    return absl::InvalidArgumentError(
        "CALL { } IN TRANSACTIONS makes several commits, which no request id can stand for: leave "
        "it out");
  }
  RELATA_ASSIGN_OR_RETURN(const std::optional<BatchResult> first,
                          parts_.database->FirstAnswer(options_.request, snapshot));
  if (!first) return false;
  statistics_.replayed = true;
  statistics_.commit_version = first->version;
  statistics_.commit_time = first->commit_time;
  statistics_.read_version = snapshot.version();
  statistics_.read_time = snapshot.commit_time();
  statistics_.valid_now = parts_.database->Now(snapshot);
  return true;
}

void StatementRun::SetCompilation(int64_t compile_us, bool from_cache) {
  statistics_.compile_us = compile_us;
  statistics_.plan_from_cache = from_cache;
}

void StatementRun::FinishStatistics() {
  statistics_.expansions = budget_.expansions();
  statistics_.peak_memory_bytes = budget_.peak_bytes();
  statistics_.run_us = parts_.database->clock()->MonotonicMicros() - started_us_;
  statistics_.effects = earlier_effects_;
  if (writer_ != nullptr) statistics_.effects += writer_->Effects();
}

const std::vector<std::string>& StatementRun::columns() const {
  static const auto* const kNone = new std::vector<std::string>();
  return explains() ? *kNone : statement_->column_names;
}

absl::StatusOr<bool> StatementRun::Next(Batch* batch) {
  if (!failed_.ok()) return failed_;
  if (root_ == nullptr) return false;  // EXPLAIN: nothing was started
  if (ran_) {
    if (kept_.empty()) return false;
    *batch = std::move(kept_.front());
    kept_.pop_front();
    return true;
  }
  if (ended_) return false;
  absl::StatusOr<bool> more = Pull(batch);
  if (!more.ok()) {
    failed_ = more.status();
  } else if (!*more) {
    ended_ = true;
    FinishStatistics();
  }
  return more;
}

std::string StatementRun::plan_text() const {
  switch (statement_->bound.mode) {
    case BoundStatement::Mode::kExplain:
      return PlanText(*statement_, nullptr);
    case BoundStatement::Mode::kProfile:
      return PlanText(*statement_, &profile_);
    default:
      return "";
  }
}

bool StatementRun::WasDeleted(const Datum& entity) const {
  if (entity.kind() == Datum::Kind::kNode) return reader_->Deleted(entity.AsNode().id);
  return reader_->Deleted(entity.AsRelationship().ends.id);
}

absl::StatusOr<Datum> StatementRun::Labels(const Datum& node) {
  Datum::List labels;
  if (WasDeleted(node)) return Datum::Of(std::move(labels));
  RELATA_ASSIGN_OR_RETURN(const std::vector<LabelId> ids, reader_->Labels(node.AsNode()));
  for (const LabelId id : ids) labels.push_back(Datum::String(reader_->names().Name(id)));
  return Datum::Of(std::move(labels));
}

absl::StatusOr<Datum> StatementRun::Properties(const Datum& entity) {
  if (WasDeleted(entity)) return Datum::Of(Datum::Map());
  RELATA_ASSIGN_OR_RETURN(Datum::Map properties, reader_->PropertyMap(entity));
  return Datum::Of(std::move(properties));
}

absl::StatusOr<std::string> StatementRun::Key(const Datum& entity) {
  if (WasDeleted(entity)) return std::string();
  return reader_->Key(entity);
}

absl::string_view StatementRun::TypeOf(const RelationshipRef& relationship) {
  return reader_->names().Name(relationship.ends.type);
}

}  // namespace relata::query
