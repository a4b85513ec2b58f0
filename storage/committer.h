#ifndef RELATA_STORAGE_COMMITTER_H_
#define RELATA_STORAGE_COMMITTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "storage/answered_times.h"
#include "storage/commit_log.h"
#include "storage/conflict_window.h"
#include "storage/ordered_kv.h"
#include "storage/past_versions.h"
#include "storage/versioned_store.h"

namespace relata {

// One transaction as the committer sees it. Keys here are *logical* keys, any bytes that readers
// and writers of the same thing agree on (graph/transaction/logical_keys.h), not keys of the store.
class PendingCommit {
 public:
  virtual ~PendingCommit() = default;
  // The version the transaction read at.
  virtual CommitVersion read_version() const = 0;
  // What it read: a commit after read_version() that wrote one of these refuses it.
  virtual const std::vector<std::string>& read_keys() const = 0;
  virtual const std::vector<KeyRange>& read_ranges() const = 0;
  // What it writes.
  virtual const std::vector<std::string>& write_keys() const = 0;
  // Called once, on the committer's thread, after validation: stages the writes of `version`,
  // committed at `time_us`, and fills `entry` (version and time are set already). An error refuses
  // this transaction alone; it must then have staged nothing (compute first, stage last). Where it
  // staged something nonetheless, because a read of the engine failed in between, the whole group
  // is refused and nothing of it is written: this one with its error, the others with ABORTED. Must
  // not call the Committer.
  virtual absl::Status Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                             CommitEntry& entry) = 0;
  // Called on the committer's thread after the sync and before the head is published, in version
  // order. Must not call the Committer.
  virtual void BeforePublish(CommitVersion version) = 0;
};

struct Committed {
  CommitVersion version;
  int64_t time_us = 0;
};

// One bulk load as the committer sees it: far more new keys than a batch in memory should hold. All
// calls come on the thread of Committer::Load, in this order: WriteRuns and Validate while others
// commit; then, while no other commit runs, Validate again and the rest, each once.
class PendingLoad {
 public:
  virtual ~PendingLoad() = default;
  // Writes live records as runs, each behind LoadedValuePrefix(load); no key may be there yet. On
  // an error nothing is kept.
  virtual absl::StatusOr<std::vector<StagedRun>> WriteRuns(OrderedKv& kv, uint64_t load) = 0;
  // Whether what the load read still holds at the newest published state; an error refuses it.
  virtual absl::Status Validate(std::shared_ptr<const StoreSnapshot> head) = 0;
  // As WriteRuns, for records that hold the commit time, which `time_us` gives; readers that ask
  // for a time from then on wait for the load, so it is best not asked for.
  virtual absl::StatusOr<std::vector<StagedRun>> WriteTimedRuns(
      OrderedKv& kv, uint64_t load, absl::FunctionRef<int64_t()> time_us) = 0;
  // Stages unversioned writes (nothing in the live space) and fills `entry`. As
  // PendingCommit::Stage otherwise.
  virtual absl::Status Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                             CommitEntry& entry) = 0;
  // As PendingCommit::BeforePublish.
  virtual void BeforePublish(CommitVersion version) = 0;
};

// The one writer of a database: orders transactions, validates them (optimistic, on logical keys
// and ranges, so that the result is strictly serializable), writes groups of them as one synced
// engine batch in version order, never two in flight, and publishes the head. Thread-safe: any
// thread calls Commit; the first in line leads the group for those that wait ("the committer's
// thread" is whoever leads). The clock may jump back, also between two openings: no commit gets a
// time at or before one that a read was answered at (storage/answered_times.h).
//
// A bulk load commits by an intent: its runs are staged and synced first, most of them while others
// commit, then one synced batch, the commit point, records them with the log entry and the version
// of the load, then the engine brings them in as one write, which also removes the intent. Open
// finishes a load that was recorded and drops runs that were not.
//
// A failed write or sync makes the database read-only until it is opened again: from then on every
// Commit is FAILED_PRECONDITION. A version that was attempted and not published is never visible to
// a reader of this process. After a reopening such a commit is whole or absent, as the engine's log
// kept it.
class Committer {
 public:
  struct Options {
    // Bytes of recent write keys kept for validation; older transactions get ABORTED.
    size_t conflict_window_bytes = 64 << 20;
    // Transactions written as one group at most, and bytes.
    size_t max_group = 256;
    size_t max_group_bytes = 16 << 20;
  };

  // Finishes a bulk load that was recorded and reads the head from the log. `kv` and `clock` must
  // outlive this. DATA_LOSS where the log is damaged or runs of a recorded load are missing,
  // FAILED_PRECONDITION where the newest entry or the intent is of a newer format.
  static absl::StatusOr<std::unique_ptr<Committer>> Open(OrderedKv* kv, Clock* clock,
                                                         Options options);

  // Blocks until the transaction is durable and published. ABORTED: a conflict, run the whole
  // transaction again; UNAVAILABLE: the write failed, and the transaction may or may not be there
  // when the database is opened again; FAILED_PRECONDITION: read-only after a failure; else what
  // Stage returned.
  absl::StatusOr<Committed> Commit(PendingCommit& commit);
  // The same with a given commit time (replay of a log): INVALID_ARGUMENT where it is not after the
  // last one and after every time that AtTime was answered for.
  absl::StatusOr<Committed> CommitAt(PendingCommit& commit, int64_t time_us);
  // Runs `compose` alone, between groups of commits, on a head that does not change meanwhile, and
  // commits the transaction that it returns: no conflict can refuse that. For a transaction that
  // lost too often; all others wait while it runs. The transaction must live until the return;
  // null: there is nothing to commit, and version 0 is returned. `compose` runs on the committer's
  // thread and must not commit or maintain. Errors: what it returned, else as Commit but never a
  // conflict.
  absl::StatusOr<Committed> CommitAlone(
      absl::FunctionRef<absl::StatusOr<PendingCommit*>()> compose);

  // Commits a bulk load: writes its runs, waits for its turn, and brings them in while all other
  // commits wait. Transactions that read before it get ABORTED then, whatever they read. Errors:
  // what the calls of PendingLoad returned (nothing was written), else as Commit.
  absl::StatusOr<Committed> Load(PendingLoad& load);

  // Runs `work` alone, between groups of commits, and writes what it stages: work behind the scenes
  // that makes no version (the building of an index). What it puts counts as written by the head
  // version; it must not touch anything that a reader at the head could miss. On success the head
  // is published anew, with the same version. Errors: as Commit, and what `work` returned.
  absl::Status Maintain(absl::FunctionRef<absl::Status(VersionedBatch&)> work);

  // The published head. Never null; version 0 before the first commit.
  std::shared_ptr<const StoreSnapshot> Head() const;
  // At exactly `version`: OUT_OF_RANGE beyond the head or below EarliestVersion() (the message
  // names it).
  absl::StatusOr<std::shared_ptr<const StoreSnapshot>> At(CommitVersion version) const;
  // At the last commit at or before `time_us` (version 0 before the first). INVALID_ARGUMENT where
  // it is beyond now; OUT_OF_RANGE below retention. Later commits get times beyond it; waits for a
  // commit that is being written with a time up to it. Cost: a point read for each halving of the
  // log, and sometimes a synced write for a time beyond the last commit; errors of that write
  // (UNAVAILABLE) refuse such a time alone.
  absl::StatusOr<std::shared_ptr<const StoreSnapshot>> AtTime(int64_t time_us);
  // Time of a published commit. OUT_OF_RANGE as At.
  absl::StatusOr<int64_t> CommitTime(CommitVersion version) const;
  // The oldest version whose log entry is kept. Version 0: everything is kept.
  CommitVersion EarliestVersion() const;
  // True after a failed write; `why` (may be null) gets the reason.
  bool read_only(std::string* why) const;

  // Blocks until the head is past `version`, or `deadline` (Clock::MonotonicMicros) passes, or Wake
  // is called: for Watch. Returns whether the head is past it. A Wake before the call has no effect
  // on it, so a caller that can be cancelled gives a near deadline and looks again.
  bool WaitPast(CommitVersion version, int64_t deadline_monotonic_us) const;
  // Lets all waiters look again (for cancellation).
  void Wake() const;

  // OrderedKv::Checkpoint, but never between the intent of a bulk load and its end.
  // FAILED_PRECONDITION where a load was recorded and could not be brought in.
  absl::Status Checkpoint(const std::string& directory, const KvBatch& amendment);

  const OrderedKv* kv() const { return kv_; }

 private:
  struct Waiter;
  struct Group;
  Committer(OrderedKv* kv, Clock* clock, Options options);
  absl::StatusOr<Committed> Enqueue(Waiter& self);
  // Ends the leading of a group: lets the next leader begin, then its waiters return.
  void HandOver(const std::vector<Waiter*>& group) ABSL_LOCKS_EXCLUDED(queue_mutex_);

  // The leader's steps. RunGroup takes waiters from the queue, brings them to their outcome, and
  // returns them.
  std::vector<Waiter*> RunGroup() ABSL_LOCKS_EXCLUDED(queue_mutex_, head_mutex_);
  Waiter* TakeNext(const Group& group) ABSL_LOCKS_EXCLUDED(queue_mutex_);
  absl::Status StageOne(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void RunMaintenance(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void RunLoad(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_, bulk_mutex_);
  // What is left of Load once its runs are written.
  absl::StatusOr<Committed> CommitLoad(Waiter& self);
  absl::Status StageLoad(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void BringIn(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_, bulk_mutex_);
  absl::Status ComposeAndStage(Group& group, Waiter& waiter) ABSL_LOCKS_EXCLUDED(head_mutex_);
  absl::Status Validate(const PendingCommit& commit) const;
  absl::StatusOr<int64_t> ChooseTime(std::optional<int64_t> given) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void Refuse(Group& group) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void TurnReadOnly(Group& group, const absl::Status& failure) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void Publish(Group& group) ABSL_LOCKS_EXCLUDED(head_mutex_);
  void EndGroup() ABSL_LOCKS_EXCLUDED(head_mutex_);

  OrderedKv* const kv_;
  Clock* const clock_;
  const Options options_;
  // Set by Open.
  std::unique_ptr<const PastVersions> past_;
  std::unique_ptr<AnsweredTimes> answered_;

  mutable Mutex queue_mutex_;
  std::deque<Waiter*> queue_ ABSL_GUARDED_BY(queue_mutex_);
  bool leading_ ABSL_GUARDED_BY(queue_mutex_) = false;
  // Each waiter waits on one of these, several perhaps on the same, with queue_mutex_. They are
  // here and not the waiters' own, so that they can be signalled without the lock.
  std::array<CondVar, 64> turns_;
  size_t next_turn_ ABSL_GUARDED_BY(queue_mutex_) = 0;

  // Held from the intent of a bulk load to its end.
  Mutex bulk_mutex_;

  // Touched by the leader alone.
  ConflictWindow window_;
  // The last commit that was staged; after a group it is the head, or the database is read-only.
  CommitVersion last_version_;
  int64_t last_time_us_ = INT64_MIN;

  mutable Mutex head_mutex_;
  // Signalled when a group ends and by Wake.
  mutable CondVar head_changed_;
  std::shared_ptr<const StoreSnapshot> head_ ABSL_GUARDED_BY(head_mutex_);
  std::string read_only_reason_ ABSL_GUARDED_BY(head_mutex_);
  // The largest system time that a read was answered at, at least the bound found by Open.
  int64_t answered_time_us_ ABSL_GUARDED_BY(head_mutex_) = INT64_MIN;
  // The first commit time given out in the group that is being written; INT64_MAX between groups.
  int64_t in_flight_time_us_ ABSL_GUARDED_BY(head_mutex_) = INT64_MAX;
  mutable uint64_t wakes_ ABSL_GUARDED_BY(head_mutex_) = 0;
};

}  // namespace relata

#endif  // RELATA_STORAGE_COMMITTER_H_
