// The graph: expanding vertices from storage (cold) and from the adjacency cache, and chains, on a
// graph of investments with a power law of degrees.
#include <benchmark/benchmark.h>

#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "bench/scratch_engine.h"
#include "graph/adjacency/adjacency.h"
#include "graph/answers/chains.h"
#include "graph/budget.h"
#include "graph/database.h"

namespace relata {
namespace {

constexpr int kCompanies = 20'000;
constexpr int kInvestments = 200'000;
constexpr int kPerBatch = 2000;
constexpr size_t kBulk = 256;

// A random company, low numbers more often: the largest have some thousand investments.
int Skewed(std::mt19937_64& random) {
  const double u = std::uniform_real_distribution<double>(0.0, 1.0)(random);
  return static_cast<int>(kCompanies * u * u);
}

class Investments {
 public:
  Investments(EngineKind kind, size_t cache_bytes) : engine_(kind) {
    DatabaseOptions options;
    options.adjacency_cache_bytes = cache_bytes;
    database_ = ValueOrDie(Database::Open(&engine_.kv(), SystemClock(), options));
    AddCompanies();
    AddInvestments();
    invested_in = *database_->names().FindType("INVESTED_IN");
  }

  Database& database() { return *database_; }
  std::vector<EntityId> companies;
  TypeId invested_in;

 private:
  void AddCompanies() {
    for (int i = 0; i < kCompanies; i += kPerBatch) {
      Batch batch;
      for (int c = i; c < i + kPerBatch; ++c) {
        EntityWrite write;
        write.key = absl::StrCat("company/", c);
        write.labels = {"Company"};
        batch.mutations.push_back(write);
      }
      for (const auto& item : ValueOrDie(database_->Apply(batch)).items) {
        companies.push_back(*item.entity);
      }
    }
  }

  void AddInvestments() {
    std::mt19937_64 random(42);
    const Bound since = ValueOrDie(Bound::Parse("2020-01-01", BoundRole::kFrom));
    for (int i = 0; i < kInvestments; i += kPerBatch) {
      Batch batch;
      for (int k = 0; k < kPerBatch; ++k) {
        RelationshipWrite write;
        write.type = "INVESTED_IN";
        write.from = companies[Skewed(random)];
        write.to = companies[random() % kCompanies];
        FactWrite fact;
        fact.properties = {
            {"share", Value::Double(static_cast<double>(random() % 9999 + 1) / 10000.0)}};
        fact.valid.from = since;
        write.facts.push_back(fact);
        batch.mutations.push_back(write);
      }
      CheckOk(database_->Apply(batch).status());
    }
  }

  ScratchEngine engine_;
  std::unique_ptr<Database> database_;
};

// Built once and kept. Without a cache every read is one of storage.
Investments& SharedGraph(EngineKind kind, bool cached) {
  static auto* const graphs =
      new std::map<std::pair<EngineKind, bool>, std::unique_ptr<Investments>>;
  std::unique_ptr<Investments>& graph = (*graphs)[{kind, cached}];
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
    const size_t first = random() % (kCompanies - vertices);
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
    request.start = graph.companies[random() % kCompanies];
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
