// The mutations of relationships and their facts (S1.1, S1.2, S4).
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/mutation/input_checks.h"
#include "graph/mutation/mutation_runner.h"
#include "graph/mutation/violation.h"

namespace relata {
namespace {

void SetIn(Fact& fact, PropertyId property, const Value& value) {
  const auto at =
      std::lower_bound(fact.properties.begin(), fact.properties.end(), property,
                       [](const auto& entry, PropertyId wanted) { return entry.first < wanted; });
  const bool there = at != fact.properties.end() && at->first == property;
  if (value.is_null()) {
    if (there) fact.properties.erase(at);
  } else if (there) {
    at->second = value;
  } else {
    fact.properties.insert(at, {property, value});
  }
}

bool IsGiven(const EntityRef& ref) { return !std::holds_alternative<std::monostate>(ref); }

}  // namespace

absl::Status MutationRunner::CheckEnds(TypeId type, EntityId from, EntityId to) {
  const RelationshipTypeDeclaration* d = tx_.schema().FindType(type);
  if (d == nullptr) return absl::OkStatus();
  for (const auto& [id, allowed, end] :
       {std::tuple{from, &d->from_labels, "from"}, std::tuple{to, &d->to_labels, "to"}}) {
    if (allowed->empty()) continue;
    RELATA_ASSIGN_OR_RETURN(const EntityState* entity, tx_.PeekEntity(id));
    for (const LabelId label : *allowed) tx_.NoteLabelRead(id, label);
    const bool fits =
        entity != nullptr && std::any_of(allowed->begin(), allowed->end(),
                                         [&](LabelId l) { return entity->HasLabel(l); });
    if (fits) continue;
    const std::string labels = absl::StrJoin(*allowed, ", ", [&](std::string* out, LabelId l) {
      absl::StrAppend(out, tx_.names().Name(l));
    });
    return WithParts(
        ConstraintViolation(absl::StrCat("`", tx_.names().Name(type), "` goes ", end,
                                         " entities labelled ", labels, " only; the entity `",
                                         entity == nullptr ? "?" : entity->key, "` is not")),
        {{"type", std::string(tx_.names().Name(type))},
         {"labels", labels},
         {"entity",
          entity == nullptr || entity->key.empty() ? absl::StrCat("#", id.value()) : entity->key}});
  }
  return absl::OkStatus();
}

// The relationship that the write names, null where it is to be made.
absl::StatusOr<RelationshipState*> MutationRunner::FindWritten(const RelationshipWrite& m) {
  std::optional<RelationshipId> id;
  if (!m.key.empty()) {
    RELATA_RETURN_IF_ERROR(CheckKey(m.key));
    RELATA_ASSIGN_OR_RETURN(id, tx_.FindRelationship(m.key));
    if (id && !m.put) {
      return WithParts(absl::AlreadyExistsError(absl::StrCat(
                           "the relationship `", m.key, "` exists; choose another key, or put it")),
                       {{"relationship", m.key}});
    }
  }
  if (!id && !m.type.empty() && tx_.schema().one_per_pair(tx_.names().InternType(m.type))) {
    RELATA_ASSIGN_OR_RETURN(const EntityId from, Resolve(m.from));
    RELATA_ASSIGN_OR_RETURN(const EntityId to, Resolve(m.to));
    RELATA_ASSIGN_OR_RETURN(const auto pair,
                            tx_.FindPair(from, tx_.names().InternType(m.type), to));
    if (!pair.empty()) id = pair.front();
  }
  if (!id) return nullptr;
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state, tx_.EditRelationship(*id));
  if (state == nullptr) return absl::NotFoundError("the relationship is gone");
  if (!m.key.empty() && state->key != m.key) {
    return WithParts(
        absl::FailedPreconditionError(absl::StrCat(
            "there is one `", m.type, "` a pair, and that of this pair ",
            state->key.empty() ? "has no key" : absl::StrCat("has the key `", state->key, "`"),
            "; write without the key `", m.key, "`")),
        {{"type", m.type}, {"relationship", state->key}, {"given", m.key}});
  }
  return state;
}

absl::StatusOr<RelationshipState*> MutationRunner::FindOrCreate(const RelationshipWrite& m,
                                                                bool* created) {
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state, FindWritten(m));
  if (state != nullptr) {
    const auto disagrees = [&](absl::string_view what) {
      return WithParts(absl::FailedPreconditionError(absl::StrCat("the relationship `", m.key,
                                                                  "` exists with another ", what)),
                       {{"relationship", m.key}});
    };
    if (!m.type.empty() && tx_.names().InternType(m.type) != state->ends.type) {
      return disagrees("type");
    }
    if (IsGiven(m.from)) {
      RELATA_ASSIGN_OR_RETURN(const EntityId from, Resolve(m.from));
      if (from != state->ends.from) return disagrees("start");
    }
    if (IsGiven(m.to)) {
      RELATA_ASSIGN_OR_RETURN(const EntityId to, Resolve(m.to));
      if (to != state->ends.to) return disagrees("end");
    }
    return state;
  }
  if (m.put && m.type.empty()) {
    return WithParts(absl::NotFoundError(absl::StrCat("there is no relationship `", m.key,
                                                      "`; to make it, give its type, from and to")),
                     {{"relationship", m.key}});
  }
  RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", m.type));
  RELATA_ASSIGN_OR_RETURN(const EntityId from, Resolve(m.from));
  RELATA_ASSIGN_OR_RETURN(const EntityId to, Resolve(m.to));
  const TypeId type = tx_.names().InternType(m.type);
  RELATA_RETURN_IF_ERROR(CheckEnds(type, from, to));
  *created = true;
  return tx_.CreateRelationship(m.key, from, type, to);
}

absl::Status MutationRunner::AddRelationshipFact(RelationshipState& state, const FactWrite& write,
                                                 BatchResult::Item& item) {
  if (!write.value.is_null()) {
    return absl::InvalidArgumentError(
        "a fact of a relationship has properties, not a value; name the property");
  }
  if (!write.handle.empty()) RELATA_RETURN_IF_ERROR(AddHandle(write.handle, "fact"));
  RELATA_ASSIGN_OR_RETURN(Fact fact, MakeFact(write.valid, write.citations, write.rank_from));
  for (const auto& [property, value] : write.properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
    RELATA_RETURN_IF_ERROR(CheckStorable(property, value));
    const PropertyId id = tx_.names().InternProperty(property);
    if (fact.FindProperty(id) != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("the property `", property, "` is given twice in one fact"));
    }
    SetIn(fact, id, value);
  }
  Add(std::move(fact), write.handle, FactOwner{true, state.ends.id.value(), {}, {}}, state.facts,
      item);
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const RelationshipWrite& m, BatchResult::Item& item) {
  if (m.facts.empty()) {
    return absl::InvalidArgumentError(
        "a relationship is written without a fact; give at least one (an empty one says: always, "
        "without properties)");
  }
  if (!m.handle.empty()) RELATA_RETURN_IF_ERROR(AddHandle(m.handle, "relationship"));
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state, FindOrCreate(m, &item.created));
  item.relationship = state->ends.id;
  if (!m.handle.empty()) relationship_handles_[m.handle] = state->ends.id;
  for (const FactWrite& fact : m.facts) {
    RELATA_RETURN_IF_ERROR(AddRelationshipFact(*state, fact, item));
  }
  return absl::OkStatus();
}

absl::Status MutationRunner::RunOne(const DeleteRelationship& m, BatchResult::Item& item) {
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state, Relationship(m.relationship));
  item.relationship = state->ends.id;
  if (!m.portion.all()) {
    ChangePortion(
        m.portion, [this] { return tx_.ids().NewFact(); },
        [](const Fact&) -> std::optional<Fact> { return std::nullopt; }, state->facts);
    if (!state->facts.empty()) return absl::OkStatus();
  }
  return tx_.DeleteRelationship(state->ends.id);
}

absl::Status MutationRunner::SetRelationshipProperty(RelationshipState& state,
                                                     const std::string& property,
                                                     const Value& value, const Portion& portion) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(property));
  if (!value.is_null()) RELATA_RETURN_IF_ERROR(CheckStorable(property, value));
  const PropertyId id = tx_.names().InternProperty(property);
  ChangePortion(
      portion, [this] { return tx_.ids().NewFact(); },
      [&](Fact fact) -> std::optional<Fact> {
        SetIn(fact, id, value);
        return fact;
      },
      state.facts);
  return absl::OkStatus();
}

}  // namespace relata
