#ifndef RELATA_BENCH_RELATA_BENCH_TRANSFERS_H_
#define RELATA_BENCH_RELATA_BENCH_TRANSFERS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/relata_bench/question.h"

namespace relata {

class Client;

namespace bench {

// The TRANSFERRED that Q8 inserts: rows (src, dst, amount, ts) of `folder`/params/q8.csv.
absl::StatusOr<std::vector<Draw>> ReadTransfers(const std::string& folder);

// One durable commit of one row: by a typed call, its ends by key, or by a text, its ends by id.
absl::Status WriteTransfer(Client& client, const Draw& row);
absl::Status InsertTransfer(Client& client, const Draw& row);

}  // namespace bench
}  // namespace relata

#endif  // RELATA_BENCH_RELATA_BENCH_TRANSFERS_H_
