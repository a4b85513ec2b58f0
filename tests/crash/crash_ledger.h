#ifndef RELATA_TESTS_CRASH_CRASH_LEDGER_H_
#define RELATA_TESTS_CRASH_CRASH_LEDGER_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"

namespace relata {

// Number `number` (from 1) of the batches of writer `writer` (from 0).
struct BatchName {
  int writer = 0;
  int number = 0;
};

// What the database must hold, kept outside it: which batches the server acknowledged, with their
// versions. Each writer has at most one batch in doubt: sent, and not answered when the server was
// killed. Every entry is also a line of a file, for those who look into a failure. Thread-safe.
class CrashLedger {
 public:
  CrashLedger(const std::string& path, int writers);

  int writers() const { return static_cast<int>(writer_count_); }
  // How many batches of the writer are known to be there; they are 1 to this number.
  int Committed(int writer) const;
  uint64_t VersionOf(BatchName batch) const;
  // Over all writers.
  size_t TotalCommitted() const;
  // Version -> batch, for versions after `after`.
  std::map<uint64_t, BatchName> CommittedAfter(uint64_t after) const;

  // Called before a batch is sent; it is in doubt until one of the next two.
  void Send(BatchName batch);
  // The server answered, or it was found after a restart.
  void Commit(BatchName batch, uint64_t version, const char* how);
  // It was found absent after a restart.
  void Lose(BatchName batch);
  bool InDoubt(int writer) const;

 private:
  const size_t writer_count_;
  mutable Mutex mutex_;
  std::ofstream file_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<uint64_t>> versions_ ABSL_GUARDED_BY(mutex_);  // by writer and number - 1
  std::vector<bool> in_doubt_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_TESTS_CRASH_CRASH_LEDGER_H_
