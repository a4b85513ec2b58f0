#include "graph/adjacency/lanes.h"

#include <map>
#include <string>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"

namespace relata {
namespace {

// Which directions of a type are asked for.
struct Directions {
  bool out = false;
  bool in = false;
  void Add(Direction d) {
    out |= d != Direction::kIn;
    in |= d != Direction::kOut;
  }
};

// Calls `add` with each type of which the vertex has relationships in this direction.
template <typename Add>
absl::Status ForEachType(const StoreSnapshot& store, EntityId vertex, bool outgoing, Add add) {
  VersionedScan scan(store, KeyRange::Prefix(outgoing ? OutPrefix(vertex) : InPrefix(vertex)));
  while (scan.Valid()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends,
                            outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
    add(ends.type);
    const TypeId following = ends.type.next();
    if (!following.valid()) break;
    scan.SkipTo(outgoing ? OutPrefix(vertex, following) : InPrefix(vertex, following));
  }
  return scan.status();
}

}  // namespace

absl::StatusOr<std::vector<Lane>> LanesOf(const Snapshot& snapshot, EntityId vertex,
                                          absl::Span<const Step> steps) {
  std::map<TypeId, Directions> asked;
  Directions every_type;
  for (const Step& step : steps) {
    if (step.type.valid()) {
      asked[step.type].Add(step.direction);
    } else {
      every_type.Add(step.direction);
    }
  }
  if (every_type.out) {
    RELATA_RETURN_IF_ERROR(ForEachType(snapshot.store(), vertex, /*outgoing=*/true,
                                       [&](TypeId t) { asked[t].out = true; }));
  }
  if (every_type.in) {
    RELATA_RETURN_IF_ERROR(ForEachType(snapshot.store(), vertex, /*outgoing=*/false,
                                       [&](TypeId t) { asked[t].in = true; }));
  }
  std::vector<Lane> lanes;
  for (const auto& [type, directions] : asked) {
    if (directions.out) lanes.push_back({type, /*outgoing=*/true, /*skip_loops=*/false});
    if (directions.in) lanes.push_back({type, /*outgoing=*/false, /*skip_loops=*/directions.out});
  }
  return lanes;
}

}  // namespace relata
