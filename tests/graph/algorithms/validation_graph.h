#ifndef RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_GRAPH_H_
#define RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_GRAPH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// A graph of a folder, in the format of the validation graphs of LDBC Graphalytics: NAME.properties
// says what it is and which algorithms it has outputs for, NAME.v lists the vertices, NAME.e the
// edges (`source target [weight]`), NAME-KERNEL what an algorithm gives (`vertex value`).
struct ValidationGraph {
  struct Edge {
    int64_t from = 0;
    int64_t to = 0;
    double weight = 1.0;
  };

  std::string name;
  bool directed = true;
  bool weighted = false;
  std::vector<std::string> kernels;  // `bfs`, `pr`, …
  std::vector<int64_t> vertices;     // ascending
  std::vector<Edge> edges;           // of undirected graphs each once
  // Parameters as in the properties: `bfs.source-vertex`.
  std::map<std::string, std::string> parameters;
  // By kernel and vertex: the value as written.
  std::map<std::string, std::map<int64_t, std::string>> outputs;
};

// The names of the graphs of a folder, ascending; empty where there is no such folder.
std::vector<std::string> ListValidationGraphs(const std::string& folder);
// INVALID_ARGUMENT with the file and line where one cannot be read, or the counts differ from those
// of the properties.
absl::StatusOr<ValidationGraph> ReadValidationGraph(const std::string& folder,
                                                    const std::string& name);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ALGORITHMS_VALIDATION_GRAPH_H_
