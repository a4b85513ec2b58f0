#ifndef RELATA_BENCH_FINBENCH_READ_PARAMETERS_H_
#define RELATA_BENCH_FINBENCH_READ_PARAMETERS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/finbench/network.h"

namespace relata::finbench {

// Parameters of one complex read, `tcr1` to `tcr12`: id, or id1 and id2, or pid1 and pid2, and the
// window startTime to endTime.
struct ReadDraw {
  std::string read;
  nlohmann::ordered_json parameters;
};

// Start nodes whose neighbourhoods (relationships that the read follows in its first step, and in
// the next one) are close to the median, so that runs of one read cost about the same; at most 100
// a read, those of a read in an order by chance. The window begins on the first day of the node's
// month of median activity and lasts 28 days times that month's part of the median. Only what is
// there at kSnapshotEnd counts.
std::vector<ReadDraw> DrawReads(const Network& network, uint64_t seed);

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_READ_PARAMETERS_H_
