#include "tests/tck/graph_state.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {
namespace {

constexpr size_t kPage = 1000;

std::string FactText(const Value& value, const Interval& valid) {
  return absl::StrCat(ValueTypeName(value.type()), " ", value.ToString(), " @",
                      valid.from.ToString(), "/", valid.to.ToString());
}

absl::Status ReadNode(const Snapshot& snapshot, EntityId id, GraphState& state) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> entity, snapshot.GetEntity(id));
  if (!entity) return absl::OkStatus();
  state.nodes.insert(id.value());
  for (const LabelId label : entity->labels) {
    state.labels.insert(std::string(snapshot.names().Name(label)));
  }
  for (const auto& [property, facts] : entity->properties) {
    for (const Fact& fact : facts) {
      state.properties.emplace(false, id.value(), snapshot.names().Name(property),
                               FactText(fact.value, fact.valid));
    }
  }
  return absl::OkStatus();
}

void AddRelationship(const Snapshot& snapshot, const RelationshipState& relationship,
                     GraphState& state) {
  const uint64_t id = relationship.ends.id.value();
  state.relationships.insert(id);
  for (const Fact& fact : relationship.facts) {
    for (const auto& [property, value] : fact.properties) {
      state.properties.emplace(true, id, snapshot.names().Name(property),
                               FactText(value, fact.valid));
    }
  }
}

// How many elements of `a` are not in `b`.
template <typename T>
int64_t CountMissing(const std::set<T>& a, const std::set<T>& b) {
  std::vector<T> missing;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(missing));
  return static_cast<int64_t>(missing.size());
}

template <typename T>
void Count(absl::string_view what, const std::set<T>& before, const std::set<T>& after,
           StateDifference& difference) {
  const int64_t added = CountMissing(after, before);
  const int64_t removed = CountMissing(before, after);
  if (added > 0) difference[absl::StrCat("+", what)] = added;
  if (removed > 0) difference[absl::StrCat("-", what)] = removed;
}

}  // namespace

absl::StatusOr<GraphState> ReadGraphState(const Database& database) {
  const Snapshot snapshot = database.Latest();
  GraphState state;
  EntityId last_entity;
  for (size_t read = kPage; read == kPage;) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> page,
                            snapshot.ListEntities(std::nullopt, last_entity, kPage));
    for (const EntityId id : page) RELATA_RETURN_IF_ERROR(ReadNode(snapshot, id, state));
    read = page.size();
    if (read > 0) last_entity = page.back();
  }
  RelationshipId last_relationship;
  for (size_t read = kPage; read == kPage;) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> page,
                            snapshot.ListRelationships(last_relationship, kPage));
    RELATA_ASSIGN_OR_RETURN(const auto relationships, snapshot.GetRelationships(page));
    for (const std::optional<RelationshipState>& relationship : relationships) {
      if (relationship) AddRelationship(snapshot, *relationship, state);
    }
    read = page.size();
    if (read > 0) last_relationship = page.back().id;
  }
  return state;
}

StateDifference Difference(const GraphState& before, const GraphState& after) {
  StateDifference difference;
  Count("nodes", before.nodes, after.nodes, difference);
  Count("relationships", before.relationships, after.relationships, difference);
  Count("labels", before.labels, after.labels, difference);
  Count("properties", before.properties, after.properties, difference);
  return difference;
}

}  // namespace relata
