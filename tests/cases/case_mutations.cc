#include "tests/cases/case_mutations.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/cases/case_texts.h"

namespace relata {
namespace {

using Json = nlohmann::json;

EntityRef EntityOf(const Json& key) { return EntityKeyRef{key.get<std::string>()}; }

RelationshipRef RelationshipOf(const Json& rel) {
  if (rel.contains("key")) return RelationshipKeyRef{rel["key"].get<std::string>()};
  return PairRef{rel["type"].get<std::string>(), EntityOf(rel["from"]), EntityOf(rel["to"])};
}

absl::StatusOr<CitationWrite> CitationOf(const Json& json) {
  CitationWrite citation;
  citation.source = EntityOf(json["source"]);
  RELATA_ASSIGN_OR_RETURN(citation.stance, StanceFromCase(json.value("stance", "asserts")));
  citation.confidence = json.value("confidence", 1.0);
  if (json.contains("reported")) {
    RELATA_ASSIGN_OR_RETURN(citation.reported,
                            Bound::Parse(json["reported"].get<std::string>(), BoundRole::kFrom));
  }
  return citation;
}

absl::StatusOr<FactWrite> FactOf(const Json& json) {
  FactWrite fact;
  RELATA_ASSIGN_OR_RETURN(fact.value, ValueFromCase(json.value("value", Json())));
  const Json properties = json.value("properties", Json::object());
  for (const auto& [name, value] : properties.items()) {
    RELATA_ASSIGN_OR_RETURN(Value v, ValueFromCase(value));
    fact.properties.emplace_back(name, std::move(v));
  }
  RELATA_ASSIGN_OR_RETURN(fact.valid, IntervalFromCase(json));
  for (const Json& citation : json.value("citations", Json::array())) {
    RELATA_ASSIGN_OR_RETURN(CitationWrite write, CitationOf(citation));
    fact.citations.push_back(std::move(write));
  }
  fact.handle = json.value("as", "");
  return fact;
}

absl::StatusOr<NameWrite> NameOf(const Json& json) {
  NameWrite write;
  write.name.text = json["text"];
  write.name.language = json["language"];
  const std::string kind = json.value("kind", "alias");
  write.name.kind = kind == "preferred"      ? NameKind::kPreferred
                    : kind == "former"       ? NameKind::kFormer
                    : kind == "abbreviation" ? NameKind::kAbbreviation
                                             : NameKind::kAlias;
  RELATA_ASSIGN_OR_RETURN(write.valid, IntervalFromCase(json));
  return write;
}

absl::StatusOr<Mutation> CreateOf(const Json& op) {
  EntityWrite write;
  write.key = op["entity"];
  for (const Json& label : op.value("labels", Json::array())) write.labels.push_back(label);
  const Json properties = op.value("properties", Json::object());
  for (const auto& [name, value] : properties.items()) {
    FactWrite fact;
    RELATA_ASSIGN_OR_RETURN(fact.value, ValueFromCase(value));
    write.properties.emplace_back(name, std::move(fact));
  }
  for (const Json& name : op.value("names", Json::array())) {
    RELATA_ASSIGN_OR_RETURN(NameWrite n, NameOf(name));
    write.names.push_back(std::move(n));
  }
  return write;
}

absl::StatusOr<Mutation> CreateRelationshipOf(const Json& op) {
  RelationshipWrite write;
  write.key = op.value("key", "");
  write.type = op["type"];
  write.from = EntityOf(op["from"]);
  write.to = EntityOf(op["to"]);
  for (const Json& fact : op["facts"]) {
    RELATA_ASSIGN_OR_RETURN(FactWrite f, FactOf(fact));
    write.facts.push_back(std::move(f));
  }
  return write;
}

absl::StatusOr<Mutation> AddOf(const Json& op) {
  RELATA_ASSIGN_OR_RETURN(FactWrite fact, FactOf(op["fact"]));
  if (op.contains("entity")) {
    AddFacts add{EntityOf(op["entity"]), op["property"], {}};
    add.facts.push_back(std::move(fact));
    return add;
  }
  const Json& rel = op["relationship"];
  RelationshipWrite write;
  write.put = true;
  write.key = rel.value("key", "");
  write.type = rel.value("type", "");
  if (rel.contains("from")) write.from = EntityOf(rel["from"]);
  if (rel.contains("to")) write.to = EntityOf(rel["to"]);
  write.facts.push_back(std::move(fact));
  return write;
}

PropertyTarget TargetOf(const Json& op) {
  if (op.contains("entity")) return EntityOf(op["entity"]);
  return RelationshipOf(op["relationship"]);
}

absl::StatusOr<Mutation> SetOf(const Json& op) {
  SetProperty set;
  set.target = TargetOf(op);
  set.property = op["property"];
  RELATA_ASSIGN_OR_RETURN(set.value, ValueFromCase(op.value("value", Json())));
  RELATA_ASSIGN_OR_RETURN(set.portion, PortionFromCase(op));
  return set;
}

absl::StatusOr<Mutation> SetMapOf(const Json& op) {
  SetProperties set;
  set.target = TargetOf(op);
  set.replace = op.value("replace", false);
  for (const auto& [name, value] : op["map"].items()) {
    RELATA_ASSIGN_OR_RETURN(Value v, ValueFromCase(value));
    set.properties.emplace_back(name, std::move(v));
  }
  return set;
}

absl::StatusOr<Mutation> DeleteOf(const Json& op) {
  if (op.contains("entity")) {
    return DeleteEntity{EntityOf(op["entity"]), op.value("detach", false), op.contains("portion")};
  }
  RELATA_ASSIGN_OR_RETURN(const Portion portion, PortionFromCase(op));
  return DeleteRelationship{RelationshipOf(op["relationship"]), portion};
}

absl::StatusOr<Mutation> CiteOf(const Json& op, const NamedFacts& named) {
  const std::string name = op["fact"];
  RELATA_ASSIGN_OR_RETURN(CitationWrite citation, CitationOf(op));
  const auto it = named.find(name);
  if (it == named.end()) return Cite{HandleRef{name}, std::move(citation)};
  FactByIdRef ref;
  ref.id = it->second.fact;
  if (it->second.is_relationship) {
    ref.owner = RelationshipRef(RelationshipId(it->second.id));
  } else {
    ref.owner = EntityRef(EntityId(it->second.id));
  }
  return Cite{ref, std::move(citation)};
}

absl::StatusOr<Mutation> MutationOf(const Json& op, const NamedFacts& named) {
  const std::string kind = op["op"];
  if (kind == "declare_type") {
    DeclareRelationshipType declare;
    declare.type = op["type"];
    declare.one_per_pair = op.value("one_per_pair", false);
    return declare;
  }
  if (kind == "create") return CreateOf(op);
  if (kind == "create_relationship") return CreateRelationshipOf(op);
  if (kind == "add") return AddOf(op);
  if (kind == "set" || kind == "remove") return SetOf(op);
  if (kind == "set_map") return SetMapOf(op);
  if (kind == "delete") return DeleteOf(op);
  if (kind == "cite") return CiteOf(op, named);
  if (kind == "retract_source") return RetractSource{EntityOf(op["source"])};
  if (kind == "label") {
    ChangeLabels change;
    change.entity = EntityOf(op["entity"]);
    for (const Json& label : op.value("add", Json::array())) change.add.push_back(label);
    for (const Json& label : op.value("remove", Json::array())) change.remove.push_back(label);
    return change;
  }
  return absl::UnimplementedError(absl::StrCat("no such op in this runner: ", kind));
}

}  // namespace

absl::StatusOr<Batch> BatchFromCase(const Json& op, const NamedFacts& named) {
  Batch batch;
  for (const Json& mutation : op["commit"]) {
    RELATA_ASSIGN_OR_RETURN(Mutation m, MutationOf(mutation, named));
    batch.mutations.push_back(std::move(m));
  }
  for (const Json& json : op.value("preconditions", Json::array())) {
    Precondition p;
    if (json.contains("exists")) {
      p.entity = EntityOf(json["exists"]);
    } else if (json.contains("absent")) {
      p.kind = Precondition::Kind::kAbsent;
      p.entity = EntityOf(json["absent"]);
    } else {
      p.kind = Precondition::Kind::kUnchanged;
      p.entity = EntityOf(json["unchanged"]);
      p.since = CommitVersion(json["since"].get<uint64_t>());
    }
    batch.preconditions.push_back(std::move(p));
  }
  batch.request.id = op.value("request_id", "");
  batch.request.body_hash = op["commit"].dump();
  return batch;
}

void NoteNamedFacts(const Json& op, const BatchResult& result,
                    const std::function<PropertyId(const std::string&)>& property,
                    NamedFacts& named) {
  for (size_t i = 0; i < op["commit"].size() && i < result.items.size(); ++i) {
    const Json& mutation = op["commit"][i];
    const BatchResult::Item& item = result.items[i];
    const Json facts = mutation.contains("facts") ? mutation["facts"]
                       : mutation.contains("fact") && mutation["fact"].is_object()
                           ? Json::array({mutation["fact"]})
                           : Json::array();
    for (size_t f = 0; f < facts.size() && f < item.facts.size(); ++f) {
      if (!facts[f].contains("as")) continue;
      FactOwner owner;
      owner.is_relationship = item.relationship.has_value();
      owner.id = item.relationship ? item.relationship->value() : item.entity->value();
      if (!owner.is_relationship) owner.property = property(mutation["property"]);
      owner.fact = item.facts[f];
      named[facts[f]["as"]] = owner;
    }
  }
}

}  // namespace relata
