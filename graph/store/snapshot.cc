#include "graph/store/snapshot.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "graph/catalog/schema_cache.h"
#include "graph/search/fold.h"
#include "graph/store/index_scan.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"
#include "graph/values/value_codec.h"

namespace relata {
namespace {

// Adds the fact at which the scan stands.
absl::Status AddEntityFact(const VersionedScan& scan, EntityState& state) {
  RELATA_ASSIGN_OR_RETURN(const EntityFactIds ids, DecodeEntityFactKey(scan.key()));
  RELATA_ASSIGN_OR_RETURN(Fact fact,
                          DecodeEntityFact(ids.fact, ids.property, scan.written(), scan.record()));
  state.properties[ids.property].push_back(std::move(fact));
  return absl::OkStatus();
}

// Reads the facts of an entity that have keys of their own into `state`.
absl::Status ReadEntityFacts(const StoreSnapshot& store, EntityState& state) {
  VersionedScan scan(store, KeyRange::Prefix(EntityFactPrefix(state.id)));
  for (; scan.Valid(); scan.Next()) RELATA_RETURN_IF_ERROR(AddEntityFact(scan, state));
  return scan.status();
}

// Adds the relationships of a range of kOut or kIn, by `decode`; loops only where `loops`.
absl::Status AppendEnds(const StoreSnapshot& store, const std::string& prefix,
                        absl::StatusOr<RelationshipEnds> (*decode)(absl::string_view), bool loops,
                        std::vector<RelationshipEnds>& out) {
  VersionedScan scan(store, KeyRange::Prefix(prefix));
  for (; scan.Valid(); scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends, decode(scan.key()));
    if (loops || ends.from != ends.to) out.push_back(ends);
  }
  return scan.status();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Schema>> Snapshot::GetSchema() const {
  return schemas_->Get(*store_);
}

absl::StatusOr<std::optional<EntityId>> Snapshot::FindEntity(absl::string_view key) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(EntityByKeyKey(key)));
  if (!found) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const uint64_t id,
                          DecodeId("the entry of an entity's key", found->record));
  return EntityId(id);
}

absl::StatusOr<bool> Snapshot::EntityExists(EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(EntityKeyOf(id)));
  return found.has_value();
}

absl::StatusOr<std::optional<EntityState>> Snapshot::GetEntityRecord(EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(EntityKeyOf(id)));
  if (!found) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(EntityState state, DecodeEntity(id, found->written, found->record));
  return state;
}

absl::StatusOr<std::vector<std::optional<EntityState>>> Snapshot::GetEntityRecords(
    absl::Span<const EntityId> ids) const {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const EntityId id : ids) keys.push_back(EntityKeyOf(id));
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->MultiGet(keys));
  std::vector<std::optional<EntityState>> states(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!found[i]) continue;
    RELATA_ASSIGN_OR_RETURN(states[i], DecodeEntity(ids[i], found[i]->written, found[i]->record));
  }
  return states;
}

absl::StatusOr<std::optional<EntityState>> Snapshot::GetEntity(EntityId id) const {
  RELATA_ASSIGN_OR_RETURN(std::optional<EntityState> state, GetEntityRecord(id));
  if (state) RELATA_RETURN_IF_ERROR(ReadEntityFacts(*store_, *state));
  return state;
}

absl::StatusOr<std::vector<std::optional<EntityState>>> Snapshot::GetEntities(
    absl::Span<const EntityId> ids) const {
  RELATA_ASSIGN_OR_RETURN(std::vector<std::optional<EntityState>> states, GetEntityRecords(ids));
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < ids.size(); ++i) {
    if (states[i]) order.push_back(i);
  }
  if (order.empty()) return states;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return ids[a] < ids[b]; });
  KeyRange range = KeyRange::Prefix(EntityFactPrefix(ids[order.back()]));
  range.start = EntityFactPrefix(ids[order.front()]);
  VersionedScan scan(*store_, std::move(range));
  for (size_t k = 0; k < order.size(); ++k) {
    const EntityId id = ids[order[k]];
    EntityState& state = *states[order[k]];
    if (k > 0 && ids[order[k - 1]] == id) {
      state = *states[order[k - 1]];
      continue;
    }
    // Most entities have no such fact: then the scan stands past this one already.
    const std::string prefix = EntityFactPrefix(id);
    if (scan.Valid() && scan.key() < prefix) scan.SkipTo(prefix);
    for (; scan.Valid() && absl::StartsWith(scan.key(), prefix); scan.Next()) {
      RELATA_RETURN_IF_ERROR(AddEntityFact(scan, state));
    }
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return states;
}

absl::StatusOr<std::vector<EntityId>> Snapshot::ListEntities(std::optional<LabelId> label,
                                                             EntityId after, size_t limit) const {
  KeyRange range = KeyRange::Prefix(label ? LabelPrefix(*label) : TablePrefix(Table::kEntity));
  range.start = label ? LabelKey(*label, after.next()) : EntityKeyOf(after.next());
  std::vector<EntityId> ids;
  VersionedScan scan(*store_, std::move(range));
  for (; scan.Valid() && ids.size() < limit; scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const EntityId id,
                            label ? DecodeLabelKey(scan.key()) : DecodeEntityKey(scan.key()));
    ids.push_back(id);
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return ids;
}

absl::StatusOr<std::optional<RelationshipId>> Snapshot::FindRelationship(
    absl::string_view key) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(RelationshipByKeyKey(key)));
  if (!found) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const uint64_t id,
                          DecodeId("the entry of a relationship's key", found->record));
  return RelationshipId(id);
}

absl::StatusOr<std::optional<RelationshipEnds>> Snapshot::GetRelationshipEnds(
    RelationshipId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(RelationshipKeyOf(id)));
  if (!found) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const RelationshipRecord record, DecodeRelationship(id, found->record));
  return record.ends;
}

absl::StatusOr<std::string> Snapshot::GetRelationshipKey(RelationshipId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(RelationshipKeyOf(id)));
  if (!found) return std::string();
  RELATA_ASSIGN_OR_RETURN(RelationshipRecord record, DecodeRelationship(id, found->record));
  return std::move(record.key);
}

absl::StatusOr<std::optional<RelationshipState>> Snapshot::GetRelationship(
    RelationshipId id) const {
  RELATA_ASSIGN_OR_RETURN(const auto found, store_->Get(RelationshipKeyOf(id)));
  if (!found) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const RelationshipRecord record, DecodeRelationship(id, found->record));
  RELATA_ASSIGN_OR_RETURN(auto states, GetRelationships({record.ends}));
  if (states.front()) states.front()->key = record.key;
  return std::move(states.front());
}

absl::StatusOr<std::vector<RelationshipId>> Snapshot::FindPair(EntityId from, TypeId type,
                                                               EntityId to) const {
  std::vector<RelationshipEnds> ends;
  RELATA_RETURN_IF_ERROR(
      AppendEnds(*store_, OutPrefix(from, type, to), DecodeOutKey, /*loops=*/true, ends));
  std::vector<RelationshipId> ids;
  ids.reserve(ends.size());
  for (const RelationshipEnds& e : ends) ids.push_back(e.id);
  return ids;
}

absl::StatusOr<std::vector<RelationshipEnds>> Snapshot::RelationshipsOf(EntityId entity) const {
  std::vector<RelationshipEnds> ends;
  RELATA_RETURN_IF_ERROR(
      AppendEnds(*store_, OutPrefix(entity), DecodeOutKey, /*loops=*/true, ends));
  RELATA_RETURN_IF_ERROR(AppendEnds(*store_, InPrefix(entity), DecodeInKey, /*loops=*/false, ends));
  return ends;
}

absl::StatusOr<std::vector<RelationshipEnds>> Snapshot::ListRelationships(RelationshipId after,
                                                                          size_t limit) const {
  KeyRange range = KeyRange::Prefix(TablePrefix(Table::kRelationship));
  range.start = RelationshipKeyOf(after.next());
  std::vector<RelationshipEnds> ends;
  VersionedScan scan(*store_, std::move(range));
  for (; scan.Valid() && ends.size() < limit; scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipId id, DecodeRelationshipKey(scan.key()));
    RELATA_ASSIGN_OR_RETURN(const RelationshipRecord record, DecodeRelationship(id, scan.record()));
    ends.push_back(record.ends);
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return ends;
}

absl::StatusOr<std::vector<FactOwner>> Snapshot::FactsOfSource(EntityId source) const {
  std::vector<FactOwner> owners;
  VersionedScan scan(*store_, KeyRange::Prefix(SourceFactPrefix(source)));
  for (; scan.Valid(); scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const FactOwner owner, DecodeSourceFactKey(scan.key()));
    owners.push_back(owner);
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return owners;
}

absl::StatusOr<std::vector<NameMatch>> Snapshot::FindByName(absl::string_view text, bool prefix,
                                                            size_t limit) const {
  RELATA_ASSIGN_OR_RETURN(const std::string folded, FoldName(text));
  std::vector<NameMatch> matches;
  VersionedScan scan(*store_, NameRange(folded, prefix));
  // All that fold to the text come first in the scan, and are read beyond the limit: one of them
  // may be the text itself.
  const std::string end_of_exact = NameRange(folded, /*prefix=*/false).limit;
  for (; scan.Valid() && (matches.size() < limit || scan.key() < end_of_exact); scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const EntityFactIds ids, DecodeNameKey(scan.key()));
    RELATA_ASSIGN_OR_RETURN(const auto entity, GetEntity(ids.entity));
    if (!entity) continue;
    const std::vector<Fact>* names = entity->FindProperty(kNamesProperty);
    if (names == nullptr) continue;
    for (const Fact& fact : *names) {
      if (fact.id == ids.fact) matches.push_back({ids.entity, ids.fact, NameFromValue(fact.value)});
    }
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  std::stable_partition(matches.begin(), matches.end(),
                        [&](const NameMatch& m) { return m.name.text == text; });
  if (matches.size() > limit) matches.resize(limit);
  return matches;
}

namespace {

template <typename Id>
absl::StatusOr<std::vector<Id>> IndexedIds(const StoreSnapshot& store,
                                           std::vector<KeyRange> ranges) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<uint64_t> ids, NextIndexed(store, SIZE_MAX, &ranges));
  return std::vector<Id>(ids.begin(), ids.end());
}

bool AllEquivalent(const IndexedValues& a, const IndexedValues& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), Equivalent);
}

}  // namespace

absl::StatusOr<std::vector<EntityId>> Snapshot::FindByIndex(const IndexDefinition& index,
                                                            const IndexLookup& lookup) const {
  return IndexedIds<EntityId>(*store_, IndexRanges(index, lookup));
}

absl::StatusOr<std::vector<RelationshipId>> Snapshot::FindRelationshipsByIndex(
    const IndexDefinition& index, const IndexLookup& lookup) const {
  return IndexedIds<RelationshipId>(*store_, IndexRanges(index, lookup));
}

absl::StatusOr<std::vector<EntityId>> Snapshot::FindHolders(const IndexDefinition& index,
                                                            const IndexedValues& values) const {
  RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids,
                          FindByIndex(index, {values, std::nullopt, std::nullopt, std::nullopt}));
  if (values.size() == 1 && BytesOf(values).size() <= kLongestCollation) return ids;
  // Another long value may have the same key, and entries may leave values out.
  std::vector<EntityId> holders;
  for (const EntityId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const auto entity, GetEntity(id));
    if (!entity) continue;
    const auto combinations = CombinationsOf(index, *entity);
    const bool holds = !combinations || std::any_of(combinations->begin(), combinations->end(),
                                                    [&](const IndexedValues& held) {
                                                      return AllEquivalent(held, values);
                                                    });
    if (holds) holders.push_back(id);
  }
  return holders;
}

}  // namespace relata
