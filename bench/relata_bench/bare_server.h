#ifndef RELATA_BENCH_RELATA_BENCH_BARE_SERVER_H_
#define RELATA_BENCH_RELATA_BENCH_BARE_SERVER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace relata::bench {

// Serves `services`, which it borrows, with gRPC's defaults until SIGTERM. Writes the port to
// `port_file`. FAILED_PRECONDITION where it cannot listen.
absl::Status ServeUntilTerminated(const std::vector<grpc::Service*>& services,
                                  const std::string& listen, const std::string& port_file);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_BARE_SERVER_H_
