#ifndef RELATA_BENCH_FINBENCH_DRIVER_H_
#define RELATA_BENCH_FINBENCH_DRIVER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "bench/finbench/operations.h"
#include "bench/finbench/random.h"
#include "bench/finbench/workload.h"

namespace relata {

class Client;

namespace finbench {

// Every operation, by the number that Driver::Call gives.
inline constexpr std::array<absl::string_view, 40> kOperations = {
    "tcr1",  "tcr2",  "tcr3", "tcr4", "tcr5", "tcr6", "tcr7", "tcr8", "tcr9", "tcr10",
    "tcr11", "tcr12", "tsr1", "tsr2", "tsr3", "tsr4", "tsr5", "tsr6", "tw1",  "tw2",
    "tw3",   "tw4",   "tw5",  "tw6",  "tw7",  "tw8",  "tw9",  "tw10", "tw11", "tw12",
    "tw13",  "tw14",  "tw15", "tw16", "tw17", "tw18", "tw19", "trw1", "trw2", "trw3"};

// Gives out the operations of the mix: the updates in the order of time; complex read k once in
// freq_k updates, as published for the scale factor 10; after a complex read simple reads of
// accounts of its result, the first one always, each further one with a chance less by 0.2. An
// update waits until those are done that create what it needs. Thread-safe.
class Driver {
 public:
  // Borrows the workload.
  Driver(const Workload* workload, uint64_t seed) : workload_(*workload), random_(seed, 300) {
    updates_done_.resize(workload->updates.size());
  }

  // Runs the next operation; returns its number in kOperations. OUT_OF_RANGE: the updates are used
  // up. Else as its statements.
  absl::StatusOr<size_t> Call(Client& client);

  struct Counts {
    std::array<uint64_t, kOperations.size()> errors = {};
    uint64_t without_effect = 0;
    uint64_t refused = 0;
    uint64_t detected = 0;
    uint64_t retries = 0;
  };
  // Since the last time.
  Counts TakeCounts();

 private:
  struct Operation {
    size_t number = 0;
    bool is_update = false;
    size_t update = 0;                    // index
    const Parameters* complex = nullptr;  // of a complex read
    Parameters simple;                    // of a simple one
  };
  absl::StatusOr<Operation> Next();
  absl::Status Run(Client& client, const Operation& operation);
  absl::Status RunUpdateInTurn(Client& client, size_t update);
  void AddSimpleReads(const QueryAnswer& answer, const Parameters& parameters);

  const Workload& workload_;
  Mutex mutex_;
  CondVar done_;
  Random random_ ABSL_GUARDED_BY(mutex_);
  std::deque<Operation> due_ ABSL_GUARDED_BY(mutex_);
  size_t next_update_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<bool> updates_done_ ABSL_GUARDED_BY(mutex_);
  Counts counts_ ABSL_GUARDED_BY(mutex_);
};

// The accounts that an answer of a complex read names; of paths their last ones.
std::vector<int64_t> AccountsIn(const QueryAnswer& answer);

}  // namespace finbench
}  // namespace relata

#endif  // RELATA_BENCH_FINBENCH_DRIVER_H_
