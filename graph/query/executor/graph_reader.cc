// Scans, look-ups and walking; single values and columns of them are in entity_reads.cc.
#include "graph/query/executor/graph_reader.h"

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/snapshot_columns.h"
#include "graph/database.h"
#include "graph/facts/belief.h"
#include "graph/store/index_entries.h"
#include "graph/store/index_scan.h"
#include "graph/store/key_layout.h"
#include "graph/transaction/held_bytes.h"
#include "graph/transaction/logical_keys.h"

namespace relata::query {
namespace {

// S11.2: a window is read at its last instant, ALL at now.
ReadView AtOneInstant(const ReadContext& context) {
  const ValidTime& valid = context.view.valid;
  switch (valid.kind) {
    case ValidTime::Kind::kInstant:
      return context.view;
    case ValidTime::Kind::kWindow:
      return {ValidTime::At(valid.to - 1, valid.certainly), context.view.policy};
    case ValidTime::Kind::kAll:
      break;
  }
  const Instant now =
      context.valid_now != kMinusInfinity ? context.valid_now : context.snapshot.commit_time();
  return {ValidTime::At(now, valid.certainly), context.view.policy};
}

bool AnyWithin(const std::vector<std::string>& keys, const std::vector<KeyRange>& ranges) {
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const KeyRange& range) {
      return range.start <= key && key < range.limit;
    });
  });
}

bool Asks(absl::Span<const Step> steps, TypeId type, bool outgoing) {
  const Direction other = outgoing ? Direction::kIn : Direction::kOut;
  return std::any_of(steps.begin(), steps.end(), [&](const Step& s) {
    return (!s.type.valid() || s.type == type) && s.direction != other;
  });
}

// The order of Expand, but for the rank, in which the edges of one relationship already stand.
bool EdgeBefore(const Edge& a, const Edge& b) {
  return std::tuple(a.type, !a.outgoing, a.neighbour, a.relationship) <
         std::tuple(b.type, !b.outgoing, b.neighbour, b.relationship);
}

// The edges at `vertex` that a relationship gives.
void AppendEdges(const RelationshipState& state, EntityId vertex, absl::Span<const Step> steps,
                 const ReadView& view, std::vector<Edge>* out) {
  const RelationshipEnds& ends = state.ends;
  const bool outgoing = ends.from == vertex && Asks(steps, ends.type, /*outgoing=*/true);
  const bool incoming = ends.to == vertex && Asks(steps, ends.type, /*outgoing=*/false);
  if (!outgoing && !incoming) return;
  for (const VisibleFact& visible : SelectVisible(state.facts, view)) {
    out->push_back({outgoing ? ends.to : ends.from, ends.id, visible.fact->id, ends.type, outgoing,
                    MakeDigest(*visible.fact)});
  }
}

}  // namespace

GraphReader::GraphReader(const std::vector<ReadContext>* contexts, Transaction* transaction,
                         const Database* database, IndexGuesses* guesses)
    : contexts_(contexts), transaction_(transaction), database_(database), guesses_(guesses) {
  for (const ReadContext& context : *contexts_) points_.push_back(AtOneInstant(context));
  pages_.resize(contexts_->size());
  for (const ReadContext& context : *contexts_) columns_.push_back(ColumnsOf(context.snapshot));
}

absl::StatusOr<std::vector<EntityId>> GraphReader::ListEntities(ContextId context_id,
                                                                std::optional<LabelId> label,
                                                                EntityId after, size_t limit) {
  if (OwnWrites(context_id)) return transaction_->ListEntities(label, after, limit);
  return context(context_id).snapshot.ListEntities(label, after, limit);
}

absl::Status GraphReader::AppendVisible(ContextId context_id,
                                        absl::Span<const RelationshipEnds> ends,
                                        std::vector<RelationshipRef>* out) {
  const ReadContext& c = context(context_id);
  const bool own = OwnWrites(context_id);
  RELATA_ASSIGN_OR_RETURN(const auto stored, c.snapshot.GetRelationships(ends));
  for (size_t i = 0; i < ends.size(); ++i) {
    const RelationshipState* state = stored[i] ? &*stored[i] : nullptr;
    if (own) {
      const auto changed = transaction_->FindChanged(ends[i].id);
      if (changed.edited) state = changed.state;
    }
    if (state == nullptr) continue;
    for (const VisibleFact& visible : SelectVisible(state->facts, c.view)) {
      out->push_back({ends[i], visible.fact->id, context_id});
    }
  }
  return absl::OkStatus();
}

absl::Status GraphReader::ListRelationships(ContextId context_id, RelationshipId after,
                                            size_t limit, std::vector<RelationshipRef>* out) {
  out->clear();
  while (out->empty()) {
    std::vector<RelationshipEnds> ends;
    if (OwnWrites(context_id)) {
      RELATA_ASSIGN_OR_RETURN(ends, transaction_->ListRelationships(after, limit));
    } else {
      RELATA_ASSIGN_OR_RETURN(ends, context(context_id).snapshot.ListRelationships(after, limit));
    }
    if (ends.empty()) break;
    RELATA_RETURN_IF_ERROR(AppendVisible(context_id, ends, out));
    after = ends.back().id;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<EntityId>> GraphReader::FindByKey(ContextId context_id,
                                                               absl::string_view key) {
  if (OwnWrites(context_id)) return transaction_->FindEntity(std::string(key));
  return context(context_id).snapshot.FindEntity(key);
}

template <typename Changed>
void GraphReader::AddOwnEntries(const Changed& state) {
  for (const auto& [id, index] : transaction_->schema().indexes()) {
    for (std::string& key : IndexEntries(index, state)) {
      const size_t bytes = HeapBytes(key) + sizeof(std::string);
      if (own_entries_.insert(std::move(key)).second) own_entry_bytes_ += bytes;
    }
  }
}

void GraphReader::NoteChanged(EntityId id) {
  const EntityState* const state = transaction_->FindChanged(id).state;
  if (state != nullptr) AddOwnEntries(*state);
}

void GraphReader::NoteChanged(RelationshipId id) {
  const RelationshipState* const state = transaction_->FindChanged(id).state;
  if (state != nullptr) AddOwnEntries(*state);
}

size_t GraphReader::held_bytes() const {
  constexpr size_t kIdSlot = sizeof(uint64_t) + 1;
  const size_t ids = notes_.relationships.capacity() + notes_.out.capacity() +
                     notes_.in.capacity() + deleted_entities_.capacity() +
                     deleted_relationships_.capacity();
  return ids * kIdSlot + notes_.parts.capacity() * (sizeof(std::pair<EntityId, uint32_t>) + 1) +
         own_entry_bytes_;
}

template <typename Id>
void GraphReader::OverlayIndex(const IndexDefinition& index, const IndexLookup& lookup,
                               std::vector<Id>* ids) {
  if (!std::exchange(own_entries_seeded_, true)) {
    for (const EntityState* state : transaction_->EditedEntities()) AddOwnEntries(*state);
    for (const RelationshipState* state : transaction_->EditedRelationships()) {
      AddOwnEntries(*state);
    }
  }
  const std::vector<KeyRange> ranges = IndexRanges(index, lookup);
  for (const KeyRange& range : ranges) {
    transaction_->NoteReadRange(IndexLogicalRange(range));
    const auto end = own_entries_.lower_bound(range.limit);
    for (auto it = own_entries_.lower_bound(range.start); it != end; ++it) {
      if (const absl::StatusOr<uint64_t> id = DecodeIndexKey(*it); id.ok()) ids->emplace_back(*id);
    }
  }
  // What was changed is judged by what it is now.
  std::erase_if(*ids, [&](Id id) {
    const auto changed = transaction_->FindChanged(id);
    return changed.edited &&
           (changed.state == nullptr || !AnyWithin(IndexEntries(index, *changed.state), ranges));
  });
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

absl::StatusOr<const IndexDefinition*> GraphReader::UsableIndex(
    ContextId context_id, LabelId label, TypeId type, const std::vector<PropertyId>& properties,
    std::shared_ptr<const Schema>* schema) const {
  const Snapshot& snapshot = context(context_id).snapshot;
  RELATA_ASSIGN_OR_RETURN(*schema, snapshot.GetSchema());
  if (database_ == nullptr) return nullptr;
  for (const auto& [id, index] : (*schema)->indexes()) {
    if (index.label != label || index.type != type || index.properties != properties) continue;
    if (database_->IndexUsable(id, snapshot)) return &index;
  }
  return nullptr;
}

template <typename Id>
absl::StatusOr<std::vector<Id>> GraphReader::ReadIndex(ContextId context_id,
                                                       const IndexDefinition& index,
                                                       const IndexLookup& lookup,
                                                       IndexReading* reading) {
  const Snapshot& snapshot = context(context_id).snapshot;
  if (!OwnWrites(context_id)) {
    if (!reading->left) reading->left = IndexRanges(index, lookup);
    RELATA_ASSIGN_OR_RETURN(const std::vector<uint64_t> page,
                            NextIndexed(snapshot.store(), reading->most, &*reading->left));
    return std::vector<Id>(page.begin(), page.end());
  }
  // What the transaction changed belongs to no page: all is one.
  reading->left.emplace();
  std::vector<Id> ids;
  if constexpr (std::is_same_v<Id, EntityId>) {
    RELATA_ASSIGN_OR_RETURN(ids, snapshot.FindByIndex(index, lookup));
  } else {
    RELATA_ASSIGN_OR_RETURN(ids, snapshot.FindRelationshipsByIndex(index, lookup));
  }
  OverlayIndex(index, lookup, &ids);
  return ids;
}

absl::StatusOr<std::optional<std::vector<EntityId>>> GraphReader::FindByIndex(
    ContextId context_id, LabelId label, const std::vector<PropertyId>& properties,
    const IndexLookup& lookup, IndexReading* reading) {
  std::shared_ptr<const Schema> schema;
  RELATA_ASSIGN_OR_RETURN(const IndexDefinition* const index,
                          UsableIndex(context_id, label, TypeId(), properties, &schema));
  if (index == nullptr) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids,
                          ReadIndex<EntityId>(context_id, *index, lookup, reading));
  return ids;
}

absl::StatusOr<bool> GraphReader::FindRelationshipsByIndex(
    ContextId context_id, TypeId type, const std::vector<PropertyId>& properties,
    const IndexLookup& lookup, IndexReading* reading, std::vector<RelationshipRef>* out) {
  out->clear();
  std::shared_ptr<const Schema> schema;
  RELATA_ASSIGN_OR_RETURN(const IndexDefinition* const index,
                          UsableIndex(context_id, LabelId(), type, properties, &schema));
  if (index == nullptr) return false;
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipId> ids,
                          ReadIndex<RelationshipId>(context_id, *index, lookup, reading));
  std::vector<RelationshipEnds> ends;
  ends.reserve(ids.size());
  for (const RelationshipId id : ids) {
    NoteRelationship(context_id, id);
    const RelationshipState* const own =
        OwnWrites(context_id) ? transaction_->FindChanged(id).state : nullptr;
    if (own != nullptr) {
      ends.push_back(own->ends);
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(const auto stored,
                            context(context_id).snapshot.GetRelationshipEnds(id));
    if (stored) ends.push_back(*stored);
  }
  RELATA_RETURN_IF_ERROR(AppendVisible(context_id, ends, out));
  return true;
}

absl::StatusOr<IndexId> GraphReader::GuessedIndex(ContextId context_id, LabelId label,
                                                  PropertyId property) const {
  // What a transaction reads is noted.
  if (guesses_ == nullptr || transaction_ != nullptr) return IndexId();
  std::shared_ptr<const Schema> schema;
  RELATA_ASSIGN_OR_RETURN(const IndexDefinition* const index,
                          UsableIndex(context_id, label, TypeId(), {property}, &schema));
  return index != nullptr && index->unique ? index->id : IndexId();
}

absl::StatusOr<std::optional<EntityId>> GraphReader::GuessByIndex(ContextId context_id,
                                                                  LabelId label,
                                                                  PropertyId property,
                                                                  const Value& value) {
  RELATA_ASSIGN_OR_RETURN(const IndexId index, GuessedIndex(context_id, label, property));
  if (!index.valid()) return std::nullopt;
  const EntityId guess = guesses_->Find(index, value);
  return guess.valid() ? std::optional(guess) : std::nullopt;
}

absl::Status GraphReader::KeepGuess(ContextId context_id, LabelId label, PropertyId property,
                                    const Value& value, EntityId found) {
  RELATA_ASSIGN_OR_RETURN(const IndexId index, GuessedIndex(context_id, label, property));
  if (index.valid()) guesses_->Keep(index, value, found);
  return absl::OkStatus();
}

absl::StatusOr<bool> GraphReader::Exists(ContextId context_id, EntityId id) {
  if (OwnWrites(context_id)) return transaction_->EntityExists(id);
  return context(context_id).snapshot.EntityExists(id);
}

absl::StatusOr<std::optional<Instant>> GraphReader::CommitTime(CommitVersion version) const {
  if (!version.valid() || database_ == nullptr) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const Instant time, database_->CommitTime(version));
  return time;
}

void GraphReader::NotePart(ContextId context_id, EntityId id, uint32_t part) {
  if (!OwnWrites(context_id) || notes_.all_parts || transaction_->MadeHere(id)) return;
  if (!notes_.parts.insert({id, part}).second) return;
  if (notes_.parts.size() > kMostNotes) {
    transaction_->NoteReadRange(AllContentLogicalRange());
    transaction_->NoteReadRange(AllExistenceLogicalRange());
    notes_.all_parts = true;
    notes_.parts.clear();
    return;
  }
  transaction_->NoteRead(ExistenceLogicalKey(id));
  if (part == kWholeEntity) {
    transaction_->NoteReadRange(ContentLogicalRange(id));
  } else if ((part & kLabelPart) != 0) {
    transaction_->NoteLabelRead(id, LabelId(part & ~kLabelPart));
  } else {
    transaction_->NotePropertyRead(id, PropertyId(part));
  }
}

void GraphReader::NoteEnds(ContextId context_id, absl::Span<const EntityId> vertices,
                           absl::Span<const Step> steps) {
  if (!OwnWrites(context_id) || notes_.all_ends) return;
  if (notes_.out.size() + notes_.in.size() + vertices.size() > kMostNotes) {
    // Whatever is written at an incoming end is written at an outgoing one as well.
    transaction_->NoteReadRange(AllOutLogicalRange());
    notes_.all_ends = true;
    notes_.out.clear();
    notes_.in.clear();
    return;
  }
  const bool out = std::any_of(steps.begin(), steps.end(),
                               [](const Step& s) { return s.direction != Direction::kIn; });
  const bool in = std::any_of(steps.begin(), steps.end(),
                              [](const Step& s) { return s.direction != Direction::kOut; });
  for (const EntityId vertex : vertices) {
    if (out && notes_.out.insert(vertex).second) {
      transaction_->NoteReadRange(OutLogicalRange(vertex));
    }
    if (in && notes_.in.insert(vertex).second) {
      transaction_->NoteReadRange(InLogicalRange(vertex));
    }
  }
}

// Replaces the edges of relationships that the transaction changed by those that they have now.
void GraphReader::OverlayChanges(ContextId context_id, absl::Span<const EntityId> vertices,
                                 absl::Span<const Step> steps, Expansion* out) {
  const ReadView& view = context(context_id).view;
  std::vector<std::vector<RelationshipId>> changed(vertices.size());
  bool any = false;
  for (size_t i = 0; i < vertices.size(); ++i) {
    transaction_->AppendChangedAt(vertices[i], &changed[i]);
    any |= !changed[i].empty();
  }
  if (!any) return;
  Expansion merged;
  merged.offsets.push_back(0);
  for (size_t i = 0; i < vertices.size(); ++i) {
    const absl::Span<const Edge> stored = out->of(i);
    const size_t begin = merged.edges.size();
    if (changed[i].empty()) {
      merged.edges.insert(merged.edges.end(), stored.begin(), stored.end());
    } else {
      for (const Edge& edge : stored) {
        if (!transaction_->FindChanged(edge.relationship).edited) merged.edges.push_back(edge);
      }
      for (const RelationshipId id : changed[i]) {
        const RelationshipState* state = transaction_->FindChanged(id).state;
        if (state != nullptr) AppendEdges(*state, vertices[i], steps, view, &merged.edges);
      }
      std::stable_sort(merged.edges.begin() + static_cast<ptrdiff_t>(begin), merged.edges.end(),
                       EdgeBefore);
    }
    merged.offsets.push_back(merged.edges.size());
  }
  *out = std::move(merged);
}

absl::Status GraphReader::Expand(ContextId context_id, absl::Span<const EntityId> vertices,
                                 absl::Span<const Step> steps, Expansion* out) {
  const ReadContext& c = context(context_id);
  RELATA_RETURN_IF_ERROR(relata::Expand(c.snapshot, vertices, steps, c.view, out));
  if (!OwnWrites(context_id)) return absl::OkStatus();
  NoteEnds(context_id, vertices, steps);
  if (transaction_->changes_relationships()) OverlayChanges(context_id, vertices, steps, out);
  return absl::OkStatus();
}

absl::Status GraphReader::ExpandPair(ContextId context_id, EntityId from, EntityId to,
                                     absl::Span<const Step> steps, std::vector<Edge>* out) {
  const ReadContext& c = context(context_id);
  std::vector<RelationshipEnds> ends;
  for (const Step& step : steps) {
    const auto add = [&](EntityId start, EntityId end) -> absl::Status {
      RELATA_ASSIGN_OR_RETURN(const auto ids, c.snapshot.FindPair(start, step.type, end));
      for (const RelationshipId id : ids) ends.push_back({id, step.type, start, end});
      return absl::OkStatus();
    };
    if (step.direction != Direction::kIn) RELATA_RETURN_IF_ERROR(add(from, to));
    if (step.direction != Direction::kOut) RELATA_RETURN_IF_ERROR(add(to, from));
  }
  const auto before = [](const auto& a, const auto& b) { return a.id < b.id; };
  const auto same = [](const auto& a, const auto& b) { return a.id == b.id; };
  std::sort(ends.begin(), ends.end(), before);
  ends.erase(std::unique(ends.begin(), ends.end(), same), ends.end());
  out->clear();
  const bool own = OwnWrites(context_id);
  RELATA_ASSIGN_OR_RETURN(const auto stored, c.snapshot.GetRelationships(ends));
  for (size_t i = 0; i < ends.size(); ++i) {
    if (own && transaction_->FindChanged(ends[i].id).edited) continue;
    if (stored[i]) AppendEdges(*stored[i], from, steps, c.view, out);
  }
  if (own) {
    NoteEnds(context_id, {from}, steps);
    std::vector<RelationshipId> changed;
    transaction_->AppendChangedBetween(from, to, &changed);
    for (const RelationshipId id : changed) {
      const RelationshipState* state = transaction_->FindChanged(id).state;
      if (state != nullptr) AppendEdges(*state, from, steps, c.view, out);
    }
  }
  std::stable_sort(out->begin(), out->end(), EdgeBefore);
  return absl::OkStatus();
}

}  // namespace relata::query
