#ifndef RELATA_BENCH_FINBENCH_WORKLOAD_H_
#define RELATA_BENCH_FINBENCH_WORKLOAD_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relata/v1/value.pb.h"

namespace relata::finbench {

// Values of `$name`.
using Parameters = std::map<std::string, v1::Value>;

// Of every expansion, as the benchmark publishes it.
inline constexpr int64_t kTruncationLimit = 500;

v1::Value IntValue(int64_t number);

struct UpdateOperation {
  std::string name;           // tw1 to tw17, trw1 to trw3
  std::vector<size_t> after;  // updates that create what it needs
  Parameters parameters;
};

// What the driver runs: the files of WriteNetworkFiles and the texts of the queries.
struct Workload {
  std::map<std::string, std::string> queries;  // tcr1, tsr1, tw1 …
  std::vector<UpdateOperation> updates;        // in the order of time
  // Of each complex read. Those that the files leave out are there: a truncation limit of 500 and
  // thresholds of 0, as the benchmark publishes them.
  std::map<std::string, std::vector<Parameters>> reads;
};

// `queries`: the folder of the files NAME.query. NOT_FOUND where something is missing,
// INVALID_ARGUMENT where a line is no such JSON.
absl::StatusOr<Workload> ReadWorkload(const std::string& queries, const std::string& data);

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_WORKLOAD_H_
