#include "server/convert/view_writer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/store/relationship_keys.h"
#include "graph/values/bound.h"
#include "relata/v1/entity.pb.h"
#include "server/convert/value.h"

namespace relata {
namespace {

// The numbers of both enums are the same.
static_assert(static_cast<int>(Stance::kAsserts) == v1::ASSERTS);
static_assert(static_cast<int>(Stance::kDisputes) == v1::DISPUTES);
static_assert(static_cast<int>(Stance::kRetracts) == v1::RETRACTS);
static_assert(static_cast<int>(NameKind::kPreferred) == v1::PREFERRED);
static_assert(static_cast<int>(NameKind::kAlias) == v1::ALIAS);
static_assert(static_cast<int>(NameKind::kAbbreviation) == v1::ABBREVIATION);
static_assert(static_cast<int>(NameKind::kFormer) == v1::FORMER);

std::vector<std::string> SortedLabels(const EntityState& state, const NameTable& names) {
  std::vector<std::string> labels;
  for (const LabelId label : state.labels) labels.emplace_back(names.Name(label));
  std::sort(labels.begin(), labels.end());
  return labels;
}

// The best fact for display: as valid time asks where one is, else any; null where the property has
// none.
const Fact* BestFact(const EntityState& state, PropertyId property, const ValidTime& valid) {
  const std::vector<Fact>* facts = state.FindProperty(property);
  if (facts == nullptr) return nullptr;
  const auto seen = SelectVisible(*facts, ReadView{valid, DefaultPolicy()});
  if (!seen.empty()) return seen.front().fact;
  return &facts->front();
}

// A property's text; empty where it has none.
std::string TextOf(const EntityState& state, const NameTable& names, absl::string_view property) {
  const auto id = names.FindProperty(property);
  const Fact* fact = id ? BestFact(state, *id, ValidTime::All()) : nullptr;
  const std::string* text = fact == nullptr ? nullptr : fact->value.get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

// A preferred name, else any.
std::string BestName(const EntityState& state) {
  const std::vector<Fact>* facts = state.FindProperty(kNamesProperty);
  if (facts == nullptr) return "";
  for (const Fact& fact : *facts) {
    const EntityName name = NameFromValue(fact.value);
    if (name.kind == NameKind::kPreferred) return name.text;
  }
  return NameFromValue(facts->front().value).text;
}

// Whether the entity's record alone tells its display name.
bool HasPlainName(const EntityState& record) {
  const std::vector<Fact>* facts = record.FindProperty(kNameProperty);
  return facts != nullptr && facts->front().value.type() == ValueType::kString;
}

}  // namespace

struct ViewWriter::Memory {
  absl::flat_hash_map<EntityId, std::unique_ptr<v1::EntitySummary>> entities;
  absl::flat_hash_map<EntityId, std::unique_ptr<v1::SourceSummary>> sources;
  absl::flat_hash_map<CommitVersion, std::string> commit_times;
  absl::flat_hash_map<RelationshipId, std::string> keys;
};

ViewWriter::ViewWriter(const Database& database, const Snapshot& snapshot, const ReadView& view,
                       KeylessRelationships* keyless)
    : database_(database),
      snapshot_(snapshot),
      view_(view),
      keyless_(keyless),
      memory_(std::make_unique<Memory>()) {}

ViewWriter::~ViewWriter() = default;

bool ViewWriter::Shows(const Fact& fact) const {
  return !SelectVisible(absl::MakeConstSpan(&fact, 1), view_).empty();
}

std::string ViewWriter::DisplayName(const EntityState& state) const {
  const Fact* fact = BestFact(state, kNameProperty, view_.valid);
  const std::string* text = fact == nullptr ? nullptr : fact->value.get_if<std::string>();
  return text != nullptr ? *text : BestName(state);
}

absl::StatusOr<std::string> ViewWriter::CommitTime(CommitVersion version) {
  const auto [it, is_new] = memory_->commit_times.try_emplace(version);
  if (is_new) {
    RELATA_ASSIGN_OR_RETURN(const Instant time, database_.CommitTime(version));
    it->second = FormatInstant(time);
  }
  return it->second;
}

absl::Status ViewWriter::ReadAhead(absl::Span<const RelationshipEnds> ends) {
  absl::flat_hash_set<EntityId> entities;
  absl::flat_hash_set<RelationshipId> relationships;
  for (const RelationshipEnds& each : ends) {
    if (!memory_->keys.contains(each.id)) relationships.insert(each.id);
    for (const EntityId end : {each.from, each.to}) {
      if (!memory_->entities.contains(end)) entities.insert(end);
    }
  }
  const std::vector<EntityId> ids(entities.begin(), entities.end());
  RELATA_ASSIGN_OR_RETURN(auto records, snapshot_.GetEntityRecords(ids));
  for (size_t i = 0; i < ids.size(); ++i) {
    RELATA_RETURN_IF_ERROR(KeepSummary(ids[i], std::move(records[i])).status());
  }
  const std::vector<RelationshipId> keyed(relationships.begin(), relationships.end());
  RELATA_ASSIGN_OR_RETURN(auto keys, RelationshipKeys(snapshot_, keyed, keyless_));
  for (size_t i = 0; i < keyed.size(); ++i) memory_->keys[keyed[i]] = std::move(keys[i]);
  return absl::OkStatus();
}

absl::StatusOr<const v1::EntitySummary*> ViewWriter::Summary(EntityId id) {
  const auto found = memory_->entities.find(id);
  if (found != memory_->entities.end()) return found->second.get();
  RELATA_ASSIGN_OR_RETURN(auto record, snapshot_.GetEntityRecord(id));
  return KeepSummary(id, std::move(record));
}

absl::StatusOr<const v1::EntitySummary*> ViewWriter::KeepSummary(
    EntityId id, std::optional<EntityState> record) {
  auto summary = std::make_unique<v1::EntitySummary>();
  summary->set_id(id.value());
  if (record && !HasPlainName(*record)) {
    RELATA_ASSIGN_OR_RETURN(record, snapshot_.GetEntity(id));
  }
  if (record) {
    summary->set_key(record->key);
    for (std::string& label : SortedLabels(*record, snapshot_.names())) {
      summary->add_labels(std::move(label));
    }
    summary->set_display_name(DisplayName(*record));
  }
  return (memory_->entities[id] = std::move(summary)).get();
}

absl::StatusOr<std::string> ViewWriter::RelationshipKey(RelationshipId id) {
  const auto [it, is_new] = memory_->keys.try_emplace(id);
  if (is_new) {
    RELATA_ASSIGN_OR_RETURN(it->second, snapshot_.GetRelationshipKey(id));
  }
  return it->second;
}

absl::StatusOr<const v1::SourceSummary*> ViewWriter::Source(EntityId id) {
  const auto found = memory_->sources.find(id);
  if (found != memory_->sources.end()) return found->second.get();
  auto summary = std::make_unique<v1::SourceSummary>();
  summary->set_id(id.value());
  RELATA_ASSIGN_OR_RETURN(const auto state, snapshot_.GetEntity(id));
  if (state) {
    summary->set_key(state->key);
    summary->set_title(TextOf(*state, snapshot_.names(), "title"));
    summary->set_publisher(TextOf(*state, snapshot_.names(), "publisher"));
    summary->set_url(TextOf(*state, snapshot_.names(), "url"));
  }
  return (memory_->sources[id] = std::move(summary)).get();
}

absl::Status ViewWriter::WriteSummary(EntityId id, v1::EntitySummary* out) {
  RELATA_ASSIGN_OR_RETURN(const v1::EntitySummary* summary, Summary(id));
  *out = *summary;
  return absl::OkStatus();
}

absl::Status ViewWriter::WriteCitations(const Fact& fact, v1::FactView* out) {
  for (const Citation& citation : fact.citations) {
    v1::CitationView* const view = out->add_citations();
    RELATA_ASSIGN_OR_RETURN(const v1::SourceSummary* source, Source(citation.source));
    *view->mutable_source() = *source;
    view->set_stance(static_cast<v1::Stance>(citation.stance));
    view->set_confidence(citation.confidence);
    if (citation.reported) BoundToProto(*citation.reported, view->mutable_reported());
    view->set_locator(citation.locator);
    view->set_recorded_version(citation.recorded.value());
    view->set_recorded_time(FormatInstant(citation.recorded_at));
    view->set_source_retracted(citation.source_retracted.has_value());
  }
  return absl::OkStatus();
}

absl::Status ViewWriter::WriteFact(const Fact& fact, const Belief* belief, v1::FactView* out) {
  const Belief own = belief == nullptr ? EvaluateBelief(fact, *view_.policy) : Belief();
  const Belief& seen = belief == nullptr ? own : *belief;
  out->set_id(fact.id.value());
  if (!fact.value.is_null()) ValueToProto(fact.value, out->mutable_value());
  std::map<absl::string_view, const Value*> properties;
  for (const auto& [id, value] : fact.properties) properties[snapshot_.names().Name(id)] = &value;
  for (const auto& [name, value] : properties) {
    v1::Property* const property = out->add_properties();
    property->set_name(std::string(name));
    ValueToProto(*value, property->mutable_value());
  }
  BoundToProto(fact.valid.from, out->mutable_valid_from());
  BoundToProto(fact.valid.to, out->mutable_valid_to());
  out->set_status(static_cast<v1::FactStatus>(FactStatusToProto(seen.status)));
  if (seen.status != FactStatus::kRetracted) out->set_confidence(seen.confidence);
  for (const EntityId id : seen.asserting) {
    RELATA_ASSIGN_OR_RETURN(const v1::SourceSummary* source, Source(id));
    *out->add_asserting() = *source;
  }
  for (const EntityId id : seen.disputing) {
    RELATA_ASSIGN_OR_RETURN(const v1::SourceSummary* source, Source(id));
    *out->add_disputing() = *source;
  }
  RELATA_RETURN_IF_ERROR(WriteCitations(fact, out));
  out->set_recorded_version(fact.recorded.value());
  RELATA_ASSIGN_OR_RETURN(*out->mutable_recorded_time(), CommitTime(fact.recorded));
  if (fact.cut_from) BoundToProto(fact.cut_from->from, out->mutable_rank_from());
  return absl::OkStatus();
}

absl::Status ViewWriter::WriteName(const Fact& fact, v1::NameView* out) {
  const EntityName name = NameFromValue(fact.value);
  out->set_text(name.text);
  out->set_language(name.language);
  out->set_kind(static_cast<v1::NameKind>(NameKindToProto(name.kind)));
  RELATA_RETURN_IF_ERROR(WriteFact(fact, nullptr, out->mutable_fact()));
  out->mutable_fact()->clear_value();
  return absl::OkStatus();
}

absl::Status ViewWriter::WriteEntity(const EntityState& state, bool full, v1::Entity* out) {
  out->set_id(state.id.value());
  out->set_key(state.key);
  for (std::string& label : SortedLabels(state, snapshot_.names())) {
    out->add_labels(std::move(label));
  }
  out->set_display_name(DisplayName(state));
  out->set_created_version(state.created.value());
  if (state.source_retracted) {
    out->set_source_retracted_time(FormatInstant(*state.source_retracted));
  }
  if (!full) return absl::OkStatus();
  std::map<absl::string_view, const std::vector<Fact>*> properties;
  for (const auto& [id, facts] : state.properties) {
    if (id != kNamesProperty) properties[snapshot_.names().Name(id)] = &facts;
  }
  if (const std::vector<Fact>* names = state.FindProperty(kNamesProperty)) {
    for (const Fact& fact : *names) {
      if (Shows(fact)) RELATA_RETURN_IF_ERROR(WriteName(fact, out->add_names()));
    }
  }
  for (const auto& [name, facts] : properties) {
    const std::vector<VisibleFact> seen = SelectVisible(*facts, view_);
    if (seen.empty()) continue;
    v1::PropertyFacts* const property = out->add_properties();
    property->set_name(std::string(name));
    for (const VisibleFact& fact : seen) {
      RELATA_RETURN_IF_ERROR(WriteFact(*fact.fact, &fact.belief, property->add_facts()));
    }
  }
  return absl::OkStatus();
}

absl::Status ViewWriter::WriteRelationshipIdentity(const RelationshipEnds& ends,
                                                   v1::Relationship* out) {
  out->set_id(ends.id.value());
  RELATA_ASSIGN_OR_RETURN(*out->mutable_key(), RelationshipKey(ends.id));
  out->set_type(std::string(snapshot_.names().Name(ends.type)));
  RELATA_RETURN_IF_ERROR(WriteSummary(ends.from, out->mutable_from()));
  return WriteSummary(ends.to, out->mutable_to());
}

absl::StatusOr<size_t> ViewWriter::WriteRelationship(const RelationshipState& state,
                                                     v1::Relationship* out) {
  RELATA_RETURN_IF_ERROR(WriteRelationshipIdentity(state.ends, out));
  // Read at another version than the snapshot's, it brings its key with it.
  if (!state.key.empty()) out->set_key(state.key);
  out->set_created_version(state.created.value());
  const std::vector<VisibleFact> seen = SelectVisible(state.facts, view_);
  for (const VisibleFact& fact : seen) {
    RELATA_RETURN_IF_ERROR(WriteFact(*fact.fact, &fact.belief, out->add_facts()));
  }
  return seen.size();
}

absl::Status ViewWriter::WriteRelationshipRow(const RelationshipEnds& ends, const Fact& fact,
                                              const Belief* belief, v1::Relationship* out) {
  RELATA_RETURN_IF_ERROR(WriteRelationshipIdentity(ends, out));
  return WriteFact(fact, belief, out->add_facts());
}

absl::Status ViewWriter::WriteSummary(const RelationshipEnds& ends, v1::RelationshipSummary* out) {
  out->set_id(ends.id.value());
  RELATA_ASSIGN_OR_RETURN(*out->mutable_key(), RelationshipKey(ends.id));
  out->set_type(std::string(snapshot_.names().Name(ends.type)));
  RELATA_RETURN_IF_ERROR(WriteSummary(ends.from, out->mutable_from()));
  return WriteSummary(ends.to, out->mutable_to());
}

void BoundToProto(const Bound& bound, v1::BoundView* out) {
  out->set_text(bound.ToString());
  out->set_earliest(FormatInstant(bound.earliest));
  out->set_latest(FormatInstant(bound.latest));
  out->set_unknown(bound.unknown);
  out->set_about(bound.about);
}

int FactStatusToProto(FactStatus status) {
  switch (status) {
    case FactStatus::kUncited:
      return v1::UNCITED;
    case FactStatus::kAsserted:
      return v1::ASSERTED;
    case FactStatus::kDisputed:
      return v1::DISPUTED;
    case FactStatus::kRetracted:
      return v1::RETRACTED;
  }
  return v1::FACT_STATUS_UNSPECIFIED;
}

int NameKindToProto(NameKind kind) { return static_cast<int>(kind); }

}  // namespace relata
