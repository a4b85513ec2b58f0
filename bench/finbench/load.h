#ifndef RELATA_BENCH_FINBENCH_LOAD_H_
#define RELATA_BENCH_FINBENCH_LOAD_H_

#include <string>

#include "absl/status/status.h"

namespace relata {

class Client;

namespace finbench {

// Loads the CSV files of `data` into `db`/data, which no server has open, by `relatad load`.
// UNAVAILABLE where that fails; `db`/load.log says why.
absl::Status LoadSnapshot(const std::string& relatad, const std::string& data,
                          const std::string& db);

// Makes ids unique within each type of node, and finds nodes by them.
absl::Status MakeIdsUnique(Client& client);

}  // namespace finbench
}  // namespace relata

#endif  // RELATA_BENCH_FINBENCH_LOAD_H_
