#include "graph/adjacency/lanes.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"

namespace relata {
namespace {

// The types of which the vertex has relationships in this direction, by one seek each.
absl::StatusOr<std::vector<TypeId>> ReadTypes(const StoreSnapshot& store, EntityId vertex,
                                              bool outgoing) {
  std::vector<TypeId> types;
  VersionedScan scan(store, KeyRange::Prefix(outgoing ? OutPrefix(vertex) : InPrefix(vertex)));
  while (scan.Valid()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends,
                            outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
    types.push_back(ends.type);
    const TypeId following = ends.type.next();
    if (!following.valid()) break;
    scan.SkipTo(outgoing ? OutPrefix(vertex, following) : InPrefix(vertex, following));
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return types;
}

// From the cache where it knows them; else from storage, and then into the cache where the snapshot
// is of the head.
absl::StatusOr<std::vector<TypeId>> TypesOf(const Snapshot& snapshot, EntityId vertex,
                                            bool outgoing) {
  AdjacencyCache* const cache = snapshot.adjacency_cache();
  if (cache != nullptr) {
    const TypeSets::Types* const known = cache->FindTypes(vertex, outgoing, snapshot.version());
    if (known != nullptr) return *known;
  }
  RELATA_ASSIGN_OR_RETURN(std::vector<TypeId> types, ReadTypes(snapshot.store(), vertex, outgoing));
  if (cache != nullptr && snapshot.store().at_head()) {
    cache->InstallTypes(vertex, outgoing, snapshot.version(), types);
  }
  return types;
}

}  // namespace

LaneList::LaneList(const Snapshot& snapshot, absl::Span<const Step> steps) : snapshot_(snapshot) {
  for (const Step& step : steps) {
    if (step.type.valid()) {
      named_[step.type].Add(step.direction);
    } else {
      every_.Add(step.direction);
    }
  }
  SetLanes(named_);
}

absl::StatusOr<absl::Span<const Lane>> LaneList::WithEveryType(EntityId vertex) {
  Asked asked = named_;
  if (every_.out) {
    RELATA_ASSIGN_OR_RETURN(const auto types, TypesOf(snapshot_, vertex, /*outgoing=*/true));
    for (const TypeId type : types) asked[type].out = true;
  }
  if (every_.in) {
    RELATA_ASSIGN_OR_RETURN(const auto types, TypesOf(snapshot_, vertex, /*outgoing=*/false));
    for (const TypeId type : types) asked[type].in = true;
  }
  SetLanes(asked);
  return absl::MakeConstSpan(lanes_);
}

void LaneList::SetLanes(const Asked& asked) {
  const AdjacencyCache* const cache = snapshot_.adjacency_cache();
  lanes_.clear();
  for (const auto& [type, directions] : asked) {
    if (directions.out) lanes_.push_back({type, /*outgoing=*/true, /*skip_loops=*/false});
    if (directions.in) lanes_.push_back({type, /*outgoing=*/false, /*skip_loops=*/directions.out});
  }
  if (cache == nullptr) return;
  for (Lane& lane : lanes_) lane.cached = cache->FindLane(lane.type, lane.outgoing);
}

absl::StatusOr<std::vector<Lane>> LanesOf(const Snapshot& snapshot, EntityId vertex,
                                          absl::Span<const Step> steps) {
  std::optional<AdjacencyCache::Pin> pin;
  if (AdjacencyCache* const cache = snapshot.adjacency_cache()) pin.emplace(cache);
  LaneList list(snapshot, steps);
  RELATA_ASSIGN_OR_RETURN(const absl::Span<const Lane> lanes, list.Of(vertex));
  return std::vector<Lane>(lanes.begin(), lanes.end());
}

}  // namespace relata
