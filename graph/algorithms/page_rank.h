#ifndef RELATA_GRAPH_ALGORITHMS_PAGE_RANK_H_
#define RELATA_GRAPH_ALGORITHMS_PAGE_RANK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/algorithms/projection.h"

namespace relata {

struct PageRankOptions {
  double damping = 0.85;  // 0 to 1
  int iterations = 20;    // at least 0
  // Stops earlier where the values change by less than this in sum; 0: all iterations are done.
  double tolerance = 0.0;
};

struct PageRankResult {
  std::vector<double> scores;  // sum up to 1
  int iterations = 0;          // that were done
};

// PageRank (LDBC Graphalytics 1.0, section 2.3.4, PR; Page, Brin, Motwani, Winograd 1999): each
// vertex starts with 1 / n; in a round each gives `damping` of what it has to those it points to
// (to all, where it points to none), and everybody gets an equal part of the rest. It is shared by
// weight where the projection has weights, else equally. Needs incoming arcs. INVALID_ARGUMENT: an
// option out of its range; FAILED_PRECONDITION: a negative weight. O(iterations (vertices + arcs)).
absl::StatusOr<PageRankResult> PageRank(const Projection& projection,
                                        const PageRankOptions& options, RunControl& control);

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_PAGE_RANK_H_
