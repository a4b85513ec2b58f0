#include "graph/transaction/state_writer.h"

#include <algorithm>
#include <memory>

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/search/fold.h"
#include "graph/store/index_entries.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"
#include "graph/transaction/held_bytes.h"

namespace relata {
namespace {

constexpr absl::string_view kNoRecord = "";

// Of a write, beside its bytes: an operation in an array that grows, the key among those that the
// batch knows, and what the allocator keeps beside the blocks of each.
constexpr size_t kWriteBytes = 2 * sizeof(KvBatch::Op) + 96 + 4 * kAllocationBytes;
// Copies of a key: the operation's, the one that the batch knows, the engine's; of a record the
// first and the last.
constexpr size_t kKeyCopies = 3;
constexpr size_t kRecordCopies = 2;
// Of the state that a write moves to history: an operation with a longer key, and the engine's copy
// of it.
constexpr size_t kHistoryBytes =
    2 * sizeof(KvBatch::Op) + 2 * (sizeof(uint64_t) + 2 * kAllocationBytes);
constexpr size_t kHistoryCopies = 2;

// Facts with keys of their own: property and id -> record bytes.
std::map<std::string, std::string> FactRecords(const EntityState* state, CommitVersion version) {
  std::map<std::string, std::string> records;
  if (state == nullptr) return records;
  for (const auto& [property, facts] : state->properties) {
    if (StoredInline(facts)) continue;
    for (const Fact& fact : facts) {
      records[EntityFactKey(state->id, property, fact.id)] = EncodeEntityFact(fact, version);
    }
  }
  return records;
}

void AddSourceEntries(const std::vector<Fact>& facts, const FactOwner& owner,
                      std::set<std::string>& keys) {
  for (const Fact& fact : facts) {
    FactOwner of_fact = owner;
    of_fact.fact = fact.id;
    for (const Citation& c : fact.citations) keys.insert(SourceFactKey(c.source, of_fact));
  }
}

// Every entry that leads to an entity: labels, sources, values.
std::set<std::string> EntityEntries(const EntityState* state, const Schema& schema) {
  std::set<std::string> keys;
  if (state == nullptr) return keys;
  for (const LabelId label : state->labels) keys.insert(LabelKey(label, state->id));
  for (const auto& [property, facts] : state->properties) {
    AddSourceEntries(facts, FactOwner{false, state->id.value(), property, {}}, keys);
  }
  for (const auto& [id, index] : schema.indexes()) {
    for (std::string& key : IndexEntries(index, *state)) keys.insert(std::move(key));
  }
  return keys;
}

// Every entry that leads to a relationship, but for its ends: sources, values.
std::set<std::string> RelationshipEntries(const RelationshipState* state, const Schema& schema) {
  std::set<std::string> keys;
  if (state == nullptr) return keys;
  AddSourceEntries(state->facts, FactOwner{true, state->ends.id.value(), {}, {}}, keys);
  for (const auto& [id, index] : schema.indexes()) {
    for (std::string& key : IndexEntries(index, *state)) keys.insert(std::move(key));
  }
  return keys;
}

absl::StatusOr<std::set<std::string>> NameEntries(const EntityState* state) {
  std::set<std::string> keys;
  const std::vector<Fact>* names = state == nullptr ? nullptr : state->FindProperty(kNamesProperty);
  if (names == nullptr) return keys;
  for (const Fact& fact : *names) {
    RELATA_ASSIGN_OR_RETURN(const std::string folded, FoldName(NameFromValue(fact.value).text));
    keys.insert(NameKey(folded, state->id, fact.id));
  }
  return keys;
}

template <typename State>
const State* Pointer(const std::optional<State>& state) {
  return state ? &*state : nullptr;
}

const std::vector<PropertyId>& InlineProperties(const Schema& schema, TypeId type) {
  static const auto* const kNone = new std::vector<PropertyId>();
  const RelationshipTypeDeclaration* d = schema.FindType(type);
  return d == nullptr ? *kNone : d->inline_properties;
}

}  // namespace

void StateWriter::Put(std::string key, std::string record, bool known_new) {
  staging_bytes_ += kWriteBytes + kKeyCopies * key.size() + kRecordCopies * record.size();
  // What was there is about as long.
  if (!known_new) staging_bytes_ += kHistoryBytes + kHistoryCopies * (key.size() + record.size());
  writes_[std::move(key)] = Write{std::move(record), known_new};
  ++staged_writes_;
}

void StateWriter::Delete(std::string key) {
  staging_bytes_ += kWriteBytes + kHistoryBytes + (kKeyCopies + kHistoryCopies) * key.size();
  writes_[std::move(key)] = Write{};
  ++staged_writes_;
}

void StateWriter::WriteEntries(const std::set<std::string>& before,
                               const std::set<std::string>& after, bool known_new) {
  for (const std::string& key : before) {
    if (!after.contains(key)) Delete(key);
  }
  for (const std::string& key : after) {
    if (!before.contains(key)) Put(key, std::string(kNoRecord), known_new);
  }
}

void StateWriter::CountFacts(const std::vector<Fact>& facts, int64_t sign) {
  Count(CounterKind::kFacts, 0, sign * static_cast<int64_t>(facts.size()));
  for (const Fact& fact : facts) {
    Count(CounterKind::kCitations, 0, sign * static_cast<int64_t>(fact.citations.size()));
  }
}

void StateWriter::WriteEntityFacts(const EntityState* before, const EntityState* after) {
  // Equal facts have equal bytes when both are encoded for this version.
  const auto old_records = FactRecords(before, version_);
  auto new_records = FactRecords(after, version_);
  for (const auto& [key, record] : old_records) {
    if (!new_records.contains(key)) Delete(key);
  }
  for (auto& [key, record] : new_records) {
    const auto it = old_records.find(key);
    if (it == old_records.end() || it->second != record) {
      Put(key, std::move(record), /*known_new=*/before == nullptr);
    }
  }
}

absl::StatusOr<bool> StateWriter::WriteEntity(const std::optional<EntityState>& before_state,
                                              const std::optional<EntityState>& after_state) {
  const size_t writes_before = staged_writes_;
  const EntityState* before = Pointer(before_state);
  const EntityState* after = Pointer(after_state);
  if (before == nullptr && after == nullptr) return false;
  RELATA_ASSIGN_OR_RETURN(const std::set<std::string> names_before, NameEntries(before));
  RELATA_ASSIGN_OR_RETURN(const std::set<std::string> names_after, NameEntries(after));
  const bool is_new = before == nullptr;
  WriteEntries(names_before, names_after, /*known_new=*/is_new);
  WriteEntries(EntityEntries(before, schema_before_), EntityEntries(after, schema_after_), is_new);
  WriteEntityFacts(before, after);

  const EntityState& either = is_new ? *after : *before;
  if (after == nullptr) {
    Delete(EntityKeyOf(either.id));
    if (!either.key.empty()) Delete(EntityByKeyKey(either.key));
  } else {
    std::string record = EncodeEntity(*after, version_);
    if (is_new || EncodeEntity(*before, version_) != record) {
      Put(EntityKeyOf(after->id), std::move(record), is_new);
    }
    if (is_new && !after->key.empty()) {
      Put(EntityByKeyKey(after->key), EncodeId(after->id.value()));
    }
  }
  for (const auto& [state, sign] : {std::pair{before, -1}, std::pair{after, 1}}) {
    if (state == nullptr) continue;
    Count(CounterKind::kEntities, 0, sign);
    for (const LabelId label : state->labels) {
      Count(CounterKind::kEntitiesByLabel, label.value(), sign);
    }
    for (const auto& [property, facts] : state->properties) CountFacts(facts, sign);
  }
  return staged_writes_ != writes_before;
}

bool StateWriter::WriteRelationship(const std::optional<RelationshipState>& before_state,
                                    const std::optional<RelationshipState>& after_state) {
  const size_t writes_before = staged_writes_;
  const RelationshipState* before = Pointer(before_state);
  const RelationshipState* after = Pointer(after_state);
  if (before == nullptr && after == nullptr) return false;
  const bool is_new = before == nullptr;
  const RelationshipEnds& ends = is_new ? after->ends : before->ends;
  WriteEntries(RelationshipEntries(before, schema_before_),
               RelationshipEntries(after, schema_after_), is_new);
  if (after == nullptr) {
    Delete(OutKey(ends));
    Delete(InKey(ends));
    Delete(RelationshipKeyOf(ends.id));
    if (!before->key.empty()) Delete(RelationshipByKeyKey(before->key));
  } else {
    std::string out = EncodeOut(*after, version_);
    if (is_new || EncodeOut(*before, version_) != out) {
      Put(OutKey(ends), std::move(out), is_new);
    }
    std::string in = EncodeIn(*after, InlineProperties(schema_after_, ends.type));
    if (is_new || EncodeIn(*before, InlineProperties(schema_before_, ends.type)) != in) {
      Put(InKey(ends), std::move(in), is_new);
    }
    if (is_new) {
      Put(RelationshipKeyOf(ends.id), EncodeRelationship(*after), /*known_new=*/true);
      if (!after->key.empty()) Put(RelationshipByKeyKey(after->key), EncodeId(ends.id.value()));
    }
  }
  for (const auto& [state, sign] : {std::pair{before, -1}, std::pair{after, 1}}) {
    if (state == nullptr) continue;
    Count(CounterKind::kRelationships, 0, sign);
    Count(CounterKind::kRelationshipsByType, ends.type.value(), sign);
    CountFacts(state->facts, sign);
  }
  return staged_writes_ != writes_before;
}

void StateWriter::WriteSchema() {
  std::map<std::string, std::string> before;
  std::map<std::string, std::string> after;
  for (const auto& [schema, records] :
       {std::pair{&schema_before_, &before}, std::pair{&schema_after_, &after}}) {
    for (const auto& [id, d] : schema->types()) (*records)[SchemaKey(d)] = EncodeDeclaration(d);
    for (const auto& d : schema->properties()) (*records)[SchemaKey(d)] = EncodeDeclaration(d);
    for (const auto& [id, d] : schema->indexes()) (*records)[SchemaKey(d)] = EncodeDeclaration(d);
    for (const auto& [rule, name] : schema->rule_names()) {
      (*records)[SchemaKey(rule)] = EncodeRuleName(rule, name);
    }
  }
  for (const auto& [key, record] : before) {
    if (!after.contains(key)) Delete(key);
  }
  for (const auto& [key, record] : after) {
    const auto it = before.find(key);
    if (it == before.end() || it->second != record) Put(key, record);
  }
}

void StateWriter::WriteIndexEntries(const IndexDefinition& index, const EntityState& entity) {
  for (std::string& key : IndexEntries(index, entity)) Put(std::move(key), std::string(kNoRecord));
}

absl::Status StateWriter::Flush(VersionedBatch& batch) {
  // Each goes when it is in the batch, so that not all are held twice.
  while (!writes_.empty()) {
    auto node = writes_.extract(writes_.begin());
    const Write& write = node.mapped();
    if (write.record) {
      RELATA_RETURN_IF_ERROR(batch.Put(std::move(node.key()), *write.record, write.known_new));
    } else {
      RELATA_RETURN_IF_ERROR(batch.Delete(node.key()));
    }
  }
  return absl::OkStatus();
}

std::vector<CommitEntry::Counter> StateWriter::Counters() const {
  std::vector<CommitEntry::Counter> counters;
  for (const auto& [counter, delta] : counters_) {
    if (delta == 0) continue;
    counters.push_back({static_cast<uint8_t>(counter.first), counter.second, delta});
  }
  return counters;
}

}  // namespace relata
