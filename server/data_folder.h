#ifndef RELATA_SERVER_DATA_FOLDER_H_
#define RELATA_SERVER_DATA_FOLDER_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine_provider.h"
#include "storage/rocksdb/rocksdb_options.h"

namespace relata {

// Databases on disk below one folder:
//   databases/<name>/    a RocksDB each
//   checkpoints/<name>/  copies that were asked for
//   deleted/             what is being deleted; emptied at the next start
// A copy is brought back by moving it below databases/ while the server is stopped.
class DataFolder final : public EngineProvider {
 public:
  // Makes the folder where it is absent and finishes deletions that a crash left. UNAVAILABLE where
  // that fails.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::string& path,
                                                          const RocksDbOptions& options);

  absl::StatusOr<std::vector<std::string>> List() override;
  absl::StatusOr<std::unique_ptr<OrderedKv>> Open(const std::string& name) override;
  absl::Status Remove(const std::string& name) override;
  absl::StatusOr<std::string> CheckpointPath(const std::string& name) override;

 private:
  DataFolder(std::filesystem::path path, const RocksDbOptions& options)
      : path_(std::move(path)), options_(options) {}

  const std::filesystem::path path_;
  const RocksDbOptions options_;
};

}  // namespace relata

#endif  // RELATA_SERVER_DATA_FOLDER_H_
