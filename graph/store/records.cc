#include "graph/store/records.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/values/value_codec.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

// The newest format of each record; all live on disk.
constexpr uint8_t kEntityFormat = 1;
constexpr uint8_t kEntityFactFormat = 1;
constexpr uint8_t kOutFormat = 1;
constexpr uint8_t kInFormat = 1;
constexpr uint8_t kRelationshipFormat = 1;
constexpr uint8_t kIdFormat = 1;
// How errors name records.
constexpr absl::string_view kOutRecord = "the facts of a relationship";
constexpr absl::string_view kInRecord = "the incoming entry of a relationship";
// That most adjacency records fit in: one allocation for each.
constexpr size_t kUsualRecordBytes = 64;

// The error of a reader with the id of the record that it read.
absl::Status AtRecord(const absl::Status& status, uint64_t id) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), " (id ", id, ")"));
}

// Versions inside a record, as the distance back from the version that wrote it.
void WriteVersion(CommitVersion version, CommitVersion written, RecordWriter& out) {
  out.WriteVarint64(written.value() - version.value());
}
CommitVersion ReadVersion(CommitVersion written, RecordReader& in) {
  const uint64_t back = in.ReadVarint64();
  if (back > written.value()) {
    in.MarkDamaged("a version lies before the first commit");
    return written;
  }
  return CommitVersion(written.value() - back);
}

}  // namespace

bool StoredInline(const std::vector<Fact>& facts) {
  return facts.size() == 1 && facts.front().plain();
}

std::string EncodeEntity(const EntityState& state, CommitVersion written) {
  std::string bytes;
  RecordWriter out(&bytes, kEntityFormat);
  out.WriteBytes(state.key);
  WriteVersion(state.created, written, out);
  out.WriteBool(state.source_retracted.has_value());
  if (state.source_retracted) out.WriteFixed64(static_cast<uint64_t>(*state.source_retracted));
  out.WriteVarint64(state.labels.size());
  for (const LabelId label : state.labels) out.WriteVarint32(label.value());
  size_t inline_count = 0;
  for (const auto& [property, facts] : state.properties) {
    if (StoredInline(facts)) ++inline_count;
  }
  out.WriteVarint64(inline_count);
  for (const auto& [property, facts] : state.properties) {
    if (!StoredInline(facts)) continue;
    const Fact& fact = facts.front();
    out.WriteVarint32(property.value());
    out.WriteVarint64(fact.id.value());
    WriteVersion(fact.recorded, written, out);
    WriteValue(fact.value, out);
  }
  return bytes;
}

absl::StatusOr<EntityState> DecodeEntity(EntityId id, CommitVersion written,
                                         absl::string_view record) {
  RecordReader in(record, "the record of an entity", kEntityFormat);
  EntityState state;
  state.id = id;
  state.key = std::string(in.ReadBytes());
  state.created = ReadVersion(written, in);
  if (in.ReadBool()) state.source_retracted = static_cast<Instant>(in.ReadFixed64());
  const size_t labels = in.ReadCount(1);
  state.labels.reserve(labels);
  for (size_t i = 0; i < labels; ++i) state.labels.emplace_back(in.ReadVarint32());
  const size_t plain = in.ReadCount(4);
  for (size_t i = 0; i < plain && in.ok(); ++i) {
    const PropertyId property(in.ReadVarint32());
    Fact fact;
    fact.id = FactId(in.ReadVarint64());
    fact.recorded = ReadVersion(written, in);
    fact.value = ReadValue(in);
    if (in.ok() && property == kNamesProperty && !IsNameValue(fact.value)) {
      in.MarkDamaged("a name is no list of text, language and kind");
    }
    state.properties[property].push_back(std::move(fact));
  }
  RELATA_RETURN_IF_ERROR(AtRecord(in.Finish(), id.value()));
  return state;
}

std::string EncodeEntityFact(const Fact& fact, CommitVersion written) {
  std::string bytes;
  RecordWriter out(&bytes, kEntityFactFormat);
  WriteFact(fact, written, out);
  return bytes;
}

absl::StatusOr<Fact> DecodeEntityFact(FactId id, PropertyId property, CommitVersion written,
                                      absl::string_view record) {
  RecordReader in(record, "a fact of an entity", kEntityFactFormat);
  Fact fact = ReadFact(written, in);
  if (in.ok() && property == kNamesProperty && !IsNameValue(fact.value)) {
    in.MarkDamaged("a name is no list of text, language and kind");
  }
  if (in.ok() && fact.id != id) in.MarkDamaged("it holds another fact than its key says");
  RELATA_RETURN_IF_ERROR(AtRecord(in.Finish(), id.value()));
  return fact;
}

void EncodeOut(const RelationshipState& state, CommitVersion written, std::string* record) {
  record->clear();
  RecordWriter out(record, kOutFormat);
  WriteVersion(state.created, written, out);
  WriteFacts(state.facts, written, out);
}

std::string EncodeOut(const RelationshipState& state, CommitVersion written) {
  std::string bytes;
  bytes.reserve(kUsualRecordBytes);
  EncodeOut(state, written, &bytes);
  return bytes;
}

absl::StatusOr<RelationshipState> DecodeOut(const RelationshipEnds& ends, CommitVersion written,
                                            absl::string_view record) {
  RecordReader in(record, kOutRecord, kOutFormat);
  RelationshipState state;
  state.ends = ends;
  state.created = ReadVersion(written, in);
  state.facts = ReadFacts(written, in);
  RELATA_RETURN_IF_ERROR(AtRecord(in.Finish(), ends.id.value()));
  return state;
}

void EncodeIn(const RelationshipState& state, const std::vector<PropertyId>& inline_properties,
              std::string* record) {
  record->clear();
  RecordWriter out(record, kInFormat);
  WriteSummaries(Summarize(state.facts, inline_properties), out);
}

std::string EncodeIn(const RelationshipState& state,
                     const std::vector<PropertyId>& inline_properties) {
  std::string bytes;
  bytes.reserve(kUsualRecordBytes);
  EncodeIn(state, inline_properties, &bytes);
  return bytes;
}

absl::StatusOr<std::vector<FactSummary>> DecodeIn(const RelationshipEnds& ends,
                                                  absl::string_view record) {
  RecordReader in(record, kInRecord, kInFormat);
  std::vector<FactSummary> summaries = ReadSummaries(in);
  RELATA_RETURN_IF_ERROR(AtRecord(in.Finish(), ends.id.value()));
  return summaries;
}

absl::Status SummarizeOut(const RelationshipEnds& ends, CommitVersion written,
                          absl::string_view record, absl::FunctionRef<void(FactSummary)> visit) {
  RecordReader in(record, kOutRecord, kOutFormat);
  ReadVersion(written, in);
  SummarizeFacts(written, in, visit);
  return AtRecord(in.Finish(), ends.id.value());
}

absl::Status SummarizeIn(const RelationshipEnds& ends, absl::string_view record,
                         absl::FunctionRef<void(FactSummary)> visit) {
  RecordReader in(record, kInRecord, kInFormat);
  VisitSummaries(in, visit);
  return AtRecord(in.Finish(), ends.id.value());
}

void EncodeRelationship(const RelationshipState& state, std::string* record) {
  record->clear();
  RecordWriter out(record, kRelationshipFormat);
  out.WriteVarint64(state.ends.from.value());
  out.WriteVarint32(state.ends.type.value());
  out.WriteVarint64(state.ends.to.value());
  out.WriteBytes(state.key);
}

std::string EncodeRelationship(const RelationshipState& state) {
  std::string bytes;
  EncodeRelationship(state, &bytes);
  return bytes;
}

absl::StatusOr<RelationshipRecord> DecodeRelationship(RelationshipId id, absl::string_view record) {
  RecordReader in(record, "the record of a relationship", kRelationshipFormat);
  RelationshipRecord decoded;
  decoded.ends.id = id;
  decoded.ends.from = EntityId(in.ReadVarint64());
  decoded.ends.type = TypeId(in.ReadVarint32());
  decoded.ends.to = EntityId(in.ReadVarint64());
  decoded.key = std::string(in.ReadBytes());
  RELATA_RETURN_IF_ERROR(AtRecord(in.Finish(), id.value()));
  return decoded;
}

std::string EncodeId(uint64_t id) {
  std::string bytes;
  RecordWriter out(&bytes, kIdFormat);
  out.WriteVarint64(id);
  return bytes;
}

absl::StatusOr<uint64_t> DecodeId(absl::string_view what, absl::string_view record) {
  RecordReader in(record, what, kIdFormat);
  const uint64_t id = in.ReadVarint64();
  RELATA_RETURN_IF_ERROR(in.Finish());
  return id;
}

}  // namespace relata
