#ifndef RELATA_BENCH_BOOST_ALGORITHMS_H_
#define RELATA_BENCH_BOOST_ALGORITHMS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Algorithms of Boost.Graph on boost::compressed_sparse_row_graph, to compare with our own. Only
// its .cc includes Boost.

inline constexpr uint64_t kBoostSamples = 4;  // sources of betweenness
inline constexpr int kBoostIterations = 20;   // of PageRank

// A projection as Boost holds it.
class BoostGraph {
 public:
  virtual ~BoostGraph() = default;
  static std::unique_ptr<BoostGraph> Copy(const Projection& projection);
};

struct BoostAlgorithm {
  absl::string_view name;  // as in AllAlgorithms
  // Returns something that depends on the result.
  double (*run)(const BoostGraph& graph, VertexIndex source);
};
absl::Span<const BoostAlgorithm> BoostAlgorithms();

}  // namespace relata

#endif  // RELATA_BENCH_BOOST_ALGORITHMS_H_
