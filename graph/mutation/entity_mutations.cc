// The mutations of entities, their facts, names, labels and citations (S1.3, S4, S5).
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/mutation/input_checks.h"
#include "graph/mutation/mutation_runner.h"

namespace relata {
namespace {

// The bounds of a portion, exact; an open side is unbounded.
Interval IntervalOf(const Portion& portion) {
  Interval valid;
  if (portion.from != kMinusInfinity) valid.from = Bound::At(portion.from);
  if (portion.to != kPlusInfinity) valid.to = Bound::At(portion.to);
  return valid;
}

void EraseIfEmpty(EntityState& entity, PropertyId property) {
  const auto it = entity.properties.find(property);
  if (it != entity.properties.end() && it->second.empty()) entity.properties.erase(it);
}

}  // namespace

absl::Status MutationRunner::AddLabels(EntityState& entity,
                                       const std::vector<std::string>& labels) {
  for (const std::string& name : labels) {
    RELATA_RETURN_IF_ERROR(CheckWord("a label", name));
    const LabelId label = tx_.names().InternLabel(name);
    tx_.NoteLabelRead(entity.id, label);
    const auto at = std::lower_bound(entity.labels.begin(), entity.labels.end(), label);
    if (at == entity.labels.end() || *at != label) entity.labels.insert(at, label);
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::AddPropertyFact(EntityState& entity, const std::string& property,
                                             const FactWrite& write, BatchResult::Item& item) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
  RELATA_RETURN_IF_ERROR(CheckStorable(property, write.value));
  if (!write.properties.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the fact of `", property,
                                                   "` has properties; facts of an entity's "
                                                   "property have a value alone"));
  }
  if (!write.handle.empty()) RELATA_RETURN_IF_ERROR(AddHandle(write.handle, "fact"));
  RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, write.rank_from));
  fact.value = write.value;
  const PropertyId id = tx_.names().InternProperty(property);
  tx_.NotePropertyRead(entity.id, id);
  Add(std::move(fact), write.handle, FactOwner{false, entity.id.value(), id, {}},
      entity.properties[id], item);
  return absl::OkStatus();
}

absl::Status MutationRunner::AddNamesTo(EntityState& entity, const std::vector<NameWrite>& names,
                                        BatchResult::Item& item) {
  if (names.empty()) return absl::OkStatus();
  tx_.NotePropertyRead(entity.id, kNamesProperty);
  tx_.NotePropertyRead(entity.id, kNameProperty);
  for (const NameWrite& write : names) {
    RELATA_RETURN_IF_ERROR(CheckName(write.name));
    if (!write.handle.empty()) RELATA_RETURN_IF_ERROR(AddHandle(write.handle, "name"));
    RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, std::nullopt));
    fact.value = NameToValue(write.name);
    Add(std::move(fact), write.handle, FactOwner{false, entity.id.value(), kNamesProperty, {}},
        entity.properties[kNamesProperty], item);
  }
  // S4.5: the first preferred name is the property `name` where there is none.
  if (entity.properties.contains(kNameProperty)) return absl::OkStatus();
  const auto preferred = std::find_if(names.begin(), names.end(), [](const NameWrite& n) {
    return n.name.kind == NameKind::kPreferred;
  });
  if (preferred == names.end()) return absl::OkStatus();
  Fact fact;
  fact.id = tx_.ids().NewFact();
  fact.value = Value::String(preferred->name.text);
  entity.properties[kNameProperty].push_back(std::move(fact));
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const EntityWrite& m, BatchResult::Item& item) {
  if (m.put || !m.key.empty()) RELATA_RETURN_IF_ERROR(CheckKey(m.key));
  if (!m.handle.empty()) RELATA_RETURN_IF_ERROR(AddHandle(m.handle, "entity"));
  EntityState* entity = nullptr;
  if (!m.key.empty()) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> there, tx_.FindEntity(m.key));
    if (there && !m.put) {
      return WithParts(absl::AlreadyExistsError(absl::StrCat(
                           "the entity `", m.key, "` exists; choose another key, or put it")),
                       {{"entity", m.key}});
    }
    if (there) {
      RELATA_ASSIGN_OR_RETURN(entity, tx_.OpenEntity(*there));
      if (entity == nullptr) return absl::NotFoundError("the entity is gone");
    }
  }
  if (entity == nullptr) {
    entity = tx_.CreateEntity(m.key);
    item.created = true;
  }
  item.entity = entity->id;
  if (!m.handle.empty()) entity_handles_[m.handle] = entity->id;
  RELATA_RETURN_IF_ERROR(AddLabels(*entity, m.labels));
  for (const auto& [property, fact] : m.properties) {
    RELATA_RETURN_IF_ERROR(AddPropertyFact(*entity, property, fact, item));
  }
  return AddNamesTo(*entity, m.names, item);
}

absl::Status MutationRunner::RunOne(const AddFacts& m, BatchResult::Item& item) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(m.property));
  if (m.facts.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("no fact is given for `", m.property, "`"));
  }
  RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(m.entity));
  item.entity = entity->id;
  for (const FactWrite& fact : m.facts) {
    RELATA_RETURN_IF_ERROR(AddPropertyFact(*entity, m.property, fact, item));
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const AddNames& m, BatchResult::Item& item) {
  if (m.names.empty()) return absl::InvalidArgumentError("no name is given");
  RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(m.entity));
  item.entity = entity->id;
  return AddNamesTo(*entity, m.names, item);
}

absl::Status MutationRunner::RunOne(const RemoveNames& m, BatchResult::Item& item) {
  RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(m.entity));
  item.entity = entity->id;
  tx_.NotePropertyRead(entity->id, kNamesProperty);
  const auto matches = [&](const Fact& fact) {
    const EntityName name = NameFromValue(fact.value);
    return name.text == m.text && (m.language.empty() || name.language == m.language);
  };
  std::vector<Fact>& names = entity->properties[kNamesProperty];
  std::vector<Fact> kept;
  std::vector<Fact> removed;
  for (Fact& fact : names) (matches(fact) ? removed : kept).push_back(std::move(fact));
  const bool any = !removed.empty();
  ChangePortion(
      m.portion, [this] { return tx_.ids().NewFact(); },
      [](const Fact&) -> std::optional<Fact> { return std::nullopt; }, removed);
  for (Fact& piece : removed) kept.push_back(std::move(piece));
  std::sort(kept.begin(), kept.end(), [](const Fact& a, const Fact& b) { return a.id < b.id; });
  names = std::move(kept);
  EraseIfEmpty(*entity, kNamesProperty);
  if (any) return absl::OkStatus();
  return WithParts(absl::NotFoundError(absl::StrCat("the entity has no name `", m.text, "`",
                                                    m.language.empty() ? "" : " in that language")),
                   {{"name", m.text}, {"language", m.language}});
}

absl::Status MutationRunner::RunOne(const ChangeLabels& m, BatchResult::Item& item) {
  RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(m.entity));
  item.entity = entity->id;
  RELATA_RETURN_IF_ERROR(AddLabels(*entity, m.add));
  for (const std::string& name : m.remove) {
    RELATA_RETURN_IF_ERROR(CheckWord("a label", name));
    const std::optional<LabelId> label = tx_.names().FindLabel(name);
    if (label) tx_.NoteLabelRead(entity->id, *label);
    if (!label || !entity->HasLabel(*label)) continue;
    if (*label == kSourceLabel) {
      RELATA_ASSIGN_OR_RETURN(const auto cited, tx_.FactsOfSource(entity->id));
      if (!cited.empty()) {
        return WithParts(absl::FailedPreconditionError(
                             absl::StrCat("the label `Source` stays while ", cited.size(),
                                          " facts cite the entity; retract the source instead")),
                         {{"facts", absl::StrCat(cited.size())}});
      }
    }
    entity->labels.erase(std::find(entity->labels.begin(), entity->labels.end(), *label));
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const DeleteEntity& m, BatchResult::Item& item) {
  if (m.has_portion) {
    return absl::InvalidArgumentError(
        "an entity exists or not, whatever the valid time: delete it without a portion, or end its "
        "facts");
  }
  RELATA_ASSIGN_OR_RETURN(const EntityState* entity, Entity(m.entity));
  const EntityId id = entity->id;
  item.entity = id;
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> relationships,
                          tx_.RelationshipsOf(id));
  if (!m.detach && !relationships.empty()) {
    return WithParts(absl::FailedPreconditionError(absl::StrCat(
                         "the entity has ", relationships.size(),
                         " relationships, at whatever valid time; delete them first, or detach")),
                     {{"relationships", absl::StrCat(relationships.size())}});
  }
  for (const RelationshipEnds& ends : relationships) {
    RELATA_RETURN_IF_ERROR(tx_.DeleteRelationship(ends.id));
  }
  RELATA_ASSIGN_OR_RETURN(const auto cited, tx_.FactsOfSource(id));
  const bool by_others = std::any_of(cited.begin(), cited.end(), [&](const FactOwner& owner) {
    return owner.is_relationship || owner.id != id.value();
  });
  if (by_others) {
    return WithParts(absl::FailedPreconditionError(absl::StrCat(
                         "the source is cited by ", cited.size(), " facts; retract it instead")),
                     {{"facts", absl::StrCat(cited.size())}});
  }
  return tx_.DeleteEntity(id);
}

absl::Status MutationRunner::RunOne(const Cite& m, BatchResult::Item& item) {
  RELATA_ASSIGN_OR_RETURN(const FactOwner owner, Resolve(m.fact));
  RELATA_ASSIGN_OR_RETURN(Citation citation, MakeCitation(m.citation));
  RELATA_ASSIGN_OR_RETURN(std::vector<Fact> * facts, FactsOf(owner));
  const auto fact =
      std::find_if(facts->begin(), facts->end(), [&](const Fact& f) { return f.id == owner.fact; });
  if (fact == facts->end()) {
    return WithParts(absl::NotFoundError(absl::StrCat("the fact ", owner.fact.value(), " is gone")),
                     {{"fact", absl::StrCat(owner.fact.value())}});
  }
  if (owner.is_relationship) {
    item.relationship = RelationshipId(owner.id);
  } else {
    item.entity = EntityId(owner.id);
  }
  item.facts.push_back(owner.fact);
  const bool there = std::any_of(fact->citations.begin(), fact->citations.end(),
                                 [&](const Citation& c) { return SameCitation(c, citation); });
  if (there) return absl::OkStatus();
  tx_.NoteCited(citation.source, owner);
  fact->citations.push_back(std::move(citation));
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const RetractSource& m, BatchResult::Item& item) {
  RELATA_ASSIGN_OR_RETURN(EntityState * source, Entity(m.source));
  const EntityId id = source->id;
  item.entity = id;
  tx_.NoteLabelRead(id, kSourceLabel);
  tx_.NoteRetractionRead(id);
  if (!source->HasLabel(kSourceLabel)) {
    return absl::FailedPreconditionError(
        "the entity does not bear the label `Source`, so there is nothing to retract");
  }
  if (source->source_retracted) return absl::OkStatus();
  source->source_retracted = kPlusInfinity;  // the commit's time, once it is known
  RELATA_ASSIGN_OR_RETURN(const std::vector<FactOwner> owners, tx_.FactsOfSource(id));
  for (const FactOwner& owner : owners) {
    RELATA_ASSIGN_OR_RETURN(std::vector<Fact> * facts, FactsOf(owner));
    for (Fact& fact : *facts) {
      if (fact.id != owner.fact) continue;
      for (Citation& c : fact.citations) {
        if (c.source == id) c.source_retracted = kPlusInfinity;
      }
    }
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::SetEntityProperty(EntityState& entity, const std::string& property,
                                               const Value& value, const Portion& portion) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
  if (!value.is_null()) RELATA_RETURN_IF_ERROR(CheckStorable(property, value));
  const PropertyId id = tx_.names().InternProperty(property);
  tx_.NotePropertyRead(entity.id, id);
  std::vector<Fact>& facts = entity.properties[id];
  const bool same = portion.all() && facts.size() == 1 && facts.front().plain() &&
                    SameStatement(facts.front().value, value);
  if (!same) {
    if (portion.all()) {
      facts.clear();
    } else {
      ChangePortion(
          portion, [this] { return tx_.ids().NewFact(); },
          [](const Fact&) -> std::optional<Fact> { return std::nullopt; }, facts);
    }
    if (!value.is_null()) {
      Fact fact;
      fact.id = tx_.ids().NewFact();
      fact.value = value;
      fact.valid = IntervalOf(portion);
      facts.push_back(std::move(fact));
    }
  }
  EraseIfEmpty(entity, id);
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const SetProperty& m, BatchResult::Item& item) {
  if (const auto* ref = std::get_if<EntityRef>(&m.target)) {
    RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(*ref));
    item.entity = entity->id;
    return SetEntityProperty(*entity, m.property, m.value, m.portion);
  }
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state,
                          Relationship(std::get<RelationshipRef>(m.target)));
  item.relationship = state->ends.id;
  return SetRelationshipProperty(*state, m.property, m.value, m.portion);
}

absl::Status MutationRunner::RunOne(const SetProperties& m, BatchResult::Item& item) {
  std::vector<std::string> named;
  for (const auto& [property, value] : m.properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
    if (std::find(named.begin(), named.end(), property) != named.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the property `", property, "` is given twice"));
    }
    named.push_back(property);
  }
  const auto is_named = [&](PropertyId id) {
    return std::find(named.begin(), named.end(), tx_.names().Name(id)) != named.end();
  };
  if (const auto* ref = std::get_if<EntityRef>(&m.target)) {
    RELATA_ASSIGN_OR_RETURN(EntityState * entity, Entity(*ref));
    item.entity = entity->id;
    if (m.replace) {
      RELATA_RETURN_IF_ERROR(tx_.ReadEntity(entity->id).status());
      std::erase_if(entity->properties, [&](const auto& entry) {
        return entry.first != kNamesProperty && !is_named(entry.first);
      });
    }
    for (const auto& [property, value] : m.properties) {
      RELATA_RETURN_IF_ERROR(SetEntityProperty(*entity, property, value, Portion{}));
    }
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state,
                          Relationship(std::get<RelationshipRef>(m.target)));
  item.relationship = state->ends.id;
  if (m.replace) {
    for (Fact& fact : state->facts) {
      std::erase_if(fact.properties, [&](const auto& entry) { return !is_named(entry.first); });
    }
  }
  for (const auto& [property, value] : m.properties) {
    RELATA_RETURN_IF_ERROR(SetRelationshipProperty(*state, property, value, Portion{}));
  }
  return absl::OkStatus();
}

}  // namespace relata
