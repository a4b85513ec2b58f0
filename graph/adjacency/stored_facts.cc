#include "graph/adjacency/stored_facts.h"

#include "base/status_macros.h"
#include "graph/facts/fact_codec.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {
namespace {

void Append(EntityId neighbour, RelationshipId relationship,
            const std::vector<FactSummary>& summaries, std::vector<AdjacentFact>* facts) {
  for (const FactSummary& summary : summaries) {
    facts->push_back(
        {neighbour, relationship, summary.id, summary.valid, summary.certain_from, summary.digest});
  }
}

}  // namespace

absl::StatusOr<RelationshipEnds> AppendStoredFacts(const VersionedScan& scan, bool outgoing,
                                                   std::vector<AdjacentFact>* facts) {
  if (outgoing) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends, DecodeOutKey(scan.key()));
    RELATA_ASSIGN_OR_RETURN(const RelationshipState state,
                            DecodeOut(ends, scan.written(), scan.record()));
    Append(ends.to, ends.id, Summarize(state.facts, {}), facts);
    return ends;
  }
  RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends, DecodeInKey(scan.key()));
  RELATA_ASSIGN_OR_RETURN(const std::vector<FactSummary> summaries, DecodeIn(ends, scan.record()));
  Append(ends.from, ends.id, summaries, facts);
  return ends;
}

}  // namespace relata
