#include "graph/catalog/schema.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/store/key_layout.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

// Kinds of declarations in keys of table kSchema; they live on disk.
enum class Kind : uint8_t {
  kType = 1,
  kProperty = 2,
  kIndex = 3,
  kRuleName = 4,
  kSeveralName = 5,  // the name of what is about several properties
};
constexpr uint8_t kFormat = 1;
// Of an index of several properties or of relationships, and of the name of what is about several
// properties; others are of format 1, as they were.
constexpr uint8_t kWideFormat = 2;

std::string KeyOf(Kind kind, std::initializer_list<uint32_t> ids) {
  std::string key = TablePrefix(Table::kSchema);
  AppendUint8(&key, static_cast<uint8_t>(kind));
  for (const uint32_t id : ids) AppendUint32(&key, id);
  return key;
}

template <typename Id>
void WriteIds(const std::vector<Id>& ids, RecordWriter& out) {
  out.WriteVarint64(ids.size());
  for (const Id id : ids) out.WriteVarint32(id.value());
}
template <typename Id>
std::vector<Id> ReadIds(RecordReader& in) {
  std::vector<Id> ids;
  const size_t n = in.ReadCount(1);
  for (size_t i = 0; i < n; ++i) ids.emplace_back(in.ReadVarint32());
  return ids;
}

absl::Status ReadType(absl::string_view record, Schema& schema) {
  RecordReader in(record, "the declaration of a relationship type", kFormat);
  RelationshipTypeDeclaration d;
  d.type = TypeId(in.ReadVarint32());
  d.one_per_pair = in.ReadBool();
  d.from_labels = ReadIds<LabelId>(in);
  d.to_labels = ReadIds<LabelId>(in);
  d.inline_properties = ReadIds<PropertyId>(in);
  RELATA_RETURN_IF_ERROR(in.Finish());
  schema.Put(std::move(d));
  return absl::OkStatus();
}

absl::Status ReadProperty(absl::string_view record, Schema& schema) {
  RecordReader in(record, "the declaration of a property", kFormat);
  PropertyDeclaration d;
  d.label = LabelId(in.ReadVarint32());
  d.type = TypeId(in.ReadVarint32());
  d.property = PropertyId(in.ReadVarint32());
  const size_t types = in.ReadCount(1);
  for (size_t i = 0; i < types; ++i) d.types.push_back(static_cast<ValueType>(in.ReadUint8()));
  d.required = in.ReadBool();
  d.unit = std::string(in.ReadBytes());
  d.description = std::string(in.ReadBytes());
  RELATA_RETURN_IF_ERROR(in.Finish());
  schema.Put(std::move(d));
  return absl::OkStatus();
}

absl::Status ReadIndex(absl::string_view record, Schema& schema) {
  RecordReader in(record, "the definition of an index", kWideFormat);
  IndexDefinition d;
  d.id = IndexId(in.ReadVarint32());
  d.label = LabelId(in.ReadVarint32());
  if (in.format() == kWideFormat) {
    d.type = TypeId(in.ReadVarint32());
    d.properties = ReadIds<PropertyId>(in);
    if (d.properties.empty() || d.label.valid() == d.type.valid()) {
      in.MarkDamaged("it does not say what it is of");
    }
  } else {
    d.properties.emplace_back(in.ReadVarint32());
  }
  d.unique = in.ReadBool();
  RELATA_RETURN_IF_ERROR(in.Finish());
  schema.Put(std::move(d));
  return absl::OkStatus();
}

absl::Status ReadRuleName(absl::string_view record, Schema& schema) {
  RecordReader in(record, "the name of an index or a constraint", kWideFormat);
  SchemaRule rule;
  const uint8_t kind = in.ReadUint8();
  rule.label = LabelId(in.ReadVarint32());
  rule.type = TypeId(in.ReadVarint32());
  if (in.format() == kWideFormat) {
    rule.properties = ReadIds<PropertyId>(in);
  } else if (const PropertyId property(in.ReadVarint32()); property.valid()) {
    rule.properties.push_back(property);
  }
  std::string name(in.ReadBytes());
  if (kind < static_cast<uint8_t>(SchemaRule::Kind::kIndex) ||
      kind > static_cast<uint8_t>(SchemaRule::Kind::kNodeKey)) {
    in.MarkDamaged("what it names is of an unknown kind");
  }
  rule.kind = static_cast<SchemaRule::Kind>(kind);
  // The declarations come before the names in the order of keys.
  if (in.ok() && !Holds(schema, rule)) in.MarkDamaged("the schema does not say what it names");
  RELATA_RETURN_IF_ERROR(in.Finish());
  schema.Name(rule, std::move(name));
  return absl::OkStatus();
}

bool SameOwner(const PropertyDeclaration& a, const PropertyDeclaration& b) {
  return a.label == b.label && a.type == b.type && a.property == b.property;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Schema>> Schema::Load(const StoreSnapshot& snapshot) {
  auto schema = std::make_shared<Schema>();
  VersionedScan scan(snapshot, KeyRange::Prefix(TablePrefix(Table::kSchema)));
  for (; scan.Valid(); scan.Next()) {
    absl::string_view key = scan.key();
    key.remove_prefix(1);
    const std::optional<uint8_t> kind = ConsumeUint8(&key);
    switch (static_cast<Kind>(kind.value_or(0))) {
      case Kind::kType:
        RELATA_RETURN_IF_ERROR(ReadType(scan.record(), *schema));
        break;
      case Kind::kProperty:
        RELATA_RETURN_IF_ERROR(ReadProperty(scan.record(), *schema));
        break;
      case Kind::kIndex:
        RELATA_RETURN_IF_ERROR(ReadIndex(scan.record(), *schema));
        break;
      case Kind::kRuleName:
      case Kind::kSeveralName:
        RELATA_RETURN_IF_ERROR(ReadRuleName(scan.record(), *schema));
        break;
      default:
        return absl::DataLossError(
            absl::StrCat("the schema holds a declaration of the unknown kind ",
                         static_cast<int>(kind.value_or(0))));
    }
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  return schema;
}

const RelationshipTypeDeclaration* Schema::FindType(TypeId type) const {
  const auto it = types_.find(type);
  return it == types_.end() ? nullptr : &it->second;
}

bool Schema::one_per_pair(TypeId type) const {
  const RelationshipTypeDeclaration* d = FindType(type);
  return d != nullptr && d->one_per_pair;
}

const PropertyDeclaration* Schema::FindProperty(LabelId label, PropertyId property) const {
  for (const PropertyDeclaration& d : properties_) {
    if (d.label == label && !d.type.valid() && d.property == property) return &d;
  }
  return nullptr;
}

const PropertyDeclaration* Schema::FindProperty(TypeId type, PropertyId property) const {
  for (const PropertyDeclaration& d : properties_) {
    if (d.type == type && !d.label.valid() && d.property == property) return &d;
  }
  return nullptr;
}

void Schema::Put(RelationshipTypeDeclaration d) {
  const TypeId type = d.type;
  types_[type] = std::move(d);
  ForgetNames();
}

void Schema::Put(PropertyDeclaration d) {
  for (PropertyDeclaration& there : properties_) {
    if (SameOwner(there, d)) {
      there = std::move(d);
      ForgetNames();
      return;
    }
  }
  properties_.push_back(std::move(d));
}

void Schema::Put(IndexDefinition d) {
  const IndexId id = d.id;
  indexes_[id] = std::move(d);
}
void Schema::DropIndex(IndexId id) {
  indexes_.erase(id);
  ForgetNames();
}
void Schema::Name(const SchemaRule& rule, std::string name) { rule_names_[rule] = std::move(name); }
void Schema::ForgetNames() {
  std::erase_if(rule_names_, [this](const auto& entry) { return !Holds(*this, entry.first); });
}

std::string SchemaKey(const RelationshipTypeDeclaration& d) {
  return KeyOf(Kind::kType, {d.type.value()});
}
std::string SchemaKey(const PropertyDeclaration& d) {
  return KeyOf(Kind::kProperty, {d.label.value(), d.type.value(), d.property.value()});
}
std::string SchemaKey(const IndexDefinition& d) { return KeyOf(Kind::kIndex, {d.id.value()}); }
std::string SchemaKey(const SchemaRule& rule) {
  const auto kind = static_cast<uint32_t>(rule.kind);
  if (rule.properties.size() < 2) {
    return KeyOf(Kind::kRuleName,
                 {kind, rule.label.value(), rule.type.value(), rule.property().value()});
  }
  std::string key = KeyOf(Kind::kSeveralName, {static_cast<uint32_t>(rule.properties.size()), kind,
                                               rule.label.value(), rule.type.value()});
  for (const PropertyId property : rule.properties) AppendUint32(&key, property.value());
  return key;
}

std::string EncodeDeclaration(const RelationshipTypeDeclaration& d) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  out.WriteVarint32(d.type.value());
  out.WriteBool(d.one_per_pair);
  WriteIds(d.from_labels, out);
  WriteIds(d.to_labels, out);
  WriteIds(d.inline_properties, out);
  return bytes;
}

std::string EncodeDeclaration(const PropertyDeclaration& d) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  out.WriteVarint32(d.label.value());
  out.WriteVarint32(d.type.value());
  out.WriteVarint32(d.property.value());
  out.WriteVarint64(d.types.size());
  for (const ValueType type : d.types) out.WriteUint8(static_cast<uint8_t>(type));
  out.WriteBool(d.required);
  out.WriteBytes(d.unit);
  out.WriteBytes(d.description);
  return bytes;
}

std::string EncodeDeclaration(const IndexDefinition& d) {
  std::string bytes;
  const bool plain = !d.of_relationships() && d.properties.size() == 1;
  RecordWriter out(&bytes, plain ? kFormat : kWideFormat);
  out.WriteVarint32(d.id.value());
  out.WriteVarint32(d.label.value());
  if (plain) {
    out.WriteVarint32(d.properties[0].value());
  } else {
    out.WriteVarint32(d.type.value());
    WriteIds(d.properties, out);
  }
  out.WriteBool(d.unique);
  return bytes;
}

std::string EncodeRuleName(const SchemaRule& rule, absl::string_view name) {
  std::string bytes;
  const bool several = rule.properties.size() > 1;
  RecordWriter out(&bytes, several ? kWideFormat : kFormat);
  out.WriteUint8(static_cast<uint8_t>(rule.kind));
  out.WriteVarint32(rule.label.value());
  out.WriteVarint32(rule.type.value());
  if (several) {
    WriteIds(rule.properties, out);
  } else {
    out.WriteVarint32(rule.property().value());
  }
  out.WriteBytes(name);
  return bytes;
}

}  // namespace relata
