#ifndef RELATA_GRAPH_MUTATION_MUTATION_H_
#define RELATA_GRAPH_MUTATION_MUTATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "graph/catalog/schema_rule.h"
#include "graph/facts/fact.h"
#include "graph/facts/portion.h"
#include "graph/store/states.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// What a write call says, in the terms of the graph: the mirror of proto/relata/v1/mutation.proto,
// with texts parsed but names, keys and handles not yet resolved (the transaction does that, in
// order, so that a mutation sees what the ones before it in the batch did).

// Names an entity; exactly one alternative.
struct EntityKeyRef {
  std::string key;
};
struct HandleRef {
  std::string handle;
};
using EntityRef = std::variant<std::monostate, EntityKeyRef, EntityId, HandleRef>;

struct PairRef {
  std::string type;
  EntityRef from;
  EntityRef to;
};
struct RelationshipKeyRef {
  std::string key;
};
using RelationshipRef =
    std::variant<std::monostate, RelationshipKeyRef, RelationshipId, HandleRef, PairRef>;

struct FactByIdRef {
  FactId id;
  std::variant<EntityRef, RelationshipRef> owner;
};
using FactRef = std::variant<std::monostate, FactByIdRef, HandleRef>;

struct CitationWrite {
  EntityRef source;
  Stance stance = Stance::kAsserts;
  double confidence = 1.0;
  std::optional<Bound> reported;  // absent: the source's `published`
  std::string locator;
  bool undated = false;  // no report date, whatever the source's `published` says
};

// A fact to add. Of a property: `value`; of a relationship: `properties`.
struct FactWrite {
  Value value;
  std::vector<std::pair<std::string, Value>> properties;
  Interval valid;
  std::vector<CitationWrite> citations;
  std::string handle;              // empty: none
  std::optional<Bound> rank_from;  // of an exported piece of a cut fact
};

struct NameWrite {
  EntityName name;
  Interval valid;
  std::vector<CitationWrite> citations;
  std::string handle;
};

// create_entity, put_entity
struct EntityWrite {
  bool put = false;  // false: the key must be absent
  std::string key;
  std::string handle;
  std::vector<std::string> labels;
  std::vector<NameWrite> names;
  std::vector<std::pair<std::string, FactWrite>> properties;
};

// create_relationship, put_relationship
struct RelationshipWrite {
  bool put = false;
  std::string key;
  std::string handle;
  std::string type;
  EntityRef from;
  EntityRef to;
  std::vector<FactWrite> facts;
};

struct AddFacts {
  EntityRef entity;
  std::string property;
  std::vector<FactWrite> facts;
};
struct AddNames {
  EntityRef entity;
  std::vector<NameWrite> names;
};
struct RemoveNames {
  EntityRef entity;
  std::string text;
  std::string language;  // empty: all
  Portion portion;
};

using PropertyTarget = std::variant<EntityRef, RelationshipRef>;
// set_property, remove_property (a null value)
struct SetProperty {
  PropertyTarget target;
  std::string property;
  Value value;  // null: remove
  Portion portion;
};
struct SetProperties {
  PropertyTarget target;
  std::vector<std::pair<std::string, Value>> properties;
  bool replace = false;
};
struct ChangeLabels {
  EntityRef entity;
  std::vector<std::string> add;
  std::vector<std::string> remove;
};
struct DeleteEntity {
  EntityRef entity;
  bool detach = false;
  bool has_portion = false;  // refused: INVALID_ARGUMENT
};
struct DeleteRelationship {
  RelationshipRef relationship;
  Portion portion;
};
struct Cite {
  FactRef fact;
  CitationWrite citation;
};
struct RetractSource {
  EntityRef source;
};

struct DeclareRelationshipType {
  std::string type;
  bool one_per_pair = false;
  std::vector<std::string> from_labels;
  std::vector<std::string> to_labels;
  std::vector<std::string> inline_properties;
};
struct DeclareProperty {
  std::string label;  // or
  std::string relationship_type;
  std::string property;
  std::vector<ValueType> types;
  bool required = false;
  std::string unit;
  std::string description;
};
struct ChangeIndex {
  std::string label;  // or, where it is not unique
  std::string relationship_type;
  std::vector<std::string> properties;  // in the order of its entries
  bool unique = false;
  bool drop = false;
};
// Gives an index or a constraint that is there its name, instead of the one it had.
struct NameSchemaRule {
  SchemaRule::Kind kind = SchemaRule::Kind::kIndex;
  std::string label;  // or
  std::string relationship_type;
  std::vector<std::string> properties;  // none of kEnds and kOnePerPair
  std::string name;
};

using Mutation =
    std::variant<EntityWrite, RelationshipWrite, AddFacts, AddNames, RemoveNames, SetProperty,
                 SetProperties, ChangeLabels, DeleteEntity, DeleteRelationship, Cite, RetractSource,
                 DeclareRelationshipType, DeclareProperty, ChangeIndex, NameSchemaRule>;

// S4.6
struct Precondition {
  enum class Kind : uint8_t { kExists, kAbsent, kUnchanged };
  Kind kind = Kind::kExists;
  EntityRef entity;     // kAbsent: by key
  CommitVersion since;  // of kUnchanged
};

// What makes a write idempotent (S4.6): an id of the writer's choice, and what it stands for.
struct RequestId {
  std::string id;         // empty: none
  std::string body_hash;  // of the request as received
};

// One write call.
struct Batch {
  std::vector<Mutation> mutations;
  std::vector<Precondition> preconditions;
  RequestId request;
  std::string principal;
};

// What a batch gave its things.
struct BatchResult {
  CommitVersion version;
  Instant commit_time = 0;
  bool replayed = false;  // the first answer to this request id
  // Per mutation: the entity or relationship it made or touched, and whether it made it; ids of
  // facts it added or added to.
  struct Item {
    std::optional<EntityId> entity;
    std::optional<RelationshipId> relationship;
    bool created = false;
    std::vector<FactId> facts;
  };
  std::vector<Item> items;
};

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_MUTATION_H_
