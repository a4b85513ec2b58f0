#include "graph/mutation/constraints.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/mutation/violation.h"

namespace relata {
namespace {

std::string NameOfEntity(const EntityState& entity) {
  return entity.key.empty() ? absl::StrCat("#", entity.id.value())
                            : absl::StrCat("`", entity.key, "`");
}

std::string NameOfRelationship(const RelationshipState& state) {
  return state.key.empty() ? absl::StrCat("#", state.ends.id.value())
                           : absl::StrCat("`", state.key, "`");
}

absl::Status CheckType(const NameTable& names, const PropertyDeclaration& d, const Value& value,
                       absl::string_view owner) {
  if (std::binary_search(d.types.begin(), d.types.end(), value.type())) return absl::OkStatus();
  const std::string allowed = absl::StrJoin(d.types, " or ", [](std::string* out, ValueType type) {
    absl::StrAppend(out, ValueTypeName(type));
  });
  return WithParts(ConstraintViolation(absl::StrCat("`", names.Name(d.property), "` of ", owner,
                                                    " is ", ValueTypeName(value.type()),
                                                    "; the schema allows ", allowed)),
                   {{"property", std::string(names.Name(d.property))},
                    {"value_type", std::string(ValueTypeName(value.type()))},
                    {"allowed", allowed}});
}

absl::Status Missing(const NameTable& names, const PropertyDeclaration& d,
                     absl::string_view owner) {
  return WithParts(ConstraintViolation(absl::StrCat(owner, " has no `", names.Name(d.property),
                                                    "`, which the schema requires")),
                   {{"property", std::string(names.Name(d.property))}});
}

absl::Status NotUnique(const Transaction& tx, const IndexDefinition& d, const IndexedValues& values,
                       const EntityState& entity, EntityId other) {
  return NotUnique(tx.snapshot().names(), d, values, NameOfEntity(entity),
                   absl::StrCat("the entity #", other.value()));
}

std::string NamesOf(const NameTable& names, const IndexDefinition& d) {
  return absl::StrJoin(d.properties, ", ", [&](std::string* out, PropertyId property) {
    absl::StrAppend(out, "`", names.Name(property), "`");
  });
}

// Whether the transaction may have broken what is declared for the properties under the label.
bool IsConcerned(Transaction& tx, const EntityState& entity, LabelId label,
                 absl::Span<const PropertyId> properties) {
  return (tx.MadeHere(entity.id) || tx.TouchesParts(entity.id, label, properties)) &&
         entity.HasLabel(label);
}

// Who holds values among the entities that the transaction edited, by BytesOf.
using OwnersByValue = absl::flat_hash_map<std::string, const EntityState*>;

// The entity's values against the other edited ones, which `owners` knows so far, and, where the
// transaction may have given it one, against those that are stored.
absl::Status CheckUniqueValues(Transaction& tx, const IndexDefinition& index,
                               const EntityState& entity, OwnersByValue& owners) {
  const auto held = CombinationsOf(index, entity);
  if (!held) return TooManyToCompare(tx.snapshot().names(), index, entity);
  if (held->empty()) return absl::OkStatus();
  const bool is_concerned = IsConcerned(tx, entity, index.label, index.properties);
  for (const IndexedValues& values : *held) {
    const auto [it, is_new] = owners.emplace(BytesOf(values), &entity);
    if (!is_new && it->second != &entity) {
      return NotUnique(tx, index, values, *it->second, entity.id);
    }
    if (!is_concerned) continue;
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> others,
                            tx.FindUneditedHolders(index, values));
    if (!others.empty()) return NotUnique(tx, index, values, entity, others.front());
  }
  return absl::OkStatus();
}

absl::Status CheckUnique(Transaction& tx, const std::vector<EntityState*>& edited) {
  for (const auto& [id, index] : tx.schema().indexes()) {
    if (!index.unique) continue;
    OwnersByValue owners;
    for (const EntityState* entity : edited) {
      RELATA_RETURN_IF_ERROR(CheckUniqueValues(tx, index, *entity, owners));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status NotUnique(const NameTable& names, const IndexDefinition& d,
                       const IndexedValues& values, absl::string_view one,
                       absl::string_view other) {
  const bool several = values.size() > 1;
  const std::string held = absl::StrJoin(values, ", ", [](std::string* out, const Value& value) {
    absl::StrAppend(out, value.ToString());
  });
  return WithParts(
      ConstraintViolation(absl::StrCat(NamesOf(names, d), " of `", names.Name(d.label), "` ",
                                       several ? "are unique together" : "is unique", ", but ", one,
                                       " and ", other, " both hold ", held)),
      {{"label", std::string(names.Name(d.label))},
       {"properties", absl::StrJoin(d.properties, ", ",
                                    [&](std::string* out, PropertyId property) {
                                      absl::StrAppend(out, names.Name(property));
                                    })},
       {"value", held}});
}

absl::Status TooManyToCompare(const NameTable& names, const IndexDefinition& d,
                              const EntityState& entity) {
  return WithParts(
      ConstraintViolation(absl::StrCat(
          NamesOf(names, d), " of `", names.Name(d.label), "` are unique together, but ",
          NameOfEntity(entity), " holds more than ", kMostCombinations,
          " combinations of values at its various times; drop the constraint, or store fewer")),
      {{"label", std::string(names.Name(d.label))},
       {"entity", entity.key.empty() ? absl::StrCat("#", entity.id.value()) : entity.key}});
}

absl::Status CheckProperty(const NameTable& names, const PropertyDeclaration& d,
                           const EntityState& entity) {
  const std::vector<Fact>* facts = entity.FindProperty(d.property);
  if (facts == nullptr) {
    return d.required ? Missing(names, d, NameOfEntity(entity)) : absl::OkStatus();
  }
  for (const Fact& fact : *facts) {
    RELATA_RETURN_IF_ERROR(CheckType(names, d, fact.value, NameOfEntity(entity)));
  }
  return absl::OkStatus();
}

absl::Status CheckProperty(const NameTable& names, const PropertyDeclaration& d,
                           const RelationshipState& state) {
  for (const Fact& fact : state.facts) {
    const Value* value = fact.FindProperty(d.property);
    if (value != nullptr) {
      RELATA_RETURN_IF_ERROR(CheckType(names, d, *value, NameOfRelationship(state)));
    } else if (d.required) {
      return Missing(names, d, NameOfRelationship(state));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAllUnique(Transaction& tx, const IndexDefinition& d,
                            const std::vector<EntityId>& entities) {
  absl::flat_hash_map<std::string, EntityId> owners;
  for (const EntityId id : entities) {
    RELATA_ASSIGN_OR_RETURN(const EntityState* entity, tx.PeekEntity(id));
    if (entity == nullptr) continue;
    const auto held = CombinationsOf(d, *entity);
    if (!held) return TooManyToCompare(tx.snapshot().names(), d, *entity);
    for (const IndexedValues& values : *held) {
      const auto [it, is_new] = owners.emplace(BytesOf(values), id);
      if (!is_new && it->second != id) return NotUnique(tx, d, values, *entity, it->second);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChanges(Transaction& tx) {
  const Schema& schema = tx.schema();
  const NameTable& names = tx.names();
  const std::vector<EntityState*> edited = tx.EditedEntities();
  for (const EntityState* entity : edited) {
    for (const PropertyDeclaration& d : schema.properties()) {
      if (!d.label.valid() || !IsConcerned(tx, *entity, d.label, {d.property})) continue;
      RELATA_RETURN_IF_ERROR(CheckProperty(names, d, *entity));
    }
  }
  RELATA_RETURN_IF_ERROR(CheckUnique(tx, edited));
  // A constraint made here has no entries yet: what came after it in the batch is compared with all
  // entities.
  for (const IndexDefinition& index : tx.backfills()) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids, tx.AllWithLabel(index.label));
    RELATA_RETURN_IF_ERROR(CheckAllUnique(tx, index, ids));
  }
  for (const RelationshipState* state : tx.EditedRelationships()) {
    for (const PropertyDeclaration& d : schema.properties()) {
      if (d.type != state->ends.type || d.label.valid()) continue;
      RELATA_RETURN_IF_ERROR(CheckProperty(names, d, *state));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata
