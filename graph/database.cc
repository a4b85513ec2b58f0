#include "graph/database.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/background_fill.h"
#include "graph/algorithms/projection_cache.h"
#include "graph/bulk/bulk_load.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema_cache.h"
#include "graph/mutation/constraints.h"
#include "graph/mutation/mutation_runner.h"
#include "graph/mutation/request_log.h"
#include "graph/replay.h"
#include "graph/store/meta_layout.h"
#include "graph/transaction/change_kind.h"
#include "graph/transaction/id_allocator.h"
#include "graph/transaction/index_builder.h"
#include "graph/transaction/logical_keys.h"
#include "graph/transaction/statistics_keeper.h"
#include "graph/transaction/transaction.h"
#include "storage/codec/record_codec.h"
#include "storage/committer.h"

namespace relata {
namespace {

// Older versions than so many before the head at which the database was opened are read from
// storage.
constexpr uint64_t kVersionsOfArrays = uint64_t{1} << 29;

// Format of the whole database: the newest that this code reads.
constexpr uint8_t kDatabaseFormat = 1;
constexpr size_t kReplayPage = 256;

std::string NewUuid() {
  std::random_device random;
  std::string hex;
  for (int i = 0; i < 4; ++i) absl::StrAppend(&hex, absl::Hex(random(), absl::kZeroPad8));
  return hex;
}

// The incarnation in a copy that was never opened.
constexpr uint64_t kChosenWhenOpened = 0;

// Two openings of copies of the same checkpoint differ too.
uint64_t NewIncarnation() {
  std::random_device random;
  return (uint64_t{random()} << 31 | random() >> 1) + 2;
}

absl::Status AtItem(absl::string_view what, size_t index, const absl::Status& status) {
  return WithPartsOf(
      absl::Status(status.code(), absl::StrCat(what, " ", index, ": ", status.message())), status);
}

}  // namespace

Database::Database(OrderedKv* kv, Clock* clock, DatabaseOptions options)
    : kv_(kv),
      clock_(clock),
      options_(options),
      expired_answers_(std::make_unique<ExpiredAnswers>()),
      projections_(std::make_unique<ProjectionCache>(options.projection_bytes)) {}

Database::~Database() = default;

KvBatch Database::IdentityRecord(absl::string_view uuid, uint64_t incarnation) {
  std::string record;
  RecordWriter out(&record, kDatabaseFormat);
  out.WriteBytes(uuid);
  out.WriteVarint64(incarnation);
  KvBatch batch;
  batch.Put(KeySpace::kMeta, MetaPrefix(MetaKind::kDatabase), std::move(record));
  return batch;
}

absl::Status Database::LoadIdentity() {
  const std::string key = MetaPrefix(MetaKind::kDatabase);
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> stored,
                          kv_->Get(KeySpace::kMeta, key, nullptr));
  if (stored) {
    RecordReader in(*stored, "the record of the database", kDatabaseFormat);
    uuid_ = std::string(in.ReadBytes());
    incarnation_ = in.ReadVarint64();
    RELATA_RETURN_IF_ERROR(in.Finish());
    if (incarnation_ != kChosenWhenOpened) return absl::OkStatus();
    incarnation_ = NewIncarnation();
  } else {
    uuid_ = NewUuid();
    incarnation_ = 1;
  }
  return kv_->Write(IdentityRecord(uuid_, incarnation_), {}, /*sync=*/true);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(OrderedKv* kv, Clock* clock,
                                                         DatabaseOptions options) {
  std::unique_ptr<Database> db(new Database(kv, clock, options));
  RELATA_RETURN_IF_ERROR(db->LoadIdentity());
  Committer::Options committing;
  committing.conflict_window_bytes = options.conflict_window_bytes;
  RELATA_ASSIGN_OR_RETURN(db->committer_, Committer::Open(kv, clock, committing));
  RELATA_ASSIGN_OR_RETURN(db->names_, NameTable::Load(*kv));
  RELATA_ASSIGN_OR_RETURN(db->ids_, IdAllocator::Load(*kv));
  RELATA_ASSIGN_OR_RETURN(db->statistics_,
                          StatisticsKeeper::Load(*kv, db->committer_->Head()->version()));
  db->schemas_ = std::make_unique<SchemaCache>();
  const uint64_t head = db->committer_->Head()->version().value();
  db->cache_ = std::make_unique<AdjacencyCache>(
      options.adjacency_cache_bytes, CommitVersion(head - std::min(head, kVersionsOfArrays)));
  const Database* raw = db.get();
  RELATA_ASSIGN_OR_RETURN(
      db->indexes_,
      IndexBuilder::Start(db->committer_.get(), [raw](std::shared_ptr<const StoreSnapshot> store) {
        return raw->Wrap(std::move(store));
      }));
  if (options.fill_adjacency_cache) {
    db->fill_ = std::make_unique<BackgroundFill>([raw] { return raw->Latest(); }, db->cache_.get(),
                                                 SystemClock());
  }
  return db;
}

Snapshot Database::Wrap(std::shared_ptr<const StoreSnapshot> store) const {
  return Snapshot(std::move(store), names_.get(), schemas_.get(), cache_.get());
}

TransactionParts Database::Parts() const {
  return {names_.get(),   ids_.get(),   statistics_.get(),
          schemas_.get(), cache_.get(), indexes_.get()};
}

// One run of a batch. Not moved, since the transaction points into it.
struct Database::Attempt {
  BatchResult result;
  // Absent: the request was applied before, and `result` is its first answer.
  std::optional<Transaction> tx;
};

// Runs the batch at the head, up to but without the commit.
absl::Status Database::Compose(const Batch& batch, Attempt& attempt) {
  const Snapshot snapshot = Latest();
  BatchResult& result = attempt.result;
  if (!batch.request.id.empty()) {
    RELATA_ASSIGN_OR_RETURN(std::optional<BatchResult> first, FirstAnswer(batch.request, snapshot));
    if (first) {
      result = *std::move(first);
      return absl::OkStatus();
    }
  }
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Schema> schema, snapshot.GetSchema());
  Transaction& tx = attempt.tx.emplace(snapshot, std::move(schema), Parts());
  MutationRunner runner(&tx);
  result.items.resize(batch.mutations.size());
  for (size_t i = 0; i < batch.preconditions.size(); ++i) {
    const absl::Status status = runner.Check(batch.preconditions[i]);
    if (!status.ok()) return AtItem("precondition", i, status);
  }
  for (size_t i = 0; i < batch.mutations.size(); ++i) {
    const absl::Status status = runner.Run(batch.mutations[i], result.items[i]);
    if (!status.ok()) return AtItem("mutation", i, status);
  }
  RELATA_RETURN_IF_ERROR(CheckChanges(tx));
  Sign(tx, batch.principal, batch.request, &result);
  tx.Prepare();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<BatchResult>> Database::FirstAnswer(const RequestId& request,
                                                                 const Snapshot& snapshot) const {
  return FindRequest(*kv_, snapshot.store().engine(), request, clock_->NowMicros());
}

// Who commits, and under which request id: its answer is stored with the commit. `request` and
// `result` outlive the commit.
void Database::Sign(Transaction& tx, const std::string& principal, const RequestId& request,
                    BatchResult* result) {
  tx.SetLogEntry(principal, request.id);
  if (request.id.empty()) return;
  tx.NoteRead(RequestLogicalKey(request.id));
  tx.NoteWrite(RequestLogicalKey(request.id));
  tx.OnStage([this, &request, result](CommitVersion version, int64_t time_us, VersionedBatch& out) {
    result->version = version;
    result->commit_time = time_us;
    expired_answers_->StageRemoval(*kv_, time_us, out);
    StageRequest(request, *result, out);
  });
}

BatchResult Database::Finish(Attempt& attempt, const Committed& committed) {
  attempt.result.version = committed.version;
  attempt.result.commit_time = committed.time_us;
  if (attempt.tx->changes_schema()) indexes_->Notify();
  return std::move(attempt.result);
}

absl::StatusOr<BatchResult> Database::Apply(const Batch& batch) {
  if (batch.mutations.size() > options_.max_mutations) {
    return LimitReached(
        "max_mutations", options_.max_mutations,
        absl::StrCat("the batch has ", batch.mutations.size(), " mutations, at most ",
                     options_.max_mutations, " are allowed; write it in parts"));
  }
  for (int tries = 1; tries <= options_.max_attempts; ++tries) {
    Attempt attempt;
    RELATA_RETURN_IF_ERROR(Compose(batch, attempt));
    if (!attempt.tx) return std::move(attempt.result);
    const absl::StatusOr<Committed> committed = committer_->Commit(*attempt.tx);
    if (committed.ok()) return Finish(attempt, *committed);
    if (!absl::IsAborted(committed.status())) return committed.status();
    ++conflicts_;
    if (attempt.tx->reads_everything()) break;
  }
  return ApplyAlone(batch);
}

// The last resort against conflicts: nothing else is committed from the batch's reads to its end.
absl::StatusOr<BatchResult> Database::ApplyAlone(const Batch& batch) {
  Attempt attempt;
  const auto compose = [&]() -> absl::StatusOr<PendingCommit*> {
    RELATA_RETURN_IF_ERROR(Compose(batch, attempt));
    return attempt.tx ? &*attempt.tx : nullptr;
  };
  RELATA_ASSIGN_OR_RETURN(const Committed committed, committer_->CommitAlone(compose));
  if (!attempt.tx) return std::move(attempt.result);
  return Finish(attempt, committed);
}

absl::Status Database::Check(const Batch& batch) {
  Attempt attempt;
  return Compose(batch, attempt);
}

absl::StatusOr<std::unique_ptr<Transaction>> Database::Begin() const {
  const Snapshot snapshot = Latest();
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Schema> schema, snapshot.GetSchema());
  return std::make_unique<Transaction>(snapshot, std::move(schema), Parts());
}

absl::StatusOr<Committed> Database::Commit(Transaction& tx, const std::string& principal,
                                           const RequestId& request) {
  RELATA_RETURN_IF_ERROR(CheckChanges(tx));
  BatchResult result;
  Sign(tx, principal, request, &result);
  tx.Prepare();
  absl::StatusOr<Committed> committed = committer_->Commit(tx);
  if (committed.ok() && tx.changes_schema()) indexes_->Notify();
  if (absl::IsAborted(committed.status())) ++conflicts_;
  return committed;
}

absl::StatusOr<std::unique_ptr<BulkLoad>> Database::BeginLoad(
    const BulkLoadOptions& options) const {
  const Snapshot snapshot = Latest();
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Schema> schema, snapshot.GetSchema());
  return std::make_unique<BulkLoad>(
      snapshot, std::move(schema), Parts(), committer_.get(),
      [this](std::shared_ptr<const StoreSnapshot> store) { return Wrap(std::move(store)); },
      options);
}

Snapshot Database::Latest() const { return Wrap(committer_->Head()); }

absl::StatusOr<Snapshot> Database::AtVersion(CommitVersion version) const {
  RELATA_ASSIGN_OR_RETURN(auto store, committer_->At(version));
  return Wrap(std::move(store));
}

absl::StatusOr<Snapshot> Database::AtTime(Instant t) {
  RELATA_ASSIGN_OR_RETURN(auto store, committer_->AtTime(t));
  return Wrap(std::move(store));
}

absl::StatusOr<Instant> Database::CommitTime(CommitVersion version) const {
  return committer_->CommitTime(version);
}

CommitVersion Database::EarliestVersion() const { return committer_->EarliestVersion(); }

Instant Database::Now(const Snapshot& snapshot) const {
  return std::max<Instant>(clock_->NowMicros(), snapshot.commit_time());
}

absl::StatusOr<std::vector<ChangeSet>> Database::Changes(CommitVersion after, CommitVersion until,
                                                         size_t limit) const {
  RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, AtVersion(until));
  RELATA_RETURN_IF_ERROR(AtVersion(after).status());
  RELATA_ASSIGN_OR_RETURN(const std::vector<CommitEntry> entries,
                          ReadCommits(*kv_, snapshot.store().engine(), after, until, limit));
  std::vector<ChangeSet> changes;
  for (const CommitEntry& entry : entries) {
    ChangeSet set;
    set.version = entry.version;
    set.commit_time = entry.time_us;
    set.principal = entry.principal;
    set.request_id = entry.request_id;
    for (const CommitEntry::Change& change : entry.changes) {
      for (uint64_t id = change.first; id <= change.last; ++id) {
        switch (static_cast<ChangeKind>(change.kind)) {
          case ChangeKind::kSchema:
            set.schema_changed = true;
            break;
          case ChangeKind::kEntity:
            set.entities.emplace_back(id);
            break;
          case ChangeKind::kRelationship:
            set.relationships.emplace_back(id);
            break;
        }
      }
    }
    changes.push_back(std::move(set));
  }
  return changes;
}

bool Database::WaitPast(CommitVersion version, int64_t deadline_monotonic_us) const {
  return committer_->WaitPast(version, deadline_monotonic_us);
}

void Database::Wake() const { committer_->Wake(); }

GraphStatistics Database::Statistics() const {
  GraphStatistics statistics;
  for (const auto& [counter, sum] : statistics_->Get()) {
    const auto count = static_cast<uint64_t>(sum);
    switch (counter.first) {
      case CounterKind::kEntities:
        statistics.entities = count;
        break;
      case CounterKind::kRelationships:
        statistics.relationships = count;
        break;
      case CounterKind::kFacts:
        statistics.facts = count;
        break;
      case CounterKind::kCitations:
        statistics.citations = count;
        break;
      case CounterKind::kEntitiesByLabel:
        statistics.entities_by_label.emplace_back(LabelId(static_cast<uint32_t>(counter.second)),
                                                  count);
        break;
      case CounterKind::kRelationshipsByType:
        statistics.relationships_by_type.emplace_back(TypeId(static_cast<uint32_t>(counter.second)),
                                                      count);
        break;
    }
  }
  return statistics;
}

uint64_t Database::EntityCount() const {
  return static_cast<uint64_t>(statistics_->Get(CounterKind::kEntities, 0));
}

uint64_t Database::RelationshipCount() const {
  return static_cast<uint64_t>(statistics_->Get(CounterKind::kRelationships, 0));
}

size_t Database::UsableIndexes() const { return indexes_->UsableCount(); }

std::vector<IndexInfo> Database::Indexes() const {
  std::vector<IndexInfo> infos;
  const absl::StatusOr<std::shared_ptr<const Schema>> schema = Latest().GetSchema();
  if (!schema.ok()) return infos;
  for (const auto& [id, index] : (*schema)->indexes()) {
    infos.push_back({index, indexes_->UsableFrom(id)});
  }
  return infos;
}

bool Database::IndexUsable(IndexId index, const Snapshot& snapshot) const {
  return indexes_->Usable(index, snapshot.store());
}

absl::Status Database::WaitForIndexes() const { return indexes_->Wait(); }

std::optional<std::string> Database::ReadOnlyReason() const {
  std::string why;
  if (!committer_->read_only(&why)) return std::nullopt;
  return why;
}

absl::Status Database::Checkpoint(const std::string& directory) {
  return committer_->Checkpoint(directory, IdentityRecord(uuid_, kChosenWhenOpened));
}

absl::Status Database::ReplayFrom(const Database& source) {
  if (Latest().version().valid()) {
    return absl::FailedPreconditionError("a log can be replayed into an empty database only");
  }
  for (const std::string& name : source.names_->StoredNames(NameTable::Space::kLabel)) {
    names_->InternLabel(name);
  }
  for (const std::string& name : source.names_->StoredNames(NameTable::Space::kType)) {
    names_->InternType(name);
  }
  for (const std::string& name : source.names_->StoredNames(NameTable::Space::kProperty)) {
    names_->InternProperty(name);
  }
  ids_->SkipTo(*source.ids_);
  const Snapshot end = source.Latest();
  for (CommitVersion done; done < end.version();) {
    RELATA_ASSIGN_OR_RETURN(
        const std::vector<CommitEntry> entries,
        ReadCommits(source.kv(), end.store().engine(), done, end.version(), kReplayPage));
    if (entries.empty()) break;
    for (const CommitEntry& entry : entries) {
      RELATA_ASSIGN_OR_RETURN(const Snapshot at, source.AtVersion(entry.version));
      const Snapshot target = Latest();
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<ReplayedCommit> commit,
                              ReplayedCommit::Load(entry, at, target, Parts()));
      RELATA_RETURN_IF_ERROR(committer_->CommitAt(*commit, entry.time_us).status());
    }
    done = entries.back().version;
  }
  // Unique constraints rest on their indexes, so no write may come before these have their entries.
  indexes_->Notify();
  return indexes_->Wait();
}

}  // namespace relata
