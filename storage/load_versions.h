#ifndef RELATA_STORAGE_LOAD_VERSIONS_H_
#define RELATA_STORAGE_LOAD_VERSIONS_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "base/ids.h"
#include "base/mutex.h"

namespace relata {

// Which version each bulk load of a database got, by the number of the load. The records of a load
// are written before its version is known and name the load instead (storage/versioned_record.h).
// In memory while the engine is open; the committer keeps it on disk (LoadVersionKey) and reads it
// back. Thread-safe; VersionOf takes no lock.
class LoadVersions {
 public:
  LoadVersions() = default;
  ~LoadVersions();
  LoadVersions(const LoadVersions&) = delete;
  LoadVersions& operator=(const LoadVersions&) = delete;

  // A number that no load has whose version was set.
  uint64_t NewLoad() { return next_.fetch_add(1); }
  // Called before the records of the load can be read.
  void Set(uint64_t load, CommitVersion version);
  // 0 where there is no such load.
  CommitVersion VersionOf(uint64_t load) const;

 private:
  using Versions = std::atomic<uint64_t>;
  // Chunk i holds the loads 2^i - 1 to 2^(i + 1) - 2, so that none ever moves.
  static constexpr int kChunks = 40;
  std::array<std::atomic<Versions*>, kChunks> chunks_ = {};
  Mutex mutex_;  // held by Set
  std::atomic<uint64_t> next_ = 0;
};

}  // namespace relata

#endif  // RELATA_STORAGE_LOAD_VERSIONS_H_
