#ifndef RELATA_BENCH_RELATA_BENCH_MEASURE_H_
#define RELATA_BENCH_RELATA_BENCH_MEASURE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "bench/relata_bench/answer.h"
#include "bench/relata_bench/question.h"

namespace relata::bench {

// Seconds since some fixed moment, to the nanosecond.
double MonotonicSeconds();
// Processor time of this process, all threads.
double ProcessorSeconds();

// Latencies in milliseconds, of one kind of call.
struct Latencies {
  std::vector<double> milliseconds;

  void Add(double seconds) { milliseconds.push_back(seconds * 1000.0); }
  void Sort();
  // Precondition: sorted, and not empty. The smallest that `share` of them do not exceed.
  double Percentile(double share) const;
  double Mean() const;
};

// One question, asked many times by one client.
struct Measurement {
  Latencies cold;  // each draw for the first time, sorted
  double first_ms = 0.0;
  Latencies warm;  // sorted
  // Processor time of the warm ones, sorted: what a loaded machine does not change much. Of calls
  // of another process it says nothing.
  Latencies processor;
  std::vector<Answer> answers;
};

struct MeasureOptions {
  // How often the question is asked warm, its draws in turn; 0: each draw once.
  int times = 0;
  // Seconds for all of it; a third of it for the first touch.
  double budget_seconds = 30.0;
};

// Asks each draw once, then again as the options say; at least three times warm. What the budget
// cuts has fewer latencies. The first error ends it.
absl::StatusOr<Measurement> Measure(const std::vector<Draw>& draws, const MeasureOptions& options,
                                    absl::FunctionRef<absl::StatusOr<Answer>(const Draw&)> ask);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_MEASURE_H_
