#include "storage/rocksdb/rocksdb_status.h"

#include <atomic>
#include <bit>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/logging.h"
#include "rocksdb/status.h"

namespace relata {
namespace {

// The library has no code of its own for a lock that somebody holds: these are the beginnings of
// its messages for another process and for this one.
bool IsLockHeld(const rocksdb::Status& status) {
  if (!status.IsIOError() || status.getState() == nullptr) return false;
  const absl::string_view text = status.getState();
  return absl::StrContains(text, "While lock file") ||
         absl::StrContains(text, "lock hold by current process");
}

// A damaged block is met again by each read of it, so of many failures ever fewer are told.
void LogFailure(const rocksdb::Status& status, absl::string_view doing) {
  static std::atomic<uint64_t> failures = 0;
  const uint64_t so_far = ++failures;
  if (!std::has_single_bit(so_far)) return;
  const std::string text = status.ToString();
  LogError(
      status.IsCorruption() ? "stored bytes are damaged" : "the storage device or engine failed",
      {{"doing", doing}, {"file", FileNamedIn(text)}, {"failures_so_far", so_far}});
}

}  // namespace

absl::string_view FileNamedIn(absl::string_view text) {
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar("/ :;,()'\""))) {
    if (absl::EndsWith(word, ".sst") || absl::EndsWith(word, ".log") ||
        absl::StartsWith(word, "MANIFEST-") || word == "CURRENT") {
      return word;
    }
  }
  return "";
}

absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  if (IsLockHeld(status)) {
    return absl::FailedPreconditionError(
        "the data folder is in use by another process; stop it or choose another with --data");
  }
  if (status.IsCorruption()) {
    LogFailure(status, doing);
    return absl::DataLossError(absl::StrCat(
        doing,
        ": the stored bytes are damaged; restore the database from a checkpoint or a backup"));
  }
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(absl::StrCat(
        doing, ": no space is left on the device; free some and open the database again"));
  }
  if (status.IsMemoryLimit()) {
    return absl::ResourceExhaustedError(absl::StrCat(doing, ": memory ran out"));
  }
  if (status.IsPathNotFound() || status.IsNotFound()) {
    return absl::NotFoundError(absl::StrCat(doing, ": the folder or a file of it is missing"));
  }
  if (status.IsBusy() || status.IsTryAgain()) {
    return absl::FailedPreconditionError(absl::StrCat(doing, ": the engine is busy; try again"));
  }
  if (status.IsIOError() || status.IsShutdownInProgress() || status.IsAborted() ||
      status.IsTimedOut() || status.IsIncomplete()) {
    if (status.IsIOError()) LogFailure(status, doing);
    return absl::UnavailableError(absl::StrCat(
        doing,
        ": the storage device or engine failed; check the device and open the database again"));
  }
  if (status.IsNotSupported()) {
    return absl::UnimplementedError(absl::StrCat(doing, ": the engine does not support this"));
  }
  return absl::InternalError(absl::StrCat(doing, ": the engine refused an argument"));
}

}  // namespace relata
