#ifndef RELATA_BENCH_FINBENCH_OPERATIONS_H_
#define RELATA_BENCH_FINBENCH_OPERATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/finbench/workload.h"
#include "relata/v1/value.pb.h"

namespace relata {

class Client;

namespace finbench {

struct QueryAnswer {
  std::vector<std::string> columns;
  std::vector<std::vector<v1::Value>> rows;
  uint64_t changes = 0;  // nodes, relationships and properties made, set or deleted
};

// One statement, by name, with a transaction of its own or in `transaction`. NOT_FOUND for a query
// that there is not; else as Client::RunQuery.
absl::StatusOr<QueryAnswer> RunStatement(Client& client, const Workload& workload,
                                         const std::string& name, const Parameters& parameters,
                                         const std::string& transaction = "");

// What became of an update.
enum class Outcome {
  kDone,
  kWithoutEffect,  // what it is about has been deleted
  kRefused,        // a read-write: one of the two is blocked
  kDetected        // a read-write: rolled back, and both are blocked now
};
struct UpdateResult {
  Outcome outcome = Outcome::kDone;
  int retries = 0;  // of transactions that met another one's changes
};

// One of tw1 to tw19, or of the read-writes trw1 to trw3: first a transaction that reads, inserts
// and checks, then, where that detects its pattern, one that blocks both. Fails as its statements
// do, with ABORTED after many tries; nothing of its transaction is there then.
absl::StatusOr<UpdateResult> RunUpdate(Client& client, const Workload& workload,
                                       const std::string& name, const Parameters& parameters);

}  // namespace finbench
}  // namespace relata

#endif  // RELATA_BENCH_FINBENCH_OPERATIONS_H_
