#include "graph/algorithms/k_core.h"

#include <algorithm>

#include "base/status_macros.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// The vertices by how many neighbours they have left: a bucket for each number, one after the other
// in one array, so that a vertex moves down a bucket in constant time.
class Buckets {
 public:
  explicit Buckets(std::vector<uint32_t> degrees)
      : degrees_(std::move(degrees)), order_(degrees_.size()), place_(degrees_.size()) {
    const uint32_t most =
        degrees_.empty() ? 0 : *std::max_element(degrees_.begin(), degrees_.end());
    first_.assign(most + 2, 0);
    for (const uint32_t degree : degrees_) ++first_[degree + 1];
    for (size_t d = 1; d < first_.size(); ++d) first_[d] += first_[d - 1];
    std::vector<VertexIndex> next = first_;
    for (VertexIndex v = 0; v < degrees_.size(); ++v) {
      place_[v] = next[degrees_[v]]++;
      order_[place_[v]] = v;
    }
  }

  VertexIndex at(size_t place) const { return order_[place]; }
  uint32_t degree(VertexIndex v) const { return degrees_[v]; }

  // One neighbour less: the vertex changes places with the first of its bucket, which then starts
  // behind it.
  void Lower(VertexIndex v) {
    const VertexIndex place = first_[degrees_[v]]++;
    const VertexIndex other = order_[place];
    order_[place_[v]] = other;
    place_[other] = place_[v];
    order_[place] = v;
    place_[v] = place;
    --degrees_[v];
  }

  std::vector<uint32_t> TakeDegrees() { return std::move(degrees_); }

 private:
  std::vector<uint32_t> degrees_;
  std::vector<VertexIndex> order_;
  std::vector<VertexIndex> place_;  // of each vertex in order_
  std::vector<VertexIndex> first_;  // place of each bucket
};

std::vector<uint32_t> DegreesWithoutLoops(const Arcs& out) {
  std::vector<uint32_t> degrees(out.vertices());
  for (VertexIndex v = 0; v < degrees.size(); ++v) {
    const absl::Span<const VertexIndex> targets = out.of(v);
    const bool loop = std::binary_search(targets.begin(), targets.end(), v);
    degrees[v] = static_cast<uint32_t>(targets.size() - (loop ? 1 : 0));
  }
  return degrees;
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> CoreNumbers(const Projection& projection,
                                                  RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireUndirected(projection, "kcore"));
  RELATA_RETURN_IF_ERROR(control.Reserve(projection.vertices() * 5 * sizeof(uint32_t)));
  RELATA_RETURN_IF_ERROR(control.Begin("cores", projection.arcs()));
  const Arcs& out = projection.out();
  Buckets buckets(DegreesWithoutLoops(out));
  for (size_t place = 0; place < projection.vertices(); ++place) {
    const VertexIndex v = buckets.at(place);
    for (const VertexIndex w : out.of(v)) {
      if (buckets.degree(w) > buckets.degree(v)) buckets.Lower(w);
    }
    RELATA_RETURN_IF_ERROR(control.Advance(out.degree(v)));
  }
  return buckets.TakeDegrees();
}

}  // namespace relata
