#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graph/algorithms/betweenness.h"
#include "graph/algorithms/bfs.h"
#include "graph/algorithms/k_core.h"
#include "graph/algorithms/label_propagation.h"
#include "graph/algorithms/louvain.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/scc.h"
#include "graph/algorithms/sssp.h"
#include "graph/algorithms/triangles.h"
#include "graph/algorithms/wcc.h"
#include "tests/graph/algorithms/arc_graph.h"
#include "tests/graph/algorithms/naive_algorithms.h"
#include "tests/support/status_matchers.h"

// Each algorithm on random graphs (parallel arcs, loops, isolated vertices), against its definition
// tried out on a matrix.
namespace relata {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

MATCHER(NearlyEqual, "") {
  const double a = std::get<0>(arg);
  const double b = std::get<1>(arg);
  return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b));
}

constexpr Orientation kOrientations[] = {Orientation::kDirected, Orientation::kReverse,
                                         Orientation::kUndirected};

// Calls `check(projection, matrix)` for many graphs, in every orientation.
template <typename Check>
void ForRandomGraphs(bool weighted, Check check) {
  for (uint64_t seed = 0; seed < 150; ++seed) {
    const ArcGraph graph = RandomArcGraph(seed, 16, weighted);
    for (const Orientation orientation : kOrientations) {
      SCOPED_TRACE(testing::Message()
                   << "seed " << seed << " orientation " << static_cast<int>(orientation));
      const auto projection =
          Project(graph, orientation, seed % 2 ? ParallelWeights::kSum : ParallelWeights::kLeast);
      check(*projection, MatrixOf(*projection));
      if (testing::Test::HasFailure()) return;
    }
  }
}

template <typename Check>
void ForUndirectedGraphs(bool weighted, Check check) {
  ForRandomGraphs(weighted, [&](const Projection& projection, const Matrix& matrix) {
    if (projection.undirected()) check(projection, matrix);
  });
}

TEST(AlgorithmsPropertyTest, OrientationsAreWhatTheArcsSay) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const ArcGraph graph = RandomArcGraph(seed, 10, true);
    const Matrix out = MatrixOf(*Project(graph, Orientation::kDirected));
    const Matrix in = MatrixOf(*Project(graph, Orientation::kReverse));
    const Matrix both = MatrixOf(*Project(graph, Orientation::kUndirected));
    for (VertexIndex a = 0; a < graph.vertices; ++a) {
      for (VertexIndex b = 0; b < graph.vertices; ++b) {
        std::optional<double> to;
        for (const TestArc& arc : graph.arcs) {
          if (arc.from == a && arc.to == b) to = to.value_or(0) + arc.weight;
        }
        EXPECT_EQ(out[a][b], to);
        EXPECT_EQ(in[b][a], to);
        const std::optional<double> back = a == b ? std::nullopt : out[b][a];
        EXPECT_EQ(both[a][b].has_value(), to || back);
        EXPECT_EQ(both[a][b].value_or(0), to.value_or(0) + back.value_or(0));
      }
    }
  }
}

TEST(AlgorithmsPropertyTest, BreadthFirstHops) {
  ForRandomGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    const Matrix distances = AllDistances(matrix, true);
    for (VertexIndex s = 0; s < matrix.size(); ++s) {
      RunControl control = Unhindered();
      RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<uint32_t> hops,
                                  BreadthFirstHops(projection, s, control));
      for (VertexIndex t = 0; t < matrix.size(); ++t) {
        EXPECT_EQ(hops[t], distances[s][t] ? *distances[s][t] : kUnreachedHops);
      }
    }
  });
}

TEST(AlgorithmsPropertyTest, ShortestDistances) {
  ForRandomGraphs(true, [](const Projection& projection, const Matrix& matrix) {
    const Matrix expected = AllDistances(matrix, false);
    for (VertexIndex s = 0; s < matrix.size(); ++s) {
      RunControl control = Unhindered();
      RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<double> distances,
                                  ShortestDistances(projection, s, control));
      for (VertexIndex t = 0; t < matrix.size(); ++t) {
        EXPECT_EQ(distances[t], expected[s][t].value_or(std::numeric_limits<double>::infinity()));
      }
    }
  });
}

TEST(AlgorithmsPropertyTest, Components) {
  ForRandomGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<VertexIndex> weak,
                                WeakComponents(projection, control));
    EXPECT_EQ(weak, NaiveWeakComponents(matrix));
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<VertexIndex> strong,
                                StrongComponents(projection, control));
    EXPECT_EQ(strong, NaiveStrongComponents(matrix));
  });
}

TEST(AlgorithmsPropertyTest, PageRankWithAndWithoutWeights) {
  for (const bool weighted : {false, true}) {
    ForRandomGraphs(weighted, [](const Projection& projection, const Matrix& matrix) {
      for (const int iterations : {0, 1, 13}) {
        RunControl control = Unhindered();
        RELATA_ASSERT_OK_AND_ASSIGN(
            const PageRankResult result,
            PageRank(projection, {.damping = 0.8, .iterations = iterations}, control));
        EXPECT_THAT(result.scores,
                    Pointwise(NearlyEqual(), NaivePageRank(matrix, 0.8, iterations)));
      }
    });
  }
}

TEST(AlgorithmsPropertyTest, PropagatedLabels) {
  ForRandomGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    for (const int iterations : {0, 1, 2, 9}) {
      RunControl control = Unhindered();
      RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<VertexIndex> labels,
                                  PropagateLabels(projection, iterations, control));
      EXPECT_EQ(labels, NaiveLabels(matrix, projection.undirected(), iterations));
    }
  });
}

TEST(AlgorithmsPropertyTest, ClusteringCoefficients) {
  ForRandomGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<double> coefficients,
                                ClusteringCoefficients(projection, control));
    EXPECT_EQ(coefficients, NaiveClustering(matrix));
  });
}

TEST(AlgorithmsPropertyTest, Triangles) {
  ForUndirectedGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const TriangleCounts counts, CountTriangles(projection, control));
    const std::vector<uint64_t> expected = NaiveTriangles(matrix);
    EXPECT_EQ(counts.of_vertex, expected);
    EXPECT_EQ(counts.total * 3, std::accumulate(expected.begin(), expected.end(), uint64_t{0}));
  });
}

TEST(AlgorithmsPropertyTest, Betweenness) {
  ForRandomGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<double> scores,
                                Betweenness(projection, {}, control));
    EXPECT_THAT(scores,
                Pointwise(NearlyEqual(), NaiveBetweenness(matrix, projection.undirected())));
  });
}

TEST(AlgorithmsPropertyTest, Cores) {
  ForUndirectedGraphs(false, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<uint32_t> cores,
                                CoreNumbers(projection, control));
    EXPECT_EQ(cores, NaiveCores(matrix));
  });
}

TEST(AlgorithmsPropertyTest, LouvainNeverFallsBelowThePartitionsItStartsFrom) {
  for (const bool weighted : {false, true}) {
    ForUndirectedGraphs(weighted, [](const Projection& projection, const Matrix& matrix) {
      RunControl control = Unhindered();
      RELATA_ASSERT_OK_AND_ASSIGN(const LouvainResult result, Louvain(projection, {}, control));
      EXPECT_THAT(result.modularity, DoubleNear(NaiveModularity(matrix, result.communities), 1e-9));
      std::vector<VertexIndex> alone(matrix.size());
      std::iota(alone.begin(), alone.end(), 0);
      EXPECT_GE(result.modularity, NaiveModularity(matrix, alone) - 1e-9);
      // One level less cannot be better.
      RELATA_ASSERT_OK_AND_ASSIGN(const LouvainResult first,
                                  Louvain(projection, {.max_levels = 1}, control));
      EXPECT_GE(result.modularity, first.modularity - 1e-9);
      for (VertexIndex v = 0; v < matrix.size(); ++v) {
        EXPECT_LE(result.communities[v], v);
        EXPECT_EQ(result.communities[result.communities[v]], result.communities[v]);
      }
    });
  }
}

TEST(AlgorithmsPropertyTest, LouvainOfTheFirstLevelCannotBeBetteredByMovingOneVertex) {
  ForUndirectedGraphs(true, [](const Projection& projection, const Matrix& matrix) {
    RunControl control = Unhindered();
    RELATA_ASSERT_OK_AND_ASSIGN(const LouvainResult result,
                                Louvain(projection, {.max_levels = 1, .tolerance = 0}, control));
    for (VertexIndex v = 0; v < matrix.size(); ++v) {
      for (VertexIndex w = 0; w < matrix.size(); ++w) {
        if (!matrix[v][w]) continue;
        std::vector<VertexIndex> moved = result.communities;
        moved[v] = result.communities[w];
        EXPECT_LE(NaiveModularity(matrix, moved), result.modularity + 1e-9);
      }
    }
  });
}

}  // namespace
}  // namespace relata
