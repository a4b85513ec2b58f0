#ifndef RELATA_BENCH_RELATA_BENCH_CONNECTION_H_
#define RELATA_BENCH_RELATA_BENCH_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relata {

class Client;

namespace bench {

// A client for benchmarks: nothing ends before `seconds`.
absl::StatusOr<std::unique_ptr<Client>> ConnectTo(const std::string& address, double seconds);

// Returns when the server at `address` has ended filling its adjacency caches. What is measured
// before shares the cores with that.
absl::Status WaitUntilFilled(const std::string& address);

}  // namespace bench
}  // namespace relata

#endif  // RELATA_BENCH_RELATA_BENCH_CONNECTION_H_
