#ifndef RELATA_GRAPH_BULK_BULK_LOAD_H_
#define RELATA_GRAPH_BULK_BULK_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/bulk/entry_queue.h"
#include "graph/bulk/entry_runs.h"
#include "graph/bulk/load_checks.h"
#include "graph/catalog/name_table.h"
#include "graph/mutation/mutation.h"
#include "graph/store/states.h"
#include "graph/transaction/transaction.h"
#include "storage/committer.h"

namespace relata {

struct BulkLoadOptions {
  // For entries before they are written; beyond it they go to scratch files. Keys of the load's
  // entities, values that must be unique and pairs that may have one relationship are held besides.
  size_t memory_bytes = size_t{512} << 20;
  // That sort and write at the end; with more than one, another one encodes what is added.
  int threads = 2;
  // Who writes, for the log.
  std::string principal;
  // Asked from time to time, on several threads, until the load is recorded: true ends it with
  // CANCELLED, and nothing is written. Empty: never.
  std::function<bool()> cancelled;
};

struct BulkLoadCounts {
  uint64_t entities = 0;
  uint64_t relationships = 0;
  uint64_t facts = 0;
  uint64_t citations = 0;
  bool operator==(const BulkLoadCounts&) const = default;
};

struct BulkLoadResult {
  CommitVersion version;
  Instant commit_time = 0;
  BulkLoadCounts counts;
};

// Adds new entities and relationships, however many, as one commit (design.md, "Writes"): things
// are encoded and sorted while they are added, without any lock, and Commit writes them as sorted
// files, also beside others but for those with citations, and lets the engine take them over. The
// result is what an ordinary write of the same things gives. It only adds: a thing that exists is
// refused, and nothing that exists is changed. Relationships may have ends that exist, and
// citations sources that exist.
//
// An item that is refused leaves nothing behind, so the load can go on without it. Used by one
// thread; readers and other writers go on beside it, and wait for it only at the end of Commit.
// Dropping it before that writes nothing. Must not outlive the database (Database::BeginLoad makes
// it).
class BulkLoad final : private PendingLoad {
 public:
  // `wrap` makes the snapshot of the graph of one of the store.
  using WrapFunction = std::function<Snapshot(std::shared_ptr<const StoreSnapshot>)>;
  BulkLoad(Snapshot snapshot, std::shared_ptr<const Schema> schema, TransactionParts parts,
           Committer* committer, WrapFunction wrap, BulkLoadOptions options);

  // Whether an error of the calls below is about one item: the load can go on without it. After any
  // other it must be dropped.
  static bool IsAboutItem(const absl::Status& status);

  NameTable& names() { return *parts_.names; }
  // Of the load or of the database; nullopt: there is none.
  absl::StatusOr<std::optional<EntityId>> FindEntity(absl::string_view key) {
    return checks_.FindEntity(key);
  }
  // The same for many keys, in their order; quicker for some dozens at once.
  absl::Status FindEntities(const std::vector<absl::string_view>& keys,
                            std::vector<std::optional<EntityId>>* ids) {
    return checks_.FindEntities(keys, ids);
  }
  // Whether the database has it.
  absl::StatusOr<bool> EntityExists(EntityId id) { return checks_.EntityExists(id); }
  // FAILED_PRECONDITION where the entity is no source.
  absl::StatusOr<CitedSource> FindSource(EntityId id) { return checks_.FindSource(id); }

  // Adds a new entity: key, labels (ascending), properties and names as S1 wants them; ids of it
  // and its facts, versions and times are set here. Takes what the state holds and leaves something
  // older in it, whose memory can be used again. ALREADY_EXISTS: the key is taken;
  // FAILED_PRECONDITION: the schema forbids it (the state stays then); else the engine's errors.
  absl::StatusOr<EntityId> AddEntity(EntityState& state);
  // Likewise of a relationship with at least one fact, whose ends exist. ALREADY_EXISTS also where
  // its type allows one a pair and the pair has it.
  absl::Status AddRelationship(RelationshipState& state);

  const BulkLoadCounts& counts() const { return counts_; }

  // Commits all that was added and returns when it is durable and visible. Call once, and nothing
  // after it. ABORTED where a commit beside the load changed what it rests on (its version of the
  // schema, a key, an end) or used its request id: run the whole load again; CANCELLED; else as
  // Committer::Commit. With a request id the answer is kept (graph/mutation/request_log.h), with
  // the number of items that the caller left out.
  absl::StatusOr<BulkLoadResult> Commit(RequestId request = {}, uint64_t bad_items = 0);

 private:
  absl::StatusOr<std::vector<StagedRun>> WriteRuns(OrderedKv& kv, uint64_t load) override;
  absl::Status Validate(std::shared_ptr<const StoreSnapshot> head) override;
  absl::StatusOr<std::vector<StagedRun>> WriteTimedRuns(
      OrderedKv& kv, uint64_t load, absl::FunctionRef<int64_t()> time_us) override;
  absl::Status Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                     CommitEntry& entry) override;
  void BeforePublish(CommitVersion version) override;

  void Settle(std::vector<Fact>& facts);
  void NoteTouched(const AdjacencyKey& key);
  void ChangeColumns(CommitVersion version);
  std::vector<CommitEntry::Counter> Counters() const;
  absl::Status CheckGoesOn() const;
  absl::Status CheckRequestIsNew(const StoreSnapshot& head) const;

  const TransactionParts parts_;
  Committer* const committer_;
  const WrapFunction wrap_;
  const BulkLoadOptions options_;
  const CommitVersion began_at_;
  LoadChecks checks_;
  EntryRuns runs_;
  EntryQueue queue_;
  RequestId request_;  // from Commit on
  uint64_t bad_items_ = 0;

  BulkLoadCounts counts_;
  std::vector<int64_t> by_label_;  // index: label id
  std::vector<int64_t> by_type_;
  // Ids given to what was added, ascending.
  std::vector<CommitEntry::Change> entities_;
  std::vector<CommitEntry::Change> relationships_;
  // Adjacency arrays that change, by name as long as they are few.
  std::vector<AdjacencyKey> touched_;
  bool touched_many_ = false;
  TouchedPages touched_pages_;
  // The first and last fact id that was given.
  FactId first_fact_;
  FactId last_fact_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_BULK_LOAD_H_
