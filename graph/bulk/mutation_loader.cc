#include "graph/bulk/mutation_loader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/mutation/input_checks.h"

namespace relata {
namespace {

// `text` names it, and `shown` does for people.
absl::Status NoEntity(const std::string& text, absl::string_view shown) {
  return WithParts(absl::NotFoundError(absl::StrCat("there is no entity ", shown)),
                   {{"entity", text}});
}

}  // namespace

absl::Status MutationLoader::Add(const Mutation& mutation) {
  if (const auto* entity = std::get_if<EntityWrite>(&mutation)) return AddOne(*entity);
  if (const auto* relationship = std::get_if<RelationshipWrite>(&mutation)) {
    return AddOne(*relationship);
  }
  return absl::InvalidArgumentError(
      "a bulk load takes new entities and new relationships alone; write the rest with ordinary "
      "writes");
}

absl::StatusOr<EntityId> MutationLoader::Resolve(const EntityRef& ref) {
  if (const auto* key = std::get_if<EntityKeyRef>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, load_.FindEntity(key->key));
    if (!id) return NoEntity(key->key, absl::StrCat("`", key->key, "`"));
    return *id;
  }
  if (const auto* id = std::get_if<EntityId>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const bool exists, load_.EntityExists(*id));
    if (!exists) {
      const std::string text = absl::StrCat("#", id->value());
      return NoEntity(text, text);
    }
    return *id;
  }
  if (const auto* handle = std::get_if<HandleRef>(&ref)) {
    const std::optional<uint64_t> id = handles_.Find(handle->handle);
    if (id) return EntityId(*id);
    return absl::InvalidArgumentError(absl::StrCat(
        "the handle `", handle->handle, "` names no entity of an earlier mutation of this load"));
  }
  return absl::InvalidArgumentError("an entity is not named: give a key, an id or a handle");
}

absl::StatusOr<Citation> MutationLoader::MakeCitation(const CitationWrite& write) {
  RELATA_RETURN_IF_ERROR(CheckConfidence(write.confidence));
  RELATA_ASSIGN_OR_RETURN(const EntityId id, Resolve(write.source));
  RELATA_ASSIGN_OR_RETURN(const CitedSource source, load_.FindSource(id));
  Citation citation;
  citation.source = id;
  citation.stance = write.stance;
  citation.confidence = write.confidence;
  if (!write.undated) citation.reported = write.reported ? write.reported : source.published;
  citation.locator = write.locator;
  citation.source_retracted = source.retracted;
  return citation;
}

absl::StatusOr<Fact> MutationLoader::MakeFact(const Interval& valid,
                                              const std::vector<CitationWrite>& citations,
                                              const std::optional<Bound>& rank_from) {
  Fact fact;
  for (const CitationWrite& write : citations) {
    RELATA_ASSIGN_OR_RETURN(Citation citation, MakeCitation(write));
    const bool there = std::any_of(fact.citations.begin(), fact.citations.end(),
                                   [&](const Citation& c) { return SameCitation(c, citation); });
    if (!there) fact.citations.push_back(std::move(citation));
  }
  fact.valid = valid;
  if (rank_from) fact.cut_from = RankOrigin{*rank_from, CommitVersion(), FactId()};
  return fact;
}

absl::Status MutationLoader::AddProperty(const std::string& property, const FactWrite& write,
                                         EntityState& entity) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
  RELATA_RETURN_IF_ERROR(CheckStorable(property, write.value));
  if (!write.properties.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the fact of `", property,
                                                   "` has properties; facts of an entity's "
                                                   "property have a value alone"));
  }
  RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, write.rank_from));
  fact.value = write.value;
  AddFact(std::move(fact), entity.properties[load_.names().InternProperty(property)]);
  return absl::OkStatus();
}

absl::Status MutationLoader::AddNames(const std::vector<NameWrite>& names, EntityState& entity) {
  for (const NameWrite& write : names) {
    RELATA_RETURN_IF_ERROR(CheckName(write.name));
    RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, std::nullopt));
    fact.value = NameToValue(write.name);
    AddFact(std::move(fact), entity.properties[kNamesProperty]);
  }
  // S4.5: the first preferred name is the property `name` where there is none.
  const auto preferred = std::find_if(names.begin(), names.end(), [](const NameWrite& n) {
    return n.name.kind == NameKind::kPreferred;
  });
  if (preferred == names.end() || entity.properties.contains(kNameProperty)) {
    return absl::OkStatus();
  }
  Fact fact;
  fact.value = Value::String(preferred->name.text);
  entity.properties[kNameProperty].push_back(std::move(fact));
  return absl::OkStatus();
}

absl::Status MutationLoader::AddOne(const EntityWrite& m) {
  if (m.put || !m.key.empty()) RELATA_RETURN_IF_ERROR(CheckKey(m.key));
  if (!m.handle.empty() && handles_.Find(m.handle)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the handle `", m.handle, "` of this entity is used twice in the load"));
  }
  EntityState entity;
  entity.key = m.key;
  for (const std::string& name : m.labels) {
    RELATA_RETURN_IF_ERROR(CheckWord("a label", name));
    const LabelId label = load_.names().InternLabel(name);
    const auto at = std::lower_bound(entity.labels.begin(), entity.labels.end(), label);
    if (at == entity.labels.end() || *at != label) entity.labels.insert(at, label);
  }
  for (const auto& [property, fact] : m.properties) {
    RELATA_RETURN_IF_ERROR(AddProperty(property, fact, entity));
  }
  RELATA_RETURN_IF_ERROR(AddNames(m.names, entity));
  RELATA_ASSIGN_OR_RETURN(const EntityId id, load_.AddEntity(entity));
  if (!m.handle.empty()) handles_.Insert(m.handle, id.value());
  return absl::OkStatus();
}

absl::StatusOr<Fact> MutationLoader::MakeRelationshipFact(const FactWrite& write) {
  if (!write.value.is_null()) {
    return absl::InvalidArgumentError(
        "a fact of a relationship has properties, not a value; name the property");
  }
  RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, write.rank_from));
  for (const auto& [property, value] : write.properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
    RELATA_RETURN_IF_ERROR(CheckStorable(property, value));
    fact.properties.emplace_back(load_.names().InternProperty(property), value);
  }
  const auto by_id = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::sort(fact.properties.begin(), fact.properties.end(), by_id);
  const auto twice =
      std::adjacent_find(fact.properties.begin(), fact.properties.end(),
                         [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != fact.properties.end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the property `", load_.names().Name(twice->first), "` is given twice in one fact"));
  }
  return fact;
}

absl::Status MutationLoader::AddOne(const RelationshipWrite& m) {
  if (m.facts.empty()) {
    return absl::InvalidArgumentError(
        "a relationship is written without a fact; give at least one (an empty one says: always, "
        "without properties)");
  }
  if (!m.key.empty()) RELATA_RETURN_IF_ERROR(CheckKey(m.key));
  RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", m.type));
  RelationshipState state;
  state.key = m.key;
  state.ends.type = load_.names().InternType(m.type);
  RELATA_ASSIGN_OR_RETURN(state.ends.from, Resolve(m.from));
  RELATA_ASSIGN_OR_RETURN(state.ends.to, Resolve(m.to));
  for (const FactWrite& write : m.facts) {
    RELATA_ASSIGN_OR_RETURN(Fact fact, MakeRelationshipFact(write));
    AddFact(std::move(fact), state.facts);
  }
  return load_.AddRelationship(state);
}

}  // namespace relata
