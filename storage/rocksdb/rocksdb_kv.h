#ifndef RELATA_STORAGE_ROCKSDB_ROCKSDB_KV_H_
#define RELATA_STORAGE_ROCKSDB_ROCKSDB_KV_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/ordered_kv.h"
#include "storage/rocksdb/rocksdb_options.h"

namespace relata {

// The engine on disk: RocksDB with a column family for each key space (live, history, log, meta),
// one write-ahead log, and checksums verified on every read. Thread-safe.
//
// A write reaches the log before it is visible, and with `sync` the device before Write returns.
// After the library met an error that makes its files uncertain (a failed write to the log, a
// failed flush) every Write and Ingest is UNAVAILABLE until the folder is opened again; reads go
// on. On opening, a write that was torn at the end of the log is dropped whole; a log that is
// damaged before its end is refused.
class RocksDbKv final : public OrderedKv {
 public:
  // Opens the folder `path`, and makes it where the options say so. One process at a time holds a
  // folder. FAILED_PRECONDITION: another process (or this one) has it open; the library lacks a
  // compression; a newer Relata made it. NOT_FOUND: no database there and create_if_missing is
  // false. DATA_LOSS: it is damaged, which the message places where the log is. UNAVAILABLE,
  // RESOURCE_EXHAUSTED: the device.
  static absl::StatusOr<std::unique_ptr<RocksDbKv>> Open(const std::string& path,
                                                         const RocksDbOptions& options);
  // All snapshots and cursors must be gone. Writes what is in memory alone to files, so that the
  // next opening replays nothing: it waits for the device, at most for two write buffers a space.
  ~RocksDbKv() override;
  RocksDbKv(const RocksDbKv&) = delete;
  RocksDbKv& operator=(const RocksDbKv&) = delete;

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
  // A run is a table file in a folder within the data folder, compressed and filtered as those of
  // its space; the library takes the file itself over. Where recent writes in memory lie between
  // its keys, these go to a file first.
  absl::StatusOr<std::unique_ptr<KvRunWriter>> NewRun(KeySpace space) override;
  absl::Status Ingest(const std::vector<StagedRun>& runs) override;
  absl::Status Drop(const std::vector<StagedRun>& runs) override;
  absl::Status DropStaged() override;
  std::string ScratchFolder() const override;
  // Shares the files that never change with the copy by hard links where both are on one device.
  // NOT_FOUND where the folder that is to hold `directory` does not exist.
  absl::Status Checkpoint(const std::string& directory, const KvBatch& amendment) override;
  // Files plus recent writes in memory.
  absl::StatusOr<uint64_t> ApproximateBytes(KeySpace space) const override;

 private:
  struct Engine;
  class Snapshot;
  class Iterator;
  class RunWriter;
  explicit RocksDbKv(std::unique_ptr<Engine> engine);

  static absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(const std::string& path,
                                                            const RocksDbOptions& options);
  static absl::Status Amend(const std::string& copy_path, const KvBatch& amendment);
  absl::Status CheckGuards(const std::vector<KvGuard>& guards) const;

  const std::unique_ptr<Engine> engine_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_ROCKSDB_ROCKSDB_KV_H_
