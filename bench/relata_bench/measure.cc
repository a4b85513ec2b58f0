#include "bench/relata_bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <numeric>

#include "base/status_macros.h"

namespace relata::bench {
namespace {

constexpr size_t kFewest = 3;

}  // namespace

double MonotonicSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void Latencies::Sort() { std::sort(milliseconds.begin(), milliseconds.end()); }

double Latencies::Percentile(double share) const {
  const auto rank =
      static_cast<size_t>(std::ceil(share * static_cast<double>(milliseconds.size())));
  return milliseconds[std::clamp<size_t>(rank, 1, milliseconds.size()) - 1];
}

double Latencies::Mean() const {
  return std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0) /
         static_cast<double>(milliseconds.size());
}

absl::StatusOr<Measurement> Measure(const std::vector<Draw>& draws, const MeasureOptions& options,
                                    absl::FunctionRef<absl::StatusOr<Answer>(const Draw&)> ask) {
  if (draws.empty()) return absl::InvalidArgumentError("a question needs draws");
  Measurement result;
  const double start = MonotonicSeconds();
  for (const Draw& draw : draws) {
    const double before = MonotonicSeconds();
    RELATA_RETURN_IF_ERROR(ask(draw).status());
    const double after = MonotonicSeconds();
    result.cold.Add(after - before);
    if (after - start > options.budget_seconds / 3.0) break;
  }
  result.first_ms = result.cold.milliseconds.front();
  const size_t times = options.times > 0 ? static_cast<size_t>(options.times) : draws.size();
  for (size_t i = 0; i < times; ++i) {
    const double processor_before = ProcessorSeconds();
    const double before = MonotonicSeconds();
    RELATA_ASSIGN_OR_RETURN(Answer answer, ask(draws[i % draws.size()]));
    const double after = MonotonicSeconds();
    result.processor.Add(ProcessorSeconds() - processor_before);
    result.warm.Add(after - before);
    if (i < draws.size()) result.answers.push_back(std::move(answer));
    if (after - start > options.budget_seconds && i + 1 >= kFewest) break;
  }
  result.cold.Sort();
  result.warm.Sort();
  result.processor.Sort();
  return result;
}

}  // namespace relata::bench
