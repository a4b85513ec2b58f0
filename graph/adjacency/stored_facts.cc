#include "graph/adjacency/stored_facts.h"

#include <utility>

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
  RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends,
                          outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
  RELATA_RETURN_IF_ERROR(AppendStoredFacts(ends, scan, outgoing, facts, nullptr));
  return ends;
}

absl::Status AppendStoredFacts(const RelationshipEnds& ends, const VersionedScan& scan,
                               bool outgoing, std::vector<AdjacentFact>* facts,
                               std::vector<Fact>* whole) {
  if (!outgoing) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<FactSummary> summaries,
                            DecodeIn(ends, scan.record()));
    Append(ends.from, ends.id, summaries, facts);
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(RelationshipState state, DecodeOut(ends, scan.written(), scan.record()));
  Append(ends.to, ends.id, Summarize(state.facts, {}), facts);
  if (whole != nullptr) *whole = std::move(state.facts);
  return absl::OkStatus();
}

}  // namespace relata
