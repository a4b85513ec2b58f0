#ifndef RELATA_GRAPH_ALGORITHMS_PROJECTION_BUILDER_H_
#define RELATA_GRAPH_ALGORITHMS_PROJECTION_BUILDER_H_

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/adjacency/adjacency.h"
#include "graph/algorithms/projection.h"

namespace relata {

// Makes one projection of a snapshot. Used once, by one thread.
//
// Reading at an instant: the window from the instant on holds the facts that an instant shows and
// those that begin later. Where each relationship of a vertex has one fact in it, the instant shows
// those facts of them that are valid already; only other vertices are read once more at the
// instant. So the next change of the projection in valid time comes for free.
class ProjectionBuilder {
 public:
  // All outlive it.
  ProjectionBuilder(const Snapshot& snapshot, const ProjectionSpec& spec, size_t memory_bytes,
                    RunControl& control);

  absl::StatusOr<std::shared_ptr<const Projection>> Build();

 private:
  absl::Status CheckSpec() const;
  absl::StatusOr<std::vector<EntityId>> ListVertices();
  absl::Status ReadArcs();
  // Appends the arcs of the vertices [first, last).
  absl::Status ReadBatch(VertexIndex first, VertexIndex last);
  // What the view shows of each vertex, from what the window from the instant on shows.
  absl::Status SelectAtInstant(absl::Span<const EntityId> vertices, const Expansion& window);
  absl::Status AppendEdges(VertexIndex vertex, absl::Span<const Edge> edges);
  // Weights of the arcs from `first` on, which are of `batch_ends_`.
  absl::Status ReadWeights(size_t first);
  absl::StatusOr<double> WeightOf(const RelationshipState& state, FactId fact);
  // RESOURCE_EXHAUSTED beyond the limit. `more`: what comes on top of what is held now.
  absl::Status CheckMemory(size_t more) const;
  size_t HeldBytes() const;

  const Snapshot& snapshot_;
  const ProjectionSpec& spec_;
  const size_t memory_bytes_;
  RunControl& control_;
  const bool uses_window_;
  ReadView window_;
  std::vector<Step> steps_;

  std::shared_ptr<Projection> projection_;
  Arcs arcs_;
  // Of the arcs of a batch, where there are weights.
  std::vector<RelationshipEnds> batch_ends_;
  std::vector<FactId> batch_facts_;
  // Of the batch at an instant: what its vertices show.
  std::vector<std::vector<Edge>> selected_;
  std::optional<std::array<char, 3>> currency_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_PROJECTION_BUILDER_H_
