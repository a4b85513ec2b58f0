#include "graph/adjacency/stored_facts.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/facts/fact_codec.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {
namespace {

AdjacentFact FactOf(EntityId neighbour, RelationshipId relationship, const FactSummary& summary) {
  return {neighbour, relationship, summary.id, summary.valid, summary.certain_from, summary.digest};
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
  const EntityId neighbour = outgoing ? ends.to : ends.from;
  const auto append = [&](const FactSummary& summary) {
    facts->push_back(FactOf(neighbour, ends.id, summary));
  };
  if (!outgoing) return SummarizeIn(ends, scan.record(), append);
  if (whole == nullptr) return SummarizeOut(ends, scan.written(), scan.record(), append);
  RELATA_ASSIGN_OR_RETURN(RelationshipState state, DecodeOut(ends, scan.written(), scan.record()));
  for (const FactSummary& summary : Summarize(state.facts, {})) append(summary);
  *whole = std::move(state.facts);
  return absl::OkStatus();
}

}  // namespace relata
