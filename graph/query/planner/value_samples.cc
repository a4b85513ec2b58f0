#include "graph/query/planner/value_samples.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/planner/sampled_nodes.h"
#include "graph/store/key_layout.h"
#include "graph/values/value_codec.h"
#include "storage/versioned_store.h"

namespace relata::query {
namespace {

absl::StatusOr<size_t> CountEntries(const Snapshot& snapshot, const std::string& prefix) {
  size_t count = 0;
  VersionedScan scan(snapshot.store(), KeyRange::Prefix(prefix));
  for (; scan.Valid() && count < ValueSamples::kMostCounted; scan.Next()) ++count;
  RELATA_RETURN_IF_ERROR(scan.status());
  return count;
}

// What one that was looked at has: its entries begin with this. Empty: it lacks a property.
using EntryStart = std::string;

EntryStart StartOf(const IndexDefinition& index, size_t properties, const EntityState& entity) {
  EntryStart start = IndexPrefix(index.id);
  for (size_t i = 0; i < properties; ++i) {
    const std::vector<Fact>* const facts = entity.FindProperty(index.properties[i]);
    if (facts == nullptr) return "";
    start += ValueKeyPrefix(facts->back().value);
  }
  return start;
}

EntryStart StartOf(const IndexDefinition& index, size_t properties,
                   const RelationshipState& relationship) {
  EntryStart start = IndexPrefix(index.id);
  for (size_t i = 0; i < properties; ++i) {
    const Value* const value = relationship.facts.back().FindProperty(index.properties[i]);
    if (value == nullptr) return "";
    start += ValueKeyPrefix(*value);
  }
  return start;
}

absl::StatusOr<std::vector<EntryStart>> LookAtNodes(const Snapshot& snapshot,
                                                    const IndexDefinition& index,
                                                    size_t properties) {
  std::vector<EntryStart> starts;
  RELATA_ASSIGN_OR_RETURN(SampledNodes nodes, SampledNodes::Of(snapshot, index.label));
  for (int i = 0; i < ValueSamples::kNodes; ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, nodes.Next());
    if (!id) continue;
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> entity, snapshot.GetEntity(*id));
    starts.push_back(entity ? StartOf(index, properties, *entity) : "");
  }
  return starts;
}

absl::StatusOr<std::vector<EntryStart>> LookAtRelationships(const Snapshot& snapshot,
                                                            const IndexDefinition& index,
                                                            size_t properties) {
  std::vector<EntryStart> starts;
  RELATA_ASSIGN_OR_RETURN(SampledRelationships sampled, SampledRelationships::Of(snapshot));
  for (int i = 0; i < ValueSamples::kNodes; ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<RelationshipEnds> ends, sampled.Next(index.type));
    if (!ends) continue;
    RELATA_ASSIGN_OR_RETURN(const auto states, snapshot.GetRelationships({*ends}));
    starts.push_back(states[0] ? StartOf(index, properties, *states[0]) : "");
  }
  return starts;
}

}  // namespace

std::optional<ValueSample> ValueSamples::Of(const IndexDefinition& index, size_t properties) {
  const uint64_t size =
      index.of_relationships() ? database_->RelationshipCount() : database_->EntityCount();
  const std::pair<IndexId, size_t> asked(index.id, properties);
  {
    MutexLock lock(&mutex_);
    const auto it = entries_.find(asked);
    if (it != entries_.end() && SameSampledSize(it->second.size, size)) return it->second.sample;
  }
  // An estimate that cannot be made is none.
  const absl::StatusOr<std::optional<ValueSample>> sample = Look(index, properties);
  if (!sample.ok()) return std::nullopt;
  MutexLock lock(&mutex_);
  entries_[asked] = {*sample, size};
  return *sample;
}

absl::StatusOr<std::optional<ValueSample>> ValueSamples::Look(const IndexDefinition& index,
                                                              size_t properties) const {
  const Snapshot snapshot = database_->Latest();
  RELATA_ASSIGN_OR_RETURN(const std::vector<EntryStart> starts,
                          index.of_relationships()
                              ? LookAtRelationships(snapshot, index, properties)
                              : LookAtNodes(snapshot, index, properties));
  int having = 0;
  double parts = 0;  // of values
  double same = 0;
  for (const EntryStart& start : starts) {
    if (start.empty()) continue;
    RELATA_ASSIGN_OR_RETURN(const size_t count, CountEntries(snapshot, start));
    ++having;
    parts += 1 / static_cast<double>(std::max<size_t>(count, 1));
    same += static_cast<double>(count);
  }
  if (having == 0) return std::nullopt;
  return ValueSample{parts / having, same / having,
                     static_cast<double>(having) / static_cast<double>(starts.size())};
}

}  // namespace relata::query
