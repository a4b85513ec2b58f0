#include "graph/algorithms/label_propagation.h"

#include <numeric>

#include "base/status_macros.h"
#include "base/wrong_field.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// Counts the labels round one vertex after the other.
class LabelCounts {
 public:
  explicit LabelCounts(size_t labels) : counts_(labels, 0) {}

  void Add(VertexIndex label) {
    if (counts_[label]++ == 0) seen_.push_back(label);
  }
  // The most frequent label, of several the lowest; `otherwise` where none was added. Starts anew.
  VertexIndex TakeMostFrequent(VertexIndex otherwise) {
    VertexIndex best = otherwise;
    uint32_t most = 0;
    for (const VertexIndex label : seen_) {
      const uint32_t count = counts_[label];
      if (count > most || (count == most && label < best)) {
        best = label;
        most = count;
      }
      counts_[label] = 0;
    }
    seen_.clear();
    return best;
  }

 private:
  std::vector<uint32_t> counts_;
  std::vector<VertexIndex> seen_;
};

}  // namespace

absl::StatusOr<std::vector<VertexIndex>> PropagateLabels(const Projection& projection,
                                                         int iterations, RunControl& control) {
  if (iterations < 0) return WrongField("iterations", "iterations must not be negative");
  RELATA_RETURN_IF_ERROR(RequireIncoming(projection, "cdlp"));
  const size_t count = projection.vertices();
  const Arcs& out = projection.out();
  const Arcs& in = projection.in();
  const bool both = !projection.undirected();
  RELATA_RETURN_IF_ERROR(control.Reserve(count * 4 * sizeof(VertexIndex)));
  RELATA_RETURN_IF_ERROR(
      control.Begin("label propagation", iterations * (count + (both ? 2 : 1) * out.size())));
  std::vector<VertexIndex> labels(count);
  std::iota(labels.begin(), labels.end(), 0);
  std::vector<VertexIndex> next(count);
  LabelCounts counts(count);
  for (int round = 0; round < iterations; ++round) {
    for (VertexIndex v = 0; v < count; ++v) {
      for (const VertexIndex w : out.of(v)) counts.Add(labels[w]);
      if (both) {
        for (const VertexIndex w : in.of(v)) counts.Add(labels[w]);
      }
      next[v] = counts.TakeMostFrequent(labels[v]);
      RELATA_RETURN_IF_ERROR(control.Advance(1 + out.degree(v) + (both ? in.degree(v) : 0)));
    }
    labels.swap(next);
    if (labels == next) break;
  }
  return labels;
}

}  // namespace relata
