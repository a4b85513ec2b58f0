#ifndef RELATA_BENCH_RELATA_BENCH_PLAIN_WRITES_H_
#define RELATA_BENCH_RELATA_BENCH_PLAIN_WRITES_H_

#include <string>

#include "absl/status/status.h"

namespace relata::bench {

// Serves until SIGTERM the limit that Q8 is measured against: Write does nothing but put into plain
// RocksDB, at the settings of relatad and synced, as many keys of the same spaces and sizes as a
// commit of one TRANSFERRED writes (found by such a commit on an engine in memory). No transaction,
// no versions; concurrent calls share a sync as RocksDB sees fit. The engine's files are in
// `folder`, which must not exist. Writes the port to `port_file`. FAILED_PRECONDITION where it
// cannot listen; errors of the engine.
absl::Status ServePlainWrites(const std::string& folder, const std::string& listen,
                              const std::string& port_file);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_PLAIN_WRITES_H_
