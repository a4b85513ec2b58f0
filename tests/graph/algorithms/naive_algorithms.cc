#include "tests/graph/algorithms/naive_algorithms.h"

#include <algorithm>
#include <map>
#include <set>

namespace relata {
namespace {

std::set<VertexIndex> NeighboursOf(const Matrix& graph, VertexIndex v) {
  std::set<VertexIndex> neighbours;
  for (VertexIndex w = 0; w < graph.size(); ++w) {
    if (w != v && (graph[v][w] || graph[w][v])) neighbours.insert(w);
  }
  return neighbours;
}

// For each vertex the lowest one that `joined` puts with it.
template <typename Joined>
std::vector<VertexIndex> Lowest(const Matrix& graph, Joined joined) {
  std::vector<VertexIndex> lowest;
  for (VertexIndex v = 0; v < graph.size(); ++v) {
    VertexIndex w = 0;
    while (!joined(v, w)) ++w;
    lowest.push_back(w);
  }
  return lowest;
}

// The number of shortest paths from each vertex to each other, from their lengths.
std::vector<std::vector<double>> CountPaths(const Matrix& graph, const Matrix& hops) {
  const size_t n = graph.size();
  std::vector<std::vector<double>> paths(n, std::vector<double>(n, 0.0));
  for (size_t s = 0; s < n; ++s) {
    paths[s][s] = 1;
    for (size_t length = 1; length < n; ++length) {
      for (size_t t = 0; t < n; ++t) {
        if (hops[s][t] != static_cast<double>(length)) continue;
        for (size_t u = 0; u < n; ++u) {
          if (graph[u][t] && hops[s][u] == static_cast<double>(length - 1)) {
            paths[s][t] += paths[s][u];
          }
        }
      }
    }
  }
  return paths;
}

}  // namespace

Matrix MatrixOf(const Projection& projection) {
  const size_t n = projection.vertices();
  Matrix graph(n, std::vector<std::optional<double>>(n));
  const Arcs& out = projection.out();
  for (VertexIndex v = 0; v < n; ++v) {
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      graph[v][out.targets[i]] = out.weight(i);
    }
  }
  return graph;
}

Matrix AllDistances(const Matrix& graph, bool hops) {
  Matrix distances = graph;
  const size_t n = graph.size();
  for (auto& row : distances) {
    for (auto& arc : row) {
      if (arc && hops) arc = 1.0;
    }
  }
  for (size_t v = 0; v < n; ++v) distances[v][v] = 0.0;
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        if (!distances[i][k] || !distances[k][j]) continue;
        const double through = *distances[i][k] + *distances[k][j];
        if (!distances[i][j] || through < *distances[i][j]) distances[i][j] = through;
      }
    }
  }
  return distances;
}

std::vector<VertexIndex> NaiveWeakComponents(const Matrix& graph) {
  Matrix both = graph;
  for (size_t i = 0; i < graph.size(); ++i) {
    for (size_t j = 0; j < graph.size(); ++j) {
      if (graph[i][j]) both[j][i] = both[i][j] = 1.0;
    }
  }
  const Matrix distances = AllDistances(both, true);
  return Lowest(graph, [&](VertexIndex v, VertexIndex w) { return distances[v][w].has_value(); });
}

std::vector<VertexIndex> NaiveStrongComponents(const Matrix& graph) {
  const Matrix distances = AllDistances(graph, true);
  return Lowest(graph, [&](VertexIndex v, VertexIndex w) {
    return distances[v][w].has_value() && distances[w][v].has_value();
  });
}

std::vector<double> NaivePageRank(const Matrix& graph, double damping, int iterations) {
  const size_t n = graph.size();
  std::vector<double> scores(n, 1.0 / static_cast<double>(n));
  for (int round = 0; round < iterations; ++round) {
    std::vector<double> next(n, (1 - damping) / static_cast<double>(n));
    for (size_t u = 0; u < n; ++u) {
      double strength = 0;
      for (const auto& arc : graph[u]) strength += arc.value_or(0);
      for (size_t v = 0; v < n; ++v) {
        const double part =
            strength > 0 ? graph[u][v].value_or(0) / strength : 1.0 / static_cast<double>(n);
        next[v] += damping * scores[u] * part;
      }
    }
    scores = next;
  }
  return scores;
}

std::vector<VertexIndex> NaiveLabels(const Matrix& graph, bool undirected, int iterations) {
  std::vector<VertexIndex> labels;
  for (VertexIndex v = 0; v < graph.size(); ++v) labels.push_back(v);
  for (int round = 0; round < iterations; ++round) {
    std::vector<VertexIndex> next = labels;
    for (VertexIndex v = 0; v < graph.size(); ++v) {
      std::map<VertexIndex, int> counts;
      for (VertexIndex w = 0; w < graph.size(); ++w) {
        if (graph[v][w]) ++counts[labels[w]];
        if (!undirected && graph[w][v]) ++counts[labels[w]];
      }
      int most = 0;
      for (const auto& [label, count] : counts) {
        if (count > most) next[v] = label;
        most = std::max(most, count);
      }
    }
    labels = next;
  }
  return labels;
}

std::vector<double> NaiveClustering(const Matrix& graph) {
  std::vector<double> coefficients;
  for (VertexIndex v = 0; v < graph.size(); ++v) {
    const std::set<VertexIndex> neighbours = NeighboursOf(graph, v);
    double arcs = 0;
    for (const VertexIndex a : neighbours) {
      for (const VertexIndex b : neighbours) {
        if (a != b && graph[a][b]) ++arcs;
      }
    }
    const auto d = static_cast<double>(neighbours.size());
    coefficients.push_back(d < 2 ? 0.0 : arcs / (d * (d - 1)));
  }
  return coefficients;
}

std::vector<uint64_t> NaiveTriangles(const Matrix& graph) {
  std::vector<uint64_t> counts(graph.size(), 0);
  for (size_t a = 0; a < graph.size(); ++a) {
    for (size_t b = a + 1; b < graph.size(); ++b) {
      for (size_t c = b + 1; c < graph.size(); ++c) {
        if (!graph[a][b] || !graph[b][c] || !graph[a][c]) continue;
        ++counts[a];
        ++counts[b];
        ++counts[c];
      }
    }
  }
  return counts;
}

std::vector<double> NaiveBetweenness(const Matrix& graph, bool undirected) {
  const size_t n = graph.size();
  const Matrix hops = AllDistances(graph, true);
  const std::vector<std::vector<double>> paths = CountPaths(graph, hops);
  std::vector<double> scores(n, 0.0);
  for (size_t s = 0; s < n; ++s) {
    for (size_t t = 0; t < n; ++t) {
      if (s == t || !hops[s][t]) continue;
      for (size_t v = 0; v < n; ++v) {
        if (v == s || v == t || !hops[s][v] || !hops[v][t]) continue;
        if (*hops[s][v] + *hops[v][t] != *hops[s][t]) continue;
        scores[v] += paths[s][v] * paths[v][t] / paths[s][t];
      }
    }
  }
  if (undirected) {
    for (double& score : scores) score /= 2;
  }
  return scores;
}

std::vector<uint32_t> NaiveCores(const Matrix& graph) {
  std::vector<uint32_t> cores(graph.size(), 0);
  for (uint32_t k = 1; k <= graph.size(); ++k) {
    std::set<VertexIndex> left;
    for (VertexIndex v = 0; v < graph.size(); ++v) left.insert(v);
    while (true) {
      std::set<VertexIndex> fewer;
      for (const VertexIndex v : left) {
        const std::set<VertexIndex> neighbours = NeighboursOf(graph, v);
        const auto in_core = [&](VertexIndex w) { return left.contains(w); };
        if (std::count_if(neighbours.begin(), neighbours.end(), in_core) < k) fewer.insert(v);
      }
      if (fewer.empty()) break;
      for (const VertexIndex v : fewer) left.erase(v);
    }
    for (const VertexIndex v : left) cores[v] = k;
  }
  return cores;
}

double NaiveModularity(const Matrix& graph, const std::vector<VertexIndex>& communities) {
  const size_t n = graph.size();
  std::vector<double> strength(n, 0.0);
  double total = 0;
  const auto entry = [&](size_t i, size_t j) { return graph[i][j].value_or(0) * (i == j ? 2 : 1); };
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) strength[i] += entry(i, j);
    total += strength[i];
  }
  if (total == 0) return 0;
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      if (communities[i] == communities[j]) sum += entry(i, j) - strength[i] * strength[j] / total;
    }
  }
  return sum / total;
}

}  // namespace relata
