#include "graph/algorithms/projection_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "base/wrong_field.h"

namespace relata {
namespace {

// Vertices of one bulk read: some ten milliseconds, between which a run can be stopped.
constexpr size_t kVerticesPerBatch = 1024;
constexpr size_t kEntitiesPerPage = 8192;

// One where the two directions of each type differ: an arc is read at the vertex that it leaves.
std::vector<Step> StepsOf(const std::vector<TypeId>& types) {
  if (types.empty()) return {Step{TypeId(), Direction::kOut}};
  std::vector<Step> steps;
  steps.reserve(types.size());
  for (const TypeId type : types) steps.push_back({type, Direction::kOut});
  return steps;
}

bool HasTwoFactsOfOne(absl::Span<const Edge> edges) {
  // The facts of a relationship stand side by side.
  return std::adjacent_find(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
           return a.relationship == b.relationship;
         }) != edges.end();
}

}  // namespace

ProjectionBuilder::ProjectionBuilder(const Snapshot& snapshot, const ProjectionSpec& spec,
                                     size_t memory_bytes, RunControl& control)
    : snapshot_(snapshot),
      spec_(spec),
      memory_bytes_(memory_bytes),
      control_(control),
      uses_window_(spec.view.valid.kind == ValidTime::Kind::kInstant && !spec.view.valid.certainly),
      window_(spec.view),
      steps_(StepsOf(spec.types)) {
  if (uses_window_) window_.valid = ValidTime::Window(spec.view.valid.from, kPlusInfinity);
}

absl::Status ProjectionBuilder::CheckSpec() const {
  if (spec_.view.valid.kind == ValidTime::Kind::kWindow) {
    return WrongField("read.valid_time",
                      "a projection is of an instant or of all valid time, not of a window");
  }
  if (!std::isfinite(spec_.default_weight)) {
    return WrongField("default_weight", "the default weight must be a finite number");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Projection>> ProjectionBuilder::Build() {
  RELATA_RETURN_IF_ERROR(CheckSpec());
  RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> vertices, ListVertices());
  projection_.reset(new Projection(spec_, std::move(vertices)));
  projection_->version_ = snapshot_.version();
  const ValidTime& valid = spec_.view.valid;
  if (valid.kind == ValidTime::Kind::kInstant && !uses_window_) {
    projection_->stable_until_ = valid.from == kPlusInfinity ? kPlusInfinity : valid.from + 1;
  }
  RELATA_RETURN_IF_ERROR(ReadArcs());
  // To turn arcs round and to unite both directions takes as much again, twice.
  const bool one_way = spec_.orientation == Orientation::kDirected && !spec_.incoming;
  RELATA_RETURN_IF_ERROR(CheckMemory(one_way ? 0 : 3 * arcs_.bytes()));
  RELATA_RETURN_IF_ERROR(projection_->Orient(std::move(arcs_), control_));
  return projection_;
}

absl::StatusOr<std::vector<EntityId>> ProjectionBuilder::ListVertices() {
  RELATA_RETURN_IF_ERROR(control_.Begin("listing entities", 0));
  std::vector<std::optional<LabelId>> labels(spec_.labels.begin(), spec_.labels.end());
  if (labels.empty()) labels.emplace_back();
  std::vector<EntityId> vertices;
  for (const std::optional<LabelId> label : labels) {
    EntityId after;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> page,
                              snapshot_.ListEntities(label, after, kEntitiesPerPage));
      vertices.insert(vertices.end(), page.begin(), page.end());
      if (page.size() < kEntitiesPerPage) break;
      after = page.back();
      RELATA_RETURN_IF_ERROR(control_.Advance(page.size()));
      RELATA_RETURN_IF_ERROR(CheckMemory(vertices.capacity() * sizeof(EntityId)));
    }
  }
  if (labels.size() > 1) {
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  }
  if (vertices.size() < kNoVertex) return vertices;
  return LimitReached("projection_entities", kNoVertex - 1,
                      absl::StrCat("a projection has at most ", kNoVertex - 1, " entities, not ",
                                   vertices.size(), ": name the labels of those you mean"));
}

absl::Status ProjectionBuilder::ReadArcs() {
  const size_t count = projection_->vertices();
  RELATA_RETURN_IF_ERROR(control_.Begin("reading relationships", count));
  arcs_.offsets.reserve(count + 1);
  for (size_t first = 0; first < count; first += kVerticesPerBatch) {
    const size_t last = std::min(count, first + kVerticesPerBatch);
    RELATA_RETURN_IF_ERROR(
        ReadBatch(static_cast<VertexIndex>(first), static_cast<VertexIndex>(last)));
    RELATA_RETURN_IF_ERROR(CheckMemory(0));
  }
  return absl::OkStatus();
}

absl::Status ProjectionBuilder::ReadBatch(VertexIndex first, VertexIndex last) {
  std::vector<EntityId> vertices;
  for (VertexIndex v = first; v < last; ++v) vertices.push_back(projection_->entity(v));
  Expansion expansion;
  RELATA_RETURN_IF_ERROR(Expand(snapshot_, vertices, steps_, window_, &expansion,
                                uses_window_ ? EdgeTimes::kGiven : EdgeTimes::kNone));
  batch_ends_.clear();
  batch_facts_.clear();
  const size_t first_arc = arcs_.size();
  if (uses_window_) RELATA_RETURN_IF_ERROR(SelectAtInstant(vertices, expansion));
  for (VertexIndex v = first; v < last; ++v) {
    const absl::Span<const Edge> edges =
        uses_window_ ? absl::MakeConstSpan(selected_[v - first]) : expansion.of(v - first);
    RELATA_RETURN_IF_ERROR(AppendEdges(v, edges));
  }
  if (spec_.weight) RELATA_RETURN_IF_ERROR(ReadWeights(first_arc));
  // A unit of progress is a vertex; the edges count for how often the run can be stopped.
  return control_.Advance(vertices.size());
}

absl::Status ProjectionBuilder::SelectAtInstant(absl::Span<const EntityId> vertices,
                                                const Expansion& window) {
  const Instant t = spec_.view.valid.from;
  Instant& stable_until = projection_->stable_until_;
  selected_.resize(vertices.size());
  std::vector<EntityId> again;
  std::vector<size_t> places;
  for (size_t i = 0; i < vertices.size(); ++i) {
    selected_[i].clear();
    for (size_t e = window.offsets[i]; e < window.offsets[i + 1]; ++e) {
      const Interval& valid = window.valid[e];
      const bool begins_later = valid.from.earliest > t;
      stable_until = std::min(stable_until, begins_later ? valid.from.earliest : valid.to.latest);
      if (!begins_later) selected_[i].push_back(window.edges[e]);
    }
    if (!HasTwoFactsOfOne(window.of(i))) continue;
    again.push_back(vertices[i]);
    places.push_back(i);
  }
  if (again.empty()) return absl::OkStatus();
  Expansion instant;
  RELATA_RETURN_IF_ERROR(Expand(snapshot_, again, steps_, spec_.view, &instant));
  for (size_t i = 0; i < again.size(); ++i) {
    selected_[places[i]].assign(instant.of(i).begin(), instant.of(i).end());
  }
  return absl::OkStatus();
}

absl::Status ProjectionBuilder::AppendEdges(VertexIndex vertex, absl::Span<const Edge> edges) {
  for (const Edge& edge : edges) {
    const VertexIndex target = projection_->Find(edge.neighbour);
    if (target == kNoVertex) continue;
    arcs_.targets.push_back(target);
    if (!spec_.weight) continue;
    batch_ends_.push_back(edge.Ends(projection_->entity(vertex)));
    batch_facts_.push_back(edge.fact);
  }
  arcs_.offsets.push_back(arcs_.size());
  return absl::OkStatus();
}

absl::Status ProjectionBuilder::ReadWeights(size_t first) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::optional<RelationshipState>> states,
                          snapshot_.GetRelationships(batch_ends_));
  arcs_.weights.resize(arcs_.size());
  for (size_t i = 0; i < states.size(); ++i) {
    if (!states[i]) {
      return absl::DataLossError(absl::StrCat("relationship #", batch_ends_[i].id.value(),
                                              " is listed at its end but has no record"));
    }
    RELATA_ASSIGN_OR_RETURN(arcs_.weights[first + i], WeightOf(*states[i], batch_facts_[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<double> ProjectionBuilder::WeightOf(const RelationshipState& state, FactId fact) {
  const auto seen = std::find_if(state.facts.begin(), state.facts.end(),
                                 [fact](const Fact& each) { return each.id == fact; });
  const Value* const value =
      seen == state.facts.end() ? nullptr : seen->FindProperty(*spec_.weight);
  if (value == nullptr) return spec_.default_weight;
  const auto fail = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat("relationship #", state.ends.id.value(), ": its ",
                     snapshot_.names().Name(*spec_.weight), " is ", value->ToString(), ", ", why));
  };
  double weight = 0;
  if (const Money* const money = value->get_if<Money>()) {
    if (!currency_) currency_ = money->currency;
    if (*currency_ != money->currency) {
      return fail(absl::StrCat("but others are in ",
                               absl::string_view(currency_->data(), currency_->size()),
                               ": amounts in different currencies cannot be weights together"));
    }
    weight = money->amount.ToDouble();
  } else if (value->is_number()) {
    weight = value->AsDouble();
  } else {
    return fail("which is no number and so no weight: choose another property");
  }
  if (!std::isfinite(weight)) return fail("which is no weight: it must be finite");
  return weight;
}

size_t ProjectionBuilder::HeldBytes() const {
  return arcs_.bytes() + (projection_ == nullptr ? 0 : projection_->bytes());
}

absl::Status ProjectionBuilder::CheckMemory(size_t more) const {
  const size_t needed = HeldBytes() + more;
  if (needed <= memory_bytes_) return absl::OkStatus();
  return LimitReached(
      "projection_bytes", memory_bytes_,
      absl::StrCat(
          "the projection needs at least ", needed, " bytes and may have ", memory_bytes_,
          ": project fewer labels or relationship types, or give projections more memory"));
}

}  // namespace relata
