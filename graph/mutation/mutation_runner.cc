#include "graph/mutation/mutation_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/facts/belief.h"
#include "graph/mutation/input_checks.h"
#include "graph/mutation/source_date.h"

namespace relata {
namespace {

// What a reference says, for messages.
std::string Describe(const EntityRef& ref) {
  if (const auto* key = std::get_if<EntityKeyRef>(&ref)) return absl::StrCat("`", key->key, "`");
  if (const auto* id = std::get_if<EntityId>(&ref)) return absl::StrCat("#", id->value());
  if (const auto* handle = std::get_if<HandleRef>(&ref)) {
    return absl::StrCat("with the handle `", handle->handle, "`");
  }
  return "without key, id or handle";
}

// What it says, for programs.
std::string TextOf(const EntityRef& ref) {
  if (const auto* key = std::get_if<EntityKeyRef>(&ref)) return key->key;
  if (const auto* id = std::get_if<EntityId>(&ref)) return absl::StrCat("#", id->value());
  const auto* const handle = std::get_if<HandleRef>(&ref);
  return handle == nullptr ? "" : handle->handle;
}

// The part of an error that names the entity.
ErrorParts PartsOf(const EntityRef& ref) {
  return {{std::holds_alternative<HandleRef>(ref) ? "handle" : "entity", TextOf(ref)}};
}

absl::Status NoEntity(const EntityRef& ref) {
  return WithParts(absl::NotFoundError(absl::StrCat("there is no entity ", Describe(ref))),
                   PartsOf(ref));
}

absl::Status MissingRef(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, " is not named: give a key, an id or a handle"));
}

absl::Status UnknownHandle(const HandleRef& ref, absl::string_view what) {
  return WithParts(
      absl::InvalidArgumentError(absl::StrCat("the handle `", ref.handle, "` names no ", what,
                                              " of an earlier mutation of this batch")),
      {{"handle", ref.handle}});
}

}  // namespace

absl::Status MutationRunner::Check(const Precondition& precondition) {
  const std::string what = Describe(precondition.entity);
  const auto refuse = [&](absl::StatusCode code, absl::string_view why) {
    return WithParts(absl::Status(code, absl::StrCat("the entity ", what, " ", why)),
                     PartsOf(precondition.entity));
  };
  std::optional<EntityId> id;
  if (const auto* key = std::get_if<EntityKeyRef>(&precondition.entity)) {
    RELATA_ASSIGN_OR_RETURN(id, tx_.FindEntity(key->key));
  } else if (const auto* given = std::get_if<EntityId>(&precondition.entity)) {
    RELATA_ASSIGN_OR_RETURN(const bool exists, tx_.EntityExists(*given));
    if (exists) id = *given;
  } else {
    return absl::InvalidArgumentError("a precondition must name an entity by key or id");
  }
  if (precondition.kind == Precondition::Kind::kAbsent) {
    return id ? refuse(absl::StatusCode::kAlreadyExists, "exists, but must be absent")
              : absl::OkStatus();
  }
  if (precondition.kind == Precondition::Kind::kExists) {
    return id ? absl::OkStatus() : refuse(absl::StatusCode::kNotFound, "does not exist, but must");
  }
  if (precondition.since > tx_.snapshot().version()) {
    return WithParts(
        refuse(absl::StatusCode::kOutOfRange,
               absl::StrCat("cannot be compared with version ", precondition.since.value(),
                            ", which is beyond the head ", tx_.snapshot().version().value())),
        {{"version", absl::StrCat(precondition.since.value())},
         {"head_version", absl::StrCat(tx_.snapshot().version().value())}});
  }
  if (!id) return refuse(absl::StatusCode::kAborted, "was to be unchanged, but does not exist");
  RELATA_RETURN_IF_ERROR(tx_.ReadEntity(*id).status());
  RELATA_ASSIGN_OR_RETURN(const CommitVersion changed, tx_.snapshot().EntityChanged(*id));
  if (changed <= precondition.since) return absl::OkStatus();
  return WithParts(
      refuse(absl::StatusCode::kAborted,
             absl::StrCat("changed in version ", changed.value(), ", after version ",
                          precondition.since.value(), "; read it again and decide anew")),
      {{"changed_version", absl::StrCat(changed.value())},
       {"version", absl::StrCat(precondition.since.value())}});
}

absl::Status MutationRunner::Run(const Mutation& mutation, BatchResult::Item& item) {
  return std::visit([&](const auto& m) { return RunOne(m, item); }, mutation);
}

absl::StatusOr<EntityId> MutationRunner::Resolve(const EntityRef& ref) {
  if (const auto* key = std::get_if<EntityKeyRef>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, tx_.FindEntity(key->key));
    if (!id) return NoEntity(ref);
    return *id;
  }
  if (const auto* id = std::get_if<EntityId>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const bool exists, tx_.EntityExists(*id));
    if (!exists) return NoEntity(ref);
    return *id;
  }
  if (const auto* handle = std::get_if<HandleRef>(&ref)) {
    const auto it = entity_handles_.find(handle->handle);
    if (it == entity_handles_.end()) return UnknownHandle(*handle, "entity");
    RELATA_ASSIGN_OR_RETURN(const bool exists, tx_.EntityExists(it->second));
    if (!exists) return NoEntity(ref);
    return it->second;
  }
  return MissingRef("an entity");
}

absl::StatusOr<RelationshipId> MutationRunner::Resolve(const RelationshipRef& ref) {
  if (const auto* key = std::get_if<RelationshipKeyRef>(&ref)) {
    RELATA_ASSIGN_OR_RETURN(const auto id, tx_.FindRelationship(key->key));
    if (!id) {
      return WithParts(
          absl::NotFoundError(absl::StrCat("there is no relationship `", key->key, "`")),
          {{"relationship", key->key}});
    }
    return *id;
  }
  if (const auto* id = std::get_if<RelationshipId>(&ref)) return *id;
  if (const auto* handle = std::get_if<HandleRef>(&ref)) {
    const auto it = relationship_handles_.find(handle->handle);
    if (it == relationship_handles_.end()) return UnknownHandle(*handle, "relationship");
    return it->second;
  }
  if (const auto* pair = std::get_if<PairRef>(&ref)) {
    RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", pair->type));
    const TypeId type = tx_.names().InternType(pair->type);
    if (!tx_.schema().one_per_pair(type)) {
      return absl::InvalidArgumentError(
          absl::StrCat("relationships of type `", pair->type, "` are not named by their ends: the ",
                       "type is not declared one_per_pair; give a key or an id"));
    }
    RELATA_ASSIGN_OR_RETURN(const EntityId from, Resolve(pair->from));
    RELATA_ASSIGN_OR_RETURN(const EntityId to, Resolve(pair->to));
    RELATA_ASSIGN_OR_RETURN(const auto ids, tx_.FindPair(from, type, to));
    if (!ids.empty()) return ids.front();
    return WithParts(
        absl::NotFoundError(absl::StrCat("there is no `", pair->type, "` from ",
                                         Describe(pair->from), " to ", Describe(pair->to))),
        {{"type", pair->type}, {"from", TextOf(pair->from)}, {"to", TextOf(pair->to)}});
  }
  return MissingRef("a relationship");
}

absl::StatusOr<FactOwner> MutationRunner::Resolve(const FactRef& ref) {
  if (const auto* handle = std::get_if<HandleRef>(&ref)) {
    const auto it = fact_handles_.find(handle->handle);
    if (it == fact_handles_.end()) return UnknownHandle(*handle, "fact");
    return it->second;
  }
  const auto* by_id = std::get_if<FactByIdRef>(&ref);
  if (by_id == nullptr)
    return absl::InvalidArgumentError("a fact is not named: give its id and owner, or a handle");
  const auto missing = WithParts(
      absl::NotFoundError(absl::StrCat("the owner named has no fact ", by_id->id.value())),
      {{"fact", absl::StrCat(by_id->id.value())}});
  if (const auto* of_relationship = std::get_if<RelationshipRef>(&by_id->owner)) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, Relationship(*of_relationship));
    for (const Fact& fact : state->facts) {
      if (fact.id == by_id->id) return FactOwner{true, state->ends.id.value(), {}, fact.id};
    }
    return missing;
  }
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, Entity(std::get<EntityRef>(by_id->owner)));
  for (const auto& [property, facts] : state->properties) {
    for (const Fact& fact : facts) {
      if (fact.id != by_id->id) continue;
      tx_.NotePropertyRead(state->id, property);
      return FactOwner{false, state->id.value(), property, fact.id};
    }
  }
  return missing;
}

absl::StatusOr<EntityState*> MutationRunner::Entity(const EntityRef& ref) {
  RELATA_ASSIGN_OR_RETURN(const EntityId id, Resolve(ref));
  RELATA_ASSIGN_OR_RETURN(EntityState * state, tx_.OpenEntity(id));
  if (state == nullptr) return NoEntity(ref);
  return state;
}

absl::StatusOr<RelationshipState*> MutationRunner::Relationship(const RelationshipRef& ref) {
  RELATA_ASSIGN_OR_RETURN(const RelationshipId id, Resolve(ref));
  RELATA_ASSIGN_OR_RETURN(RelationshipState * state, tx_.EditRelationship(id));
  if (state == nullptr) {
    return WithParts(absl::NotFoundError(absl::StrCat("there is no relationship #", id.value())),
                     {{"relationship", absl::StrCat("#", id.value())}});
  }
  return state;
}

absl::StatusOr<Citation> MutationRunner::MakeCitation(const CitationWrite& write) {
  RELATA_RETURN_IF_ERROR(CheckConfidence(write.confidence));
  RELATA_ASSIGN_OR_RETURN(const EntityId id, Resolve(write.source));
  RELATA_ASSIGN_OR_RETURN(const EntityState* source, tx_.PeekEntity(id));
  if (source == nullptr) return NoEntity(write.source);
  tx_.NoteLabelRead(id, kSourceLabel);
  tx_.NoteRetractionRead(id);
  if (!source->HasLabel(kSourceLabel)) {
    return WithParts(absl::FailedPreconditionError(absl::StrCat(
                         "the entity ", Describe(write.source),
                         " is cited but does not bear the label `Source`; add the label first")),
                     PartsOf(write.source));
  }
  Citation citation;
  citation.source = id;
  citation.stance = write.stance;
  citation.confidence = write.confidence;
  if (!write.undated) {
    if (!write.reported) tx_.NotePropertyRead(id, kPublishedProperty);
    citation.reported = write.reported ? write.reported : PublishedDate(*source);
  }
  citation.locator = write.locator;
  citation.source_retracted = source->source_retracted;
  return citation;
}

absl::StatusOr<std::vector<Citation>> MutationRunner::MakeCitations(
    const std::vector<CitationWrite>& writes) {
  std::vector<Citation> citations;
  for (const CitationWrite& write : writes) {
    RELATA_ASSIGN_OR_RETURN(Citation citation, MakeCitation(write));
    const bool there = std::any_of(citations.begin(), citations.end(),
                                   [&](const Citation& c) { return SameCitation(c, citation); });
    if (!there) citations.push_back(std::move(citation));
  }
  return citations;
}

absl::StatusOr<Fact> MutationRunner::MakeFact(const Interval& valid,
                                              const std::vector<CitationWrite>& citations,
                                              const std::optional<Bound>& rank_from) {
  Fact fact;
  RELATA_ASSIGN_OR_RETURN(fact.citations, MakeCitations(citations));
  fact.id = tx_.ids().NewFact();
  fact.valid = valid;
  if (rank_from) fact.cut_from = RankOrigin{*rank_from, CommitVersion(), fact.id};
  return fact;
}

absl::Status MutationRunner::AddHandle(const std::string& handle, const std::string& kind) {
  if (entity_handles_.contains(handle) || relationship_handles_.contains(handle) ||
      fact_handles_.contains(handle)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the handle `", handle, "` of this ", kind, " is used twice in the batch"));
  }
  return absl::OkStatus();
}

void MutationRunner::Add(Fact fact, const std::string& handle, FactOwner owner,
                         std::vector<Fact>& facts, BatchResult::Item& item) {
  for (const Citation& citation : fact.citations) tx_.NoteCited(citation.source, owner);
  const AddedFact added = AddFact(std::move(fact), facts);
  owner.fact = facts[added.index].id;
  item.facts.push_back(owner.fact);
  if (!handle.empty()) fact_handles_[handle] = owner;
}

absl::StatusOr<std::vector<Fact>*> MutationRunner::FactsOf(const FactOwner& owner) {
  if (owner.is_relationship) {
    RELATA_ASSIGN_OR_RETURN(RelationshipState * state,
                            tx_.EditRelationship(RelationshipId(owner.id)));
    if (state != nullptr) return &state->facts;
  } else {
    RELATA_ASSIGN_OR_RETURN(EntityState * state, tx_.OpenEntity(EntityId(owner.id)));
    tx_.NotePropertyRead(EntityId(owner.id), owner.property);
    if (state != nullptr && state->properties.contains(owner.property)) {
      return &state->properties[owner.property];
    }
  }
  return WithParts(absl::NotFoundError(absl::StrCat("the fact ", owner.fact.value(), " is gone")),
                   {{"fact", absl::StrCat(owner.fact.value())}});
}

}  // namespace relata
