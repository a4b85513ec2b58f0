#ifndef RELATA_TESTS_GRAPH_ALGORITHMS_NAIVE_ALGORITHMS_H_
#define RELATA_TESTS_GRAPH_ALGORITHMS_NAIVE_ALGORITHMS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/algorithms/projection.h"

namespace relata {

// A graph as a matrix: what an arc from row to column weighs, nullopt where there is none.
using Matrix = std::vector<std::vector<std::optional<double>>>;
Matrix MatrixOf(const Projection& projection);

// The definitions of the algorithms, tried out on a matrix, with no thought of speed. Results are
// by vertex.

// Floyd and Warshall's; nullopt: no path. With `hops` every arc is 1 long.
Matrix AllDistances(const Matrix& graph, bool hops);
std::vector<VertexIndex> NaiveWeakComponents(const Matrix& graph);
std::vector<VertexIndex> NaiveStrongComponents(const Matrix& graph);
std::vector<double> NaivePageRank(const Matrix& graph, double damping, int iterations);
std::vector<VertexIndex> NaiveLabels(const Matrix& graph, bool undirected, int iterations);
std::vector<double> NaiveClustering(const Matrix& graph);
std::vector<uint64_t> NaiveTriangles(const Matrix& graph);
// Counts shortest paths of every pair by distance, and those through a vertex as products.
std::vector<double> NaiveBetweenness(const Matrix& graph, bool undirected);
// Takes vertices with fewer than k neighbours away until none is left, for each k.
std::vector<uint32_t> NaiveCores(const Matrix& graph);
// As the sum over pairs of vertices in one community.
double NaiveModularity(const Matrix& graph, const std::vector<VertexIndex>& communities);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ALGORITHMS_NAIVE_ALGORITHMS_H_
