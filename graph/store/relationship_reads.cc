// Relationships by their ends, many at a time.
#include <algorithm>
#include <tuple>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"
#include "graph/store/snapshot.h"

namespace relata {
namespace {

// So many relationships of one vertex and type are read by a scan; fewer are looked up each. What
// an expansion found lies together, and a step of a scan costs a tenth of a look-up.
constexpr size_t kFewestToScan = 4;
// A scan steps over so many relationships that were not asked for before it seeks.
constexpr int kMostSteps = 16;

// Positions in the request.
using Positions = std::vector<uint32_t>;

struct Request {
  const StoreSnapshot& store;
  absl::Span<const RelationshipEnds> ends;
  std::vector<std::optional<RelationshipState>>& states;
};

// In the order of their keys.
Positions OrderByKey(absl::Span<const RelationshipEnds> ends) {
  Positions order(ends.size());
  for (uint32_t i = 0; i < ends.size(); ++i) order[i] = i;
  const auto key = [&](uint32_t i) {
    const RelationshipEnds& e = ends[i];
    return std::tuple(e.from, e.type, e.to, e.id);
  };
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
  return order;
}

absl::Status LookUp(const Request& request, const Positions& positions) {
  std::vector<std::string> keys;
  keys.reserve(positions.size());
  for (const uint32_t i : positions) keys.push_back(OutKey(request.ends[i]));
  RELATA_ASSIGN_OR_RETURN(const auto found, request.store.MultiGet(keys));
  for (size_t k = 0; k < positions.size(); ++k) {
    if (!found[k]) continue;
    const uint32_t i = positions[k];
    RELATA_ASSIGN_OR_RETURN(request.states[i],
                            DecodeOut(request.ends[i], found[k]->written, found[k]->record));
  }
  return absl::OkStatus();
}

// `positions`: of relationships of one vertex and type, in the order of their keys.
absl::Status Scan(const Request& request, absl::Span<const uint32_t> positions) {
  const RelationshipEnds& first = request.ends[positions.front()];
  KeyRange range = KeyRange::Prefix(OutPrefix(first.from, first.type));
  range.start = OutKey(first);
  VersionedScan scan(request.store, std::move(range));
  for (const uint32_t i : positions) {
    const std::string key = OutKey(request.ends[i]);
    for (int steps = 0; scan.Valid() && scan.key() < key; ++steps) {
      if (steps < kMostSteps) {
        scan.Next();
      } else {
        scan.SkipTo(key);
      }
    }
    if (!scan.Valid()) break;
    if (scan.key() != key) continue;
    RELATA_ASSIGN_OR_RETURN(request.states[i],
                            DecodeOut(request.ends[i], scan.written(), scan.record()));
  }
  return scan.status();
}

}  // namespace

absl::StatusOr<std::vector<std::optional<RelationshipState>>> Snapshot::GetRelationships(
    absl::Span<const RelationshipEnds> ends) const {
  std::vector<std::optional<RelationshipState>> states(ends.size());
  const Request request{*store_, ends, states};
  const Positions order = OrderByKey(ends);
  Positions scattered;
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    const RelationshipEnds& first = ends[order[begin]];
    end = begin + 1;
    while (end < order.size() && ends[order[end]].from == first.from &&
           ends[order[end]].type == first.type) {
      ++end;
    }
    if (end - begin < kFewestToScan) {
      const auto group = absl::MakeConstSpan(order).subspan(begin, end - begin);
      scattered.insert(scattered.end(), group.begin(), group.end());
    } else {
      RELATA_RETURN_IF_ERROR(Scan(request, absl::MakeConstSpan(order).subspan(begin, end - begin)));
    }
  }
  RELATA_RETURN_IF_ERROR(LookUp(request, scattered));
  return states;
}

}  // namespace relata
