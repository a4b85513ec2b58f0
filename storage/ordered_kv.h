#ifndef RELATA_STORAGE_ORDERED_KV_H_
#define RELATA_STORAGE_ORDERED_KV_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/load_versions.h"

namespace relata {

// The separate ordered key spaces of an engine (column families in RocksDB). The numbers and names
// live on disk.
enum class KeySpace : uint8_t {
  kLive = 0,  // what is true at the head: key -> version written, record
  kHistory =
      1,     // what was replaced or ended: key, version written descending -> version ended, record
  kLog = 2,  // the commit log: version -> what was changed
  kMeta = 3,  // unversioned: format, ids, interned names, request ids, statistics, intents
};
inline constexpr int kKeySpaceCount = 4;

// A frozen view of the whole engine. Thread-safe. Must be destroyed before the engine that made it.
class KvSnapshot {
 public:
  virtual ~KvSnapshot() = default;
};

// A cursor over one key space in byte order. Not thread-safe; used by one thread at a time. It sees
// the state of the snapshot that it was made with. Valid() is false at either end *and* on error:
// status() tells which.
class KvIterator {
 public:
  virtual ~KvIterator() = default;
  // To the first key >= `target`.
  virtual void Seek(absl::string_view target) = 0;
  // To the last key < `target`.
  virtual void SeekBefore(absl::string_view target) = 0;
  virtual void SeekToFirst() = 0;
  virtual void SeekToLast() = 0;
  // Precondition of the following four: Valid(). The views hold until the cursor moves.
  virtual void Next() = 0;
  virtual void Prev() = 0;
  virtual absl::string_view key() const = 0;
  virtual absl::string_view value() const = 0;
  virtual bool Valid() const = 0;
  // DATA_LOSS where a block does not match its checksum, UNAVAILABLE where the device fails.
  virtual absl::Status status() const = 0;
};

// An ordered list of writes that an engine applies as one. Later operations on a key win. Not
// thread-safe.
class KvBatch {
 public:
  struct Op {
    KeySpace space;
    bool is_put;  // false: delete
    std::string key;
    std::string value;
  };
  void Put(KeySpace space, std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    ops_.push_back({space, true, std::move(key), std::move(value)});
  }
  void Delete(KeySpace space, std::string key) {
    bytes_ += key.size();
    ops_.push_back({space, false, std::move(key), {}});
  }
  const std::vector<Op>& ops() const { return ops_; }
  bool empty() const { return ops_.empty(); }
  // Bytes of all keys and values.
  size_t bytes() const { return bytes_; }
  void Clear() {
    ops_.clear();
    bytes_ = 0;
  }

 private:
  std::vector<Op> ops_;
  size_t bytes_ = 0;
};

// A condition on a batch: `key` holds exactly `expected`, or is absent where `expected` is nullopt.
struct KvGuard {
  KeySpace space;
  std::string key;
  std::optional<std::string> expected;
};

// A finished sorted run that waits to be brought in: the space it is for, and the engine's name for
// it, which is good across openings of the database until the run is ingested or dropped.
struct StagedRun {
  KeySpace space;
  std::string name;
  bool operator==(const StagedRun&) const = default;
};

// Writes one sorted run beside the database, invisible to readers. Keys ascend strictly:
// INVALID_ARGUMENT where they do not. Where this goes before Finish, or after an error, nothing of
// the run stays. Must not outlive the engine. Not thread-safe; several may be written at once.
class KvRunWriter {
 public:
  virtual ~KvRunWriter() = default;
  virtual absl::Status Put(absl::string_view key, absl::string_view value) = 0;
  // Once ingested, the key is gone.
  virtual absl::Status Delete(absl::string_view key) = 0;
  // Bytes that the run takes so far, approximate: for cutting long runs.
  virtual uint64_t bytes() const = 0;
  // Ends the run, which is durable on return. INVALID_ARGUMENT where it holds nothing. Call once.
  virtual absl::StatusOr<StagedRun> Finish() = 0;
};

// The engine interface: an ordered map in a few key spaces with snapshot reads and guarded, atomic,
// durable batches. Everything above (versions, the log, transactions) is built on this alone, so
// another engine fits behind it. One contract suite (tests/storage/ordered_kv_contract.h) holds for
// every implementation. Thread-safe.
//
// Errors of every call: DATA_LOSS (bytes do not match their checksum), UNAVAILABLE (device or
// engine failed; the outcome of a write is then unknown), RESOURCE_EXHAUSTED (no space).
class OrderedKv {
 public:
  virtual ~OrderedKv() = default;

  // nullopt: no such key. `snapshot` null: the newest state.
  virtual absl::StatusOr<std::optional<std::string>> Get(KeySpace space, absl::string_view key,
                                                         const KvSnapshot* snapshot) const = 0;
  // One result a key, in the order asked.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      KeySpace space, const std::vector<std::string>& keys, const KvSnapshot* snapshot) const = 0;
  // A cursor over keys in [lower, upper); empty `upper`: no bound. `snapshot` may be null and must
  // outlive the cursor.
  virtual std::unique_ptr<KvIterator> NewIterator(KeySpace space, const KvSnapshot* snapshot,
                                                  std::string lower, std::string upper) const = 0;
  virtual std::shared_ptr<const KvSnapshot> NewSnapshot() const = 0;

  // Applies the whole batch or nothing, and returns when it is durable (synced) if `sync`. With
  // guards the batch is applied only where all hold, atomically with it; else ABORTED and nothing
  // is written.
  virtual absl::Status Write(const KvBatch& batch, const std::vector<KvGuard>& guards,
                             bool sync) = 0;
  // Begins a sorted run for `space`.
  virtual absl::StatusOr<std::unique_ptr<KvRunWriter>> NewRun(KeySpace space) = 0;
  // Brings in staged runs as one atomic write over all spaces, durable on return; they are then no
  // longer staged. Where runs of one space share keys, the later run wins. DATA_LOSS where one is
  // not there, and nothing is brought in then.
  virtual absl::Status Ingest(const std::vector<StagedRun>& runs) = 0;
  // Removes staged runs, which must not be in writing; those that are not there count as removed.
  virtual absl::Status Drop(const std::vector<StagedRun>& runs) = 0;
  // Removes every staged run. No run may be in writing. Runs that a dead process left behind stay
  // until this is called.
  virtual absl::Status DropStaged() = 0;
  // A folder on the same device for files that mean nothing once the process ended; empty where the
  // engine has no files.
  virtual std::string ScratchFolder() const = 0;
  // Writes a consistent copy that the same engine can open into `directory`, which must not exist
  // (ALREADY_EXISTS), and `amendment` into the copy alone; the folder appears once all of it is
  // there. UNIMPLEMENTED on engines without files.
  virtual absl::Status Checkpoint(const std::string& directory, const KvBatch& amendment) = 0;
  // Bytes on disk (or in memory) by space, approximate.
  virtual absl::StatusOr<uint64_t> ApproximateBytes(KeySpace space) const = 0;

  // What records of bulk loads refer to. Here because it is found wherever records are read; an
  // engine does not look at it.
  const LoadVersions& load_versions() const { return load_versions_; }
  LoadVersions& load_versions() { return load_versions_; }

 private:
  LoadVersions load_versions_;
};

// The first key after every key that starts with `prefix`; empty where there is none (all 0xff).
std::string PrefixEnd(absl::string_view prefix);

}  // namespace relata

#endif  // RELATA_STORAGE_ORDERED_KV_H_
