#include "graph/transaction/settle.h"

#include <algorithm>
#include <vector>

namespace relata {
namespace {

// Gives facts and citations of this commit its version and time, and puts facts in the order of
// their ids.
void SettleFacts(CommitVersion version, Instant time, std::vector<Fact>& facts) {
  std::sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.id < b.id; });
  for (Fact& fact : facts) {
    if (!fact.recorded.valid()) fact.recorded = version;
    if (fact.cut_from && !fact.cut_from->recorded.valid()) fact.cut_from->recorded = version;
    for (Citation& c : fact.citations) {
      if (!c.recorded.valid()) {
        c.recorded = version;
        c.recorded_at = time;
      }
      if (c.source_retracted == kPlusInfinity) c.source_retracted = time;
    }
  }
}

}  // namespace

void Settle(CommitVersion version, Instant time, EntityState& state) {
  if (!state.created.valid()) state.created = version;
  if (state.source_retracted == kPlusInfinity) state.source_retracted = time;
  for (auto& [property, facts] : state.properties) SettleFacts(version, time, facts);
}

void Settle(CommitVersion version, Instant time, RelationshipState& state) {
  if (!state.created.valid()) state.created = version;
  SettleFacts(version, time, state.facts);
}

}  // namespace relata
