#include "tests/cases/case_protos.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"

namespace relata {
namespace {

using Json = nlohmann::json;

absl::Status FillCitation(const Json& json, v1::Citation* out) {
  *out->mutable_source() = EntityRefFromCase(json["source"]);
  const std::string stance = json.value("stance", "");
  if (stance == "asserts") {
    out->set_stance(v1::ASSERTS);
  } else if (stance == "disputes") {
    out->set_stance(v1::DISPUTES);
  } else if (stance == "retracts") {
    out->set_stance(v1::RETRACTS);
  } else if (!stance.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown stance ", stance));
  }
  if (json.contains("confidence")) out->set_confidence(json["confidence"]);
  if (json.contains("reported")) out->set_reported(json["reported"]);
  return absl::OkStatus();
}

absl::Status FillProperties(const Json& json,
                            google::protobuf::RepeatedPtrField<v1::Property>* out) {
  for (const auto& [name, value] : json.items()) {
    v1::Property* const property = out->Add();
    property->set_name(name);
    RELATA_ASSIGN_OR_RETURN(*property->mutable_value(), ProtoFromCaseValue(value));
  }
  return absl::OkStatus();
}

absl::Status FillFact(const Json& json, v1::Fact* out) {
  if (json.contains("value")) {
    RELATA_ASSIGN_OR_RETURN(*out->mutable_value(), ProtoFromCaseValue(json["value"]));
  }
  RELATA_RETURN_IF_ERROR(
      FillProperties(json.value("properties", Json::object()), out->mutable_properties()));
  if (json.contains("from")) out->set_valid_from(json["from"]);
  if (json.contains("to")) out->set_valid_to(json["to"]);
  for (const Json& citation : json.value("citations", Json::array())) {
    RELATA_RETURN_IF_ERROR(FillCitation(citation, out->add_citations()));
  }
  out->set_handle(json.value("as", ""));
  return absl::OkStatus();
}

void FillName(const Json& json, v1::Name* out) {
  out->set_text(json["text"]);
  out->set_language(json["language"]);
  const std::string kind = json.value("kind", "");
  out->set_kind(kind == "preferred"      ? v1::PREFERRED
                : kind == "former"       ? v1::FORMER
                : kind == "abbreviation" ? v1::ABBREVIATION
                : kind == "alias"        ? v1::ALIAS
                                         : v1::NAME_KIND_UNSPECIFIED);
  if (json.contains("from")) out->set_valid_from(json["from"]);
  if (json.contains("to")) out->set_valid_to(json["to"]);
}

absl::Status FillCreate(const Json& op, v1::EntityWrite* out) {
  out->set_key(op["entity"]);
  for (const Json& label : op.value("labels", Json::array())) out->add_labels(label);
  const Json properties = op.value("properties", Json::object());
  for (const auto& [name, value] : properties.items()) {
    v1::PropertyFact* const property = out->add_properties();
    property->set_name(name);
    RELATA_ASSIGN_OR_RETURN(*property->mutable_fact()->mutable_value(), ProtoFromCaseValue(value));
  }
  for (const Json& name : op.value("names", Json::array())) FillName(name, out->add_names());
  return absl::OkStatus();
}

// `rel` holds key, type and ends, as far as the op gives them.
absl::Status FillRelationship(const Json& rel, const Json& facts, v1::RelationshipWrite* out) {
  out->set_key(rel.value("key", ""));
  out->set_type(rel.value("type", ""));
  if (rel.contains("from")) *out->mutable_from() = EntityRefFromCase(rel["from"]);
  if (rel.contains("to")) *out->mutable_to() = EntityRefFromCase(rel["to"]);
  for (const Json& fact : facts) RELATA_RETURN_IF_ERROR(FillFact(fact, out->add_facts()));
  return absl::OkStatus();
}

absl::Status FillAdd(const Json& op, v1::Mutation* out) {
  if (op.contains("relationship")) {
    return FillRelationship(op["relationship"], Json::array({op["fact"]}),
                            out->mutable_put_relationship());
  }
  v1::AddFacts* const add = out->mutable_add_facts();
  *add->mutable_entity() = EntityRefFromCase(op["entity"]);
  add->set_property(op["property"]);
  return FillFact(op["fact"], add->add_facts());
}

template <typename Proto>
void FillPortion(const Json& op, Proto* out) {
  if (!op.contains("portion")) return;
  out->mutable_portion()->set_from(op["portion"][0]);
  out->mutable_portion()->set_to(op["portion"][1]);
}

template <typename Proto>
void FillTarget(const Json& op, Proto* out) {
  if (op.contains("entity")) {
    *out->mutable_entity() = EntityRefFromCase(op["entity"]);
  } else {
    *out->mutable_relationship() = RelationshipRefFromCase(op["relationship"]);
  }
}

absl::Status FillSet(const Json& op, v1::SetProperty* out) {
  FillTarget(op, out);
  out->set_property(op["property"]);
  FillPortion(op, out);
  RELATA_ASSIGN_OR_RETURN(*out->mutable_value(), ProtoFromCaseValue(op["value"]));
  return absl::OkStatus();
}

absl::Status FillRemove(const Json& op, v1::RemoveProperty* out) {
  FillTarget(op, out);
  out->set_property(op["property"]);
  FillPortion(op, out);
  return absl::OkStatus();
}

absl::Status FillSetMap(const Json& op, v1::SetProperties* out) {
  FillTarget(op, out);
  out->set_replace(op.value("replace", false));
  return FillProperties(op["map"], out->mutable_properties());
}

absl::Status FillDelete(const Json& op, v1::Mutation* out) {
  if (op.contains("entity")) {
    v1::DeleteEntity* const remove = out->mutable_delete_entity();
    *remove->mutable_entity() = EntityRefFromCase(op["entity"]);
    remove->set_detach(op.value("detach", false));
    FillPortion(op, remove);
  } else {
    v1::DeleteRelationship* const remove = out->mutable_delete_relationship();
    *remove->mutable_relationship() = RelationshipRefFromCase(op["relationship"]);
    FillPortion(op, remove);
  }
  return absl::OkStatus();
}

absl::Status FillCite(const Json& op, const NamedProtoFacts& named, v1::Cite* out) {
  const std::string name = op["fact"];
  const auto it = named.find(name);
  if (it == named.end()) {
    out->mutable_fact()->set_handle(name);
  } else {
    v1::FactRef::ById* const ref = out->mutable_fact()->mutable_by_id();
    ref->set_id(it->second.fact);
    if (it->second.of_relationship) {
      ref->mutable_relationship()->set_id(it->second.owner);
    } else {
      ref->mutable_entity()->set_id(it->second.owner);
    }
  }
  return FillCitation(op, out->mutable_citation());
}

void FillLabels(const Json& op, v1::ChangeLabels* out) {
  *out->mutable_entity() = EntityRefFromCase(op["entity"]);
  for (const Json& label : op.value("add", Json::array())) out->add_add(label);
  for (const Json& label : op.value("remove", Json::array())) out->add_remove(label);
}

absl::Status FillMutation(const Json& op, const NamedProtoFacts& named, v1::Mutation* out) {
  const std::string kind = op["op"];
  if (kind == "declare_type") {
    out->mutable_declare_relationship_type()->set_type(op["type"]);
    out->mutable_declare_relationship_type()->set_one_per_pair(op.value("one_per_pair", false));
    return absl::OkStatus();
  }
  if (kind == "create") return FillCreate(op, out->mutable_create_entity());
  if (kind == "create_relationship") {
    return FillRelationship(op, op["facts"], out->mutable_create_relationship());
  }
  if (kind == "add") return FillAdd(op, out);
  if (kind == "set") return FillSet(op, out->mutable_set_property());
  if (kind == "remove") return FillRemove(op, out->mutable_remove_property());
  if (kind == "set_map") return FillSetMap(op, out->mutable_set_properties());
  if (kind == "delete") return FillDelete(op, out);
  if (kind == "cite") return FillCite(op, named, out->mutable_cite());
  if (kind == "retract_source") {
    *out->mutable_retract_source()->mutable_source() = EntityRefFromCase(op["source"]);
    return absl::OkStatus();
  }
  if (kind == "label") {
    FillLabels(op, out->mutable_change_labels());
    return absl::OkStatus();
  }
  return absl::UnimplementedError(absl::StrCat("no such op in this runner: ", kind));
}

void FillPrecondition(const Json& json, v1::Precondition* out) {
  if (json.contains("exists")) {
    *out->mutable_exists() = EntityRefFromCase(json["exists"]);
  } else if (json.contains("absent")) {
    *out->mutable_absent() = EntityRefFromCase(json["absent"]);
  } else {
    *out->mutable_unchanged()->mutable_entity() = EntityRefFromCase(json["unchanged"]);
    out->mutable_unchanged()->set_since_version(json["since"]);
  }
}

// A case may say a whole period, which means until its end; the API takes a day.
std::string LastDayOf(const std::string& period) {
  const absl::StatusOr<Bound> bound = Bound::Parse(period, BoundRole::kFrom);
  if (!bound.ok() || bound->earliest == bound->latest) return period;
  // Of the day's first instant the date, `2026-06-30`.
  return FormatInstant(bound->latest - absl::ToInt64Microseconds(absl::Hours(24))).substr(0, 10);
}

// The facts that a mutation writes, in the order of the ids in the answer.
Json FactsOfMutation(const Json& mutation) {
  if (mutation.contains("facts")) return mutation["facts"];
  if (mutation.contains("fact") && mutation["fact"].is_object()) {
    return Json::array({mutation["fact"]});
  }
  return Json::array();
}

}  // namespace

absl::StatusOr<v1::WriteRequest> WriteRequestFromCase(const Json& op,
                                                      const NamedProtoFacts& named) {
  v1::WriteRequest request;
  for (const Json& mutation : op["commit"]) {
    RELATA_RETURN_IF_ERROR(FillMutation(mutation, named, request.add_mutations()));
  }
  for (const Json& json : op.value("preconditions", Json::array())) {
    FillPrecondition(json, request.add_preconditions());
  }
  request.set_request_id(op.value("request_id", ""));
  return request;
}

void NoteNamedFacts(const Json& op, const v1::WriteResponse& response, NamedProtoFacts& named) {
  const int count = std::min<int>(static_cast<int>(op["commit"].size()), response.results_size());
  for (int i = 0; i < count; ++i) {
    const Json facts = FactsOfMutation(op["commit"][i]);
    const v1::WriteResponse::MutationResult& result = response.results(i);
    for (int f = 0; f < std::min<int>(static_cast<int>(facts.size()), result.fact_ids_size());
         ++f) {
      if (!facts[f].contains("as")) continue;
      NamedProtoFact& fact = named[facts[f]["as"]];
      fact.of_relationship = result.relationship_id() != 0;
      fact.owner = fact.of_relationship ? result.relationship_id() : result.entity_id();
      fact.fact = result.fact_ids(f);
    }
  }
}

v1::EntityRef EntityRefFromCase(const Json& key) {
  v1::EntityRef ref;
  ref.set_key(key.get<std::string>());
  return ref;
}

v1::RelationshipRef RelationshipRefFromCase(const Json& rel) {
  v1::RelationshipRef ref;
  if (rel.contains("key")) {
    ref.set_key(rel["key"]);
  } else {
    ref.mutable_pair()->set_type(rel["type"]);
    *ref.mutable_pair()->mutable_from() = EntityRefFromCase(rel["from"]);
    *ref.mutable_pair()->mutable_to() = EntityRefFromCase(rel["to"]);
  }
  return ref;
}

absl::StatusOr<v1::Value> ProtoFromCaseValue(const Json& json) {
  v1::Value value;
  if (json.is_null()) {
    value.set_null_value(true);
  } else if (json.is_boolean()) {
    value.set_bool_value(json);
  } else if (json.is_number_integer()) {
    value.set_int_value(json);
  } else if (json.is_number()) {
    value.set_double_value(json);
  } else if (json.is_string()) {
    value.set_string_value(json);
  } else if (json.is_object() && json.contains("money")) {
    value.mutable_money_value()->set_amount(json["money"]);
    value.mutable_money_value()->set_currency(json["currency"]);
  } else {
    return absl::InvalidArgumentError(absl::StrCat("no value of a case: ", json.dump()));
  }
  return value;
}

v1::Direction ProtoDirectionFromCase(const Json& step) {
  const std::string text = step.value("direction", "");
  if (text == "out") return v1::OUT;
  if (text == "in") return v1::IN;
  if (text == "either") return v1::EITHER;
  return v1::DIRECTION_UNSPECIFIED;
}

v1::Step StepFromCase(const Json& json) {
  v1::Step step;
  step.set_type(json["type"]);
  step.set_direction(ProtoDirectionFromCase(json));
  return step;
}

v1::ValidTimeOption ValidTimeOptionFromCase(const Json& at) {
  v1::ValidTimeOption option;
  option.set_certainly(at.value("mode", "possibly") == "certainly");
  if (!at.contains("valid")) return option;
  const Json& valid = at["valid"];
  if (valid.is_array()) {
    option.mutable_window()->set_from(valid[0]);
    option.mutable_window()->set_to(valid[1]);
  } else if (valid == "ALL") {
    option.set_all(true);
  } else {
    option.set_instant(valid);
  }
  return option;
}

v1::BeliefPolicy PolicyFromCase(const Json& json) {
  v1::BeliefPolicy policy;
  if (json == "raw") {
    policy.set_raw(true);
    return policy;
  }
  policy.set_min_confidence(json.value("min_confidence", 0.0));
  policy.set_min_sources(json.value("min_sources", 0));
  if (json.contains("trusted")) {
    policy.mutable_trusted();
    for (const Json& key : json["trusted"]) policy.mutable_trusted()->add_keys(key);
  }
  for (const Json& key : json.value("barred", Json::array())) {
    policy.mutable_barred()->add_keys(key);
  }
  policy.set_hide_disputed(json.value("disputed", "in") == "out");
  if (json.contains("reported_until")) {
    policy.set_reported_until(LastDayOf(json["reported_until"]));
  }
  return policy;
}

Json CaseFromValue(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kBoolValue:
      return value.bool_value();
    case v1::Value::kIntValue:
      return value.int_value();
    case v1::Value::kDoubleValue:
      return value.double_value();
    case v1::Value::kStringValue:
      return value.string_value();
    case v1::Value::kMoneyValue:
      return {{"money", value.money_value().amount()},
              {"currency", value.money_value().currency()}};
    default:
      return nullptr;
  }
}

Json CaseFromBound(const v1::BoundView& bound) {
  return Json::array({bound.earliest(), bound.latest()});
}

Json CaseFromProperties(const v1::FactView& fact) {
  Json properties = Json::object();
  for (const v1::Property& property : fact.properties()) {
    properties[property.name()] = CaseFromValue(property.value());
  }
  return properties;
}

std::string CaseFromStatus(v1::FactStatus status) {
  switch (status) {
    case v1::UNCITED:
      return "uncited";
    case v1::ASSERTED:
      return "asserted";
    case v1::DISPUTED:
      return "disputed";
    case v1::RETRACTED:
      return "retracted";
    default:
      return absl::StrCat("status ", static_cast<int>(status));
  }
}

Json CaseFromFact(const v1::FactView& fact, bool of_relationship) {
  Json json;
  if (of_relationship) {
    json["properties"] = CaseFromProperties(fact);
  } else {
    json["value"] = CaseFromValue(fact.value());
  }
  json["from"] = CaseFromBound(fact.valid_from());
  json["to"] = CaseFromBound(fact.valid_to());
  json["from_text"] = fact.valid_from().text();
  json["to_text"] = fact.valid_to().text();
  json["status"] = CaseFromStatus(fact.status());
  json["confidence"] = fact.has_confidence() ? Json(fact.confidence()) : Json();
  json["sources"] = Json::array();
  for (const v1::SourceSummary& source : fact.asserting()) json["sources"].push_back(source.key());
  return json;
}

}  // namespace relata
