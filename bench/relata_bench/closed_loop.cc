#include "bench/relata_bench/closed_loop.h"

#include <atomic>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "bench/relata_bench/connection.h"
#include "client/client.h"

namespace relata::bench {
namespace {

constexpr size_t kMostErrors = 100;
constexpr double kLongestCallSeconds = 60.0;

// What one client's thread saw.
struct ClientLog {
  std::vector<Latencies> latencies;
  size_t errors = 0;
  absl::Status last_error;
};

void CallUntil(double deadline, const LoopOptions& options, const LoopClient& call,
               std::atomic<size_t>& next, ClientLog& log) {
  log.latencies.resize(options.kinds);
  while (log.errors <= kMostErrors) {
    const size_t number = next.fetch_add(1);
    const double before = MonotonicSeconds();
    if (number >= options.calls || before >= deadline) return;
    const absl::StatusOr<size_t> kind = call(number);
    if (kind.ok()) {
      log.latencies[*kind].Add(MonotonicSeconds() - before);
    } else if (absl::IsOutOfRange(kind.status())) {
      return;
    } else {
      ++log.errors;
      log.last_error = kind.status();
    }
  }
}

}  // namespace

size_t LoopResult::calls() const {
  size_t sum = 0;
  for (const Latencies& kind : latencies) sum += kind.milliseconds.size();
  return sum;
}

absl::StatusOr<LoopResult> RunClosedLoop(const LoopOptions& options, const LoopCall& call) {
  std::vector<std::unique_ptr<Client>> clients(static_cast<size_t>(options.clients));
  std::vector<LoopClient> calls;
  for (auto& client : clients) {
    RELATA_ASSIGN_OR_RETURN(client, ConnectTo(options.address, kLongestCallSeconds));
    calls.emplace_back([&client, &call](size_t number) { return call(*client, number); });
  }
  return RunClosedLoop(options, calls);
}

absl::StatusOr<LoopResult> RunClosedLoop(const LoopOptions& options,
                                         const std::vector<LoopClient>& calls) {
  std::vector<ClientLog> logs(calls.size());
  std::atomic<size_t> next{0};
  const double start = MonotonicSeconds();
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < calls.size(); ++i) {
      threads.emplace_back(
          [&, i] { CallUntil(start + options.seconds, options, calls[i], next, logs[i]); });
    }
  }
  LoopResult result;
  result.seconds = MonotonicSeconds() - start;
  result.latencies.resize(options.kinds);
  for (const ClientLog& log : logs) {
    if (log.errors > kMostErrors) return log.last_error;
    result.errors += log.errors;
    for (size_t kind = 0; kind < options.kinds; ++kind) {
      auto& all = result.latencies[kind].milliseconds;
      all.insert(all.end(), log.latencies[kind].milliseconds.begin(),
                 log.latencies[kind].milliseconds.end());
    }
  }
  for (Latencies& kind : result.latencies) kind.Sort();
  return result;
}

}  // namespace relata::bench
