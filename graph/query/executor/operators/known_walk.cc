#include "graph/query/executor/operators/known_walk.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"

namespace relata::query {
namespace {

// The other end, where the relationship leaves `at` in that direction.
std::optional<EntityId> Across(const RelationshipEnds& ends, EntityId at, EdgeDirection direction) {
  if (direction != EdgeDirection::kIn && ends.from == at) return ends.to;
  if (direction != EdgeDirection::kOut && ends.to == at) return ends.from;
  return std::nullopt;
}

// Whether a walk over these relationships and vertices keeps the mode's rule.
bool KeepsMode(BoundPathMode mode, const std::vector<RelationshipRef>& relationships,
               const std::vector<EntityId>& vertices) {
  if (mode == BoundPathMode::kWalk) return true;
  absl::flat_hash_set<RelationshipId> taken;
  for (const RelationshipRef& relationship : relationships) {
    if (!taken.insert(relationship.ends.id).second) return false;
  }
  if (mode == BoundPathMode::kTrail) return true;
  absl::flat_hash_set<EntityId> visited;
  for (size_t i = 0; i < vertices.size(); ++i) {
    const bool closes = mode == BoundPathMode::kSimple && i > 0 && i + 1 == vertices.size() &&
                        vertices[i] == vertices[0];
    if (!closes && !visited.insert(vertices[i]).second) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::optional<EntityId>> FollowKnownWalk(
    const VarExpandPlan& plan, const Datum& list, EntityId start,
    const std::optional<std::vector<Step>>& steps, EdgeFilter* filter) {
  if (!list.is_list()) return std::nullopt;
  const int64_t length = static_cast<int64_t>(list.AsList().size());
  if (length < plan.min || length > plan.max) return std::nullopt;
  std::vector<RelationshipRef> relationships;
  std::vector<EntityId> vertices = {start};
  for (const Datum& element : list.AsList()) {
    if (element.kind() != Datum::Kind::kRelationship) return std::nullopt;
    const RelationshipRef& relationship = element.AsRelationship();
    const std::optional<EntityId> next = Across(relationship.ends, vertices.back(), plan.direction);
    if (!next || !steps || !FitsType(*steps, relationship.ends.type)) return std::nullopt;
    relationships.push_back(relationship);
    vertices.push_back(*next);
  }
  if (!KeepsMode(plan.mode, relationships, vertices)) return std::nullopt;
  std::vector<uint8_t> truth;
  RELATA_RETURN_IF_ERROR(filter->Test(relationships, &truth));
  if (std::find(truth.begin(), truth.end(), 0) != truth.end()) return std::nullopt;
  return vertices.back();
}

}  // namespace relata::query
