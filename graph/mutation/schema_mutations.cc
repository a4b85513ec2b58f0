// The mutations of the schema. Each is refused where the data that is there breaks it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/mutation/constraints.h"
#include "graph/mutation/input_checks.h"
#include "graph/mutation/mutation_runner.h"
#include "graph/mutation/violation.h"
#include "graph/store/index_entries.h"

namespace relata {
namespace {

template <typename Id, typename Intern>
absl::StatusOr<std::vector<Id>> InternAll(absl::string_view what,
                                          const std::vector<std::string>& names,
                                          const Intern& intern) {
  std::set<Id> ids;
  for (const std::string& name : names) {
    RELATA_RETURN_IF_ERROR(CheckWord(what, name));
    ids.insert(intern(name));
  }
  return std::vector<Id>(ids.begin(), ids.end());
}

absl::Status CheckIndex(const ChangeIndex& m) {
  if (m.label.empty() == m.relationship_type.empty()) {
    return absl::InvalidArgumentError(
        "an index is of a label or of a relationship type: give one of them");
  }
  RELATA_RETURN_IF_ERROR(m.label.empty() ? CheckWord("a relationship type", m.relationship_type)
                                         : CheckWord("a label", m.label));
  if (m.unique && m.label.empty()) {
    return absl::InvalidArgumentError(
        "a unique constraint is for entities with a label; a relationship type can be one per "
        "pair, or have an index");
  }
  if (m.properties.empty() || m.properties.size() > kMostIndexedProperties) {
    return absl::InvalidArgumentError(absl::StrCat("an index is of 1 to ", kMostIndexedProperties,
                                                   " properties, not of ", m.properties.size()));
  }
  std::set<absl::string_view> named;
  for (const std::string& name : m.properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(name));
    if (named.insert(name).second) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the property `", name, "` stands twice in one index; name it once"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MutationRunner::CheckDeclaredType(const RelationshipTypeDeclaration& d) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipId> ids, tx_.AllOfType(d.type));
  std::set<std::pair<EntityId, EntityId>> pairs;
  for (const RelationshipId id : ids) {
    // Loaded as an edit, so that its incoming entry follows a change of the inline properties.
    RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, tx_.EditRelationship(id));
    if (state == nullptr) continue;
    const RelationshipEnds& ends = state->ends;
    if (d.one_per_pair && !pairs.emplace(ends.from, ends.to).second) {
      return WithParts(
          ConstraintViolation(absl::StrCat(
              "`", tx_.names().Name(d.type), "` cannot be one per pair: there are several ",
              "between the entities #", ends.from.value(), " and #", ends.to.value())),
          {{"type", std::string(tx_.names().Name(d.type))},
           {"from", absl::StrCat("#", ends.from.value())},
           {"to", absl::StrCat("#", ends.to.value())}});
    }
    RELATA_RETURN_IF_ERROR(CheckEnds(d.type, ends.from, ends.to));
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const DeclareRelationshipType& m, BatchResult::Item& /*item*/) {
  RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", m.type));
  const auto label = [this](const std::string& name) { return tx_.names().InternLabel(name); };
  const auto property = [this](const std::string& name) {
    return tx_.names().InternProperty(name);
  };
  RelationshipTypeDeclaration d;
  d.type = tx_.names().InternType(m.type);
  d.one_per_pair = m.one_per_pair;
  RELATA_ASSIGN_OR_RETURN(d.from_labels, InternAll<LabelId>("a label", m.from_labels, label));
  RELATA_ASSIGN_OR_RETURN(d.to_labels, InternAll<LabelId>("a label", m.to_labels, label));
  RELATA_ASSIGN_OR_RETURN(
      d.inline_properties,
      InternAll<PropertyId>("a property's name", m.inline_properties, property));
  const RelationshipTypeDeclaration* there = tx_.schema().FindType(d.type);
  if (there != nullptr && *there == d) return absl::OkStatus();
  tx_.EditSchema().Put(d);
  return CheckDeclaredType(d);
}

absl::Status MutationRunner::RunOne(const DeclareProperty& m, BatchResult::Item& /*item*/) {
  if (m.label.empty() == m.relationship_type.empty()) {
    return absl::InvalidArgumentError(
        "a property is declared for a label or for a relationship type: give one of them");
  }
  RELATA_RETURN_IF_ERROR(CheckPropertyName(m.property));
  if (m.types.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the declaration of `", m.property, "` allows no type; name at least one"));
  }
  PropertyDeclaration d;
  d.property = tx_.names().InternProperty(m.property);
  const std::set<ValueType> types(m.types.begin(), m.types.end());
  d.types.assign(types.begin(), types.end());
  d.required = m.required;
  d.unit = m.unit;
  d.description = m.description;
  if (!m.label.empty()) {
    RELATA_RETURN_IF_ERROR(CheckWord("a label", m.label));
    d.label = tx_.names().InternLabel(m.label);
  } else {
    RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", m.relationship_type));
    d.type = tx_.names().InternType(m.relationship_type);
  }
  const PropertyDeclaration* there = d.label.valid()
                                         ? tx_.schema().FindProperty(d.label, d.property)
                                         : tx_.schema().FindProperty(d.type, d.property);
  if (there != nullptr && *there == d) return absl::OkStatus();
  tx_.EditSchema().Put(d);
  const PropertyDeclaration* declared = &d;
  if (d.label.valid()) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids, tx_.AllWithLabel(d.label));
    for (const EntityId id : ids) {
      RELATA_ASSIGN_OR_RETURN(const EntityState* entity, tx_.PeekEntity(id));
      if (entity != nullptr) RELATA_RETURN_IF_ERROR(CheckProperty(tx_.names(), *declared, *entity));
    }
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipId> ids, tx_.AllOfType(d.type));
  for (const RelationshipId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, tx_.EditRelationship(id));
    if (state != nullptr) RELATA_RETURN_IF_ERROR(CheckProperty(tx_.names(), *declared, *state));
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const ChangeIndex& m, BatchResult::Item& /*item*/) {
  RELATA_RETURN_IF_ERROR(CheckIndex(m));
  IndexDefinition d;
  if (!m.label.empty()) d.label = tx_.names().InternLabel(m.label);
  if (m.label.empty()) d.type = tx_.names().InternType(m.relationship_type);
  for (const std::string& name : m.properties) {
    d.properties.push_back(tx_.names().InternProperty(name));
  }
  d.unique = m.unique;
  const IndexDefinition* there = nullptr;
  for (const auto& [id, index] : tx_.schema().indexes()) {
    d.id = id;
    if (index == d) there = &index;
  }
  const absl::string_view what = m.unique ? "unique constraint" : "index";
  if (m.drop) {
    if (there == nullptr) {
      return WithParts(
          absl::NotFoundError(absl::StrCat("there is no ", what, " on `",
                                           absl::StrJoin(m.properties, "`, `"), "` of `", m.label,
                                           m.relationship_type, "`")),
          {{m.label.empty() ? "type" : "label", absl::StrCat(m.label, m.relationship_type)},
           {"properties", absl::StrJoin(m.properties, ", ")}});
    }
    const IndexDefinition dropped = *there;
    tx_.ClearIndex(dropped);
    tx_.EditSchema().DropIndex(dropped.id);
    return absl::OkStatus();
  }
  if (there != nullptr) return absl::OkStatus();
  d.id = tx_.ids().NewIndex();
  tx_.EditSchema().Put(d);
  if (!m.unique) return absl::OkStatus();  // built behind the writes that go on (IndexBuilder)
  RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids, tx_.AllWithLabel(d.label));
  RELATA_RETURN_IF_ERROR(CheckAllUnique(tx_, d, ids));
  tx_.BackfillIndex(d);
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const NameSchemaRule& m, BatchResult::Item& /*item*/) {
  if (m.label.empty() == m.relationship_type.empty()) {
    return absl::InvalidArgumentError(
        "an index or a constraint is of a label or of a relationship type: give one of them");
  }
  RELATA_RETURN_IF_ERROR(CheckWord("the name of an index or a constraint", m.name));
  const NameTable& names = tx_.names();
  const auto label = m.label.empty() ? LabelId() : names.FindLabel(m.label);
  const auto type = m.relationship_type.empty() ? TypeId() : names.FindType(m.relationship_type);
  SchemaRule rule{m.kind, label.value_or(LabelId()), type.value_or(TypeId()), {}};
  for (const std::string& name : m.properties) {
    if (const auto property = names.FindProperty(name)) rule.properties.push_back(*property);
  }
  const bool known = label && type && rule.properties.size() == m.properties.size();
  if (!known || !Holds(tx_.schema(), rule)) {
    return WithParts(absl::NotFoundError(
                         absl::StrCat("there is no such index or constraint that could be called `",
                                      m.name, "`; create it before it is named")),
                     {{"name", m.name}});
  }
  for (const auto& [named, name] : tx_.schema().rule_names()) {
    if (name != m.name) continue;
    if (named == rule) return absl::OkStatus();
    return WithParts(
        absl::AlreadyExistsError(absl::StrCat("another index or constraint is called `", m.name,
                                              "`; names in a schema are unique")),
        {{"name", m.name}});
  }
  tx_.EditSchema().Name(rule, m.name);
  return absl::OkStatus();
}

}  // namespace relata
