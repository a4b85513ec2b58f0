#include "tests/graph/snapshot_text.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/catalog/reserved_names.h"
#include "graph/search/fold.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {
namespace {

void Check(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "a snapshot disagrees with itself: " << what << std::endl;
  std::abort();
}

template <typename T>
T Checked(absl::StatusOr<T> result) {
  Check(result.ok(), result.status().ToString());
  return *std::move(result);
}

// Things as the detail names them.
class Writer {
 public:
  Writer(const Snapshot& snapshot, TextDetail detail) : snapshot_(snapshot), detail_(detail) {}

  std::string Entity(EntityId id) const {
    if (detail_ == TextDetail::kAll) return absl::StrCat("#", id.value());
    const auto record = Checked(snapshot_.GetEntityRecord(id));
    return record ? record->key : "gone";
  }

  std::string Citations(const Fact& fact) const {
    std::vector<std::string> texts;
    for (const Citation& c : fact.citations) {
      std::string text =
          absl::StrCat(Entity(c.source), " ", static_cast<int>(c.stance), " ", c.confidence, " ",
                       c.reported ? c.reported->ToString() : "undated", " ", c.locator,
                       c.source_retracted ? " void" : "");
      if (detail_ == TextDetail::kAll) {
        absl::StrAppend(&text, " v", c.recorded.value(), " ", c.recorded_at, " ",
                        c.source_retracted.value_or(0));
      }
      texts.push_back(std::move(text));
    }
    if (detail_ == TextDetail::kStatements) std::sort(texts.begin(), texts.end());
    return absl::StrJoin(texts, "; ");
  }

  std::string Facts(const std::vector<Fact>& facts) const {
    std::vector<std::string> texts;
    for (const Fact& fact : facts) {
      std::vector<std::string> properties;
      for (const auto& [id, value] : fact.properties) {
        properties.push_back(absl::StrCat(snapshot_.names().Name(id), "=", value.ToString()));
      }
      std::sort(properties.begin(), properties.end());
      std::string text = absl::StrCat(fact.value.ToString(), "{", absl::StrJoin(properties, ","),
                                      "} @", fact.valid.from.ToString(), "/",
                                      fact.valid.to.ToString(), " [", Citations(fact), "]");
      if (detail_ == TextDetail::kAll) {
        absl::StrAppend(&text, " f", fact.id.value(), " v", fact.recorded.value());
        if (fact.cut_from) {
          absl::StrAppend(&text, " cut ", fact.cut_from->from.ToString(), " v",
                          fact.cut_from->recorded.value(), " f", fact.cut_from->fact.value());
        }
      }
      texts.push_back(std::move(text));
    }
    if (detail_ == TextDetail::kStatements) std::sort(texts.begin(), texts.end());
    return absl::StrCat("  ", absl::StrJoin(texts, "\n  "), "\n");
  }

  std::string Text(const EntityState& state) const {
    std::vector<std::string> labels;
    for (const LabelId label : state.labels) {
      labels.emplace_back(snapshot_.names().Name(label));
    }
    std::sort(labels.begin(), labels.end());
    std::string text = absl::StrCat("entity ", state.key, " :", absl::StrJoin(labels, ":"),
                                    state.source_retracted ? " retracted" : "", "\n");
    if (detail_ == TextDetail::kAll) {
      absl::StrAppend(&text, " id ", state.id.value(), " v", state.created.value(), " ",
                      state.source_retracted.value_or(0), "\n");
    }
    std::vector<std::string> properties;
    for (const auto& [property, facts] : state.properties) {
      Check(!facts.empty(), "a property without a fact");
      properties.push_back(absl::StrCat(" ", snapshot_.names().Name(property), "\n", Facts(facts)));
    }
    std::sort(properties.begin(), properties.end());
    return absl::StrCat(text, absl::StrJoin(properties, ""));
  }

  std::string Text(const RelationshipState& state) const {
    Check(!state.facts.empty(), "a relationship without a fact");
    std::string text =
        absl::StrCat("relationship ", state.key, " ", Entity(state.ends.from), " ",
                     snapshot_.names().Name(state.ends.type), " ", Entity(state.ends.to), "\n");
    if (detail_ == TextDetail::kAll) {
      absl::StrAppend(&text, " id ", state.ends.id.value(), " v", state.created.value(), "\n");
    }
    return absl::StrCat(text, Facts(state.facts));
  }

 private:
  const Snapshot& snapshot_;
  const TextDetail detail_;
};

// The incoming entry says what the outgoing one says.
void CheckIncoming(const Snapshot& snapshot, const Schema& schema, const RelationshipState& state) {
  const auto record = Checked(snapshot.store().Get(InKey(state.ends)));
  Check(record.has_value(), "an incoming entry is missing");
  const RelationshipTypeDeclaration* d = schema.FindType(state.ends.type);
  const std::vector<PropertyId> inlined =
      d == nullptr ? std::vector<PropertyId>() : d->inline_properties;
  Check(record->record == EncodeIn(state, inlined), "an incoming entry is not up to date");
}

void CheckLookUps(const Snapshot& snapshot, const EntityState& state) {
  if (!state.key.empty()) {
    Check(Checked(snapshot.FindEntity(state.key)) == state.id, "a key leads elsewhere");
  }
  const std::vector<Fact>* names = state.FindProperty(kNamesProperty);
  if (names == nullptr) return;
  for (const Fact& fact : *names) {
    const auto found = Checked(
        snapshot.FindByName(NameFromValue(fact.value).text, /*prefix=*/false, /*limit=*/1000));
    Check(std::any_of(found.begin(), found.end(),
                      [&](const NameMatch& m) { return m.fact == fact.id; }),
          "a name is not found");
  }
}

// Every entry of tables that only lead to other things; each must be due to a state.
size_t EntriesIn(const Snapshot& snapshot, Table table) {
  size_t entries = 0;
  VersionedScan scan(snapshot.store(), KeyRange::Prefix(TablePrefix(table)));
  for (; scan.Valid(); scan.Next()) ++entries;
  Check(scan.status().ok(), scan.status().ToString());
  return entries;
}

std::string SchemaText(const Schema& schema) {
  std::set<std::string> records;
  for (const auto& [id, d] : schema.types()) records.insert(EncodeDeclaration(d));
  for (const auto& d : schema.properties()) records.insert(EncodeDeclaration(d));
  for (const auto& [id, d] : schema.indexes()) records.insert(EncodeDeclaration(d));
  for (const auto& [rule, name] : schema.rule_names()) records.insert(EncodeRuleName(rule, name));
  return absl::StrCat("schema ", absl::StrJoin(records, " | "), "\n");
}

// What the states say that the tables of entries should hold.
struct ExpectedEntries {
  size_t labels = 0;
  size_t names = 0;
  size_t keys = 0;
  size_t relationship_keys = 0;
  std::set<std::pair<EntityId, FactOwner>> sources;

  void AddCitations(const std::vector<Fact>& facts, FactOwner owner) {
    for (const Fact& fact : facts) {
      owner.fact = fact.id;
      for (const Citation& c : fact.citations) sources.insert({c.source, owner});
    }
  }
};

std::vector<std::string> EntityTexts(const Snapshot& snapshot, const Writer& writer,
                                     ExpectedEntries& expected) {
  std::vector<std::string> texts;
  for (const EntityId id : Checked(snapshot.ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
    const auto state = Checked(snapshot.GetEntity(id));
    Check(state.has_value(), "a listed entity is absent");
    CheckLookUps(snapshot, *state);
    expected.labels += state->labels.size();
    expected.keys += state->key.empty() ? 0 : 1;
    for (const auto& [property, facts] : state->properties) {
      if (property == kNamesProperty) expected.names += facts.size();
      expected.AddCitations(facts, {false, id.value(), property, {}});
    }
    for (const LabelId label : state->labels) {
      Check(Checked(snapshot.ListEntities(label, EntityId(id.value() - 1), 1)) ==
                std::vector<EntityId>{id},
            "a label's list lacks an entity");
    }
    texts.push_back(writer.Text(*state));
  }
  return texts;
}

std::vector<std::string> RelationshipTexts(const Snapshot& snapshot, const Schema& schema,
                                           const Writer& writer, ExpectedEntries& expected) {
  std::vector<std::string> texts;
  const auto all = Checked(snapshot.ListRelationships(RelationshipId(), SIZE_MAX));
  for (const RelationshipEnds& ends : all) {
    const auto state = Checked(snapshot.GetRelationship(ends.id));
    Check(state.has_value() && state->ends == ends, "a listed relationship is absent");
    expected.relationship_keys += state->key.empty() ? 0 : 1;
    expected.AddCitations(state->facts, {true, ends.id.value(), {}, {}});
    for (const EntityId end : {ends.from, ends.to}) {
      Check(Checked(snapshot.EntityExists(end)), "a relationship dangles");
      const auto of_end = Checked(snapshot.RelationshipsOf(end));
      Check(std::count(of_end.begin(), of_end.end(), ends) == 1,
            "an end does not know its relationship");
    }
    CheckIncoming(snapshot, schema, *state);
    texts.push_back(writer.Text(*state));
  }
  Check(EntriesIn(snapshot, Table::kOut) == all.size(), "outgoing entries without relationship");
  Check(EntriesIn(snapshot, Table::kIn) == all.size(), "incoming entries without relationship");
  return texts;
}

}  // namespace

std::string TextOf(const EntityState& state, const Snapshot& snapshot, TextDetail detail) {
  return Writer(snapshot, detail).Text(state);
}

std::string TextOf(const RelationshipState& state, const Snapshot& snapshot, TextDetail detail) {
  return Writer(snapshot, detail).Text(state);
}

std::string TextOf(const Snapshot& snapshot, TextDetail detail) {
  const Writer writer(snapshot, detail);
  const auto schema = Checked(snapshot.GetSchema());
  ExpectedEntries expected;
  std::vector<std::string> entities = EntityTexts(snapshot, writer, expected);
  std::vector<std::string> relationships = RelationshipTexts(snapshot, *schema, writer, expected);
  Check(EntriesIn(snapshot, Table::kLabel) == expected.labels, "label entries");
  Check(EntriesIn(snapshot, Table::kName) == expected.names, "name entries");
  Check(EntriesIn(snapshot, Table::kEntityKey) == expected.keys, "keys of entities");
  Check(EntriesIn(snapshot, Table::kRelationshipKey) == expected.relationship_keys,
        "keys of relationships");
  Check(EntriesIn(snapshot, Table::kSourceFact) == expected.sources.size(), "source entries");
  for (const auto& [source, owner] : expected.sources) {
    const auto owners = Checked(snapshot.FactsOfSource(source));
    Check(std::find(owners.begin(), owners.end(), owner) != owners.end(),
          "a citation is not found");
  }
  if (detail == TextDetail::kStatements) {
    std::sort(entities.begin(), entities.end());
    std::sort(relationships.begin(), relationships.end());
    return absl::StrCat(absl::StrJoin(entities, ""), absl::StrJoin(relationships, ""));
  }
  return absl::StrCat(absl::StrJoin(entities, ""), absl::StrJoin(relationships, ""),
                      SchemaText(*schema));
}

}  // namespace relata
