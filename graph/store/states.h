#ifndef RELATA_GRAPH_STORE_STATES_H_
#define RELATA_GRAPH_STORE_STATES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "graph/facts/fact.h"

namespace relata {

// The kinds of a name (S1.3). The numbers live on disk.
enum class NameKind : uint8_t { kPreferred = 1, kAlias = 2, kAbbreviation = 3, kFormer = 4 };

// The value of a fact of `_names`.
struct EntityName {
  std::string text;
  std::string language;
  NameKind kind = NameKind::kAlias;
  bool operator==(const EntityName&) const = default;
};
Value NameToValue(const EntityName& name);
// Whether a value is one that NameToValue makes.
bool IsNameValue(const Value& value);
// Precondition: IsNameValue.
EntityName NameFromValue(const Value& value);

// All of an entity at one version: what the store keeps under its id.
struct EntityState {
  EntityId id;
  std::string key;              // empty: none
  std::vector<LabelId> labels;  // ascending
  // Facts by property, names among them (kNamesProperty); no property without a fact. Facts ascend
  // by id.
  std::map<PropertyId, std::vector<Fact>> properties;
  CommitVersion created;
  // Set by RetractSource: its time; all its citations are void (S5.1).
  std::optional<Instant> source_retracted;

  bool HasLabel(LabelId label) const;
  const std::vector<Fact>* FindProperty(PropertyId property) const;
};

// Where a relationship lies: enough to find its facts with one read.
struct RelationshipEnds {
  RelationshipId id;
  TypeId type;
  EntityId from;
  EntityId to;
  bool operator==(const RelationshipEnds&) const = default;
};

// All of a relationship at one version. Facts ascend by id; never empty.
struct RelationshipState {
  RelationshipEnds ends;
  std::string key;  // empty: none
  std::vector<Fact> facts;
  CommitVersion created;
};

// What a fact is a fact of.
struct FactOwner {
  bool is_relationship = false;
  uint64_t id = 0;      // EntityId or RelationshipId
  PropertyId property;  // of an entity's fact; 0 for a relationship
  FactId fact;
  auto operator<=>(const FactOwner&) const = default;
};

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_STATES_H_
