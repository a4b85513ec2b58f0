#include "graph/transaction/adjacency_changes.h"

#include <vector>

#include "graph/adjacency/adjacency_cache.h"
#include "graph/facts/fact_codec.h"

namespace relata {

void ChangeAdjacency(const RelationshipState* before, const RelationshipState* after,
                     CommitVersion version, AdjacencyCache& cache) {
  const RelationshipEnds& ends = before != nullptr ? before->ends : after->ends;
  if (before != nullptr) {
    for (const Fact& fact : before->facts) {
      cache.columns().Change(PropertyColumns::Owner::kFact, fact.id.value(), version);
    }
  }
  const auto facts_towards = [&](EntityId neighbour) {
    std::vector<AdjacentFact> facts;
    if (after == nullptr) return facts;
    for (const FactSummary& summary : Summarize(after->facts, {})) {
      facts.push_back(
          {neighbour, ends.id, summary.id, summary.valid, summary.certain_from, summary.digest});
    }
    return facts;
  };
  cache.Change({ends.from, ends.type, /*outgoing=*/true}, version, ends.to, ends.id,
               [&] { return facts_towards(ends.to); });
  cache.Change({ends.to, ends.type, /*outgoing=*/false}, version, ends.from, ends.id,
               [&] { return facts_towards(ends.from); });
}

}  // namespace relata
