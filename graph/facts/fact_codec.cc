#include "graph/facts/fact_codec.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "graph/values/value_codec.h"

namespace relata {
namespace {

// ---- On disk: the layout is in fact_codec.h.

// First byte of a fact.
constexpr uint8_t kHasValue = 1 << 0;
constexpr uint8_t kHasProperties = 1 << 1;
constexpr uint8_t kHasInterval = 1 << 2;
constexpr uint8_t kHasCitations = 1 << 3;
constexpr uint8_t kHasOrigin = 1 << 4;
constexpr uint8_t kOlderThanRecord = 1 << 5;
constexpr uint8_t kFactFlags = (1 << 6) - 1;

// First byte of a citation; its lowest two bits are the stance.
constexpr uint8_t kStanceMask = 3;
constexpr uint8_t kHasConfidence = 1 << 2;
constexpr uint8_t kHasReported = 1 << 3;
constexpr uint8_t kHasLocator = 1 << 4;
constexpr uint8_t kCommitOfPrevious = 1 << 5;
constexpr uint8_t kSourceRetracted = 1 << 6;
constexpr uint8_t kCitationFlags = (1 << 7) - 1;

// First byte of a summary; bits 2 and 3 are the status, 4 and 5 the number of sources.
constexpr uint8_t kSummaryHasInterval = 1 << 0;
constexpr uint8_t kSummaryHasProperties = 1 << 1;
constexpr int kStatusShift = 2;
constexpr int kSourcesShift = 4;
constexpr uint8_t kTwoBits = 3;
constexpr uint8_t kHasCertainFrom = 1 << 6;
constexpr uint8_t kSummaryFlags = (1 << 7) - 1;

// The least bytes that a fact, a citation, a summary and a property take.
constexpr size_t kLeastBytes = 2;

using Properties = std::vector<std::pair<PropertyId, Value>>;

uint8_t FlagIf(bool condition, uint8_t flag) { return condition ? flag : uint8_t{0}; }

uint8_t ReadFlags(uint8_t known, RecordReader& in) {
  const uint8_t flags = in.ReadUint8();
  if ((flags & ~known) != 0) in.MarkDamaged("it has flags that this format does not know");
  return flags;
}

// Versions as their distance from the record's; small for what is new in it.
void WriteVersion(CommitVersion version, CommitVersion written, RecordWriter& out) {
  out.WriteVarint64(written.value() - version.value());
}

CommitVersion ReadVersion(CommitVersion written, RecordReader& in) {
  const uint64_t distance = in.ReadVarint64();
  if (distance <= written.value()) return CommitVersion(written.value() - distance);
  in.MarkDamaged("a version lies before the first one");
  return CommitVersion();
}

// Property ids ascend, so each is written as its distance from the one before.
void WriteProperties(const Properties& properties, RecordWriter& out) {
  out.WriteVarint64(properties.size());
  uint32_t previous = 0;
  for (const auto& [id, value] : properties) {
    out.WriteVarint32(id.value() - previous);
    WriteValue(value, out);
    previous = id.value();
  }
}

template <typename Keep>
void ReadEachProperty(RecordReader& in, Keep keep) {
  uint32_t previous = 0;
  for (size_t left = in.ReadCount(kLeastBytes); left > 0 && in.ok(); --left) {
    const uint32_t distance = in.ReadVarint32();
    if (distance == 0 || distance > std::numeric_limits<uint32_t>::max() - previous) {
      return in.MarkDamaged("its property ids do not ascend");
    }
    previous += distance;
    keep(PropertyId(previous), ReadValue(in));
  }
}

Properties ReadProperties(RecordReader& in) {
  Properties properties;
  ReadEachProperty(
      in, [&](PropertyId id, Value value) { properties.emplace_back(id, std::move(value)); });
  return properties;
}

void SkipProperties(RecordReader& in) {
  ReadEachProperty(in, [](PropertyId /*id*/, const Value& /*value*/) {});
}

// `previous`: the citation in front, null for the first.
void WriteCitation(const Citation& citation, const Citation* previous, CommitVersion written,
                   RecordWriter& out) {
  const bool commit_of_previous = previous != nullptr && citation.recorded == previous->recorded &&
                                  citation.recorded_at == previous->recorded_at;
  out.WriteUint8(static_cast<uint8_t>(citation.stance) |
                 FlagIf(citation.confidence != 1.0, kHasConfidence) |
                 FlagIf(citation.reported.has_value(), kHasReported) |
                 FlagIf(!citation.locator.empty(), kHasLocator) |
                 FlagIf(commit_of_previous, kCommitOfPrevious) |
                 FlagIf(citation.source_retracted.has_value(), kSourceRetracted));
  out.WriteVarint64(citation.source.value());
  if (citation.confidence != 1.0) out.WriteDouble(citation.confidence);
  if (citation.reported) WriteBound(*citation.reported, out);
  if (!citation.locator.empty()) out.WriteBytes(citation.locator);
  if (!commit_of_previous) {
    WriteVersion(citation.recorded, written, out);
    out.WriteZigZag64(citation.recorded_at);
  }
  if (citation.source_retracted) out.WriteZigZag64(*citation.source_retracted);
}

Citation ReadCitation(const Citation* previous, CommitVersion written, RecordReader& in) {
  Citation citation;
  const uint8_t flags = ReadFlags(kCitationFlags, in);
  citation.stance = static_cast<Stance>(flags & kStanceMask);
  if ((flags & kStanceMask) == 0) in.MarkDamaged("a citation has no stance");
  citation.source = EntityId(in.ReadVarint64());
  if ((flags & kHasConfidence) != 0) {
    citation.confidence = in.ReadDouble();
    if (!(citation.confidence >= 0.0 && citation.confidence <= 1.0)) {
      in.MarkDamaged("a confidence is not between 0 and 1");
    }
  }
  if ((flags & kHasReported) != 0) citation.reported = ReadBound(BoundRole::kFrom, in);
  if ((flags & kHasLocator) != 0) citation.locator = std::string(in.ReadBytes());
  if ((flags & kCommitOfPrevious) == 0) {
    citation.recorded = ReadVersion(written, in);
    citation.recorded_at = in.ReadZigZag64();
  } else if (previous != nullptr) {
    citation.recorded = previous->recorded;
    citation.recorded_at = previous->recorded_at;
  } else {
    in.MarkDamaged("the first citation refers to one in front of it");
  }
  if ((flags & kSourceRetracted) != 0) citation.source_retracted = in.ReadZigZag64();
  return citation;
}

void WriteCitations(const std::vector<Citation>& citations, CommitVersion written,
                    RecordWriter& out) {
  out.WriteVarint64(citations.size());
  const Citation* previous = nullptr;
  for (const Citation& citation : citations) {
    WriteCitation(citation, previous, written, out);
    previous = &citation;
  }
}

std::vector<Citation> ReadCitations(CommitVersion written, RecordReader& in) {
  std::vector<Citation> citations;
  for (size_t left = in.ReadCount(kLeastBytes); left > 0 && in.ok(); --left) {
    const Citation* previous = citations.empty() ? nullptr : &citations.back();
    citations.push_back(ReadCitation(previous, written, in));
  }
  return citations;
}

void WriteOrigin(const RankOrigin& origin, CommitVersion written, RecordWriter& out) {
  WriteBound(origin.from, out);
  WriteVersion(origin.recorded, written, out);
  out.WriteVarint64(origin.fact.value());
}

RankOrigin ReadOrigin(CommitVersion written, RecordReader& in) {
  RankOrigin origin;
  origin.from = ReadBound(BoundRole::kFrom, in);
  origin.recorded = ReadVersion(written, in);
  origin.fact = FactId(in.ReadVarint64());
  return origin;
}

// Whether the status and the number of asserting sources can go together.
bool IsPossible(const BeliefDigest& digest) {
  const bool asserted =
      digest.status == FactStatus::kAsserted || digest.status == FactStatus::kDisputed;
  return asserted == (digest.sources > 0);
}

void WriteSummary(const FactSummary& summary, RecordWriter& out) {
  const bool always = summary.valid == Interval();
  const bool has_certain_from = summary.certain_from != kPlusInfinity;
  out.WriteUint8(FlagIf(!always, kSummaryHasInterval) |
                 FlagIf(!summary.properties.empty(), kSummaryHasProperties) |
                 static_cast<uint8_t>(static_cast<uint8_t>(summary.digest.status) << kStatusShift) |
                 static_cast<uint8_t>(summary.digest.sources << kSourcesShift) |
                 FlagIf(has_certain_from, kHasCertainFrom));
  out.WriteVarint64(summary.id.value());
  if (!always) WriteInterval(summary.valid, out);
  if (has_certain_from) out.WriteZigZag64(summary.certain_from);
  if (!summary.properties.empty()) WriteProperties(summary.properties, out);
}

FactSummary ReadSummary(RecordReader& in) {
  FactSummary summary;
  const uint8_t flags = ReadFlags(kSummaryFlags, in);
  summary.digest.status = static_cast<FactStatus>((flags >> kStatusShift) & kTwoBits);
  summary.digest.sources = (flags >> kSourcesShift) & kTwoBits;
  if (!IsPossible(summary.digest)) in.MarkDamaged("a digest contradicts itself");
  summary.id = FactId(in.ReadVarint64());
  if ((flags & kSummaryHasInterval) != 0) summary.valid = ReadInterval(in);
  if ((flags & kHasCertainFrom) != 0) summary.certain_from = in.ReadZigZag64();
  if ((flags & kSummaryHasProperties) != 0) summary.properties = ReadProperties(in);
  return summary;
}

Properties SelectProperties(const Fact& fact, const std::vector<PropertyId>& wanted) {
  Properties selected;
  for (const auto& property : fact.properties) {
    if (std::binary_search(wanted.begin(), wanted.end(), property.first)) {
      selected.push_back(property);
    }
  }
  return selected;
}

FactSummary SummaryOf(const Fact& fact, const Belief& belief,
                      const std::vector<PropertyId>& inline_properties) {
  FactSummary summary;
  summary.id = fact.id;
  summary.valid = fact.valid;
  summary.digest = MakeDigest(belief);
  if (fact.valid.from.unknown) summary.certain_from = belief.certain_from;
  if (!inline_properties.empty()) summary.properties = SelectProperties(fact, inline_properties);
  return summary;
}

// `with_values`: else its value and properties are left out.
Fact ReadFactParts(CommitVersion written, bool with_values, RecordReader& in) {
  Fact fact;
  const uint8_t flags = ReadFlags(kFactFlags, in);
  fact.id = FactId(in.ReadVarint64());
  fact.recorded = (flags & kOlderThanRecord) != 0 ? ReadVersion(written, in) : written;
  if ((flags & kHasValue) != 0) {
    Value value = ReadValue(in);
    if (with_values) fact.value = std::move(value);
  }
  if ((flags & kHasProperties) != 0) {
    if (with_values) {
      fact.properties = ReadProperties(in);
    } else {
      SkipProperties(in);
    }
  }
  if ((flags & kHasInterval) != 0) fact.valid = ReadInterval(in);
  if ((flags & kHasCitations) != 0) fact.citations = ReadCitations(written, in);
  if ((flags & kHasOrigin) != 0) fact.cut_from = ReadOrigin(written, in);
  return in.ok() ? fact : Fact();
}

}  // namespace

void WriteFact(const Fact& fact, CommitVersion written, RecordWriter& out) {
  const bool always = fact.valid == Interval();
  const bool older = fact.recorded != written;
  out.WriteUint8(FlagIf(!fact.value.is_null(), kHasValue) |
                 FlagIf(!fact.properties.empty(), kHasProperties) | FlagIf(!always, kHasInterval) |
                 FlagIf(!fact.citations.empty(), kHasCitations) |
                 FlagIf(fact.cut_from.has_value(), kHasOrigin) | FlagIf(older, kOlderThanRecord));
  out.WriteVarint64(fact.id.value());
  if (older) WriteVersion(fact.recorded, written, out);
  if (!fact.value.is_null()) WriteValue(fact.value, out);
  if (!fact.properties.empty()) WriteProperties(fact.properties, out);
  if (!always) WriteInterval(fact.valid, out);
  if (!fact.citations.empty()) WriteCitations(fact.citations, written, out);
  if (fact.cut_from) WriteOrigin(*fact.cut_from, written, out);
}

Fact ReadFact(CommitVersion written, RecordReader& in) {
  return ReadFactParts(written, /*with_values=*/true, in);
}

void WriteFacts(const std::vector<Fact>& facts, CommitVersion written, RecordWriter& out) {
  out.WriteVarint64(facts.size());
  for (const Fact& fact : facts) WriteFact(fact, written, out);
}

std::vector<Fact> ReadFacts(CommitVersion written, RecordReader& in) {
  std::vector<Fact> facts;
  for (size_t left = in.ReadCount(kLeastBytes); left > 0 && in.ok(); --left) {
    facts.push_back(ReadFact(written, in));
  }
  if (!in.ok()) facts.clear();
  return facts;
}

std::vector<FactSummary> Summarize(const std::vector<Fact>& facts,
                                   const std::vector<PropertyId>& inline_properties) {
  std::vector<FactSummary> summaries;
  summaries.reserve(facts.size());
  const BeliefPolicy& policy = *DefaultPolicy();
  // Most relationships have one fact, which needs no ranking.
  if (facts.size() == 1) {
    summaries.push_back(SummaryOf(facts[0], EvaluateBelief(facts[0], policy), inline_properties));
    return summaries;
  }
  std::vector<VisibleFact> ranked;
  ranked.reserve(facts.size());
  for (const Fact& fact : facts) ranked.push_back({&fact, EvaluateBelief(fact, policy)});
  std::sort(ranked.begin(), ranked.end(), [](const VisibleFact& a, const VisibleFact& b) {
    return RanksBefore(*a.fact, a.belief.confidence, *b.fact, b.belief.confidence);
  });
  for (const auto& [fact, belief] : ranked) {
    summaries.push_back(SummaryOf(*fact, belief, inline_properties));
  }
  return summaries;
}

void WriteSummaries(const std::vector<FactSummary>& summaries, RecordWriter& out) {
  out.WriteVarint64(summaries.size());
  for (const FactSummary& summary : summaries) WriteSummary(summary, out);
}

void VisitSummaries(RecordReader& in, absl::FunctionRef<void(FactSummary)> visit) {
  for (size_t left = in.ReadCount(kLeastBytes); left > 0 && in.ok(); --left) {
    FactSummary summary = ReadSummary(in);
    if (in.ok()) visit(std::move(summary));
  }
}

std::vector<FactSummary> ReadSummaries(RecordReader& in) {
  std::vector<FactSummary> summaries;
  VisitSummaries(in, [&](FactSummary summary) { summaries.push_back(std::move(summary)); });
  if (!in.ok()) summaries.clear();
  return summaries;
}

void SummarizeFacts(CommitVersion written, RecordReader& in,
                    absl::FunctionRef<void(FactSummary)> visit) {
  const size_t count = in.ReadCount(kLeastBytes);
  if (count == 1) {
    const Fact fact = ReadFactParts(written, /*with_values=*/false, in);
    if (in.ok()) visit(SummaryOf(fact, EvaluateBelief(fact, *DefaultPolicy()), {}));
    return;
  }
  std::vector<Fact> facts;
  for (size_t left = count; left > 0 && in.ok(); --left) {
    facts.push_back(ReadFactParts(written, /*with_values=*/false, in));
  }
  if (!in.ok()) return;
  for (FactSummary& summary : Summarize(facts, {})) visit(std::move(summary));
}

}  // namespace relata
