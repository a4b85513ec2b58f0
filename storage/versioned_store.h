#ifndef RELATA_STORAGE_VERSIONED_STORE_H_
#define RELATA_STORAGE_VERSIONED_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "storage/ordered_kv.h"

namespace relata {

// Keys of the versioned store must be prefix-free (no key is a prefix of another): the key layouts
// of graph/store/ encode every component so that it ends by itself. History then keeps keys
// together and in order.

// [start, limit) of keys; empty limit: no bound.
struct KeyRange {
  std::string start;
  std::string limit;
  static KeyRange Prefix(absl::string_view prefix);
};

// A record as read: the version that wrote it and the bytes given to Put.
struct VersionedRecord {
  CommitVersion written;
  std::string record;
  bool operator==(const VersionedRecord&) const = default;
};

class VersionedStore;

// What a reader holds: an engine snapshot, and the version that it reads. Immutable, thread-safe,
// shared. At the head (`at_head`) only the live space is read; else live and history are merged:
// written <= version < ended.
class StoreSnapshot {
 public:
  StoreSnapshot(const OrderedKv* kv, std::shared_ptr<const KvSnapshot> engine,
                CommitVersion version, int64_t commit_time_us, bool at_head);

  CommitVersion version() const { return version_; }
  // Time of the commit `version`; INT64_MIN for version 0, the empty database.
  int64_t commit_time_us() const { return commit_time_us_; }
  bool at_head() const { return at_head_; }
  const OrderedKv* kv() const { return kv_; }
  const KvSnapshot* engine() const { return engine_.get(); }
  std::shared_ptr<const KvSnapshot> shared_engine() const { return engine_; }

  // nullopt: absent at this version.
  absl::StatusOr<std::optional<VersionedRecord>> Get(absl::string_view key) const;
  absl::StatusOr<std::vector<std::optional<VersionedRecord>>> MultiGet(
      const std::vector<std::string>& keys) const;
  // The newest version <= version() at which any key of the range was written or ended; 0 where
  // never. Cost: a scan of the range in both spaces.
  absl::StatusOr<CommitVersion> NewestChange(const KeyRange& range) const;

 private:
  const OrderedKv* const kv_;
  const std::shared_ptr<const KvSnapshot> engine_;
  const CommitVersion version_;
  const int64_t commit_time_us_;
  const bool at_head_;
};

// A scan over [start, limit) at a snapshot's version, in key order or backward. Not thread-safe;
// the snapshot must outlive it. Continuation: make a new one from the last key on.
//   for (VersionedScan scan(*snapshot, range); scan.Valid(); scan.Next()) …
//   RELATA_RETURN_IF_ERROR(scan.status());
// The versions of a key cost a few steps or one seek, however many there are. Views hold until the
// scan moves. After an error (DATA_LOSS where a record is damaged, else the engine's) it stays not
// Valid().
class VersionedScan {
 public:
  enum class Direction { kForward, kBackward };
  VersionedScan(const StoreSnapshot& snapshot, KeyRange range,
                Direction direction = Direction::kForward);
  ~VersionedScan();
  VersionedScan(const VersionedScan&) = delete;
  VersionedScan& operator=(const VersionedScan&) = delete;

  bool Valid() const;
  void Next();
  // To the first key >= `key` (backward: to the last key <= `key`), without leaving the range. May
  // also go back.
  void SkipTo(absl::string_view key);
  absl::string_view key() const;
  absl::string_view record() const;
  CommitVersion written() const;
  absl::Status status() const;

 private:
  class Merge;
  std::unique_ptr<Merge> merge_;
};

// Every state that a key ever had, oldest first (for system-time history).
struct RecordVersion {
  CommitVersion written;
  CommitVersion ended;  // 0: live at the snapshot's version
  std::string record;
};
// States of the keys of a range with written <= snapshot.version(), by key then version.
// `ended` beyond the snapshot's version reads as 0.
struct KeyHistory {
  std::string key;
  std::vector<RecordVersion> versions;
};
absl::StatusOr<std::vector<KeyHistory>> ReadHistory(const StoreSnapshot& snapshot,
                                                    const KeyRange& range);

// Collects the engine writes of a group of commits: what a commit replaces goes to history in the
// same batch. Used by the committer's thread alone. Sees the newest engine state plus what was
// staged before in the same group.
class VersionedBatch {
 public:
  // Both are borrowed and must outlive this. While this is in use nobody else writes into `batch`'s
  // live space, and `batch` is not cleared.
  VersionedBatch(const OrderedKv* kv, KvBatch* batch) : kv_(kv), batch_(batch) {}

  // The version that following writes belong to; ascending within a group, above every version in
  // the store.
  void BeginVersion(CommitVersion version) { version_ = version; }
  CommitVersion version() const { return version_; }

  // `known_new`: the key has never been live (its ids are fresh), so no read is needed. Several
  // writes of one key in one version leave the last one, and no history of those between. An error
  // of the read (DATA_LOSS, UNAVAILABLE) stages nothing.
  absl::Status Put(std::string key, absl::string_view record, bool known_new = false);
  // Deleting an absent key is nothing.
  absl::Status Delete(const std::string& key);
  // The live record of a key, as the newest commit or an earlier write of this group left it.
  // nullopt: absent.
  absl::StatusOr<std::optional<VersionedRecord>> Get(const std::string& key) const;
  // An unversioned write into kMeta (ids, interned names, …), in the same batch.
  void PutMeta(std::string key, std::string value) {
    batch_->Put(KeySpace::kMeta, std::move(key), std::move(value));
  }
  void DeleteMeta(std::string key) { batch_->Delete(KeySpace::kMeta, std::move(key)); }

 private:
  // What this group did to a key last.
  struct Staged {
    bool live;  // false: deleted
    CommitVersion written;
    size_t op;  // index in the batch of the live record
  };
  // Moves the live state of `key`, where it has one from an earlier version, to history. Returns
  // whether it is live.
  absl::StatusOr<bool> EndState(const std::string& key);

  const OrderedKv* const kv_;
  KvBatch* const batch_;
  CommitVersion version_;
  absl::flat_hash_map<std::string, Staged> staged_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_VERSIONED_STORE_H_
