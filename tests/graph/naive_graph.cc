#include "tests/graph/naive_graph.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"

namespace relata {
namespace {

using NaiveFact = NaiveGraph::Fact;

absl::Status NotFound() { return absl::NotFoundError("absent"); }
absl::Status Refused() { return absl::FailedPreconditionError("the data forbids it"); }

std::string TextOf(const NaiveFact& fact, bool serials) {
  const std::string properties = absl::StrJoin(fact.properties, ",", absl::PairFormatter("="));
  const std::string citations =
      absl::StrJoin(fact.citations, ",", [](std::string* out, const auto& c) {
        absl::StrAppend(out, std::get<0>(c), "/", std::get<1>(c), std::get<2>(c) ? "/void" : "");
      });
  return absl::StrCat(fact.value, "{", properties, "}@", FormatInstant(fact.from), "/",
                      FormatInstant(fact.to), "[", citations, "]",
                      serials ? absl::StrCat("#", fact.serial) : "");
}

std::string TextOf(const std::vector<NaiveFact>& facts, bool serials) {
  std::vector<std::string> texts;
  texts.reserve(facts.size());
  for (const NaiveFact& fact : facts) texts.push_back(TextOf(fact, serials));
  std::sort(texts.begin(), texts.end());
  return absl::StrJoin(texts, " ");
}

std::string TextOf(const NaiveGraph::Entity& entity, bool serials) {
  std::string text = absl::StrCat(entity.key, ":", absl::StrJoin(entity.labels, ":"),
                                  entity.retracted ? " retracted" : "");
  for (const auto& [property, facts] : entity.properties) {
    absl::StrAppend(&text, "\n ", property, " ", TextOf(facts, serials));
  }
  return text;
}

std::string TextOf(const NaiveGraph::Relationship& r, bool serials) {
  return absl::StrCat(r.key, " ", r.from, " ", r.type, " ", r.to, " ", TextOf(r.facts, serials));
}

NaiveFact FactOf(const relata::Fact& stored, const NameTable& names) {
  NaiveFact fact;
  fact.value = stored.value.ToString();
  for (const auto& [id, value] : stored.properties) {
    fact.properties[std::string(names.Name(id))] = value.ToString();
  }
  fact.from = stored.valid.from.earliest;
  fact.to = stored.valid.to.latest;
  for (const Citation& c : stored.citations) {
    fact.citations.insert(
        {c.source.value(), static_cast<int>(c.stance), c.source_retracted.has_value()});
  }
  return fact;
}

std::vector<NaiveFact> FactsOf(const std::vector<relata::Fact>& stored, const NameTable& names) {
  std::vector<NaiveFact> facts;
  facts.reserve(stored.size());
  for (const relata::Fact& fact : stored) facts.push_back(FactOf(fact, names));
  return facts;
}

bool CitedBy(const std::vector<NaiveFact>& facts, uint64_t source) {
  return std::any_of(facts.begin(), facts.end(), [&](const NaiveFact& fact) {
    return std::any_of(fact.citations.begin(), fact.citations.end(),
                       [&](const auto& c) { return std::get<0>(c) == source; });
  });
}

}  // namespace

std::string NaiveText(const EntityState& state, const NameTable& names) {
  NaiveGraph::Entity entity;
  entity.key = state.key;
  for (const LabelId label : state.labels) entity.labels.insert(std::string(names.Name(label)));
  for (const auto& [property, facts] : state.properties) {
    entity.properties[std::string(names.Name(property))] = FactsOf(facts, names);
  }
  entity.retracted = state.source_retracted.has_value();
  return TextOf(entity, /*serials=*/false);
}

std::string NaiveText(const RelationshipState& state, const NameTable& names) {
  return TextOf(NaiveGraph::Relationship{state.key, std::string(names.Name(state.ends.type)),
                                         state.ends.from.value(), state.ends.to.value(),
                                         FactsOf(state.facts, names)},
                /*serials=*/false);
}

absl::Status NaiveGraph::Run(const std::vector<Mutation>& mutations, const BatchResult* result) {
  result_ = result;
  for (item_ = 0; item_ < mutations.size(); ++item_) {
    RELATA_RETURN_IF_ERROR(
        std::visit([this](const auto& m) { return RunOne(m); }, mutations[item_]));
  }
  return absl::OkStatus();
}

std::optional<uint64_t> NaiveGraph::FindEntity(const std::string& key) const {
  for (const auto& [id, entity] : entities_) {
    if (entity.key == key) return id;
  }
  return std::nullopt;
}

std::vector<EntityId> NaiveGraph::WithValue(const std::string& label, const std::string& property,
                                            const std::string& value) const {
  std::vector<EntityId> found;
  for (const auto& [id, entity] : entities_) {
    const auto facts = entity.properties.find(property);
    if (!entity.labels.contains(label) || facts == entity.properties.end()) continue;
    if (std::any_of(facts->second.begin(), facts->second.end(),
                    [&](const NaiveFact& fact) { return fact.value == value; })) {
      found.emplace_back(id);
    }
  }
  return found;
}

std::set<FactOwner> NaiveGraph::FactsOfSource(uint64_t source) const {
  std::set<FactOwner> owners;
  for (const auto& [id, entity] : entities_) {
    for (const auto& [property, facts] : entity.properties) {
      if (CitedBy(facts, source)) owners.insert({false, id, {}, {}});
    }
  }
  for (const auto& [id, relationship] : relationships_) {
    if (CitedBy(relationship.facts, source)) owners.insert({true, id, {}, {}});
  }
  return owners;
}

std::optional<std::string> NaiveGraph::EntityText(uint64_t id, bool serials) const {
  const auto it = entities_.find(id);
  if (it == entities_.end()) return std::nullopt;
  return TextOf(it->second, serials);
}

std::optional<std::string> NaiveGraph::RelationshipText(uint64_t id, bool serials) const {
  const auto it = relationships_.find(id);
  if (it == relationships_.end()) return std::nullopt;
  return TextOf(it->second, serials);
}

uint64_t NaiveGraph::NewId(bool relationship) {
  if (result_ == nullptr) return next_placeholder_++;
  const BatchResult::Item& item = result_->items[item_];
  return relationship ? item.relationship->value() : item.entity->value();
}

NaiveGraph::Entity* NaiveGraph::Find(const EntityRef& ref, uint64_t* id) {
  const std::optional<uint64_t> found = FindEntity(std::get<EntityKeyRef>(ref).key);
  if (!found) return nullptr;
  if (id != nullptr) *id = *found;
  return &entities_[*found];
}

NaiveGraph::Relationship* NaiveGraph::Find(const RelationshipRef& ref, uint64_t* id) {
  for (auto& [candidate, relationship] : relationships_) {
    if (relationship.key != std::get<RelationshipKeyRef>(ref).key) continue;
    if (id != nullptr) *id = candidate;
    return &relationship;
  }
  return nullptr;
}

absl::Status NaiveGraph::AddTo(std::vector<NaiveFact>& facts, const FactWrite& write) {
  NaiveFact fact;
  for (const CitationWrite& citation : write.citations) {
    uint64_t id = 0;
    const Entity* source = Find(citation.source, &id);
    if (source == nullptr) return NotFound();
    if (!source->labels.contains("Source")) return Refused();
    fact.citations.insert({id, static_cast<int>(citation.stance), source->retracted});
  }
  fact.value = write.value.ToString();
  for (const auto& [property, value] : write.properties) {
    fact.properties[property] = value.ToString();
  }
  fact.from = write.valid.from.earliest;
  fact.to = write.valid.to.latest;
  for (NaiveFact& there : facts) {
    if (there.value != fact.value || there.properties != fact.properties ||
        there.from != fact.from || there.to != fact.to) {
      continue;
    }
    there.citations.insert(fact.citations.begin(), fact.citations.end());
    return absl::OkStatus();
  }
  fact.serial = next_serial_++;
  facts.push_back(std::move(fact));
  return absl::OkStatus();
}

template <typename Change>
void NaiveGraph::CutAll(const Portion& portion, const Change& change,
                        std::vector<NaiveFact>& facts) {
  std::vector<NaiveFact> pieces;
  for (const NaiveFact& fact : facts) {
    bool first = true;
    const auto keep = [&](NaiveFact piece, Instant from, Instant to) {
      piece.from = from;
      piece.to = to;
      piece.serial = first ? fact.serial : next_serial_++;
      first = false;
      pieces.push_back(std::move(piece));
    };
    const Instant start = std::max(fact.from, portion.from);
    const Instant end = std::min(fact.to, portion.to);
    if (start >= end) {
      keep(fact, fact.from, fact.to);
      continue;
    }
    if (fact.from < start) keep(fact, fact.from, start);
    NaiveFact inside = fact;
    if (change(inside)) keep(std::move(inside), start, end);
    if (end < fact.to) keep(fact, end, fact.to);
  }
  facts = std::move(pieces);
}

absl::Status NaiveGraph::RunOne(const EntityWrite& m) {
  std::optional<uint64_t> id = FindEntity(m.key);
  if (id && !m.put) return absl::AlreadyExistsError("there already");
  if (!id) {
    id = NewId(/*relationship=*/false);
    entities_[*id].key = m.key;
  }
  entities_[*id].labels.insert(m.labels.begin(), m.labels.end());
  for (const auto& [property, fact] : m.properties) {
    RELATA_RETURN_IF_ERROR(AddTo(entities_[*id].properties[property], fact));
  }
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const AddFacts& m) {
  Entity* entity = Find(m.entity);
  if (entity == nullptr) return NotFound();
  for (const FactWrite& fact : m.facts) {
    RELATA_RETURN_IF_ERROR(AddTo(entity->properties[m.property], fact));
  }
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const AddNames& m) {
  Entity* entity = Find(m.entity);
  if (entity == nullptr) return NotFound();
  for (const NameWrite& name : m.names) {
    FactWrite fact;
    fact.value = NameToValue(name.name);
    RELATA_RETURN_IF_ERROR(AddTo(entity->properties["_names"], fact));
  }
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const SetProperty& m) {
  if (const auto* link = std::get_if<RelationshipRef>(&m.target)) {
    Relationship* relationship = Find(*link);
    if (relationship == nullptr) return NotFound();
    CutAll(
        m.portion,
        [&](NaiveFact& fact) {
          fact.properties.erase(m.property);
          if (!m.value.is_null()) fact.properties[m.property] = m.value.ToString();
          return true;
        },
        relationship->facts);
    return absl::OkStatus();
  }
  Entity* entity = Find(std::get<EntityRef>(m.target));
  if (entity == nullptr) return NotFound();
  std::vector<NaiveFact>& facts = entity->properties[m.property];
  NaiveFact fact;
  fact.value = m.value.ToString();
  fact.from = m.portion.from;
  fact.to = m.portion.to;
  const bool same =
      m.portion.all() && facts.size() == 1 && TextOf(facts.front(), false) == TextOf(fact, false);
  if (!same) {
    CutAll(
        m.portion, [](NaiveFact&) { return false; }, facts);
    if (!m.value.is_null()) {
      fact.serial = next_serial_++;
      facts.push_back(std::move(fact));
    }
  }
  if (facts.empty()) entity->properties.erase(m.property);
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const ChangeLabels& m) {
  uint64_t id = 0;
  Entity* entity = Find(m.entity, &id);
  if (entity == nullptr) return NotFound();
  entity->labels.insert(m.add.begin(), m.add.end());
  for (const std::string& label : m.remove) {
    if (label == "Source" && entity->labels.contains(label) && !FactsOfSource(id).empty()) {
      return Refused();
    }
    entity->labels.erase(label);
  }
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const DeleteEntity& m) {
  uint64_t id = 0;
  if (Find(m.entity, &id) == nullptr) return NotFound();
  const auto touches = [&](const auto& entry) {
    return entry.second.from == id || entry.second.to == id;
  };
  if (!m.detach && std::any_of(relationships_.begin(), relationships_.end(), touches)) {
    return Refused();
  }
  std::erase_if(relationships_, touches);
  for (const FactOwner& owner : FactsOfSource(id)) {
    if (owner.is_relationship || owner.id != id) return Refused();
  }
  entities_.erase(id);
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const RelationshipWrite& m) {
  uint64_t from = 0;
  uint64_t to = 0;
  Relationship* there = Find(RelationshipKeyRef{m.key});
  if (there != nullptr && there->type != m.type) return Refused();
  if (Find(m.from, &from) == nullptr) return NotFound();
  if (there != nullptr && there->from != from) return Refused();
  if (Find(m.to, &to) == nullptr) return NotFound();
  if (there != nullptr && there->to != to) return Refused();
  if (there == nullptr) {
    there = &relationships_[NewId(/*relationship=*/true)];
    *there = {m.key, m.type, from, to, {}};
  }
  for (const FactWrite& fact : m.facts) RELATA_RETURN_IF_ERROR(AddTo(there->facts, fact));
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const DeleteRelationship& m) {
  uint64_t id = 0;
  Relationship* relationship = Find(m.relationship, &id);
  if (relationship == nullptr) return NotFound();
  CutAll(
      m.portion, [](NaiveFact&) { return false; }, relationship->facts);
  if (relationship->facts.empty()) relationships_.erase(id);
  return absl::OkStatus();
}

absl::Status NaiveGraph::RunOne(const RetractSource& m) {
  uint64_t id = 0;
  Entity* source = Find(m.source, &id);
  if (source == nullptr) return NotFound();
  if (!source->labels.contains("Source")) return Refused();
  source->retracted = true;
  const auto retract = [&](std::vector<NaiveFact>& facts) {
    for (NaiveFact& fact : facts) {
      std::set<std::tuple<uint64_t, int, bool>> citations;
      for (auto [cited, stance, is_void] : fact.citations) {
        citations.insert({cited, stance, is_void || cited == id});
      }
      fact.citations = std::move(citations);
    }
  };
  for (auto& [entity_id, entity] : entities_) {
    for (auto& [property, facts] : entity.properties) retract(facts);
  }
  for (auto& [link_id, relationship] : relationships_) retract(relationship.facts);
  return absl::OkStatus();
}

}  // namespace relata
