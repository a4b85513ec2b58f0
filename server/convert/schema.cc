#include "server/convert/schema.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/status_macros.h"
#include "relata/v1/admin_service.pb.h"
#include "relata/v1/mutation.pb.h"
#include "server/convert/fact_write.h"

namespace relata {
namespace {

// The numbers of both enums are the same.
static_assert(static_cast<int>(ValueType::kBool) == v1::BOOLEAN);
static_assert(static_cast<int>(ValueType::kFloat64) == v1::FLOAT64);
static_assert(static_cast<int>(ValueType::kMoney) == v1::MONEY);
static_assert(static_cast<int>(ValueType::kBytes) == v1::BYTES);
static_assert(static_cast<int>(ValueType::kLocalDateTime) == v1::LOCAL_DATETIME);
static_assert(static_cast<int>(ValueType::kDuration) == v1::DURATION);
static_assert(static_cast<int>(ValueType::kList) == v1::LIST);

absl::StatusOr<Mutation> Convert(const v1::RelationshipTypeDeclaration& proto,
                                 const FieldPath& path) {
  DeclareRelationshipType declare;
  RELATA_RETURN_IF_ERROR(CheckWord(proto.type(), "type", path.Field("type")));
  for (int i = 0; i < proto.from_labels_size(); ++i) {
    RELATA_RETURN_IF_ERROR(CheckWord(proto.from_labels(i), "label", path.Item("from_labels", i)));
  }
  for (int i = 0; i < proto.to_labels_size(); ++i) {
    RELATA_RETURN_IF_ERROR(CheckWord(proto.to_labels(i), "label", path.Item("to_labels", i)));
  }
  for (int i = 0; i < proto.inline_properties_size(); ++i) {
    RELATA_RETURN_IF_ERROR(
        CheckPropertyName(proto.inline_properties(i), path.Item("inline_properties", i)));
  }
  declare.type = proto.type();
  declare.one_per_pair = proto.one_per_pair();
  declare.from_labels.assign(proto.from_labels().begin(), proto.from_labels().end());
  declare.to_labels.assign(proto.to_labels().begin(), proto.to_labels().end());
  declare.inline_properties.assign(proto.inline_properties().begin(),
                                   proto.inline_properties().end());
  return Mutation(std::move(declare));
}

absl::StatusOr<Mutation> Convert(const v1::PropertyDeclaration& proto, const FieldPath& path) {
  DeclareProperty declare;
  if (proto.owner_case() == v1::PropertyDeclaration::OWNER_NOT_SET) {
    return path.Error("say whose property it is: label or relationship_type");
  }
  if (proto.owner_case() == v1::PropertyDeclaration::kLabel) {
    RELATA_RETURN_IF_ERROR(CheckWord(proto.label(), "label", path.Field("label")));
  } else {
    RELATA_RETURN_IF_ERROR(
        CheckWord(proto.relationship_type(), "type", path.Field("relationship_type")));
  }
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  if (proto.types_size() == 0) return path.Field("types").Error("at least one type is required");
  for (int i = 0; i < proto.types_size(); ++i) {
    if (!v1::ValueType_IsValid(proto.types(i)) || proto.types(i) == v1::VALUE_TYPE_UNSPECIFIED) {
      return path.Item("types", i).Error("this type of value does not exist");
    }
    declare.types.push_back(static_cast<ValueType>(proto.types(i)));
  }
  declare.label = proto.label();
  declare.relationship_type = proto.relationship_type();
  declare.property = proto.property();
  declare.required = proto.required();
  declare.unit = proto.unit();
  declare.description = proto.description();
  return Mutation(std::move(declare));
}

template <typename Message>
absl::StatusOr<Mutation> ConvertIndex(const Message& proto, bool unique, bool drop,
                                      const FieldPath& path) {
  ChangeIndex change;
  change.unique = unique;
  change.drop = drop;
  change.label = proto.label();
  if constexpr (std::is_same_v<Message, v1::Index>) {
    change.relationship_type = proto.relationship_type();
    if (!proto.label().empty() && !proto.relationship_type().empty()) {
      return path.Error("say what it is of: label or relationship_type, not both");
    }
  }
  if (change.relationship_type.empty()) {
    RELATA_RETURN_IF_ERROR(CheckWord(proto.label(), "label", path.Field("label")));
  } else {
    RELATA_RETURN_IF_ERROR(
        CheckWord(change.relationship_type, "type", path.Field("relationship_type")));
  }
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  change.properties.push_back(proto.property());
  for (int i = 0; i < proto.more_properties_size(); ++i) {
    RELATA_RETURN_IF_ERROR(
        CheckPropertyName(proto.more_properties(i), path.Item("more_properties", i)));
    change.properties.push_back(proto.more_properties(i));
  }
  return Mutation(std::move(change));
}

// The numbers of both enums are the same.
static_assert(static_cast<int>(SchemaRule::Kind::kIndex) == v1::SchemaRule::INDEX);
static_assert(static_cast<int>(SchemaRule::Kind::kInline) == v1::SchemaRule::INLINE);
static_assert(static_cast<int>(SchemaRule::Kind::kNodeKey) == v1::SchemaRule::NODE_KEY);

absl::StatusOr<Mutation> Convert(const v1::SchemaRule& proto, const FieldPath& path) {
  if (!v1::SchemaRule::Kind_IsValid(proto.kind()) ||
      proto.kind() == v1::SchemaRule::KIND_UNSPECIFIED) {
    return path.Field("kind").Error("say what is named: an index or which constraint");
  }
  if (proto.owner_case() == v1::SchemaRule::OWNER_NOT_SET) {
    return path.Error("say what it is of: label or relationship_type");
  }
  if (proto.name().empty()) return path.Field("name").Error("a name is required");
  NameSchemaRule rule;
  rule.kind = static_cast<SchemaRule::Kind>(proto.kind());
  rule.label = proto.label();
  rule.relationship_type = proto.relationship_type();
  if (!proto.property().empty()) rule.properties.push_back(proto.property());
  rule.properties.insert(rule.properties.end(), proto.more_properties().begin(),
                         proto.more_properties().end());
  rule.name = proto.name();
  return Mutation(std::move(rule));
}

// The first in its own field, the others behind it.
template <typename Message>
void PropertiesToProto(const std::vector<PropertyId>& properties, const NameTable& names,
                       Message* proto) {
  for (size_t i = 0; i < properties.size(); ++i) {
    std::string name(names.Name(properties[i]));
    if (i == 0) {
      proto->set_property(std::move(name));
    } else {
      proto->add_more_properties(std::move(name));
    }
  }
}

std::vector<std::string> SortedNames(const std::vector<LabelId>& ids, const NameTable& names) {
  std::vector<std::string> sorted;
  sorted.reserve(ids.size());
  for (const LabelId id : ids) sorted.emplace_back(names.Name(id));
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// Where a property declaration stands: labels before types.
auto PlaceOf(const PropertyDeclaration& d, const NameTable& names) {
  const std::string owner(d.type.valid() ? names.Name(d.type) : names.Name(d.label));
  return std::make_tuple(d.type.valid(), owner, std::string(names.Name(d.property)));
}

auto PlaceOf(const IndexDefinition& d, const NameTable& names) {
  const std::string owner(d.type.valid() ? names.Name(d.type) : names.Name(d.label));
  std::vector<std::string> properties;
  for (const PropertyId property : d.properties) properties.emplace_back(names.Name(property));
  return std::make_tuple(d.type.valid(), owner, std::move(properties), d.unique);
}

}  // namespace

absl::StatusOr<Mutation> SchemaMutationFromProto(const v1::Mutation& proto, const FieldPath& path) {
  switch (proto.kind_case()) {
    case v1::Mutation::kDeclareRelationshipType:
      return Convert(proto.declare_relationship_type(), path.Field("declare_relationship_type"));
    case v1::Mutation::kDeclareProperty:
      return Convert(proto.declare_property(), path.Field("declare_property"));
    case v1::Mutation::kCreateUniqueConstraint:
      return ConvertIndex(proto.create_unique_constraint(), /*unique=*/true, /*drop=*/false,
                          path.Field("create_unique_constraint"));
    case v1::Mutation::kDropUniqueConstraint:
      return ConvertIndex(proto.drop_unique_constraint(), /*unique=*/true, /*drop=*/true,
                          path.Field("drop_unique_constraint"));
    case v1::Mutation::kCreateIndex:
      return ConvertIndex(proto.create_index(), /*unique=*/false, /*drop=*/false,
                          path.Field("create_index"));
    case v1::Mutation::kDropIndex:
      return ConvertIndex(proto.drop_index(), /*unique=*/false, /*drop=*/true,
                          path.Field("drop_index"));
    case v1::Mutation::kNameSchemaRule:
      return Convert(proto.name_schema_rule(), path.Field("name_schema_rule"));
    default:
      return path.Error("this server does not know this kind of mutation");
  }
}

void DeclarationToProto(const RelationshipTypeDeclaration& declaration, const NameTable& names,
                        v1::RelationshipTypeDeclaration* proto) {
  proto->set_type(std::string(names.Name(declaration.type)));
  proto->set_one_per_pair(declaration.one_per_pair);
  for (std::string& label : SortedNames(declaration.from_labels, names)) {
    proto->add_from_labels(std::move(label));
  }
  for (std::string& label : SortedNames(declaration.to_labels, names)) {
    proto->add_to_labels(std::move(label));
  }
  std::vector<std::string> properties;
  for (const PropertyId id : declaration.inline_properties) properties.emplace_back(names.Name(id));
  std::sort(properties.begin(), properties.end());
  for (std::string& property : properties) proto->add_inline_properties(std::move(property));
}

void DeclarationToProto(const PropertyDeclaration& declaration, const NameTable& names,
                        v1::PropertyDeclaration* proto) {
  if (declaration.type.valid()) {
    proto->set_relationship_type(std::string(names.Name(declaration.type)));
  } else {
    proto->set_label(std::string(names.Name(declaration.label)));
  }
  proto->set_property(std::string(names.Name(declaration.property)));
  for (const ValueType type : declaration.types) {
    proto->add_types(static_cast<v1::ValueType>(type));
  }
  proto->set_required(declaration.required);
  proto->set_unit(declaration.unit);
  proto->set_description(declaration.description);
}

namespace {

template <typename Message>
void IndexToProto(const IndexDefinition& index, const NameTable& names, Message* proto) {
  if (index.label.valid()) proto->set_label(std::string(names.Name(index.label)));
  PropertiesToProto(index.properties, names, proto);
}

}  // namespace

void DeclarationToProto(const IndexDefinition& index, const NameTable& names,
                        v1::UniqueConstraint* proto) {
  IndexToProto(index, names, proto);
}
void DeclarationToProto(const IndexDefinition& index, const NameTable& names, v1::Index* proto) {
  IndexToProto(index, names, proto);
  if (index.type.valid()) proto->set_relationship_type(std::string(names.Name(index.type)));
}
void DeclarationToProto(const IndexDefinition& index, const NameTable& names,
                        v1::ListIndexesResponse_IndexState* proto) {
  IndexToProto(index, names, proto);
  if (index.type.valid()) proto->set_relationship_type(std::string(names.Name(index.type)));
}

std::vector<v1::SchemaRule> NamedRulesToProto(const Schema& schema, const NameTable& names) {
  std::vector<v1::SchemaRule> named;
  for (const auto& [rule, name] : schema.rule_names()) {
    v1::SchemaRule& proto = named.emplace_back();
    proto.set_kind(static_cast<v1::SchemaRule::Kind>(rule.kind));
    if (rule.label.valid()) {
      proto.set_label(std::string(names.Name(rule.label)));
    } else {
      proto.set_relationship_type(std::string(names.Name(rule.type)));
    }
    PropertiesToProto(rule.properties, names, &proto);
    proto.set_name(name);
  }
  std::sort(named.begin(), named.end(),
            [](const auto& a, const auto& b) { return a.name() < b.name(); });
  return named;
}

OrderedSchema OrderSchema(const Schema& schema, const NameTable& names) {
  OrderedSchema ordered;
  for (const auto& [type, declaration] : schema.types()) ordered.types.push_back(&declaration);
  for (const PropertyDeclaration& d : schema.properties()) ordered.properties.push_back(&d);
  for (const auto& [id, definition] : schema.indexes()) ordered.indexes.push_back(&definition);
  std::sort(ordered.types.begin(), ordered.types.end(), [&](const auto* a, const auto* b) {
    return names.Name(a->type) < names.Name(b->type);
  });
  const auto by_place = [&](const auto* a, const auto* b) {
    return PlaceOf(*a, names) < PlaceOf(*b, names);
  };
  std::sort(ordered.properties.begin(), ordered.properties.end(), by_place);
  std::sort(ordered.indexes.begin(), ordered.indexes.end(), by_place);
  return ordered;
}

}  // namespace relata
