#include "graph/query/planner/degree_samples.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/query/planner/sampled_nodes.h"
#include "graph/store/key_layout.h"
#include "storage/versioned_store.h"

namespace relata::query {
namespace {

// The other ends of the relationships under a prefix of keys.
absl::StatusOr<std::vector<EntityId>> FarEnds(const Snapshot& snapshot, const std::string& prefix,
                                              bool out) {
  std::vector<EntityId> ends;
  VersionedScan scan(snapshot.store(), KeyRange::Prefix(prefix));
  for (; scan.Valid() && ends.size() < DegreeSamples::kMostCounted; scan.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds relationship,
                            out ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
    ends.push_back(out ? relationship.to : relationship.from);
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return ends;
}

// Adds the labels of a few of a node's neighbours, each for as many of its relationships.
absl::Status AddFarLabels(const Snapshot& snapshot, const std::vector<EntityId>& ends,
                          SamplePlaces& places, DegreeSample& sample) {
  if (ends.empty()) return absl::OkStatus();
  const size_t few = std::min(ends.size(), DegreeSamples::kFarEnds);
  const double weight = static_cast<double>(ends.size()) / static_cast<double>(few);
  for (size_t i = 0; i < few; ++i) {
    const EntityId end = few == ends.size() ? ends[i] : ends[places.Below(ends.size())];
    RELATA_ASSIGN_OR_RETURN(const auto entity, snapshot.GetEntityRecord(end));
    ++sample.far_ends;
    if (!entity) continue;
    for (const LabelId label : entity->labels) {
      sample.far_labels[std::string(snapshot.names().Name(label))] += weight;
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<DegreeSample> DegreeSamples::Of(const std::string& label, const std::string& type,
                                              EdgeDirection direction) {
  const uint64_t relationships = database_->Statistics().relationships;
  Key key{label, type, direction};
  {
    MutexLock lock(&mutex_);
    const auto it = entries_.find(key);
    if (it != entries_.end() && SameSampledSize(it->second.relationships, relationships)) {
      return it->second.sample;
    }
  }
  // An estimate that cannot be made is none.
  const absl::StatusOr<std::optional<DegreeSample>> sample = Look(key);
  if (!sample.ok()) return std::nullopt;
  MutexLock lock(&mutex_);
  entries_[std::move(key)] = {*sample, relationships};
  return *sample;
}

absl::StatusOr<std::optional<DegreeSample>> DegreeSamples::Look(const Key& key) const {
  const auto& [label_name, type_name, direction] = key;
  const Snapshot snapshot = database_->Latest();
  std::optional<LabelId> label;
  std::optional<TypeId> type;
  if (!label_name.empty()) label = snapshot.names().FindLabel(label_name);
  if (!type_name.empty()) type = snapshot.names().FindType(type_name);
  if ((!label && !label_name.empty()) || (!type && !type_name.empty())) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(SampledNodes nodes, SampledNodes::Of(snapshot, label));
  DegreeSample sample;
  double all = 0;
  for (int i = 0; i < kNodes; ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id, nodes.Next());
    if (!id) continue;
    const bool out = direction == EdgeDirection::kOut;
    const std::string prefix = type ? (out ? OutPrefix(*id, *type) : InPrefix(*id, *type))
                                    : (out ? OutPrefix(*id) : InPrefix(*id));
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ends, FarEnds(snapshot, prefix, out));
    RELATA_RETURN_IF_ERROR(AddFarLabels(snapshot, ends, nodes.places(), sample));
    sample.degrees.push_back(static_cast<double>(ends.size()));
    all += sample.degrees.back();
  }
  if (sample.degrees.empty()) return std::nullopt;
  std::sort(sample.degrees.begin(), sample.degrees.end());
  sample.average = all / static_cast<double>(sample.degrees.size());
  sample.largest = sample.degrees.back();
  for (auto& [name, part] : sample.far_labels) part /= all;
  return sample;
}

}  // namespace relata::query
