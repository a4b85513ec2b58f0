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

// Larger arrays of the past are not kept: finding out for how long they were so takes memory.
constexpr size_t kMostPastFacts = size_t{1} << 16;

// The versions around `at` between which no key of the range changed: [since, until), `until` 0
// where none did after it.
struct Unchanged {
  CommitVersion since;
  CommitVersion until;
};
absl::StatusOr<Unchanged> FindUnchanged(const StoreSnapshot& all, const KeyRange& range,
                                        CommitVersion at) {
  Unchanged unchanged;
  RELATA_ASSIGN_OR_RETURN(const std::vector<KeyHistory> histories, ReadHistory(all, range));
  for (const KeyHistory& history : histories) {
    for (const RecordVersion& version : history.versions) {
      for (const CommitVersion change : {version.written, version.ended}) {
        if (change <= at) {
          unchanged.since = std::max(unchanged.since, change);
        } else if (!unchanged.until.valid() || change < unchanged.until) {
          unchanged.until = change;
        }
      }
    }
  }
  return unchanged;
}

// Keeps what a snapshot of an old version saw, for the versions at which it was so. Where it is so
// up to now it is an array of the present.
absl::Status InstallPast(const Snapshot& snapshot, const AdjacencyKey& key,
                         absl::Span<const AdjacentFact> facts) {
  if (facts.size() > kMostPastFacts) return absl::OkStatus();
  AdjacencyCache& cache = *snapshot.adjacency_cache();
  const OrderedKv* const kv = snapshot.store().kv();
  // In this order: the engine shows all changes up to that version.
  const CommitVersion built_at = std::max(cache.newest_change(), snapshot.version());
  const StoreSnapshot all(kv, kv->NewSnapshot(), CommitVersion(UINT64_MAX), /*commit_time_us=*/0,
                          /*at_head=*/false);
  const KeyRange range = KeyRange::Prefix(key.outgoing ? OutPrefix(key.vertex, key.type)
                                                       : InPrefix(key.vertex, key.type));
  RELATA_ASSIGN_OR_RETURN(const Unchanged unchanged, FindUnchanged(all, range, snapshot.version()));
  if (unchanged.until.valid()) {
    cache.InstallPast(key, unchanged.since, unchanged.until, facts);
  } else {
    cache.InstallSince(key, unchanged.since, built_at, facts);
  }
  return absl::OkStatus();
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

uint64_t EdgeWalk::CountFound(const AdjacencyCache::Found& found, EntityId vertex,
                              const Lane& lane) const {
  const PackedArray array(found.block, found.fact_distance);
  if (found.changed == nullptr && TestsOf(array, lane).none) return array.size();
  uint64_t count = 0;
  VisitArray(array, found.changed, vertex, lane, [&](const auto& /*edge*/) { ++count; });
  return count;
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
  if (cache == nullptr) return facts;
  if (snapshot_.store().at_head()) {
    cache->Install({vertex, lane.type, lane.outgoing}, snapshot_.version(), facts);
  } else {
    RELATA_RETURN_IF_ERROR(InstallPast(snapshot_, {vertex, lane.type, lane.outgoing}, facts));
  }
  return facts;
}

}  // namespace relata
