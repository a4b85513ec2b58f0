#include "server/data_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/rocksdb/rocksdb_kv.h"

namespace relata {
namespace {

namespace fs = std::filesystem;

absl::Status FileError(absl::string_view what, const std::error_code& error) {
  return absl::UnavailableError(absl::StrCat(what, " failed: ", error.message(),
                                             "; check the folder given with --data, and the disk"));
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? FileError("making a folder below the data folder", error) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& path,
                                                             const RocksDbOptions& options) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  if (error) return FileError("finding the data folder", error);
  RELATA_RETURN_IF_ERROR(MakeFolder(absolute / "databases"));
  fs::remove_all(absolute / "deleted", error);
  if (error) return FileError("finishing the deletion of a database", error);
  return std::unique_ptr<DataFolder>(new DataFolder(std::move(absolute), options));
}

absl::StatusOr<std::vector<std::string>> DataFolder::List() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(path_ / "databases", error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_directory(error)) names.push_back(it->path().filename().string());
  }
  if (error) return FileError("listing the databases", error);
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<std::unique_ptr<OrderedKv>> DataFolder::Open(const std::string& name) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<OrderedKv> kv,
                          RocksDbKv::Open((path_ / "databases" / name).string(), options_));
  return kv;
}

absl::Status DataFolder::Remove(const std::string& name) {
  // The rename is the deletion; a crash after it leaves only files to sweep.
  RELATA_RETURN_IF_ERROR(MakeFolder(path_ / "deleted"));
  std::error_code error;
  fs::rename(path_ / "databases" / name, path_ / "deleted" / name, error);
  if (error) return FileError("deleting a database", error);
  fs::remove_all(path_ / "deleted" / name, error);
  return error ? FileError("deleting the files of a database", error) : absl::OkStatus();
}

absl::StatusOr<std::string> DataFolder::CheckpointPath(const std::string& name) {
  RELATA_RETURN_IF_ERROR(MakeFolder(path_ / "checkpoints"));
  return (path_ / "checkpoints" / name).string();
}

}  // namespace relata
