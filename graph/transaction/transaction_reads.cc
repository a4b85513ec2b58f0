// What queries read of a transaction: lists and look-ups of what it changed.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/status_macros.h"
#include "graph/transaction/logical_keys.h"
#include "graph/transaction/transaction.h"

namespace relata {
namespace {

// A page of stored things, those that `edits` holds taken out and what `keep` makes of the edits in
// its range put in, at most `limit`, in order of ids. `full`: the store has more after this page.
template <typename Id, typename Item, typename Edits, typename IdOf, typename Keep>
std::vector<Item> MergePage(std::vector<Item> stored, const Edits& edits, Id after, bool full,
                            size_t limit, IdOf id_of, Keep keep) {
  const Id last = full ? id_of(stored.back()) : Id();
  std::erase_if(stored, [&](const Item& item) { return edits.contains(id_of(item)); });
  std::vector<Item> mine;
  for (auto it = edits.upper_bound(after);
       it != edits.end() && (!full || it->first <= last) && mine.size() < limit; ++it) {
    if (std::optional<Item> item = keep(it->first, *it->second)) mine.push_back(*item);
  }
  std::vector<Item> page;
  page.reserve(stored.size() + mine.size());
  std::merge(stored.begin(), stored.end(), mine.begin(), mine.end(), std::back_inserter(page),
             [&](const Item& a, const Item& b) { return id_of(a) < id_of(b); });
  if (page.size() > limit) page.resize(limit);
  return page;
}

// The edit of `id` as queries see it.
template <typename State, typename Edits, typename Id>
Transaction::Changed<State> ChangeOf(const Edits& edits, Id id) {
  const auto it = edits.find(id);
  if (it == edits.end()) return {};
  const auto& edit = *it->second;
  return {true, edit.after ? &*edit.after : nullptr, edit.before ? &*edit.before : nullptr};
}

}  // namespace

absl::StatusOr<std::vector<EntityId>> Transaction::ListEntities(std::optional<LabelId> label,
                                                                EntityId after, size_t limit) {
  if (label ? listed_labels_.insert(*label).second : !listed_entities_) {
    NoteReadRange(label ? LabelMembersLogicalRange(*label) : AllExistenceLogicalRange());
    if (!label) listed_entities_ = true;
  }
  const auto id_of = [](EntityId id) { return id; };
  const auto keep = [&](EntityId id, const EntityEdit& edit) -> std::optional<EntityId> {
    const bool there = edit.after && (!label || edit.after->HasLabel(*label));
    return there ? std::optional<EntityId>(id) : std::nullopt;
  };
  // A page of which own changes leave nothing is followed by the next one.
  while (true) {
    RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> stored,
                            snapshot_.ListEntities(label, after, limit));
    const bool full = limit > 0 && stored.size() >= limit;
    const EntityId last = full ? stored.back() : EntityId();
    std::vector<EntityId> page =
        MergePage(std::move(stored), entities_, after, full, limit, id_of, keep);
    if (!page.empty() || !full) return page;
    after = last;
  }
}

absl::StatusOr<std::vector<RelationshipEnds>> Transaction::ListRelationships(RelationshipId after,
                                                                             size_t limit) {
  if (!std::exchange(listed_relationships_, true)) {
    NoteReadRange(AllOutLogicalRange());
    NoteReadRange(AllRelationshipsLogicalRange());
  }
  const auto id_of = [](const RelationshipEnds& ends) { return ends.id; };
  const auto keep = [](RelationshipId, const RelationshipEdit& edit) {
    return edit.after ? std::optional<RelationshipEnds>(edit.after->ends) : std::nullopt;
  };
  while (true) {
    RELATA_ASSIGN_OR_RETURN(std::vector<RelationshipEnds> stored,
                            snapshot_.ListRelationships(after, limit));
    const bool full = limit > 0 && stored.size() >= limit;
    const RelationshipId last = full ? stored.back().id : RelationshipId();
    std::vector<RelationshipEnds> page =
        MergePage(std::move(stored), relationships_, after, full, limit, id_of, keep);
    if (!page.empty() || !full) return page;
    after = last;
  }
}

Transaction::Changed<EntityState> Transaction::FindChanged(EntityId id) const {
  return ChangeOf<EntityState>(entities_, id);
}

Transaction::Changed<RelationshipState> Transaction::FindChanged(RelationshipId id) const {
  return ChangeOf<RelationshipState>(relationships_, id);
}

void Transaction::AppendChangedAt(EntityId end, std::vector<RelationshipId>* ids) const {
  const auto created = created_at_.find(end);
  if (created != created_at_.end()) {
    ids->insert(ids->end(), created->second.begin(), created->second.end());
  }
  const auto loaded = loaded_at_.find(end);
  if (loaded != loaded_at_.end()) {
    ids->insert(ids->end(), loaded->second.begin(), loaded->second.end());
  }
}

void Transaction::AppendChangedBetween(EntityId one, EntityId other,
                                       std::vector<RelationshipId>* ids) const {
  const auto append = [&](const auto& by_end) {
    const auto at_one = by_end.find(one);
    const auto at_other = by_end.find(other);
    if (at_one == by_end.end() || at_other == by_end.end()) return;
    const bool fewer = at_one->second.size() <= at_other->second.size();
    for (const RelationshipId id : fewer ? at_one->second : at_other->second) {
      const RelationshipEdit& edit = *relationships_.find(id)->second;
      const std::optional<RelationshipState>& state = edit.after ? edit.after : edit.before;
      if (!state) continue;
      const RelationshipEnds& ends = state->ends;
      if ((ends.from == one && ends.to == other) || (ends.from == other && ends.to == one)) {
        ids->push_back(id);
      }
    }
  };
  append(created_at_);
  append(loaded_at_);
}

}  // namespace relata
