#ifndef RELATA_GRAPH_FACTS_FACT_CODEC_H_
#define RELATA_GRAPH_FACTS_FACT_CODEC_H_

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/ids.h"
#include "graph/facts/belief.h"
#include "graph/facts/fact.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"
#include "storage/codec/record_codec.h"

namespace relata {

// On disk, inside records that the store owns. Versions are written as a varint of their distance
// from `written`, the version of the record; ids and counts as varints; values, bounds and
// intervals as value_codec.h writes them. What a flag says is absent takes no byte. A flag that
// this format does not know is damage.
//
//   fact        flags u8: 1 value, 2 properties, 4 interval (else without bounds), 8 citations,
//                 16 cut_from, 32 recorded before the record (else by the same commit);
//               id; recorded; value; properties; interval; citations;
//               cut_from: bound, recorded, fact id
//   properties  count; each: distance of its id from the one before (from 0), value
//   citations   count; each: flags u8: low two bits the stance, 4 confidence (else 1),
//                 8 report date, 16 locator, 32 of the same commit as the citation before it,
//                 64 the source is retracted;
//               source; confidence as double; bound; locator as bytes; recorded and recorded_at
//               (zigzag); source_retracted (zigzag)
//   summary     flags u8: 1 interval, 2 properties, bits 2-3 status, bits 4-5 asserting sources,
//                 64 certain_from;
//               id; interval; certain_from (zigzag); properties
//   facts, summaries: count; each
//
// Writing: versions in the facts are at most `written`, properties ascend and hold no map. Damage
// goes to the reader's status, and the result is then empty.
void WriteFact(const Fact& fact, CommitVersion written, RecordWriter& out);
Fact ReadFact(CommitVersion written, RecordReader& in);
void WriteFacts(const std::vector<Fact>& facts, CommitVersion written, RecordWriter& out);
std::vector<Fact> ReadFacts(CommitVersion written, RecordReader& in);

// What the incoming adjacency entry keeps of each fact: in rank order under the default policy,
// best first, so that at an instant the first one that is valid and visible is the one seen (S1.4).
struct FactSummary {
  FactId id;
  Interval valid;
  BeliefDigest digest;
  // Belief::certain_from; kept only where the from-bound is unknown, kPlusInfinity elsewhere.
  Instant certain_from = kPlusInfinity;
  // The properties that the type declares `inline`, ascending by id.
  std::vector<std::pair<PropertyId, Value>> properties;
};
// `inline_properties`: ascending.
std::vector<FactSummary> Summarize(const std::vector<Fact>& facts,
                                   const std::vector<PropertyId>& inline_properties);
void WriteSummaries(const std::vector<FactSummary>& summaries, RecordWriter& out);
std::vector<FactSummary> ReadSummaries(RecordReader& in);
// The same one after the other, without a list. Where the reader's status tells of damage at the
// end, what was shown means nothing; so below.
void VisitSummaries(RecordReader& in, absl::FunctionRef<void(FactSummary)> visit);
// Those of what WriteFacts wrote, as Summarize(facts, {}) makes them, without making the facts:
// what they say is passed over.
void SummarizeFacts(CommitVersion written, RecordReader& in,
                    absl::FunctionRef<void(FactSummary)> visit);

}  // namespace relata

#endif  // RELATA_GRAPH_FACTS_FACT_CODEC_H_
