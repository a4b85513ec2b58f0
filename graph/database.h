#ifndef RELATA_GRAPH_DATABASE_H_
#define RELATA_GRAPH_DATABASE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/ids.h"
#include "graph/mutation/mutation.h"
#include "graph/store/snapshot.h"
#include "graph/values/bound.h"
#include "storage/commit_log.h"
#include "storage/ordered_kv.h"

namespace relata {

class AdjacencyCache;
class BackgroundFill;
class BulkLoad;
class Committer;
class ExpiredAnswers;
class IdAllocator;
class IndexBuilder;
class NameTable;
class ProjectionCache;
class SchemaCache;
class StatisticsKeeper;
struct BulkLoadOptions;
struct Committed;
class Transaction;
struct TransactionParts;

// What changed in one commit, as identities: the values are read from a Snapshot at the version.
struct ChangeSet {
  CommitVersion version;
  Instant commit_time = 0;
  std::string principal;
  std::string request_id;
  std::vector<EntityId> entities;             // ascending
  std::vector<RelationshipId> relationships;  // ascending
  bool schema_changed = false;
};

// Counts at the head.
struct GraphStatistics {
  uint64_t entities = 0;
  uint64_t relationships = 0;
  uint64_t facts = 0;
  uint64_t citations = 0;
  std::vector<std::pair<LabelId, uint64_t>> entities_by_label;
  std::vector<std::pair<TypeId, uint64_t>> relationships_by_type;
};

struct IndexInfo {
  IndexDefinition definition;
  // Reads at this version and later may use it; nullopt while it is being built.
  std::optional<CommitVersion> usable_from;
};

struct DatabaseOptions {
  size_t adjacency_cache_bytes = 256 << 20;
  // Whether the adjacency cache is filled in the background once the database is open.
  bool fill_adjacency_cache = false;
  // Of the projections that algorithms ran on and that are kept, and of the largest that is made.
  size_t projection_bytes = size_t{1} << 30;
  size_t conflict_window_bytes = 64 << 20;
  size_t max_mutations = 1'000'000;  // of a batch
  // How often a batch is tried beside others when it meets conflicts. Then it is run once more
  // while other writers wait, as is one that read all data of a label or a type after its first
  // conflict.
  int max_attempts = 10;
};

// One graph with its own history and commit versions, over one engine. Thread-safe. `kv` and
// `clock` must outlive it.
class Database {
 public:
  // Opens what `kv` holds, or makes a new database in an empty one. FAILED_PRECONDITION where a
  // newer format wrote it, DATA_LOSS where it is damaged.
  static absl::StatusOr<std::unique_ptr<Database>> Open(OrderedKv* kv, Clock* clock,
                                                        DatabaseOptions options);
  ~Database();

  // Applies a batch, all or nothing, and returns when it is durable and visible (S4.6). Errors name
  // the item ("mutation 3: …"): INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION as
  // S1 to S5 say; ABORTED a precondition `unchanged` that fails;
  // RESOURCE_EXHAUSTED too many mutations.
  absl::StatusOr<BatchResult> Apply(const Batch& batch);
  // The same, but nothing is written; the ids in the result mean nothing.
  absl::Status Check(const Batch& batch);

  // A unit of reading and writing at the head, for what is no batch of mutations known beforehand.
  // Must not outlive the database. Dropping it writes nothing.
  absl::StatusOr<std::unique_ptr<Transaction>> Begin() const;
  // Checks the constraints and commits, once; returns when it is durable and visible. ABORTED where
  // what it read was changed meanwhile (run the whole again), FAILED_PRECONDITION a constraint. A
  // transaction without changes takes a version too. With a request id the answer is kept for it;
  // first ask FirstAnswer with the transaction's snapshot.
  absl::StatusOr<Committed> Commit(Transaction& tx, const std::string& principal,
                                   const RequestId& request = {});
  // The first answer to the request id, nullopt where none is kept. INVALID_ARGUMENT where it was
  // used for something else.
  absl::StatusOr<std::optional<BatchResult>> FirstAnswer(const RequestId& request,
                                                         const Snapshot& snapshot) const;

  // Begins a load of new things at the head (graph/bulk/bulk_load.h). Must not outlive the
  // database. Dropping it writes nothing.
  absl::StatusOr<std::unique_ptr<BulkLoad>> BeginLoad(const BulkLoadOptions& options) const;

  // --- reading
  Snapshot Latest() const;
  // OUT_OF_RANGE beyond the head (version 0 is the empty database).
  absl::StatusOr<Snapshot> AtVersion(CommitVersion version) const;
  // At the last commit at or before `t`. INVALID_ARGUMENT beyond now. Later commits get times
  // beyond it (S3).
  absl::StatusOr<Snapshot> AtTime(Instant t);
  absl::StatusOr<Instant> CommitTime(CommitVersion version) const;
  CommitVersion EarliestVersion() const;
  // S2.3: the larger of the clock and the snapshot's commit time.
  Instant Now(const Snapshot& snapshot) const;

  // Commits in (after, until], ascending, at most `limit`. OUT_OF_RANGE as AtVersion.
  absl::StatusOr<std::vector<ChangeSet>> Changes(CommitVersion after, CommitVersion until,
                                                 size_t limit) const;
  // Blocks until the head is past `version`, the deadline passes or Wake is called.
  bool WaitPast(CommitVersion version, int64_t deadline_monotonic_us) const;
  void Wake() const;

  // --- catalog and state
  // 128 random bits as hex, given when the database was made.
  const std::string& uuid() const { return uuid_; }
  // New after a restore (S6).
  uint64_t incarnation() const { return incarnation_; }
  GraphStatistics Statistics() const;
  // Two of them alone, at little cost however many labels there are.
  uint64_t EntityCount() const;
  uint64_t RelationshipCount() const;
  std::vector<IndexInfo> Indexes() const;
  // How many indexes have become usable since the first, those dropped later too: another number
  // means other plans.
  size_t UsableIndexes() const;
  // Whether Snapshot::FindByIndex may use it.
  bool IndexUsable(IndexId index, const Snapshot& snapshot) const;
  // Blocks until no index is being built. For tests and import.
  absl::Status WaitForIndexes() const;
  // How often, since the database was opened, a batch met a conflict and was tried again.
  uint64_t Conflicts() const { return conflicts_; }
  // Why writes are refused; nullopt where they are not.
  std::optional<std::string> ReadOnlyReason() const;
  NameTable& names() { return *names_; }
  AdjacencyCache& adjacency_cache() { return *cache_; }
  // What whole-graph algorithms run on (graph/algorithms).
  ProjectionCache& projections() { return *projections_; }
  // Null where the cache is not filled in the background.
  const BackgroundFill* adjacency_fill() const { return fill_.get(); }
  const OrderedKv& kv() const { return *kv_; }
  Clock* clock() const { return clock_; }
  // A consistent copy that can be opened, into a directory that must not exist. Opened as a
  // database it has the same uuid and an incarnation of its own, since both may grow from there.
  absl::Status Checkpoint(const std::string& directory);

  // Internal: applies every commit of `source` to this empty database, in order and at the given
  // times. The same answers at every version result.
  absl::Status ReplayFrom(const Database& source);

 private:
  Database(OrderedKv* kv, Clock* clock, DatabaseOptions options);
  static KvBatch IdentityRecord(absl::string_view uuid, uint64_t incarnation);
  absl::Status LoadIdentity();
  Snapshot Wrap(std::shared_ptr<const StoreSnapshot> store) const;
  TransactionParts Parts() const;
  struct Attempt;
  absl::Status Compose(const Batch& batch, Attempt& attempt);
  void Sign(Transaction& tx, const std::string& principal, const RequestId& request,
            BatchResult* result);
  BatchResult Finish(Attempt& attempt, const Committed& committed);
  absl::StatusOr<BatchResult> ApplyAlone(const Batch& batch);

  OrderedKv* const kv_;
  Clock* const clock_;
  const DatabaseOptions options_;
  std::string uuid_;
  uint64_t incarnation_ = 0;
  std::unique_ptr<NameTable> names_;
  std::unique_ptr<SchemaCache> schemas_;
  std::unique_ptr<AdjacencyCache> cache_;
  std::unique_ptr<IdAllocator> ids_;
  std::unique_ptr<StatisticsKeeper> statistics_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<ExpiredAnswers> expired_answers_;  // used on the committer's thread
  std::unique_ptr<IndexBuilder> indexes_;
  std::atomic<uint64_t> conflicts_{0};
  std::unique_ptr<BackgroundFill> fill_;  // reads through the others
  std::unique_ptr<ProjectionCache> projections_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_DATABASE_H_
