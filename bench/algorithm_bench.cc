#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "bench/boost_algorithms.h"
#include "bench/scratch_engine.h"
#include "graph/algorithms/algorithm_run.h"
#include "graph/algorithms/projection.h"

// Whole-graph algorithms on a graph of 2^17 vertices and 2^21 arcs with skewed degrees, and those
// of Boost.Graph on the same arrays: items are arcs of the projection a run.
namespace relata {
namespace {

constexpr int kScale = 17;
constexpr uint64_t kArcsPerVertex = 16;

// An arc of a recursive matrix with the probabilities of Graph 500 (0.57, 0.19, 0.19, 0.05).
std::pair<VertexIndex, VertexIndex> DrawArc(std::mt19937_64& random) {
  VertexIndex from = 0;
  VertexIndex to = 0;
  for (int bit = 0; bit < kScale; ++bit) {
    const uint64_t draw = random() % 100;
    from = 2 * from + (draw >= 76 ? 1 : 0);
    to = 2 * to + ((draw >= 57 && draw < 76) || draw >= 95 ? 1 : 0);
  }
  return {from, to};
}

// Numbers of vertices are shuffled, so that hubs do not stand together.
std::shared_ptr<const Projection> MakeGraph(Orientation orientation) {
  constexpr VertexIndex kVertices = VertexIndex{1} << kScale;
  std::mt19937_64 random(1);
  std::vector<VertexIndex> name(kVertices);
  for (VertexIndex v = 0; v < kVertices; ++v) name[v] = v;
  for (VertexIndex v = kVertices; v > 1; --v) std::swap(name[v - 1], name[random() % v]);
  std::vector<std::vector<std::pair<VertexIndex, double>>> rows(kVertices);
  for (uint64_t i = 0; i < kArcsPerVertex * kVertices; ++i) {
    const auto [from, to] = DrawArc(random);
    rows[name[from]].emplace_back(name[to], 1.0 + static_cast<double>(random() % 1000));
  }
  std::vector<EntityId> entities;
  Arcs arcs;
  for (VertexIndex v = 0; v < kVertices; ++v) {
    entities.emplace_back(1 + v);
    for (const auto& [to, weight] : rows[v]) {
      arcs.targets.push_back(to);
      arcs.weights.push_back(weight);
    }
    arcs.offsets.push_back(arcs.size());
  }
  ProjectionSpec spec;
  spec.orientation = orientation;
  spec.incoming = true;
  RunControl control(SystemClock());
  return ValueOrDie(Projection::FromArcs(std::move(entities), std::move(arcs), spec, control));
}

const Projection& GraphOf(Orientation orientation) {
  static const auto* const kDirected =
      new std::shared_ptr<const Projection>(MakeGraph(Orientation::kDirected));
  static const auto* const kUndirected =
      new std::shared_ptr<const Projection>(MakeGraph(Orientation::kUndirected));
  return orientation == Orientation::kDirected ? **kDirected : **kUndirected;
}

// A vertex that reaches much.
VertexIndex Hub(const Projection& graph) {
  VertexIndex hub = 0;
  for (VertexIndex v = 1; v < graph.vertices(); ++v) {
    if (graph.out().degree(v) > graph.out().degree(hub)) hub = v;
  }
  return hub;
}

void Ours(benchmark::State& state, const AlgorithmDefinition& algorithm, Orientation orientation) {
  const Projection& graph = GraphOf(orientation);
  AlgorithmOptions options;
  options.source = graph.entity(Hub(graph));
  options.samples = kBoostSamples;
  options.iterations = kBoostIterations;
  for (auto _ : state) {
    RunControl control(SystemClock());
    benchmark::DoNotOptimize(ValueOrDie(algorithm.run(graph, options, control)));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * graph.arcs()));
}

void Boosts(benchmark::State& state, const BoostAlgorithm& algorithm, Orientation orientation) {
  const Projection& graph = GraphOf(orientation);
  const std::unique_ptr<BoostGraph> copy = BoostGraph::Copy(graph);
  const VertexIndex hub = Hub(graph);
  for (auto _ : state) benchmark::DoNotOptimize(algorithm.run(*copy, hub));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * graph.arcs()));
}

int RegisterAll() {
  for (const AlgorithmDefinition& algorithm : AllAlgorithms()) {
    for (const Orientation orientation : {Orientation::kDirected, Orientation::kUndirected}) {
      const bool directed = orientation == Orientation::kDirected;
      if (directed && algorithm.needs_undirected) continue;
      const std::string suffix =
          std::string("/") + algorithm.name.data() + (directed ? "/directed" : "/undirected");
      benchmark::RegisterBenchmark(("relata" + suffix).c_str(), [=, &algorithm](auto& state) {
        Ours(state, algorithm, orientation);
      })->Unit(benchmark::kMillisecond);
      for (const BoostAlgorithm& boost : BoostAlgorithms()) {
        if (boost.name != algorithm.name) continue;
        benchmark::RegisterBenchmark(("boost" + suffix).c_str(), [=, &boost](auto& state) {
          Boosts(state, boost, orientation);
        })->Unit(benchmark::kMillisecond);
      }
    }
  }
  return 0;
}

[[maybe_unused]] const int kRegistered = RegisterAll();

}  // namespace
}  // namespace relata
