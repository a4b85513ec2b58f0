#ifndef RELATA_BENCH_SCRATCH_ENGINE_H_
#define RELATA_BENCH_SCRATCH_ENGINE_H_

#include <memory>
#include <string>

#include "storage/ordered_kv.h"

namespace relata {

enum class EngineKind { kMemory = 0, kRocksDb = 1 };

// An empty engine for a benchmark, with its files in a new folder below the one for temporary
// files, removed at the end. RocksDB has small write buffers, so that most of a benchmark's data is
// read from files and not from memory tables. Ends the program where it cannot be made.
class ScratchEngine {
 public:
  explicit ScratchEngine(EngineKind kind);
  ~ScratchEngine();
  ScratchEngine(const ScratchEngine&) = delete;
  ScratchEngine& operator=(const ScratchEngine&) = delete;

  OrderedKv& kv() { return *kv_; }

 private:
  std::string folder_;  // empty: no files
  std::unique_ptr<OrderedKv> kv_;
};

// Ends the program with the status where it is an error: a benchmark of something broken says
// nothing.
void CheckOk(const absl::Status& status);
template <typename T>
T ValueOrDie(absl::StatusOr<T> result) {
  CheckOk(result.status());
  return *std::move(result);
}

}  // namespace relata

#endif  // RELATA_BENCH_SCRATCH_ENGINE_H_
