#ifndef RELATA_BENCH_RELATA_BENCH_COMMANDS_H_
#define RELATA_BENCH_RELATA_BENCH_COMMANDS_H_

#include "absl/status/status.h"
#include "bench/relata_bench/bench_options.h"

namespace relata::bench {

// The commands of relata_bench. Each prints its results, and appends them to options.out.

// L: loads the CSV files of options.data into a new relatad on options.db, which must be empty or
// absent, until all is durable and a look-up by id is answered.
absl::Status LoadGraph(const BenchOptions& options);

// OPEN, the empty calls, and Q1 to Q9, as options.mode (rpc, inprocess, oracle) and options.forms
// say.
absl::Status AskQuestions(const BenchOptions& options);

// Q8: durable commits by each number of options.clients: into plain RocksDB behind an empty call,
// the limit, then as typed calls and as texts. Adds relationships: load anew before answers are
// compared again.
absl::Status WriteCommits(const BenchOptions& options);

// A closed loop of Q1, Q2, Q4, Q6 and 10% writes, for options.seconds with each number of
// options.clients. Adds relationships too.
absl::Status RunMix(const BenchOptions& options);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_COMMANDS_H_
