#include "bench/boost_algorithms.h"

#include <boost/graph/betweenness_centrality.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/core_numbers.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>
#include <boost/graph/incremental_components.hpp>
#include <boost/graph/page_rank.hpp>
#include <boost/graph/strong_components.hpp>
#include <limits>
#include <numeric>
#include <stack>
#include <utility>

namespace relata {
namespace {

struct Weight {
  double weight = 1.0;
};
using Csr = boost::compressed_sparse_row_graph<boost::bidirectionalS, boost::no_property, Weight,
                                               boost::no_property, uint32_t, uint32_t>;

struct CopiedGraph : BoostGraph {
  explicit CopiedGraph(Csr&& graph) : csr(std::move(graph)) {}
  const Csr csr;
};

const Csr& CsrOf(const BoostGraph& graph) { return static_cast<const CopiedGraph&>(graph).csr; }

template <typename T>
auto MapOf(const Csr& graph, std::vector<T>& values) {
  return boost::make_iterator_property_map(values.begin(), get(boost::vertex_index, graph));
}

double Bfs(const BoostGraph& boost_graph, VertexIndex source) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<uint32_t> hops(num_vertices(graph), 0);
  const auto recorder = boost::record_distances(MapOf(graph, hops), boost::on_tree_edge());
  boost::breadth_first_search(graph, source, boost::visitor(boost::make_bfs_visitor(recorder)));
  return std::accumulate(hops.begin(), hops.end(), 0.0);
}

double Sssp(const BoostGraph& boost_graph, VertexIndex source) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<double> distances(num_vertices(graph));
  boost::dijkstra_shortest_paths_no_color_map(
      graph, source,
      boost::weight_map(get(&Weight::weight, graph)).distance_map(MapOf(graph, distances)));
  return distances.back();
}

// Boost's connected components want an undirected graph, so this is its union-find over the arcs.
double Wcc(const BoostGraph& boost_graph, VertexIndex) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<uint32_t> rank(num_vertices(graph));
  std::vector<uint32_t> parent(num_vertices(graph));
  auto rank_map = MapOf(graph, rank);
  auto parent_map = MapOf(graph, parent);
  boost::disjoint_sets sets(rank_map, parent_map);
  boost::initialize_incremental_components(graph, sets);
  boost::incremental_components(graph, sets);
  return sets.find_set(0);
}

double Scc(const BoostGraph& boost_graph, VertexIndex) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<uint32_t> component(num_vertices(graph));
  return boost::strong_components(graph, MapOf(graph, component));
}

double PageRankOf(const BoostGraph& boost_graph, VertexIndex) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<double> rank(num_vertices(graph));
  std::vector<double> next(num_vertices(graph));
  boost::graph::page_rank(graph, MapOf(graph, rank), boost::graph::n_iterations(kBoostIterations),
                          0.85, num_vertices(graph), MapOf(graph, next));
  return rank.back();
}

double Cores(const BoostGraph& boost_graph, VertexIndex) {
  const Csr& graph = CsrOf(boost_graph);
  std::vector<uint32_t> core(num_vertices(graph));
  return static_cast<double>(boost::core_numbers(graph, MapOf(graph, core)));
}

// What one source adds, as boost::brandes_betweenness_centrality does it, which has no samples.
double BetweennessOf(const BoostGraph& boost_graph, VertexIndex source) {
  const Csr& graph = CsrOf(boost_graph);
  const size_t n = num_vertices(graph);
  std::vector<double> centrality(n);
  std::vector<double> dependency(n);
  std::vector<uint32_t> distance(n);
  std::vector<double> paths(n);
  std::vector<std::vector<Csr::edge_descriptor>> incoming(n);
  const boost::detail::graph::brandes_unweighted_shortest_paths shortest_paths;
  for (uint64_t i = 0; i < kBoostSamples; ++i) {
    auto incoming_map = MapOf(graph, incoming);
    auto distance_map = MapOf(graph, distance);
    auto path_map = MapOf(graph, paths);
    std::stack<Csr::vertex_descriptor> ordered;
    for (auto& edges : incoming) edges.clear();
    std::fill(paths.begin(), paths.end(), 0.0);
    std::fill(dependency.begin(), dependency.end(), 0.0);
    const auto start = static_cast<VertexIndex>((source + i * n / kBoostSamples) % n);
    paths[start] = 1;
    distance[start] = 0;
    boost::detail::graph::brandes_unweighted_shortest_paths walk = shortest_paths;
    walk(graph, start, ordered, incoming_map, distance_map, path_map,
         get(boost::vertex_index, graph));
    while (!ordered.empty()) {
      const auto v = ordered.top();
      ordered.pop();
      for (const auto& edge : incoming[v]) {
        const auto u = boost::source(edge, graph);
        dependency[u] += paths[u] / paths[v] * (1 + dependency[v]);
      }
      if (v != start) centrality[v] += dependency[v];
    }
  }
  return std::accumulate(centrality.begin(), centrality.end(), 0.0);
}

constexpr BoostAlgorithm kAlgorithms[] = {{"betweenness", BetweennessOf},
                                          {"bfs", Bfs},
                                          {"kcore", Cores},
                                          {"pagerank", PageRankOf},
                                          {"scc", Scc},
                                          {"sssp", Sssp},
                                          {"wcc", Wcc}};

}  // namespace

std::unique_ptr<BoostGraph> BoostGraph::Copy(const Projection& projection) {
  std::vector<std::pair<uint32_t, uint32_t>> edges;
  std::vector<Weight> weights;
  const Arcs& out = projection.out();
  for (VertexIndex v = 0; v < projection.vertices(); ++v) {
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      edges.emplace_back(v, out.targets[i]);
      weights.push_back({out.weight(i)});
    }
  }
  return std::make_unique<CopiedGraph>(Csr(boost::edges_are_unsorted_multi_pass, edges.begin(),
                                           edges.end(), weights.begin(), projection.vertices()));
}

absl::Span<const BoostAlgorithm> BoostAlgorithms() { return kAlgorithms; }

}  // namespace relata
