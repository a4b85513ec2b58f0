#ifndef RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_RUN_H_
#define RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_RUN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/graph/algorithms/validation_graph.h"
#include "tests/graph/database_harness.h"

namespace relata {

// Writes a graph into an empty database: an entity `v/ID` with the label Vertex for each vertex, a
// relationship EDGE with the property `weight` for each edge; and things that are no part of it.
absl::Status WriteValidationGraph(const ValidationGraph& graph, DatabaseHarness& database);

// What a kernel gives for the graph in the database, through a projection, in the terms of the
// files: vertices by number, 2^63 - 1 hops and infinite distances for what is not reached.
struct KernelOutput {
  std::map<int64_t, int64_t> integers = {};  // bfs, cdlp, wcc
  std::map<int64_t, double> numbers = {};    // pr, lcc, sssp
};
absl::StatusOr<KernelOutput> RunKernel(const ValidationGraph& graph, const std::string& kernel,
                                       DatabaseHarness& database);

// The rules of comparison: the same vertices; bfs and cdlp equal, wcc the same sets, the others
// within 0.0001 of the reference. The error says where it differs.
absl::Status CompareOutputs(const std::string& kernel,
                            const std::map<int64_t, std::string>& reference,
                            const KernelOutput& output);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_RUN_H_
