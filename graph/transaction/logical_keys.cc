#include "graph/transaction/logical_keys.h"

#include "storage/codec/ordered_bytes.h"

namespace relata {
namespace {

enum class Kind : char {
  kSchema = 'S',
  kExistence = 'E',
  kContent = 'C',
  kLabelMember = 'L',
  kEntityKey = 'K',
  kRelationship = 'R',
  kRelationshipKey = 'Q',
  kOut = 'O',
  kIn = 'N',
  kSourceFact = 'F',
  kIndex = 'I',
  kRequest = 'q',
};

std::string Start(Kind kind) { return std::string(1, static_cast<char>(kind)); }

std::string WithId(Kind kind, uint64_t id) {
  std::string key = Start(kind);
  AppendUint64(&key, id);
  return key;
}

std::string WithText(Kind kind, absl::string_view text) {
  std::string key = Start(kind);
  AppendOrderedBytes(&key, text);
  return key;
}

// Of an entity's content.
enum class Part : char { kLabel = 'l', kProperty = 'p', kRetraction = 'r' };

std::string PartKey(EntityId id, Part part, uint32_t which) {
  std::string key = WithId(Kind::kContent, id.value());
  key.push_back(static_cast<char>(part));
  AppendUint32(&key, which);
  return key;
}

std::string PairPrefix(EntityId from, TypeId type, EntityId to) {
  std::string key = WithId(Kind::kOut, from.value());
  AppendUint32(&key, type.value());
  AppendUint64(&key, to.value());
  return key;
}

}  // namespace

std::string SchemaLogicalKey() { return Start(Kind::kSchema); }
std::string ExistenceLogicalKey(EntityId id) { return WithId(Kind::kExistence, id.value()); }

std::string LabelLogicalKey(EntityId id, LabelId label) {
  return PartKey(id, Part::kLabel, label.value());
}
std::string PropertyLogicalKey(EntityId id, PropertyId property) {
  return PartKey(id, Part::kProperty, property.value());
}
std::string RetractionLogicalKey(EntityId id) { return PartKey(id, Part::kRetraction, 0); }

std::string LabelMemberLogicalKey(LabelId label, EntityId id) {
  std::string key = Start(Kind::kLabelMember);
  AppendUint32(&key, label.value());
  AppendUint64(&key, id.value());
  return key;
}

std::string EntityKeyLogicalKey(absl::string_view key) { return WithText(Kind::kEntityKey, key); }

std::string RelationshipLogicalKey(RelationshipId id) {
  return WithId(Kind::kRelationship, id.value());
}
std::string RelationshipKeyLogicalKey(absl::string_view key) {
  return WithText(Kind::kRelationshipKey, key);
}

std::string OutLogicalKey(const RelationshipEnds& ends) {
  std::string key = PairPrefix(ends.from, ends.type, ends.to);
  AppendUint64(&key, ends.id.value());
  return key;
}

std::string InLogicalKey(const RelationshipEnds& ends) {
  std::string key = WithId(Kind::kIn, ends.to.value());
  AppendUint64(&key, ends.id.value());
  return key;
}

std::string SourceFactLogicalKey(EntityId source, const FactOwner& owner) {
  std::string key = WithId(Kind::kSourceFact, source.value());
  AppendUint64(&key, owner.fact.value());
  return key;
}

// In the place of its table's byte stands the kind.
std::string IndexLogicalKey(absl::string_view entry) {
  std::string key(entry);
  key[0] = static_cast<char>(Kind::kIndex);
  return key;
}

std::string RequestLogicalKey(absl::string_view request_id) {
  return WithText(Kind::kRequest, request_id);
}

KeyRange ContentLogicalRange(EntityId id) {
  return KeyRange::Prefix(WithId(Kind::kContent, id.value()));
}
KeyRange AllExistenceLogicalRange() { return KeyRange::Prefix(Start(Kind::kExistence)); }
KeyRange LabelMembersLogicalRange(LabelId label) {
  std::string prefix = Start(Kind::kLabelMember);
  AppendUint32(&prefix, label.value());
  return KeyRange::Prefix(prefix);
}
KeyRange AllContentLogicalRange() { return KeyRange::Prefix(Start(Kind::kContent)); }
KeyRange AllOutLogicalRange() { return KeyRange::Prefix(Start(Kind::kOut)); }
KeyRange AllRelationshipsLogicalRange() { return KeyRange::Prefix(Start(Kind::kRelationship)); }
KeyRange OutLogicalRange(EntityId from) {
  return KeyRange::Prefix(WithId(Kind::kOut, from.value()));
}
KeyRange PairLogicalRange(EntityId from, TypeId type, EntityId to) {
  return KeyRange::Prefix(PairPrefix(from, type, to));
}
KeyRange InLogicalRange(EntityId to) { return KeyRange::Prefix(WithId(Kind::kIn, to.value())); }
KeyRange SourceFactsLogicalRange(EntityId source) {
  return KeyRange::Prefix(WithId(Kind::kSourceFact, source.value()));
}
KeyRange IndexLogicalRange(const KeyRange& entries) {
  KeyRange range{IndexLogicalKey(entries.start), entries.limit};
  // The end of a range may be the start of the next table.
  range.limit[0] = static_cast<char>(range.start[0] + (entries.limit[0] - entries.start[0]));
  return range;
}
KeyRange EverythingLogicalRange() { return KeyRange{}; }

}  // namespace relata
