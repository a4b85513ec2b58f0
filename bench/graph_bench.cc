// The graph: expanding vertices from storage (cold) and from the adjacency cache, and chains, on a
// graph of investments with a power law of degrees.
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "bench/investments.h"
#include "bench/scratch_engine.h"
#include "graph/adjacency/adjacency.h"
#include "graph/answers/chains.h"
#include "graph/budget.h"
#include "graph/database.h"

namespace relata {
namespace {

constexpr size_t kBulk = 256;

// Built once and kept. Without a cache every read is one of storage.
Investments& SharedGraph(EngineKind kind, bool cached) {
  static auto* const kGraphs =
      new std::map<std::pair<EngineKind, bool>, std::unique_ptr<Investments>>;
  std::unique_ptr<Investments>& graph = (*kGraphs)[{kind, cached}];
  if (graph == nullptr) {
    graph = std::make_unique<Investments>(kind, cached ? size_t{256} << 20 : 0);
  }
  return *graph;
}

Investments& GraphOf(benchmark::State& state) {
  const bool rocksdb = state.range(0) == 1;
  const bool cached = state.range(1) == 1;
  state.SetLabel(absl::StrFormat("%s, %s", rocksdb ? "RocksDB" : "memory",
                                 cached ? "cached" : "from storage"));
  return SharedGraph(static_cast<EngineKind>(state.range(0)), cached);
}

ReadView NowView(Database& database, const Snapshot& snapshot) {
  return {ValidTime::At(database.Now(snapshot)), DefaultPolicy()};
}

// Expands every company once, so that a cache holds what it can.
void WarmUp(const Snapshot& snapshot, const ReadView& view, const Investments& graph) {
  const Step step{graph.invested_in, Direction::kOut};
  Expansion expansion;
  CheckOk(Expand(snapshot, graph.companies, absl::MakeConstSpan(&step, 1), view, &expansion));
}

void BM_Expand(benchmark::State& state) {
  Investments& graph = GraphOf(state);
  const Snapshot snapshot = graph.database().Latest();
  const ReadView view = NowView(graph.database(), snapshot);
  WarmUp(snapshot, view, graph);
  const Step step{graph.invested_in, Direction::kOut};
  const size_t vertices = static_cast<size_t>(state.range(2));
  std::mt19937_64 random(7);
  Expansion expansion;
  size_t edges = 0;
  for (auto _ : state) {
    const size_t first = random() % (Investments::kCompanies - vertices);
    CheckOk(Expand(snapshot, absl::MakeConstSpan(graph.companies).subspan(first, vertices),
                   absl::MakeConstSpan(&step, 1), view, &expansion));
    edges += expansion.edges.size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(edges));
}
BENCHMARK(BM_Expand)
    ->ArgNames({"engine", "cached", "vertices"})
    ->ArgsProduct({{0, 1}, {0, 1}, {1, kBulk}});

void BM_Chains(benchmark::State& state) {
  Investments& graph = GraphOf(state);
  const Snapshot snapshot = graph.database().Latest();
  const ReadView view = NowView(graph.database(), snapshot);
  WarmUp(snapshot, view, graph);
  ChainRequest request;
  request.steps = {{graph.invested_in, Direction::kOut}};
  request.max_hops = 4;
  request.limit = 10;
  std::mt19937_64 random(7);
  for (auto _ : state) {
    request.start = graph.companies[random() % Investments::kCompanies];
    Budget budget(SystemClock(), {});
    benchmark::DoNotOptimize(
        ValueOrDie(FindChains(snapshot, view, request, nullptr, budget)).chains.size());
  }
}
BENCHMARK(BM_Chains)
    ->ArgNames({"engine", "cached"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace relata
