#include "server/convert/mutation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "relata/v1/mutation.pb.h"
#include "relata/v1/write_service.pb.h"
#include "server/convert/fact_write.h"
#include "server/convert/reference.h"
#include "server/convert/schema.h"
#include "server/convert/value.h"

namespace relata {
namespace {

using Words = google::protobuf::RepeatedPtrField<std::string>;

absl::StatusOr<std::vector<std::string>> LabelsFromProto(const Words& labels,
                                                         absl::string_view field,
                                                         const FieldPath& path) {
  for (int i = 0; i < labels.size(); ++i) {
    RELATA_RETURN_IF_ERROR(CheckWord(labels[i], "label", path.Item(field, i)));
  }
  return std::vector<std::string>(labels.begin(), labels.end());
}

template <typename Message>
absl::StatusOr<std::vector<NameWrite>> NamesFromProto(const Message& proto, const FieldPath& path) {
  std::vector<NameWrite> names;
  names.reserve(proto.names_size());
  for (int i = 0; i < proto.names_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(NameWrite name, NameFromProto(proto.names(i), path.Item("names", i)));
    names.push_back(std::move(name));
  }
  return names;
}

template <typename Message>
absl::StatusOr<std::vector<FactWrite>> FactsFromProto(const Message& proto, FactKind kind,
                                                      const FieldPath& path) {
  if (proto.facts_size() == 0) return path.Field("facts").Error("at least one fact is required");
  std::vector<FactWrite> facts;
  facts.reserve(proto.facts_size());
  for (int i = 0; i < proto.facts_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(FactWrite fact,
                            FactFromProto(proto.facts(i), kind, path.Item("facts", i)));
    facts.push_back(std::move(fact));
  }
  return facts;
}

// Of a message with an optional `portion`.
template <typename Message>
absl::StatusOr<Portion> OptionalPortion(const Message& proto, const FieldPath& path) {
  if (!proto.has_portion()) return Portion();
  return PortionFromProto(proto.portion(), path.Field("portion"));
}

// Of a message with a oneof `target`.
template <typename Message>
absl::StatusOr<PropertyTarget> TargetFromProto(const Message& proto, const FieldPath& path) {
  if (proto.has_entity()) {
    RELATA_ASSIGN_OR_RETURN(EntityRef entity,
                            EntityRefFromProto(proto.entity(), path.Field("entity")));
    return PropertyTarget(std::move(entity));
  }
  if (proto.has_relationship()) {
    RELATA_ASSIGN_OR_RETURN(
        RelationshipRef relationship,
        RelationshipRefFromProto(proto.relationship(), path.Field("relationship")));
    return PropertyTarget(std::move(relationship));
  }
  return path.Error("say what to change: entity or relationship");
}

absl::StatusOr<Mutation> Convert(const v1::EntityWrite& proto, bool put, const FieldPath& path) {
  EntityWrite write;
  write.put = put;
  if (put && proto.key().empty()) return path.Field("key").Error("put_entity needs a key");
  RELATA_RETURN_IF_ERROR(CheckText(proto.key(), kMaxKeyBytes, path.Field("key")));
  RELATA_RETURN_IF_ERROR(CheckText(proto.handle(), kMaxKeyBytes, path.Field("handle")));
  write.key = proto.key();
  write.handle = proto.handle();
  RELATA_ASSIGN_OR_RETURN(write.labels, LabelsFromProto(proto.labels(), "labels", path));
  RELATA_ASSIGN_OR_RETURN(write.names, NamesFromProto(proto, path));
  for (int i = 0; i < proto.properties_size(); ++i) {
    const FieldPath property = path.Item("properties", i);
    RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.properties(i).name(), property.Field("name")));
    RELATA_ASSIGN_OR_RETURN(
        FactWrite fact,
        FactFromProto(proto.properties(i).fact(), FactKind::kOfProperty, property.Field("fact")));
    write.properties.emplace_back(proto.properties(i).name(), std::move(fact));
  }
  return Mutation(std::move(write));
}

absl::StatusOr<Mutation> Convert(const v1::RelationshipWrite& proto, bool put,
                                 const FieldPath& path) {
  RelationshipWrite write;
  write.put = put;
  RELATA_RETURN_IF_ERROR(CheckText(proto.key(), kMaxKeyBytes, path.Field("key")));
  RELATA_RETURN_IF_ERROR(CheckText(proto.handle(), kMaxKeyBytes, path.Field("handle")));
  write.key = proto.key();
  write.handle = proto.handle();
  const bool named_alone =
      put && !proto.key().empty() && proto.type().empty() && !proto.has_from() && !proto.has_to();
  if (!named_alone) {
    RELATA_RETURN_IF_ERROR(CheckWord(proto.type(), "type", path.Field("type")));
    write.type = proto.type();
    RELATA_ASSIGN_OR_RETURN(write.from, EntityRefFromProto(proto.from(), path.Field("from")));
    RELATA_ASSIGN_OR_RETURN(write.to, EntityRefFromProto(proto.to(), path.Field("to")));
  }
  RELATA_ASSIGN_OR_RETURN(write.facts, FactsFromProto(proto, FactKind::kOfRelationship, path));
  return Mutation(std::move(write));
}

absl::StatusOr<Mutation> Convert(const v1::AddFacts& proto, const FieldPath& path) {
  AddFacts add;
  RELATA_ASSIGN_OR_RETURN(add.entity, EntityRefFromProto(proto.entity(), path.Field("entity")));
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  add.property = proto.property();
  RELATA_ASSIGN_OR_RETURN(add.facts, FactsFromProto(proto, FactKind::kOfProperty, path));
  return Mutation(std::move(add));
}

absl::StatusOr<Mutation> Convert(const v1::AddNames& proto, const FieldPath& path) {
  AddNames add;
  RELATA_ASSIGN_OR_RETURN(add.entity, EntityRefFromProto(proto.entity(), path.Field("entity")));
  if (proto.names_size() == 0) return path.Field("names").Error("at least one name is required");
  RELATA_ASSIGN_OR_RETURN(add.names, NamesFromProto(proto, path));
  return Mutation(std::move(add));
}

absl::StatusOr<Mutation> Convert(const v1::RemoveNames& proto, const FieldPath& path) {
  RemoveNames remove;
  RELATA_ASSIGN_OR_RETURN(remove.entity, EntityRefFromProto(proto.entity(), path.Field("entity")));
  if (proto.text().empty()) return path.Field("text").Error("the name to remove is required");
  remove.text = proto.text();
  remove.language = proto.language();
  RELATA_ASSIGN_OR_RETURN(remove.portion, OptionalPortion(proto, path));
  return Mutation(std::move(remove));
}

absl::StatusOr<Mutation> Convert(const v1::SetProperty& proto, const FieldPath& path) {
  SetProperty set;
  RELATA_ASSIGN_OR_RETURN(set.target, TargetFromProto(proto, path));
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  set.property = proto.property();
  RELATA_ASSIGN_OR_RETURN(set.value, ValueFromProto(proto.value(), path.Field("value")));
  RELATA_ASSIGN_OR_RETURN(set.portion, OptionalPortion(proto, path));
  return Mutation(std::move(set));
}

absl::StatusOr<Mutation> Convert(const v1::RemoveProperty& proto, const FieldPath& path) {
  SetProperty remove;
  RELATA_ASSIGN_OR_RETURN(remove.target, TargetFromProto(proto, path));
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  remove.property = proto.property();
  RELATA_ASSIGN_OR_RETURN(remove.portion, OptionalPortion(proto, path));
  return Mutation(std::move(remove));
}

absl::StatusOr<Mutation> Convert(const v1::SetProperties& proto, const FieldPath& path) {
  SetProperties set;
  set.replace = proto.replace();
  RELATA_ASSIGN_OR_RETURN(set.target, TargetFromProto(proto, path));
  for (int i = 0; i < proto.properties_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        auto property,
        PropertyFromProto(proto.properties(i), /*null_allowed=*/true, path.Item("properties", i)));
    for (const auto& earlier : set.properties) {
      if (earlier.first == property.first) {
        return path.Item("properties", i).Field("name").Error("occurs twice");
      }
    }
    set.properties.push_back(std::move(property));
  }
  return Mutation(std::move(set));
}

absl::StatusOr<Mutation> Convert(const v1::ChangeLabels& proto, const FieldPath& path) {
  ChangeLabels change;
  RELATA_ASSIGN_OR_RETURN(change.entity, EntityRefFromProto(proto.entity(), path.Field("entity")));
  RELATA_ASSIGN_OR_RETURN(change.add, LabelsFromProto(proto.add(), "add", path));
  RELATA_ASSIGN_OR_RETURN(change.remove, LabelsFromProto(proto.remove(), "remove", path));
  return Mutation(std::move(change));
}

absl::StatusOr<Mutation> Convert(const v1::DeleteEntity& proto, const FieldPath& path) {
  DeleteEntity remove;
  RELATA_ASSIGN_OR_RETURN(remove.entity, EntityRefFromProto(proto.entity(), path.Field("entity")));
  if (proto.has_portion()) {
    return path.Field("portion").Error(
        "the existence of an entity has no valid time; leave the portion out");
  }
  remove.detach = proto.detach();
  return Mutation(std::move(remove));
}

absl::StatusOr<Mutation> Convert(const v1::DeleteRelationship& proto, const FieldPath& path) {
  DeleteRelationship remove;
  RELATA_ASSIGN_OR_RETURN(
      remove.relationship,
      RelationshipRefFromProto(proto.relationship(), path.Field("relationship")));
  RELATA_ASSIGN_OR_RETURN(remove.portion, OptionalPortion(proto, path));
  return Mutation(std::move(remove));
}

absl::StatusOr<Mutation> Convert(const v1::Cite& proto, const FieldPath& path) {
  Cite cite;
  RELATA_ASSIGN_OR_RETURN(cite.fact, FactRefFromProto(proto.fact(), path.Field("fact")));
  RELATA_ASSIGN_OR_RETURN(cite.citation,
                          CitationFromProto(proto.citation(), path.Field("citation")));
  return Mutation(std::move(cite));
}

absl::StatusOr<Mutation> Convert(const v1::RetractSource& proto, const FieldPath& path) {
  RetractSource retract;
  RELATA_ASSIGN_OR_RETURN(retract.source, EntityRefFromProto(proto.source(), path.Field("source")));
  return Mutation(std::move(retract));
}

}  // namespace

absl::StatusOr<Mutation> MutationFromProto(const v1::Mutation& proto, const FieldPath& path) {
  switch (proto.kind_case()) {
    case v1::Mutation::kCreateEntity:
      return Convert(proto.create_entity(), /*put=*/false, path.Field("create_entity"));
    case v1::Mutation::kPutEntity:
      return Convert(proto.put_entity(), /*put=*/true, path.Field("put_entity"));
    case v1::Mutation::kCreateRelationship:
      return Convert(proto.create_relationship(), /*put=*/false, path.Field("create_relationship"));
    case v1::Mutation::kPutRelationship:
      return Convert(proto.put_relationship(), /*put=*/true, path.Field("put_relationship"));
    case v1::Mutation::kAddFacts:
      return Convert(proto.add_facts(), path.Field("add_facts"));
    case v1::Mutation::kAddNames:
      return Convert(proto.add_names(), path.Field("add_names"));
    case v1::Mutation::kSetProperty:
      return Convert(proto.set_property(), path.Field("set_property"));
    case v1::Mutation::kRemoveProperty:
      return Convert(proto.remove_property(), path.Field("remove_property"));
    case v1::Mutation::kSetProperties:
      return Convert(proto.set_properties(), path.Field("set_properties"));
    case v1::Mutation::kChangeLabels:
      return Convert(proto.change_labels(), path.Field("change_labels"));
    case v1::Mutation::kDeleteEntity:
      return Convert(proto.delete_entity(), path.Field("delete_entity"));
    case v1::Mutation::kDeleteRelationship:
      return Convert(proto.delete_relationship(), path.Field("delete_relationship"));
    case v1::Mutation::kCite:
      return Convert(proto.cite(), path.Field("cite"));
    case v1::Mutation::kRetractSource:
      return Convert(proto.retract_source(), path.Field("retract_source"));
    case v1::Mutation::kRemoveNames:
      return Convert(proto.remove_names(), path.Field("remove_names"));
    case v1::Mutation::KIND_NOT_SET:
      return path.Error("say what to do: set one kind of mutation");
    default:
      return SchemaMutationFromProto(proto, path);
  }
}

absl::StatusOr<Precondition> PreconditionFromProto(const v1::Precondition& proto,
                                                   const FieldPath& path) {
  Precondition precondition;
  switch (proto.kind_case()) {
    case v1::Precondition::kExists: {
      RELATA_ASSIGN_OR_RETURN(precondition.entity,
                              EntityRefFromProto(proto.exists(), path.Field("exists")));
      break;
    }
    case v1::Precondition::kAbsent: {
      precondition.kind = Precondition::Kind::kAbsent;
      RELATA_ASSIGN_OR_RETURN(precondition.entity,
                              EntityRefFromProto(proto.absent(), path.Field("absent")));
      if (!std::holds_alternative<EntityKeyRef>(precondition.entity)) {
        return path.Field("absent").Error("name it by key");
      }
      break;
    }
    case v1::Precondition::kUnchanged: {
      const FieldPath unchanged = path.Field("unchanged");
      precondition.kind = Precondition::Kind::kUnchanged;
      RELATA_ASSIGN_OR_RETURN(precondition.entity, EntityRefFromProto(proto.unchanged().entity(),
                                                                      unchanged.Field("entity")));
      precondition.since = CommitVersion(proto.unchanged().since_version());
      break;
    }
    case v1::Precondition::KIND_NOT_SET:
      return path.Error("set one of exists, absent and unchanged");
  }
  if (std::holds_alternative<HandleRef>(precondition.entity)) {
    return path.Error("handles name things made by the batch; name the entity by key or id");
  }
  return precondition;
}

}  // namespace relata
