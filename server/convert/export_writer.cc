#include "server/convert/export_writer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "graph/catalog/schema.h"
#include "graph/values/bound.h"
#include "server/convert/schema.h"
#include "server/convert/value.h"
#include "server/convert/view_writer.h"

namespace relata {
namespace {

// Entities or relationships read at a time.
constexpr size_t kBatch = 512;

// By the commit that added them, then by id. Pieces of different facts that state the same over the
// same interval are one, with the citations of all, as they are once they have been imported
// (S4.3).
std::vector<Fact> InOrder(const std::vector<Fact>& facts) {
  std::vector<const Fact*> ordered;
  ordered.reserve(facts.size());
  for (const Fact& fact : facts) ordered.push_back(&fact);
  std::sort(ordered.begin(), ordered.end(), [](const Fact* a, const Fact* b) {
    return a->recorded != b->recorded ? a->recorded < b->recorded : a->id < b->id;
  });
  std::vector<Fact> merged;
  for (const Fact* fact : ordered) AddFact(*fact, merged);
  return merged;
}

bool IsUnbounded(const Bound& bound) {
  return bound.kind == BoundKind::kUnbounded && !bound.unknown;
}

template <typename Message>
void WriteInterval(const Interval& valid, Message* out) {
  if (!IsUnbounded(valid.from)) out->set_valid_from(valid.from.ToString());
  if (!IsUnbounded(valid.to)) out->set_valid_to(valid.to.ToString());
}

bool HasPreferredName(const EntityState& state) {
  const std::vector<Fact>* names = state.FindProperty(kNamesProperty);
  return names != nullptr && std::any_of(names->begin(), names->end(), [](const Fact& fact) {
           return NameFromValue(fact.value).kind == NameKind::kPreferred;
         });
}

}  // namespace

absl::Status ExportWriter::Run() {
  RELATA_RETURN_IF_ERROR(WriteSchema());
  RELATA_RETURN_IF_ERROR(WriteEntities(/*sources=*/true));
  RELATA_RETURN_IF_ERROR(WriteEntities(/*sources=*/false));
  RELATA_RETURN_IF_ERROR(WriteRelationships());
  for (const auto& [entity, property] : waiting_) {
    RELATA_RETURN_IF_ERROR(WriteWaiting(entity, property));
  }
  for (const EntityId source : retracted_) {
    RELATA_RETURN_IF_ERROR(WriteRetraction(source));
  }
  return absl::OkStatus();
}

// Only a source can be retracted: what is none any more bears the label meanwhile.
absl::Status ExportWriter::WriteRetraction(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const auto record, snapshot_.GetEntityRecord(id));
  const bool is_source = record && record->HasLabel(kSourceLabel);
  const std::string label(snapshot_.names().Name(kSourceLabel));
  v1::Mutation before;
  RELATA_RETURN_IF_ERROR(WriteRef(id, before.mutable_change_labels()->mutable_entity()));
  before.mutable_change_labels()->add_add(label);
  v1::Mutation after;
  RELATA_RETURN_IF_ERROR(WriteRef(id, after.mutable_change_labels()->mutable_entity()));
  after.mutable_change_labels()->add_remove(label);
  v1::Mutation retract;
  RELATA_RETURN_IF_ERROR(WriteRef(id, retract.mutable_retract_source()->mutable_source()));
  if (!is_source) RELATA_RETURN_IF_ERROR(sink_(std::move(before)));
  RELATA_RETURN_IF_ERROR(sink_(std::move(retract)));
  return is_source ? absl::OkStatus() : sink_(std::move(after));
}

absl::Status ExportWriter::WriteSchema() {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Schema> schema, snapshot_.GetSchema());
  const NameTable& names = snapshot_.names();
  const OrderedSchema ordered = OrderSchema(*schema, names);
  for (const auto* declaration : ordered.types) {
    v1::Mutation mutation;
    DeclarationToProto(*declaration, names, mutation.mutable_declare_relationship_type());
    RELATA_RETURN_IF_ERROR(sink_(std::move(mutation)));
  }
  for (const auto* declaration : ordered.properties) {
    v1::Mutation mutation;
    DeclarationToProto(*declaration, names, mutation.mutable_declare_property());
    RELATA_RETURN_IF_ERROR(sink_(std::move(mutation)));
  }
  for (const IndexDefinition* index : ordered.indexes) {
    v1::Mutation mutation;
    if (index->unique) {
      DeclarationToProto(*index, names, mutation.mutable_create_unique_constraint());
    } else {
      DeclarationToProto(*index, names, mutation.mutable_create_index());
    }
    RELATA_RETURN_IF_ERROR(sink_(std::move(mutation)));
  }
  for (v1::SchemaRule& rule : NamedRulesToProto(*schema, names)) {
    v1::Mutation mutation;
    *mutation.mutable_name_schema_rule() = std::move(rule);
    RELATA_RETURN_IF_ERROR(sink_(std::move(mutation)));
  }
  return absl::OkStatus();
}

absl::Status ExportWriter::WriteEntities(bool sources) {
  EntityId after;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(
        const std::vector<EntityId> ids,
        snapshot_.ListEntities(sources ? std::optional<LabelId>(kSourceLabel) : std::nullopt, after,
                               kBatch));
    for (const EntityId id : ids) {
      RELATA_ASSIGN_OR_RETURN(const auto state, snapshot_.GetEntity(id));
      if (state && state->HasLabel(kSourceLabel) == sources) {
        RELATA_RETURN_IF_ERROR(WriteEntity(*state));
      }
    }
    if (ids.size() < kBatch) return absl::OkStatus();
    after = ids.back();
  }
}

absl::Status ExportWriter::WriteEntity(const EntityState& state) {
  ++entities_written_;
  v1::Mutation mutation;
  v1::EntityWrite* const write =
      state.key.empty() ? mutation.mutable_create_entity() : mutation.mutable_put_entity();
  write->set_key(state.key);
  if (state.key.empty()) {
    write->set_handle(handles_[state.id] = absl::StrCat("e", entities_written_));
  }
  std::vector<std::string> labels;
  for (const LabelId label : state.labels) labels.emplace_back(snapshot_.names().Name(label));
  std::sort(labels.begin(), labels.end());
  for (std::string& label : labels) write->add_labels(std::move(label));

  bool name_waits = false;
  std::map<absl::string_view, PropertyId> properties;
  for (const auto& [id, facts] : state.properties) properties[snapshot_.names().Name(id)] = id;
  // `_names` goes last: where `name` waits, names wait too, else the write would make a `name` of
  // them (S4.5).
  const auto names = state.properties.find(kNamesProperty);
  properties.erase(snapshot_.names().Name(kNamesProperty));
  for (const auto& [name, id] : properties) {
    const std::vector<Fact>& facts = state.properties.at(id);
    RELATA_ASSIGN_OR_RETURN(const bool waits, CitesLater(state, facts));
    if (waits) {
      name_waits |= id == kNameProperty;
      waiting_.emplace_back(state.id, id);
      continue;
    }
    for (const Fact& fact : InOrder(facts)) {
      v1::PropertyFact* const out = write->add_properties();
      out->set_name(std::string(name));
      RELATA_RETURN_IF_ERROR(WriteFact(fact, out->mutable_fact()));
    }
  }
  if (names != state.properties.end()) {
    RELATA_ASSIGN_OR_RETURN(const bool waits, CitesLater(state, names->second));
    if (waits || name_waits) {
      waiting_.emplace_back(state.id, kNamesProperty);
    } else {
      for (const Fact& fact : InOrder(names->second)) {
        RELATA_RETURN_IF_ERROR(WriteName(fact, write->add_names()));
      }
    }
  }
  RELATA_RETURN_IF_ERROR(sink_(std::move(mutation)));
  // The write made a `name` that is not there (S4.5).
  if (HasPreferredName(state) && state.FindProperty(kNameProperty) == nullptr) {
    waiting_.emplace_back(state.id, kNameProperty);
  }
  if (state.source_retracted) retracted_.push_back(state.id);
  return absl::OkStatus();
}

absl::Status ExportWriter::WriteWaiting(EntityId entity, PropertyId property) {
  RELATA_ASSIGN_OR_RETURN(const auto state, snapshot_.GetEntity(entity));
  const std::vector<Fact>* facts = state ? state->FindProperty(property) : nullptr;
  v1::Mutation mutation;
  if (facts == nullptr) {
    auto* const remove = mutation.mutable_remove_property();
    RELATA_RETURN_IF_ERROR(WriteRef(entity, remove->mutable_entity()));
    remove->set_property(std::string(snapshot_.names().Name(property)));
  } else if (property == kNamesProperty) {
    v1::AddNames* const add = mutation.mutable_add_names();
    RELATA_RETURN_IF_ERROR(WriteRef(entity, add->mutable_entity()));
    for (const Fact& fact : InOrder(*facts)) {
      RELATA_RETURN_IF_ERROR(WriteName(fact, add->add_names()));
    }
  } else {
    v1::AddFacts* const add = mutation.mutable_add_facts();
    RELATA_RETURN_IF_ERROR(WriteRef(entity, add->mutable_entity()));
    add->set_property(std::string(snapshot_.names().Name(property)));
    for (const Fact& fact : InOrder(*facts)) {
      RELATA_RETURN_IF_ERROR(WriteFact(fact, add->add_facts()));
    }
  }
  return sink_(std::move(mutation));
}

absl::Status ExportWriter::WriteRelationships() {
  RelationshipId after;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> ends,
                            snapshot_.ListRelationships(after, kBatch));
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot_.GetRelationships(ends));
    for (std::optional<RelationshipState>& state : states) {
      if (!state) continue;
      RELATA_ASSIGN_OR_RETURN(state->key, snapshot_.GetRelationshipKey(state->ends.id));
      RELATA_RETURN_IF_ERROR(WriteRelationship(*state));
    }
    if (ends.size() < kBatch) return absl::OkStatus();
    after = ends.back().id;
  }
}

absl::Status ExportWriter::WriteRelationship(const RelationshipState& state) {
  RELATA_ASSIGN_OR_RETURN(const auto schema, snapshot_.GetSchema());
  // Where importing twice can find it again it is put, else made.
  const bool found_again = !state.key.empty() || schema->one_per_pair(state.ends.type);
  v1::Mutation mutation;
  v1::RelationshipWrite* const write =
      found_again ? mutation.mutable_put_relationship() : mutation.mutable_create_relationship();
  write->set_key(state.key);
  write->set_type(std::string(snapshot_.names().Name(state.ends.type)));
  RELATA_RETURN_IF_ERROR(WriteRef(state.ends.from, write->mutable_from()));
  RELATA_RETURN_IF_ERROR(WriteRef(state.ends.to, write->mutable_to()));
  for (const Fact& fact : InOrder(state.facts)) {
    RELATA_RETURN_IF_ERROR(WriteFact(fact, write->add_facts()));
  }
  return sink_(std::move(mutation));
}

absl::Status ExportWriter::WriteFact(const Fact& fact, v1::Fact* out) {
  if (!fact.value.is_null()) ValueToProto(fact.value, out->mutable_value());
  std::map<absl::string_view, const Value*> properties;
  for (const auto& [id, value] : fact.properties) properties[snapshot_.names().Name(id)] = &value;
  for (const auto& [name, value] : properties) {
    v1::Property* const property = out->add_properties();
    property->set_name(std::string(name));
    ValueToProto(*value, property->mutable_value());
  }
  WriteInterval(fact.valid, out);
  if (fact.cut_from) out->set_rank_from(fact.cut_from->from.ToString());
  return WriteCitations(fact, out);
}

absl::Status ExportWriter::WriteName(const Fact& fact, v1::Name* out) {
  const EntityName name = NameFromValue(fact.value);
  out->set_text(name.text);
  out->set_language(name.language);
  out->set_kind(static_cast<v1::NameKind>(NameKindToProto(name.kind)));
  WriteInterval(fact.valid, out);
  return WriteCitations(fact, out);
}

template <typename Message>
absl::Status ExportWriter::WriteCitations(const Fact& fact, Message* out) {
  for (const Citation& citation : fact.citations) {
    v1::Citation* const cite = out->add_citations();
    RELATA_RETURN_IF_ERROR(WriteRef(citation.source, cite->mutable_source()));
    if (citation.stance != Stance::kAsserts) {
      cite->set_stance(static_cast<v1::Stance>(citation.stance));
    }
    if (citation.confidence != 1.0) cite->set_confidence(citation.confidence);
    if (citation.reported) {
      cite->set_reported(citation.reported->ToString());
    } else {
      RELATA_ASSIGN_OR_RETURN(const Known* source, Lookup(citation.source));
      if (source->has_published) cite->set_reported("");
    }
    cite->set_locator(citation.locator);
  }
  return absl::OkStatus();
}

absl::Status ExportWriter::WriteRef(EntityId id, v1::EntityRef* out) {
  const auto handle = handles_.find(id);
  if (handle != handles_.end()) {
    out->set_handle(handle->second);
    return absl::OkStatus();
  }
  const auto cited = cited_.find(id);
  if (cited != cited_.end() && !cited->second.key.empty()) {
    out->set_key(cited->second.key);
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(const auto record, snapshot_.GetEntityRecord(id));
  if (!record || record->key.empty()) {
    return absl::DataLossError(
        absl::StrCat("entity #", id.value(), ", which something refers to, is not there"));
  }
  out->set_key(record->key);
  return absl::OkStatus();
}

absl::StatusOr<bool> ExportWriter::CitesLater(const EntityState& owner,
                                              const std::vector<Fact>& facts) {
  const bool owner_is_source = owner.HasLabel(kSourceLabel);
  for (const Fact& fact : facts) {
    for (const Citation& citation : fact.citations) {
      RELATA_ASSIGN_OR_RETURN(const Known* source, Lookup(citation.source));
      const bool later =
          source->is_source == owner_is_source ? citation.source > owner.id : owner_is_source;
      if (later) return true;
    }
  }
  return false;
}

absl::StatusOr<const ExportWriter::Known*> ExportWriter::Lookup(EntityId id) {
  const auto [it, is_new] = cited_.try_emplace(id);
  if (is_new) {
    RELATA_ASSIGN_OR_RETURN(const auto state, snapshot_.GetEntity(id));
    if (state) {
      it->second.key = state->key;
      it->second.is_source = state->HasLabel(kSourceLabel);
      it->second.has_published = state->FindProperty(kPublishedProperty) != nullptr;
    }
  }
  return &it->second;
}

}  // namespace relata
