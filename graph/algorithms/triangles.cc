#include "graph/algorithms/triangles.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/functional/function_ref.h"
#include "base/status_macros.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// A neighbour in either direction, and how many arcs (1 or 2) lead there and back.
struct Neighbour {
  VertexIndex vertex;
  uint32_t arcs;
};

// Of `v` without itself, ascending.
void ListNeighbours(const Projection& projection, VertexIndex v, std::vector<Neighbour>& list) {
  list.clear();
  const absl::Span<const VertexIndex> out = projection.out().of(v);
  if (projection.undirected()) {
    for (const VertexIndex w : out) {
      if (w != v) list.push_back({w, 2});
    }
    return;
  }
  const absl::Span<const VertexIndex> in = projection.in().of(v);
  size_t i = 0;
  size_t j = 0;
  while (i < out.size() || j < in.size()) {
    const VertexIndex a = i < out.size() ? out[i] : kNoVertex;
    const VertexIndex b = j < in.size() ? in[j] : kNoVertex;
    const VertexIndex w = std::min(a, b);
    i += a == w;
    j += b == w;
    if (w != v) list.push_back({w, a == b ? 2U : 1U});
  }
}

// The corners of a triangle with the number of arcs on the side opposite to each.
struct Corner {
  VertexIndex vertex;
  uint32_t opposite;
};
using Triangle = std::array<Corner, 3>;

// Each vertex with its neighbours of higher rank: by degree, then by number. So a hub, which is the
// neighbour of many, has few itself.
class RankedNeighbours {
 public:
  RankedNeighbours(const Projection& projection, RunControl& control)
      : projection_(projection), control_(control) {}

  absl::Status Make() {
    const size_t count = projection_.vertices();
    RELATA_RETURN_IF_ERROR(
        control_.Reserve(count * 4 * sizeof(uint64_t) + projection_.arcs() * sizeof(Neighbour)));
    RELATA_RETURN_IF_ERROR(control_.Begin("ranking neighbours", 2 * projection_.arcs()));
    degrees_.resize(count);
    std::vector<Neighbour> list;
    for (VertexIndex v = 0; v < count; ++v) {
      ListNeighbours(projection_, v, list);
      degrees_[v] = static_cast<VertexIndex>(list.size());
      RELATA_RETURN_IF_ERROR(control_.Advance(list.size()));
    }
    offsets_.push_back(0);
    for (VertexIndex v = 0; v < count; ++v) {
      ListNeighbours(projection_, v, list);
      for (const Neighbour& n : list) {
        if (Below(v, n.vertex)) higher_.push_back(n);
      }
      offsets_.push_back(higher_.size());
      RELATA_RETURN_IF_ERROR(control_.Advance(list.size()));
    }
    return absl::OkStatus();
  }

  // Calls `found` for each triangle, once.
  absl::Status ForEachTriangle(absl::FunctionRef<void(const Triangle&)> found) {
    RELATA_RETURN_IF_ERROR(control_.Begin("triangles", offsets_.size() - 1));
    std::vector<uint32_t> arcs_to(offsets_.size() - 1, 0);  // from the vertex in turn
    uint64_t looked_at = 0;
    for (VertexIndex a = 0; a + 1 < offsets_.size(); ++a) {
      for (const Neighbour& n : Higher(a)) arcs_to[n.vertex] = n.arcs;
      for (const Neighbour& b : Higher(a)) {
        for (const Neighbour& c : Higher(b.vertex)) {
          if (arcs_to[c.vertex] == 0) continue;
          found({{{a, c.arcs}, {b.vertex, arcs_to[c.vertex]}, {c.vertex, b.arcs}}});
        }
        looked_at += Higher(b.vertex).size();
        // Progress is in vertices; a vertex with much to look at is asked about in between.
        if (looked_at < kLookedAtPerCheck) continue;
        looked_at = 0;
        RELATA_RETURN_IF_ERROR(control_.CheckNow());
      }
      for (const Neighbour& n : Higher(a)) arcs_to[n.vertex] = 0;
      RELATA_RETURN_IF_ERROR(control_.Advance(1));
    }
    return absl::OkStatus();
  }

  // Neighbours in either direction, each once, without itself.
  VertexIndex degree(VertexIndex v) const { return degrees_[v]; }

 private:
  static constexpr uint64_t kLookedAtPerCheck = 1 << 20;

  bool Below(VertexIndex a, VertexIndex b) const {
    return std::pair(degrees_[a], a) < std::pair(degrees_[b], b);
  }
  absl::Span<const Neighbour> Higher(VertexIndex v) const {
    return {higher_.data() + offsets_[v], static_cast<size_t>(offsets_[v + 1] - offsets_[v])};
  }

  const Projection& projection_;
  RunControl& control_;
  std::vector<VertexIndex> degrees_;
  std::vector<uint64_t> offsets_;
  std::vector<Neighbour> higher_;
};

}  // namespace

absl::StatusOr<TriangleCounts> CountTriangles(const Projection& projection, RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireUndirected(projection, "triangles"));
  RankedNeighbours neighbours(projection, control);
  RELATA_RETURN_IF_ERROR(neighbours.Make());
  TriangleCounts counts;
  counts.of_vertex.assign(projection.vertices(), 0);
  RELATA_RETURN_IF_ERROR(neighbours.ForEachTriangle([&counts](const Triangle& triangle) {
    for (const Corner& corner : triangle) ++counts.of_vertex[corner.vertex];
    ++counts.total;
  }));
  return counts;
}

absl::StatusOr<std::vector<double>> ClusteringCoefficients(const Projection& projection,
                                                           RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireIncoming(projection, "lcc"));
  RankedNeighbours neighbours(projection, control);
  RELATA_RETURN_IF_ERROR(neighbours.Make());
  std::vector<uint64_t> arcs_between(projection.vertices(), 0);
  RELATA_RETURN_IF_ERROR(neighbours.ForEachTriangle([&arcs_between](const Triangle& triangle) {
    for (const Corner& corner : triangle) arcs_between[corner.vertex] += corner.opposite;
  }));
  std::vector<double> coefficients(projection.vertices(), 0.0);
  for (VertexIndex v = 0; v < coefficients.size(); ++v) {
    const auto d = static_cast<double>(neighbours.degree(v));
    if (d >= 2) coefficients[v] = static_cast<double>(arcs_between[v]) / (d * (d - 1));
  }
  return coefficients;
}

}  // namespace relata
