// Creating, setting and deleting; what came of it is counted in write_effects.cc.
#include "graph/query/executor/graph_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/mutation/input_checks.h"
#include "graph/query/query_error.h"
#include "graph/transaction/held_bytes.h"

namespace relata::query {
namespace {

constexpr absl::string_view kKeyProperty = "_key";

absl::Status DeletedAccess(absl::string_view what) {
  return MakeQueryError(
      ErrorClass::kEntityNotFound, ErrorPhase::kRuntime, "DeletedEntityAccess", std::nullopt,
      absl::StrCat("this ", what,
                   " was deleted earlier in the statement and cannot be written to"));
}

// A value to store. TypeError InvalidPropertyType.
absl::StatusOr<Value> Storable(absl::string_view property, const Datum& datum) {
  const auto refuse = [&](absl::string_view why) {
    return TypeError("InvalidPropertyType",
                     absl::StrCat("the property `", property, "` cannot hold this ",
                                  TypeName(datum), ": ", why));
  };
  absl::StatusOr<Value> value = datum.ToValue();
  if (!value.ok()) {
    return refuse("nodes, relationships and paths are no values; connect them by a relationship");
  }
  const absl::Status status = CheckStorable(property, *value);
  if (!status.ok()) return refuse(status.message());
  return value;
}

absl::Status CheckSettable(absl::string_view property) {
  absl::Status status = CheckPropertyName(property);
  if (status.ok()) return status;
  return ArgumentError("InvalidPropertyName", status.message());
}

// The properties of a map that have a value. `key`: what `_key` holds.
absl::StatusOr<std::vector<std::pair<std::string, Value>>> StorableMap(const Datum::Map& map,
                                                                       std::string* key) {
  std::vector<std::pair<std::string, Value>> properties;
  for (const auto& [name, datum] : map) {
    if (name == kKeyProperty && key != nullptr) {
      if (datum.is_null()) continue;
      if (!datum.is_string()) {
        return TypeError("InvalidPropertyType",
                         absl::StrCat("`_key` is a String, not a ", TypeName(datum)));
      }
      *key = std::string(datum.AsString());
      continue;
    }
    RELATA_RETURN_IF_ERROR(CheckSettable(name));
    if (datum.is_null()) continue;
    RELATA_ASSIGN_OR_RETURN(Value value, Storable(name, datum));
    properties.emplace_back(name, std::move(value));
  }
  return properties;
}

// Where a portion cuts: an instant, a day's first one, or an infinity.
absl::StatusOr<Instant> CutAt(const Bound& bound) {
  switch (bound.kind) {
    case relata::BoundKind::kUnbounded:
    case relata::BoundKind::kInstant:
    case relata::BoundKind::kDay:
      return bound.earliest;
    default:
      return ArgumentError(
          "InvalidPortion",
          absl::StrCat("SET, REMOVE and DELETE cut at an instant or a day, not at `",
                       bound.ToString(), "`; write a date such as '2026-03-11', or '..'"));
  }
}

absl::StatusOr<Portion> PortionOf(const WriteFrame& frame) {
  Portion portion;
  if (!frame.portion) return portion;
  RELATA_ASSIGN_OR_RETURN(portion.from, CutAt(frame.portion->from));
  RELATA_ASSIGN_OR_RETURN(portion.to, CutAt(frame.portion->to));
  if (portion.from < portion.to) return portion;
  return ArgumentError("InvalidPortion",
                       "the portion of valid time is empty; it must end after it begins");
}

PropertyTarget TargetOf(const Datum& entity) {
  if (entity.kind() == Datum::Kind::kNode) return EntityRef(entity.AsNode().id);
  return relata::RelationshipRef(entity.AsRelationship().ends.id);
}

}  // namespace

GraphWriter::GraphWriter(Transaction* transaction, GraphReader* reader, QueryBudget* budget)
    : transaction_(transaction),
      reader_(reader),
      budget_(budget),
      runner_(transaction),
      memory_(budget, kHeldByTransaction) {}

absl::Status GraphWriter::Account() { return Account(transaction_->held_bytes()); }

absl::Status GraphWriter::Account(size_t transaction_bytes) {
  constexpr size_t kSlot = 2 * sizeof(uint64_t) + 1;
  return memory_.Set(transaction_bytes + reader_->held_bytes() + baseline_bytes_ +
                     (touched_entities_.capacity() + touched_relationships_.capacity()) * kSlot);
}

void GraphWriter::WatchCommit() {
  transaction_->WatchCommit([this](size_t bytes) { return Account(bytes); });
}

void GraphWriter::Touch(EntityId id) {
  const auto [it, is_new] = touched_entities_.try_emplace(id);
  if (!is_new) return;
  const auto changed = transaction_->FindChanged(id);
  if (!changed.edited) return;
  it->second = std::make_unique<std::optional<EntityState>>();
  baseline_bytes_ += sizeof(*it->second) + kAllocationBytes;
  if (changed.state == nullptr) return;
  *it->second = *changed.state;
  baseline_bytes_ += HeapBytes(*changed.state);
}

void GraphWriter::Touch(RelationshipId id) {
  const auto [it, is_new] = touched_relationships_.try_emplace(id);
  if (!is_new) return;
  const auto changed = transaction_->FindChanged(id);
  if (!changed.edited) return;
  it->second = std::make_unique<std::optional<RelationshipState>>();
  baseline_bytes_ += sizeof(*it->second) + kAllocationBytes;
  if (changed.state == nullptr) return;
  *it->second = *changed.state;
  baseline_bytes_ += HeapBytes(*changed.state);
}

absl::Status GraphWriter::CheckWritable(const Datum& entity) const {
  switch (entity.kind()) {
    case Datum::Kind::kNode:
      return reader_->Deleted(entity.AsNode().id) ? DeletedAccess("node") : absl::OkStatus();
    case Datum::Kind::kRelationship:
      return reader_->Deleted(entity.AsRelationship().ends.id) ? DeletedAccess("relationship")
                                                               : absl::OkStatus();
    default:
      return TypeError(
          "InvalidArgumentType",
          absl::StrCat("only a Node or a Relationship can be changed, not a ", TypeName(entity)));
  }
}

absl::Status GraphWriter::CheckEnd(const NodeRef& node) const {
  return reader_->Deleted(node.id) ? DeletedAccess("node") : absl::OkStatus();
}

absl::StatusOr<NodeRef> GraphWriter::CreateNode(const std::vector<std::string>& labels,
                                                const Datum::Map& properties,
                                                const WriteFrame& frame) {
  EntityWrite write;
  write.labels = labels;
  RELATA_ASSIGN_OR_RETURN(auto values, StorableMap(properties, &write.key));
  write.properties.reserve(values.size());
  for (auto& [name, value] : values) {
    FactWrite fact;
    fact.value = std::move(value);
    if (frame.portion) fact.valid = *frame.portion;
    fact.citations = frame.citations;
    write.properties.emplace_back(std::move(name), std::move(fact));
  }
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(write), item));
  touched_entities_.try_emplace(*item.entity);
  reader_->NoteChanged(*item.entity);
  transaction_->Measure(*item.entity);
  RELATA_RETURN_IF_ERROR(Account());
  return NodeRef{*item.entity};
}

absl::StatusOr<RelationshipRef> GraphWriter::CreateRelationship(NodeRef from, NodeRef to,
                                                                const std::string& type,
                                                                const Datum::Map& properties,
                                                                const WriteFrame& frame) {
  RELATA_RETURN_IF_ERROR(CheckEnd(from));
  RELATA_RETURN_IF_ERROR(CheckEnd(to));
  RelationshipWrite write;
  write.put = true;
  write.type = type;
  write.from = from.id;
  write.to = to.id;
  FactWrite fact;
  RELATA_ASSIGN_OR_RETURN(fact.properties, StorableMap(properties, &write.key));
  if (frame.portion) fact.valid = *frame.portion;
  fact.citations = frame.citations;
  write.facts.push_back(std::move(fact));
  // Where the write names one that exists, it is changed.
  if (!write.key.empty()) {
    RELATA_ASSIGN_OR_RETURN(const auto there, transaction_->FindRelationship(write.key));
    if (there) Touch(*there);
  }
  const std::optional<TypeId> type_id = transaction_->names().FindType(type);
  if (type_id && transaction_->schema().one_per_pair(*type_id)) {
    RELATA_ASSIGN_OR_RETURN(const auto pair, transaction_->FindPair(from.id, *type_id, to.id));
    for (const RelationshipId id : pair) Touch(id);
  }
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(write), item));
  const RelationshipId id = *item.relationship;
  touched_relationships_.try_emplace(id);
  reader_->NoteChanged(id);
  transaction_->Measure(id);
  RELATA_RETURN_IF_ERROR(Account());
  return RelationshipRef{transaction_->FindChanged(id).state->ends, item.facts.front(), 0};
}

// Adds the citations to the facts of the portion.
absl::Status GraphWriter::CiteFacts(RelationshipId id, const Portion& portion,
                                    const std::vector<CitationWrite>& citations) {
  const RelationshipState* state = transaction_->FindChanged(id).state;
  if (state == nullptr || citations.empty()) return absl::OkStatus();
  std::vector<FactId> facts;
  for (const Fact& fact : state->facts) {
    if (portion.all() || PossiblyOverlaps(fact.valid, portion.from, portion.to)) {
      facts.push_back(fact.id);
    }
  }
  for (const FactId fact : facts) {
    for (const CitationWrite& citation : citations) {
      Cite cite;
      cite.fact = FactByIdRef{fact, relata::RelationshipRef(id)};
      cite.citation = citation;
      BatchResult::Item item;
      RELATA_RETURN_IF_ERROR(runner_.Run(std::move(cite), item));
    }
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::SetOne(const PropertyTarget& target, const std::string& property,
                                 const Value& value, const Portion& portion,
                                 const WriteFrame& frame) {
  relata::SetProperty set;
  set.target = target;
  set.property = property;
  set.portion = portion;
  BatchResult::Item item;
  const auto* entity = std::get_if<EntityRef>(&target);
  // A fact of an entity that says who states it is added in place of what was there.
  const bool cited = entity != nullptr && !frame.citations.empty() && !value.is_null();
  if (!cited) set.value = value;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(set), item));
  if (!cited) return absl::OkStatus();
  AddFacts add;
  add.entity = *entity;
  add.property = property;
  FactWrite fact;
  fact.value = value;
  if (frame.portion) fact.valid = *frame.portion;
  fact.citations = frame.citations;
  add.facts.push_back(std::move(fact));
  return runner_.Run(std::move(add), item);
}

absl::Status GraphWriter::SetProperty(const Datum& entity, const std::string& property,
                                      const Datum& value, const WriteFrame& frame) {
  if (entity.is_null()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckWritable(entity));
  RELATA_RETURN_IF_ERROR(CheckSettable(property));
  Value stored;
  if (!value.is_null()) {
    RELATA_ASSIGN_OR_RETURN(stored, Storable(property, value));
  }
  RELATA_ASSIGN_OR_RETURN(const Portion portion, PortionOf(frame));
  if (entity.kind() == Datum::Kind::kNode) {
    Touch(entity.AsNode().id);
    RELATA_RETURN_IF_ERROR(SetOne(TargetOf(entity), property, stored, portion, frame));
    reader_->NoteChanged(entity.AsNode().id);
    transaction_->Measure(entity.AsNode().id);
    return Account();
  }
  const RelationshipId id = entity.AsRelationship().ends.id;
  Touch(id);
  RELATA_RETURN_IF_ERROR(SetOne(TargetOf(entity), property, stored, portion, frame));
  RELATA_RETURN_IF_ERROR(CiteFacts(id, portion, frame.citations));
  reader_->NoteChanged(id);
  transaction_->Measure(id);
  return Account();
}

absl::Status GraphWriter::SetProperties(const Datum& entity, const Datum& map, bool replace,
                                        const WriteFrame& frame) {
  if (entity.is_null()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckWritable(entity));
  Datum::Map given;
  if (map.is_map()) {
    given = map.AsMap();
  } else if (map.kind() == Datum::Kind::kNode || map.kind() == Datum::Kind::kRelationship) {
    RELATA_ASSIGN_OR_RETURN(given, reader_->PropertyMap(map));
  } else {
    return TypeError("InvalidArgumentType",
                     absl::StrCat("properties are set from a Map, a Node or a Relationship, not "
                                  "from a ",
                                  TypeName(map)));
  }
  if (!frame.portion && frame.citations.empty()) return SetPlainly(entity, given, replace);
  if (replace) {
    RELATA_ASSIGN_OR_RETURN(const Datum::Map there, reader_->PropertyMap(entity));
    for (const auto& [name, value] : there) {
      const bool named =
          std::any_of(given.begin(), given.end(),
                      [&wanted = name](const auto& entry) { return entry.first == wanted; });
      if (!named) RELATA_RETURN_IF_ERROR(SetProperty(entity, name, Datum(), {frame.portion, {}}));
    }
  }
  for (const auto& [name, value] : given) {
    RELATA_RETURN_IF_ERROR(SetProperty(entity, name, value, frame));
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::SetPlainly(const Datum& entity, const Datum::Map& given, bool replace) {
  relata::SetProperties set;
  set.target = TargetOf(entity);
  set.replace = replace;
  for (const auto& [name, datum] : given) {
    RELATA_RETURN_IF_ERROR(CheckSettable(name));
    Value value;
    if (!datum.is_null()) {
      RELATA_ASSIGN_OR_RETURN(value, Storable(name, datum));
    }
    set.properties.emplace_back(name, std::move(value));
  }
  const bool is_node = entity.kind() == Datum::Kind::kNode;
  if (is_node) {
    Touch(entity.AsNode().id);
  } else {
    Touch(entity.AsRelationship().ends.id);
  }
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(set), item));
  if (is_node) {
    reader_->NoteChanged(entity.AsNode().id);
    transaction_->Measure(entity.AsNode().id);
  } else {
    reader_->NoteChanged(entity.AsRelationship().ends.id);
    transaction_->Measure(entity.AsRelationship().ends.id);
  }
  return Account();
}

absl::Status GraphWriter::ChangeLabels(const Datum& entity, const std::vector<std::string>& add,
                                       const std::vector<std::string>& remove) {
  if (entity.is_null()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckWritable(entity));
  if (entity.kind() != Datum::Kind::kNode) {
    return TypeError("InvalidArgumentType",
                     "only a Node has labels; the type of a Relationship cannot be changed");
  }
  relata::ChangeLabels change;
  change.entity = entity.AsNode().id;
  change.add = add;
  change.remove = remove;
  Touch(entity.AsNode().id);
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(change), item));
  reader_->NoteChanged(entity.AsNode().id);
  transaction_->Measure(entity.AsNode().id);
  return Account();
}

absl::Status GraphWriter::DeleteRelationshipIn(const RelationshipRef& relationship,
                                               const Portion& portion) {
  const RelationshipId id = relationship.ends.id;
  if (reader_->Deleted(id)) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(budget_->Spend(1));
  Touch(id);
  DeleteRelationship remove;
  remove.relationship = id;
  remove.portion = portion;
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(remove), item));
  if (transaction_->FindChanged(id).state == nullptr) reader_->NoteDeleted(id);
  transaction_->Measure(id);
  return Account();
}

absl::Status GraphWriter::RemoveNode(EntityId id) {
  RELATA_ASSIGN_OR_RETURN(const auto relationships, transaction_->RelationshipsOf(id));
  for (const RelationshipEnds& ends : relationships) {
    RELATA_RETURN_IF_ERROR(budget_->Spend(1));
    Touch(ends.id);
    RELATA_RETURN_IF_ERROR(transaction_->DeleteRelationship(ends.id));
    reader_->NoteDeleted(ends.id);
    RELATA_RETURN_IF_ERROR(Account());
  }
  RELATA_RETURN_IF_ERROR(budget_->Spend(1));
  Touch(id);
  DeleteEntity remove;
  remove.entity = id;
  remove.detach = true;
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(std::move(remove), item));
  reader_->NoteDeleted(id);
  return Account();
}

absl::Status GraphWriter::DeleteNode(EntityId id, bool detach) {
  if (reader_->Deleted(id)) return absl::OkStatus();
  if (!detach) {
    RELATA_ASSIGN_OR_RETURN(const auto relationships, transaction_->RelationshipsOf(id));
    if (!relationships.empty()) {
      reader_->NoteDeleted(id);
      connected_.push_back(id);
      return absl::OkStatus();
    }
  }
  return RemoveNode(id);
}

absl::Status GraphWriter::Delete(absl::Span<const Datum> entities, bool detach,
                                 const WriteFrame& frame) {
  if (!frame.citations.empty()) {
    return ArgumentError("InvalidCitation",
                         "DELETE states nothing that a source could be cited for; to say that a "
                         "source takes its word back, cite it with the stance retracts");
  }
  RELATA_ASSIGN_OR_RETURN(const Portion portion, PortionOf(frame));
  std::vector<EntityId> nodes;
  for (const Datum& entity : entities) {
    switch (entity.kind()) {
      case Datum::Kind::kNull:
        break;
      case Datum::Kind::kNode:
        nodes.push_back(entity.AsNode().id);
        break;
      case Datum::Kind::kRelationship:
        RELATA_RETURN_IF_ERROR(DeleteRelationshipIn(entity.AsRelationship(), portion));
        break;
      case Datum::Kind::kPath:
        for (const RelationshipRef& r : entity.AsPath().relationships) {
          RELATA_RETURN_IF_ERROR(DeleteRelationshipIn(r, portion));
        }
        for (const NodeRef& node : entity.AsPath().nodes) nodes.push_back(node.id);
        break;
      default:
        return TypeError(
            "InvalidArgumentType",
            absl::StrCat("only a Node, a Relationship or a Path can be deleted, not a ",
                         TypeName(entity)));
    }
  }
  if (!nodes.empty() && frame.portion) {
    return ArgumentError("InvalidPortion",
                         "a node exists or not, whatever the valid time: delete it without FOR "
                         "PORTION, or end its facts");
  }
  for (const EntityId id : nodes) RELATA_RETURN_IF_ERROR(DeleteNode(id, detach));
  return absl::OkStatus();
}

absl::Status GraphWriter::Finish() {
  for (const EntityId id : std::exchange(connected_, {})) {
    RELATA_ASSIGN_OR_RETURN(const auto relationships, transaction_->RelationshipsOf(id));
    if (!relationships.empty()) {
      return MakeQueryError(
          ErrorClass::kConstraintVerification, ErrorPhase::kRuntime, "DeleteConnectedNode",
          std::nullopt,
          absl::StrCat("a deleted node still has ", relationships.size(),
                       relationships.size() == 1 ? " relationship" : " relationships",
                       ", at whatever valid time; delete them too, or use DETACH DELETE"));
    }
    RELATA_RETURN_IF_ERROR(RemoveNode(id));
  }
  return absl::OkStatus();
}

}  // namespace relata::query
