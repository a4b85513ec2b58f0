#ifndef RELATA_BENCH_RELATA_BENCH_CLOSED_LOOP_H_
#define RELATA_BENCH_RELATA_BENCH_CLOSED_LOOP_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/relata_bench/measure.h"

namespace relata {

class Client;

namespace bench {

// What clients reach that each call again as soon as they have their answer.
struct LoopResult {
  double seconds = 0.0;
  // By the kind that each call returned; sorted.
  std::vector<Latencies> latencies;
  size_t errors = 0;

  size_t calls() const;
  double calls_per_second() const { return static_cast<double>(calls()) / seconds; }
};

struct LoopOptions {
  std::string address;
  int clients = 1;
  double seconds = 10.0;
  size_t calls = SIZE_MAX;  // of all clients together
  size_t kinds = 1;
};

// Makes one call, the `number`-th of all; returns its kind, below LoopOptions::kinds. Called from
// many threads at once, each with its own client. OUT_OF_RANGE: nothing is left to call; no error.
using LoopCall = std::function<absl::StatusOr<size_t>(Client& client, size_t number)>;

// Runs until the time or the calls are used up. Fails where more than a hundred calls of a client
// do, with the last error; fewer are counted.
absl::StatusOr<LoopResult> RunClosedLoop(const LoopOptions& options, const LoopCall& call);

// The same for clients of any kind, one of `calls` each: LoopOptions::address and ::clients do not
// count.
using LoopClient = std::function<absl::StatusOr<size_t>(size_t number)>;
absl::StatusOr<LoopResult> RunClosedLoop(const LoopOptions& options,
                                         const std::vector<LoopClient>& calls);

}  // namespace bench
}  // namespace relata

#endif  // RELATA_BENCH_RELATA_BENCH_CLOSED_LOOP_H_
