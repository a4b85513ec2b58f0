#ifndef RELATA_GRAPH_ALGORITHMS_PROJECTION_H_
#define RELATA_GRAPH_ALGORITHMS_PROJECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/algorithms/arcs.h"
#include "graph/algorithms/run_control.h"
#include "graph/algorithms/vertex_numbering.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

enum class Orientation : uint8_t {
  kDirected,    // as the relationships point
  kReverse,     // against them
  kUndirected,  // each is an arc both ways
};

// What of a snapshot is projected. A plain value.
struct ProjectionSpec {
  // Entities that bear any of them; empty: every entity.
  std::vector<LabelId> labels = {};
  // Relationships of any of them between these entities; empty: of every type.
  std::vector<TypeId> types = {};
  Orientation orientation = Orientation::kDirected;
  // An instant or ALL: with ALL every relationship that was ever valid.
  ReadView view = {ValidTime::All(), DefaultPolicy()};
  // The number or amount of money that an arc weighs, of the fact that the view shows; absent:
  // every arc weighs 1.
  std::optional<PropertyId> weight = std::nullopt;
  // Of a relationship without the property.
  double default_weight = 1.0;
  ParallelWeights parallel = ParallelWeights::kSum;
  // Whether in() is kept too (undirected projections have it anyway).
  bool incoming = false;
};

// The graph of one snapshot as algorithms walk it: entities numbered without gaps, and the
// relationships between them as compressed sparse rows. It is a simple graph, as the definitions of
// the algorithms want it: several relationships (or facts) from one vertex to another are one arc,
// whose weight joins theirs; in an undirected projection those of both directions are one. A loop
// is an arc from a vertex to itself, once. Immutable, thread-safe, holds nothing of the snapshot.
class Projection {
 public:
  // Reads the snapshot in batches, each vertex's outgoing relationships once. INVALID_ARGUMENT: a
  // valid time that is a window, a default weight that is no finite number. FAILED_PRECONDITION,
  // naming the relationship: a weight that is no finite number, or amounts in different currencies.
  // RESOURCE_EXHAUSTED where more than `memory_bytes` would be held at a time.
  static absl::StatusOr<std::shared_ptr<const Projection>> Build(const Snapshot& snapshot,
                                                                 const ProjectionSpec& spec,
                                                                 size_t memory_bytes,
                                                                 RunControl& control);
  // Of arcs as relationships point, by the vertices they leave, in any order and with parallels;
  // `arcs.vertices()` is the number of `entities`, which ascend. Of the spec only orientation,
  // parallel and incoming count.
  static absl::StatusOr<std::shared_ptr<const Projection>> FromArcs(std::vector<EntityId> entities,
                                                                    Arcs arcs,
                                                                    const ProjectionSpec& spec,
                                                                    RunControl& control);

  size_t vertices() const { return numbering_.size(); }
  // Arcs that out() has: an undirected relationship counts twice, a loop once.
  size_t arcs() const { return out_.size(); }
  bool undirected() const { return spec_.orientation == Orientation::kUndirected; }
  // Of each vertex ascending by target.
  const Arcs& out() const { return out_; }
  // Precondition: undirected, or asked for with `incoming`.
  const Arcs& in() const { return undirected() ? out_ : in_; }
  bool has_in() const { return undirected() || spec_.incoming; }
  // The least weight of an arc; 1 where arcs have none, or there is no arc.
  double least_weight() const { return least_weight_; }

  EntityId entity(VertexIndex vertex) const { return numbering_.entity(vertex); }
  // kNoVertex: it is not in the projection.
  VertexIndex Find(EntityId entity) const { return numbering_.Find(entity); }

  const ProjectionSpec& spec() const { return spec_; }
  CommitVersion version() const { return version_; }
  // A projection at an instant is the same at every instant in [spec().view.valid.from,
  // stable_until()). kPlusInfinity: nothing begins or ends later.
  Instant stable_until() const { return stable_until_; }
  // Of memory.
  size_t bytes() const;

 private:
  Projection(ProjectionSpec spec, std::vector<EntityId> entities)
      : spec_(std::move(spec)), numbering_(std::move(entities)) {}
  absl::Status Orient(Arcs arcs, RunControl& control);

  friend class ProjectionBuilder;

  ProjectionSpec spec_;
  CommitVersion version_;
  Instant stable_until_ = kPlusInfinity;
  VertexNumbering numbering_;
  Arcs out_;
  Arcs in_;
  double least_weight_ = 1.0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_PROJECTION_H_
