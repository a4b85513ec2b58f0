#include "graph/bulk/load_checks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/mutation/constraints.h"
#include "graph/mutation/source_date.h"
#include "graph/mutation/violation.h"
#include "graph/store/key_layout.h"
#include "graph/transaction/change_kind.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/commit_log.h"

namespace relata {
namespace {

constexpr size_t kLogPage = 256;

std::string UniqueText(IndexId index, const IndexedValues& values) {
  std::string text;
  AppendUint32(&text, index.value());
  text += BytesOf(values);
  return text;
}

std::string PairText(const RelationshipEnds& ends) {
  std::string text;
  AppendUint64(&text, ends.from.value());
  AppendUint32(&text, ends.type.value());
  AppendUint64(&text, ends.to.value());
  return text;
}

absl::Status KeyTaken(absl::string_view what, absl::string_view key) {
  return WithParts(
      absl::AlreadyExistsError(absl::StrCat(
          "the ", what, " `", key,
          "` exists; a bulk load only makes new ones, change it with an ordinary write")),
      {{what, std::string(key)}});
}

absl::Status Changed(absl::string_view what) {
  return absl::AbortedError(absl::StrCat(
      "a commit beside the bulk load changed what it rests on: ", what, "; run the load again"));
}

}  // namespace

LoadChecks::LoadChecks(Snapshot snapshot, std::shared_ptr<const Schema> schema)
    : snapshot_(std::move(snapshot)),
      schema_(std::move(schema)),
      unchanged_until_(snapshot_.version()) {
  for (const auto& [type, d] : schema_->types()) {
    needs_labels_ = needs_labels_ || !d.from_labels.empty() || !d.to_labels.empty();
  }
}

absl::StatusOr<bool> LoadChecks::HasAnyKey(const std::string& prefix) const {
  VersionedScan scan(snapshot_.store(), KeyRange::Prefix(prefix));
  RELATA_RETURN_IF_ERROR(scan.status());
  return scan.Valid();
}

absl::StatusOr<std::optional<EntityId>> LoadChecks::FindEntity(absl::string_view key) {
  if (const std::optional<uint64_t> known = keys_.Find(key)) return EntityId(*known / 2);
  if (!has_entity_keys_) {
    RELATA_ASSIGN_OR_RETURN(has_entity_keys_, HasAnyKey(TablePrefix(Table::kEntityKey)));
  }
  if (!*has_entity_keys_) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> stored, snapshot_.FindEntity(key));
  if (!stored) return std::nullopt;
  existing_.insert(*stored);
  keys_.Insert(key, stored->value() * 2);
  return *stored;
}

absl::Status LoadChecks::FindEntities(const std::vector<absl::string_view>& keys,
                                      std::vector<std::optional<EntityId>>* ids) {
  keys_.FindAll(keys, &found_);
  ids->assign(keys.size(), std::nullopt);
  for (size_t i = 0; i < keys.size(); ++i) {
    std::optional<EntityId>& id = (*ids)[i];
    if (found_[i]) {
      id = EntityId(*found_[i] / 2);
    } else if (!keys[i].empty()) {
      RELATA_ASSIGN_OR_RETURN(id, FindEntity(keys[i]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> LoadChecks::EntityExists(EntityId id) {
  if (existing_.contains(id)) return true;
  RELATA_ASSIGN_OR_RETURN(const bool exists, snapshot_.EntityExists(id));
  if (exists) existing_.insert(id);
  return exists;
}

absl::StatusOr<CitedSource> LoadChecks::FindSource(EntityId id) {
  const auto known = sources_.find(id);
  if (known != sources_.end()) return known->second;
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> state, snapshot_.GetEntity(id));
  if (!state || !state->HasLabel(kSourceLabel)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the entity #", id.value(),
                     " is cited but does not bear the label `Source`; add the label first"));
  }
  return sources_[id] = CitedSource{PublishedDate(*state), state->source_retracted};
}

absl::Status LoadChecks::CheckKeyIsFree(const std::string& key) {
  if (key.empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> there, FindEntity(key));
  return there ? KeyTaken("entity", key) : absl::OkStatus();
}

absl::Status LoadChecks::CheckUnique(const EntityState& state) {
  checked_values_.clear();
  for (const auto& [id, index] : schema_->indexes()) {
    if (!index.unique) continue;
    const auto held = CombinationsOf(index, state);
    if (!held) return TooManyToCompare(snapshot_.names(), index, state);
    if (held->empty()) continue;
    const auto [entries, first_look] = has_index_entries_.try_emplace(id, false);
    if (first_look) {
      RELATA_ASSIGN_OR_RETURN(entries->second, HasAnyKey(IndexPrefix(id)));
    }
    for (const IndexedValues& values : *held) {
      std::string text = UniqueText(id, values);
      bool taken = unique_values_.Find(text).has_value();
      if (!taken && entries->second) {
        RELATA_ASSIGN_OR_RETURN(const auto holders, snapshot_.FindHolders(index, values));
        taken = !holders.empty();
      }
      if (taken) {
        return NotUnique(snapshot_.names(), index, values, absl::StrCat("`", state.key, "`"),
                         "another entity");
      }
      checked_values_.push_back(std::move(text));
    }
  }
  return absl::OkStatus();
}

absl::Status LoadChecks::CheckEntity(const EntityState& state) {
  RELATA_RETURN_IF_ERROR(CheckKeyIsFree(state.key));
  for (const PropertyDeclaration& d : schema_->properties()) {
    if (!d.label.valid() || !state.HasLabel(d.label)) continue;
    RELATA_RETURN_IF_ERROR(CheckProperty(snapshot_.names(), d, state));
  }
  return CheckUnique(state);
}

void LoadChecks::NoteEntity(const EntityState& state) {
  if (!state.key.empty()) keys_.Insert(state.key, state.id.value() * 2 + 1);
  for (const std::string& text : checked_values_) unique_values_.Insert(text, state.id.value());
  checked_values_.clear();
  if (needs_labels_) labels_[state.id] = state.labels;
  if (state.HasLabel(kSourceLabel)) {
    sources_[state.id] = CitedSource{PublishedDate(state), state.source_retracted};
  }
}

const LoadChecks::TypeRules& LoadChecks::RulesOf(TypeId type) {
  const auto [rules, is_new] = rules_.try_emplace(type);
  if (is_new) {
    rules->second.declaration = schema_->FindType(type);
    for (const PropertyDeclaration& d : schema_->properties()) {
      if (d.type == type && !d.label.valid()) rules->second.properties.push_back(&d);
    }
  }
  return rules->second;
}

absl::StatusOr<std::vector<LabelId>> LoadChecks::LabelsOf(EntityId id) {
  const auto known = labels_.find(id);
  if (known != labels_.end()) return known->second;
  RELATA_ASSIGN_OR_RETURN(const auto state, snapshot_.GetEntityRecord(id));
  return labels_[id] = state ? state->labels : std::vector<LabelId>();
}

absl::Status LoadChecks::CheckEnd(const RelationshipTypeDeclaration& d, EntityId id,
                                  const std::vector<LabelId>& allowed, absl::string_view end) {
  if (allowed.empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, LabelsOf(id));
  const bool fits = std::any_of(allowed.begin(), allowed.end(), [&](LabelId label) {
    return std::binary_search(labels.begin(), labels.end(), label);
  });
  if (fits) return absl::OkStatus();
  const NameTable& names = snapshot_.names();
  const std::string wanted = absl::StrJoin(allowed, ", ", [&](std::string* out, LabelId label) {
    absl::StrAppend(out, names.Name(label));
  });
  return WithParts(ConstraintViolation(absl::StrCat("`", names.Name(d.type), "` goes ", end,
                                                    " entities labelled ", wanted,
                                                    " only; the one given is not")),
                   {{"type", std::string(names.Name(d.type))}, {"labels", wanted}});
}

absl::Status LoadChecks::CheckPair(const RelationshipEnds& ends) {
  bool taken = pairs_.Find(PairText(ends)).has_value();
  // Only between two entities that were there before can there be one already.
  if (!taken && existing_.contains(ends.from) && existing_.contains(ends.to)) {
    RELATA_ASSIGN_OR_RETURN(const auto there, snapshot_.FindPair(ends.from, ends.type, ends.to));
    taken = !there.empty();
  }
  if (!taken) return absl::OkStatus();
  return WithParts(
      absl::AlreadyExistsError(absl::StrCat("there is one `", snapshot_.names().Name(ends.type),
                                            "` a pair, and this pair has it; a bulk load only "
                                            "makes new ones, add facts to it with an "
                                            "ordinary write")),
      {{"type", std::string(snapshot_.names().Name(ends.type))}});
}

absl::Status LoadChecks::CheckRelationship(const RelationshipState& state) {
  if (!state.key.empty()) {
    if (!has_relationship_keys_) {
      RELATA_ASSIGN_OR_RETURN(has_relationship_keys_,
                              HasAnyKey(TablePrefix(Table::kRelationshipKey)));
    }
    bool taken = relationship_keys_.Find(state.key).has_value();
    if (!taken && *has_relationship_keys_) {
      RELATA_ASSIGN_OR_RETURN(const auto there, snapshot_.FindRelationship(state.key));
      taken = there.has_value();
    }
    if (taken) return KeyTaken("relationship", state.key);
  }
  const TypeRules& rules = RulesOf(state.ends.type);
  if (rules.declaration != nullptr) {
    const RelationshipTypeDeclaration& d = *rules.declaration;
    RELATA_RETURN_IF_ERROR(CheckEnd(d, state.ends.from, d.from_labels, "from"));
    RELATA_RETURN_IF_ERROR(CheckEnd(d, state.ends.to, d.to_labels, "to"));
    if (d.one_per_pair) RELATA_RETURN_IF_ERROR(CheckPair(state.ends));
  }
  for (const PropertyDeclaration* d : rules.properties) {
    RELATA_RETURN_IF_ERROR(CheckProperty(snapshot_.names(), *d, state));
  }
  return absl::OkStatus();
}

void LoadChecks::NoteRelationship(const RelationshipState& state) {
  if (!state.key.empty()) relationship_keys_.Insert(state.key, state.ends.id.value());
  const RelationshipTypeDeclaration* d = RulesOf(state.ends.type).declaration;
  if (d != nullptr && d->one_per_pair) {
    pairs_.Insert(PairText(state.ends), state.ends.id.value());
  }
}

absl::Status LoadChecks::CheckChangedEntity(const Snapshot& now, EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> state, now.GetEntity(id));
  if (existing_.contains(id)) {
    // Its labels and what makes it a source count only where the load looked at them.
    if (!state) return Changed("an entity that it refers to was deleted");
    if (labels_.contains(id) || sources_.contains(id)) {
      return Changed("an entity that it refers to");
    }
  }
  if (!state) return absl::OkStatus();
  const std::optional<uint64_t> known = state->key.empty() ? std::nullopt : keys_.Find(state->key);
  if (known && *known % 2 == 1) {
    return Changed(absl::StrCat("the entity `", state->key, "` was made meanwhile"));
  }
  for (const auto& [index_id, index] : schema_->indexes()) {
    if (!index.unique) continue;
    const auto held = CombinationsOf(index, *state);
    if (!held) continue;
    for (const IndexedValues& values : *held) {
      if (unique_values_.Find(UniqueText(index_id, values))) {
        return Changed("a value that must be unique was taken");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status LoadChecks::CheckChangedRelationship(const Snapshot& now, RelationshipId id) const {
  if (relationship_keys_.size() > 0) {
    RELATA_ASSIGN_OR_RETURN(const std::string key, now.GetRelationshipKey(id));
    if (!key.empty() && relationship_keys_.Find(key)) {
      return Changed(absl::StrCat("the relationship `", key, "` was made meanwhile"));
    }
  }
  if (pairs_.size() == 0) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::optional<RelationshipEnds> ends, now.GetRelationshipEnds(id));
  if (ends && pairs_.Find(PairText(*ends))) return Changed("a pair that may have one relationship");
  return absl::OkStatus();
}

absl::Status LoadChecks::CheckUnchanged(const Snapshot& now) {
  while (unchanged_until_ < now.version()) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<CommitEntry> entries,
                            ReadCommits(*now.store().kv(), now.store().engine(), unchanged_until_,
                                        now.version(), kLogPage));
    if (entries.empty()) break;
    for (const CommitEntry& entry : entries) {
      for (const CommitEntry::Change& change : entry.changes) {
        const auto kind = static_cast<ChangeKind>(change.kind);
        if (kind == ChangeKind::kSchema) return Changed("the schema");
        for (uint64_t id = change.first; id <= change.last; ++id) {
          RELATA_RETURN_IF_ERROR(kind == ChangeKind::kEntity
                                     ? CheckChangedEntity(now, EntityId(id))
                                     : CheckChangedRelationship(now, RelationshipId(id)));
        }
      }
    }
    unchanged_until_ = entries.back().version;
  }
  return absl::OkStatus();
}

}  // namespace relata
