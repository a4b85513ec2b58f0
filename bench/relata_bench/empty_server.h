#ifndef RELATA_BENCH_RELATA_BENCH_EMPTY_SERVER_H_
#define RELATA_BENCH_RELATA_BENCH_EMPTY_SERVER_H_

#include <string>

#include "absl/status/status.h"

namespace relata::bench {

// Serves until SIGTERM what costs nothing but gRPC itself: GetEntity gives an empty message,
// RunQuery a stream of one empty message, Write an empty message. Writes the port to `port_file`.
// FAILED_PRECONDITION where it cannot listen.
absl::Status ServeEmptyCalls(const std::string& listen, const std::string& port_file);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_EMPTY_SERVER_H_
