#include "graph/adjacency/edge_walk.h"

#include <algorithm>

#include "graph/adjacency/stored_facts.h"
#include "graph/store/key_layout.h"

namespace relata {
namespace {

// What is not possible under any policy needs no look at the citations.
ValidTime Possibly(ValidTime valid) {
  valid.certainly = false;
  return valid;
}

}  // namespace

EdgeWalk::EdgeWalk(const Snapshot& snapshot, absl::Span<const Step> steps, const ReadView& view)
    : snapshot_(snapshot),
      choice_(view.policy->raw           ? Choice::kRaw
              : view.policy->IsDefault() ? Choice::kDigest
                                         : Choice::kFacts),
      valid_(choice_ == Choice::kFacts ? Possibly(view.valid) : view.valid),
      once_each_(choice_ == Choice::kFacts ||
                 (view.valid.kind == ValidTime::Kind::kInstant && !view.policy->raw)),
      lanes_(snapshot, steps) {}

bool EdgeWalk::Lookups::KnowsEmpty(const Lane& lane, EntityId vertex, CommitVersion version) {
  const TypeSets::Types* const types =
      cache_ == nullptr ? nullptr : cache_->FindTypes(vertex, lane.outgoing, version);
  const bool empty =
      types != nullptr && !std::binary_search(types->begin(), types->end(), lane.type);
  ++(empty ? hits_ : misses_);
  return empty;
}

absl::StatusOr<std::vector<AdjacentFact>> EdgeWalk::ReadLane(EntityId vertex,
                                                             const Lane& lane) const {
  std::vector<AdjacentFact> facts;
  VersionedScan scan(
      snapshot_.store(),
      KeyRange::Prefix(lane.outgoing ? OutPrefix(vertex, lane.type) : InPrefix(vertex, lane.type)));
  for (; scan.Valid(); scan.Next()) {
    RELATA_RETURN_IF_ERROR(AppendStoredFacts(scan, lane.outgoing, &facts).status());
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  AdjacencyCache* const cache = snapshot_.adjacency_cache();
  if (cache != nullptr && snapshot_.store().at_head()) {
    cache->Install({vertex, lane.type, lane.outgoing}, snapshot_.version(), facts);
  }
  return facts;
}

}  // namespace relata
