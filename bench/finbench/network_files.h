#ifndef RELATA_BENCH_FINBENCH_NETWORK_FILES_H_
#define RELATA_BENCH_FINBENCH_NETWORK_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "bench/finbench/network.h"

namespace relata::finbench {

// What a folder of the benchmark holds:
// - FILE.csv for each Insertion: what is there at kSnapshotEnd;
// - updates.jsonl: what happens later, in the order of time: {"operation": "tw12", "after": [3, 7],
//   "parameters": {...}}, `after` the numbers (from 0) of the updates that create what it needs.
//   A fifth of the transfers and of the guarantees of persons are read-writes: trw1, trw2, trw3;
// - reads.jsonl: draws of the complex reads: {"operation": "tcr1", "parameters": {...}}.
//
// Writes them; makes the folder. UNAVAILABLE where a file cannot be written.
absl::Status WriteNetworkFiles(const Network& network, uint64_t seed, const std::string& folder);

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_NETWORK_FILES_H_
