#include "storage/load_versions.h"

#include <bit>
#include <cstddef>

namespace relata {
namespace {

struct Place {
  size_t chunk;
  size_t at;
};
Place PlaceOf(uint64_t load) {
  const size_t chunk = static_cast<size_t>(std::bit_width(load + 1)) - 1;
  return {chunk, static_cast<size_t>(load + 1 - (uint64_t{1} << chunk))};
}

}  // namespace

LoadVersions::~LoadVersions() {
  for (std::atomic<Versions*>& chunk : chunks_) delete[] chunk.load();
}

void LoadVersions::Set(uint64_t load, CommitVersion version) {
  const Place place = PlaceOf(load);
  MutexLock lock(&mutex_);
  Versions* versions = chunks_[place.chunk].load();
  if (versions == nullptr) {
    versions = new Versions[size_t{1} << place.chunk]();
    chunks_[place.chunk].store(versions, std::memory_order_release);
  }
  versions[place.at].store(version.value(), std::memory_order_release);
  uint64_t next = next_.load();
  while (next <= load && !next_.compare_exchange_weak(next, load + 1)) {
  }
}

CommitVersion LoadVersions::VersionOf(uint64_t load) const {
  if (load >= (uint64_t{1} << kChunks) - 1) return CommitVersion();
  const Place place = PlaceOf(load);
  const Versions* const versions = chunks_[place.chunk].load(std::memory_order_acquire);
  if (versions == nullptr) return CommitVersion();
  return CommitVersion(versions[place.at].load(std::memory_order_acquire));
}

}  // namespace relata
