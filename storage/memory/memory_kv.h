#ifndef RELATA_STORAGE_MEMORY_MEMORY_KV_H_
#define RELATA_STORAGE_MEMORY_MEMORY_KV_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "storage/memory/fault_plan.h"
#include "storage/memory/multi_version_map.h"
#include "storage/ordered_kv.h"

namespace relata {

// An engine in memory, the twin of storage/rocksdb for tests: the same contract, and faults on
// request. It keeps a log of what was written since the last sync, as an engine with a write-ahead
// log does, so that a crash can be played: Crash() gives the engine that a new process would find.
//
// Thread-safe; snapshots and cursors too may be used while others write (one thread a cursor). One
// lock guards all.
class MemoryKv final : public OrderedKv {
 public:
  MemoryKv();
  explicit MemoryKv(const FaultPlan& plan);
  ~MemoryKv() override;
  MemoryKv(const MemoryKv&) = delete;
  MemoryKv& operator=(const MemoryKv&) = delete;

  absl::StatusOr<std::optional<std::string>> Get(KeySpace space, absl::string_view key,
                                                 const KvSnapshot* snapshot) const override;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      KeySpace space, const std::vector<std::string>& keys,
      const KvSnapshot* snapshot) const override;
  std::unique_ptr<KvIterator> NewIterator(KeySpace space, const KvSnapshot* snapshot,
                                          std::string lower, std::string upper) const override;
  std::shared_ptr<const KvSnapshot> NewSnapshot() const override;
  // A synced write makes every earlier one durable too.
  absl::Status Write(const KvBatch& batch, const std::vector<KvGuard>& guards, bool sync) override;
  // Finishing a run counts as one synced write, for faults and counts, and so does Ingest.
  absl::StatusOr<std::unique_ptr<KvRunWriter>> NewRun(KeySpace space) override;
  absl::Status Ingest(const std::vector<StagedRun>& runs) override;
  absl::Status Drop(const std::vector<StagedRun>& runs) override;
  absl::Status DropStaged() override;
  std::string ScratchFolder() const override { return ""; }
  // UNIMPLEMENTED: there are no files.
  absl::Status Checkpoint(const std::string& directory, const KvBatch& amendment) override;
  // Cost: a pass over the space.
  absl::StatusOr<uint64_t> ApproximateBytes(KeySpace space) const override;

  // Replaces the plan; its counts start now. A write failure that came before stays.
  void Arm(const FaultPlan& plan);

  // What is found after the process and the machine die now: all that was synced and, as the seed
  // decides, the first of the writes after that, in order and each whole; a torn write is
  // recognized and dropped with all behind it. Finished runs that were not brought in are still
  // staged. The new engine has no faults armed. This one goes on
  // as it was (drop it for a real crash).
  std::unique_ptr<MemoryKv> Crash() const;

  // Runs that are staged.
  size_t staged_count() const;

  // Writes tried (guards that did not hold not counted), and those of them that asked for a sync.
  uint64_t write_count() const;
  uint64_t sync_count() const;

 private:
  class Snapshot;
  class Iterator;
  class RunWriter;
  // A batch in the log.
  struct LogRecord {
    std::vector<KvBatch::Op> ops;
    bool whole = true;
  };

  uint64_t SequenceOf(const KvSnapshot* snapshot) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The value as a reader gets it: a copy, corrupted where the plan says so.
  std::string Returned(absl::string_view value) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckGuards(const std::vector<KvGuard>& guards) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteLocked(const std::vector<KvBatch::Op>& ops, bool sync)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Counts a write and plays its fault, where it has one: not OK, and then `ops` are in the log as
  // far as the fault lets them.
  absl::Status BeginWrite(const std::vector<KvBatch::Op>& ops, bool sync)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MakeDurable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<StagedRun> Stage(KeySpace space, std::vector<KvBatch::Op> ops);
  absl::Status Break(LogRecord record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  mutable MultiVersionMap map_ ABSL_GUARDED_BY(mutex_);
  // The state at this sequence number is on the device (it is pinned in the map), the log holds
  // what came later.
  uint64_t durable_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<LogRecord> log_ ABSL_GUARDED_BY(mutex_);
  // By name: what a run does.
  absl::btree_map<std::string, std::vector<KvBatch::Op>> staged_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_run_ ABSL_GUARDED_BY(mutex_) = 0;
  // The device failed in a write: no more writes.
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;

  FaultPlan plan_ ABSL_GUARDED_BY(mutex_);
  mutable std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_);
  uint64_t armed_writes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t armed_syncs_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t write_count_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t sync_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace relata

#endif  // RELATA_STORAGE_MEMORY_MEMORY_KV_H_
