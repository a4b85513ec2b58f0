#include "graph/store/key_layout.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "graph/catalog/reserved_names.h"
#include "graph/values/value_codec.h"
#include "storage/codec/ordered_bytes.h"

namespace relata {
namespace {

std::string Start(Table table) {
  std::string key;
  key.reserve(32);
  AppendUint8(&key, static_cast<uint8_t>(table));
  return key;
}

template <typename Id>
void AppendId(std::string* key, Id id) {
  if constexpr (sizeof(id.value()) == 8) {
    AppendUint64(key, id.value());
  } else {
    AppendUint32(key, id.value());
  }
}

template <typename Id>
constexpr size_t kIdBytes = sizeof(std::declval<Id>().value());

template <typename Id>
char* PutId(char* at, Id id) {
  for (size_t i = kIdBytes<Id>; i > 0; --i) *at++ = static_cast<char>(id.value() >> (8 * (i - 1)));
  return at;
}

template <typename... Ids>
void SetKey(std::string* key, Table table, Ids... ids) {
  char bytes[1 + (kIdBytes<Ids> + ...)];
  bytes[0] = static_cast<char>(table);
  char* at = bytes + 1;
  ((at = PutId(at, ids)), ...);
  key->assign(bytes, sizeof bytes);
}

template <typename... Ids>
std::string KeyOf(Table table, Ids... ids) {
  std::string key;
  SetKey(&key, table, ids...);
  return key;
}

std::string TextKey(Table table, absl::string_view text) {
  std::string key = Start(table);
  AppendOrderedBytes(&key, text);
  return key;
}

absl::Status Malformed(Table table) {
  return absl::DataLossError(absl::StrCat("a key of table 0x", absl::Hex(static_cast<int>(table)),
                                          " has not the shape of that table; restore a backup"));
}

// Takes fixed-width ids from the front of a key of `table`; false where the key is too short or of
// another table.
class KeyReader {
 public:
  KeyReader(Table table, absl::string_view key) : rest_(key) {
    ok_ = ConsumeUint8(&rest_) == static_cast<uint8_t>(table);
  }
  uint64_t Wide() { return Take(ConsumeUint64(&rest_)); }
  uint32_t Narrow() { return Take(ConsumeUint32(&rest_)); }
  uint8_t Byte() { return Take(ConsumeUint8(&rest_)); }
  void SkipText() { ok_ = ok_ && SkipOrderedBytes(&rest_); }
  // Whether all fields were there and nothing is left.
  bool Done() const { return ok_ && rest_.empty(); }

 private:
  template <typename T>
  T Take(std::optional<T> v) {
    ok_ = ok_ && v.has_value();
    return v.value_or(0);
  }
  absl::string_view rest_;
  bool ok_ = false;
};

// What the key of an entry of either direction holds. Scans of whole tables read nothing as often,
// so it is read by its places and not part by part.
struct EntryIds {
  uint64_t near = 0;
  uint32_t type = 0;
  uint64_t far = 0;
  uint64_t relationship = 0;
};
std::optional<EntryIds> DecodeEntryKey(Table table, absl::string_view key) {
  constexpr size_t kType = 1 + sizeof(uint64_t);
  constexpr size_t kFar = kType + sizeof(uint32_t);
  constexpr size_t kRelationship = kFar + sizeof(uint64_t);
  if (key.size() != kRelationship + sizeof(uint64_t) ||
      static_cast<uint8_t>(key[0]) != static_cast<uint8_t>(table)) {
    return std::nullopt;
  }
  return EntryIds{LoadBigEndian<uint64_t>(&key[1]), LoadBigEndian<uint32_t>(&key[kType]),
                  LoadBigEndian<uint64_t>(&key[kFar]),
                  LoadBigEndian<uint64_t>(&key[kRelationship])};
}

}  // namespace

std::string TablePrefix(Table table) { return Start(table); }

std::string EntityKeyOf(EntityId id) { return KeyOf(Table::kEntity, id); }
std::string EntityFactPrefix(EntityId id) { return KeyOf(Table::kEntityFact, id); }
std::string EntityFactPrefix(EntityId id, PropertyId property) {
  return KeyOf(Table::kEntityFact, id, property);
}
std::string EntityFactKey(EntityId id, PropertyId property, FactId fact) {
  return KeyOf(Table::kEntityFact, id, property, fact);
}
std::string EntityByKeyKey(absl::string_view key) { return TextKey(Table::kEntityKey, key); }
std::string LabelPrefix(LabelId label) { return KeyOf(Table::kLabel, label); }
std::string LabelKey(LabelId label, EntityId id) { return KeyOf(Table::kLabel, label, id); }

KeyRange NameRange(absl::string_view folded, bool prefix) {
  std::string start = Start(Table::kName);
  if (prefix) {
    AppendOrderedBytesPrefix(&start, folded);
  } else {
    AppendOrderedBytes(&start, folded);
  }
  return KeyRange::Prefix(start);
}
std::string NameKey(absl::string_view folded, EntityId id, FactId fact) {
  std::string key = TextKey(Table::kName, folded);
  AppendId(&key, id);
  AppendId(&key, fact);
  return key;
}

std::string OutPrefix(EntityId from) { return KeyOf(Table::kOut, from); }
std::string OutPrefix(EntityId from, TypeId type) { return KeyOf(Table::kOut, from, type); }
std::string OutPrefix(EntityId from, TypeId type, EntityId to) {
  return KeyOf(Table::kOut, from, type, to);
}
std::string OutKey(const RelationshipEnds& e) {
  return KeyOf(Table::kOut, e.from, e.type, e.to, e.id);
}
std::string InPrefix(EntityId to) { return KeyOf(Table::kIn, to); }
std::string InPrefix(EntityId to, TypeId type) { return KeyOf(Table::kIn, to, type); }
std::string InKey(const RelationshipEnds& e) {
  return KeyOf(Table::kIn, e.to, e.type, e.from, e.id);
}
std::string RelationshipKeyOf(RelationshipId id) { return KeyOf(Table::kRelationship, id); }
void OutKey(const RelationshipEnds& e, std::string* key) {
  SetKey(key, Table::kOut, e.from, e.type, e.to, e.id);
}
void InKey(const RelationshipEnds& e, std::string* key) {
  SetKey(key, Table::kIn, e.to, e.type, e.from, e.id);
}
void RelationshipKeyOf(RelationshipId id, std::string* key) {
  SetKey(key, Table::kRelationship, id);
}
std::string RelationshipByKeyKey(absl::string_view key) {
  return TextKey(Table::kRelationshipKey, key);
}

std::string SourceFactPrefix(EntityId source) { return KeyOf(Table::kSourceFact, source); }
std::string SourceFactKey(EntityId source, const FactOwner& owner) {
  std::string key = KeyOf(Table::kSourceFact, source);
  AppendUint8(&key, owner.is_relationship ? 1 : 0);
  AppendUint64(&key, owner.id);
  AppendId(&key, owner.property);
  AppendId(&key, owner.fact);
  return key;
}

std::string IndexPrefix(IndexId index) { return KeyOf(Table::kIndex, index); }
std::string IndexKey(IndexId index, const Value& value, EntityId id) {
  std::string key = KeyOf(Table::kIndex, index);
  AppendValueKey(value, &key);
  AppendId(&key, id);
  return key;
}

absl::StatusOr<EntityId> DecodeEntityKey(absl::string_view key) {
  KeyReader in(Table::kEntity, key);
  const EntityId id(in.Wide());
  if (!in.Done()) return Malformed(Table::kEntity);
  return id;
}

absl::StatusOr<EntityFactIds> DecodeEntityFactKey(absl::string_view key) {
  KeyReader in(Table::kEntityFact, key);
  EntityFactIds ids;
  ids.entity = EntityId(in.Wide());
  ids.property = PropertyId(in.Narrow());
  ids.fact = FactId(in.Wide());
  if (!in.Done()) return Malformed(Table::kEntityFact);
  return ids;
}

absl::StatusOr<EntityId> DecodeLabelKey(absl::string_view key) {
  KeyReader in(Table::kLabel, key);
  in.Narrow();
  const EntityId id(in.Wide());
  if (!in.Done()) return Malformed(Table::kLabel);
  return id;
}

absl::StatusOr<EntityFactIds> DecodeNameKey(absl::string_view key) {
  KeyReader in(Table::kName, key);
  in.SkipText();
  EntityFactIds ids;
  ids.entity = EntityId(in.Wide());
  ids.property = kNamesProperty;
  ids.fact = FactId(in.Wide());
  if (!in.Done()) return Malformed(Table::kName);
  return ids;
}

absl::StatusOr<RelationshipEnds> DecodeOutKey(absl::string_view key) {
  const std::optional<EntryIds> ids = DecodeEntryKey(Table::kOut, key);
  if (!ids) return Malformed(Table::kOut);
  return RelationshipEnds{RelationshipId(ids->relationship), TypeId(ids->type), EntityId(ids->near),
                          EntityId(ids->far)};
}

absl::StatusOr<RelationshipEnds> DecodeInKey(absl::string_view key) {
  const std::optional<EntryIds> ids = DecodeEntryKey(Table::kIn, key);
  if (!ids) return Malformed(Table::kIn);
  return RelationshipEnds{RelationshipId(ids->relationship), TypeId(ids->type), EntityId(ids->far),
                          EntityId(ids->near)};
}

absl::StatusOr<RelationshipId> DecodeRelationshipKey(absl::string_view key) {
  KeyReader in(Table::kRelationship, key);
  const RelationshipId id(in.Wide());
  if (!in.Done()) return Malformed(Table::kRelationship);
  return id;
}

absl::StatusOr<FactOwner> DecodeSourceFactKey(absl::string_view key) {
  KeyReader in(Table::kSourceFact, key);
  in.Wide();
  FactOwner owner;
  owner.is_relationship = in.Byte() != 0;
  owner.id = in.Wide();
  owner.property = PropertyId(in.Narrow());
  owner.fact = FactId(in.Wide());
  if (!in.Done()) return Malformed(Table::kSourceFact);
  return owner;
}

absl::StatusOr<uint64_t> DecodeIndexKey(absl::string_view key) {
  // The value in between ends by itself, but only the id at the end is wanted.
  constexpr size_t kIdBytes = 8;
  if (key.size() < 1 + 4 + kIdBytes || key[0] != static_cast<char>(Table::kIndex)) {
    return Malformed(Table::kIndex);
  }
  key.remove_prefix(key.size() - kIdBytes);
  return *ConsumeUint64(&key);
}

}  // namespace relata
