#include "client/cli/output/difference_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/fact_rows.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/change.pb.h"
#include "relata/v1/entity.pb.h"

namespace relata {
namespace {

// What a thing holds, by heading: facts, and the texts of labels and the like.
struct Held {
  std::string heading;
  std::optional<v1::FactView> fact;
  std::string text;  // where there is no fact
  // What tells whether two are the same.
  std::string content;
};

Held HeldText(const std::string& heading, const std::string& text) {
  return {heading, std::nullopt, text, text};
}

// Ids and commits say when the database learned it, not what it holds.
Held HeldFact(const std::string& heading, const v1::FactView& fact) {
  v1::FactView content = fact;
  content.clear_id();
  content.clear_recorded_version();
  content.clear_recorded_time();
  for (v1::CitationView& citation : *content.mutable_citations()) {
    citation.clear_recorded_version();
    citation.clear_recorded_time();
  }
  return {heading, fact, "", content.SerializeAsString()};
}

std::vector<Held> HeldBy(const std::optional<v1::Entity>& entity) {
  std::vector<Held> held;
  if (!entity) return held;
  for (const std::string& label : entity->labels()) held.push_back(HeldText("label", label));
  if (!entity->source_retracted_time().empty()) {
    held.push_back(HeldText("source retracted", entity->source_retracted_time()));
  }
  for (const v1::NameView& name : entity->names()) {
    held.push_back(HeldFact(NameHeading(name), NameFact(name)));
  }
  for (const v1::PropertyFacts& property : entity->properties()) {
    for (const v1::FactView& fact : property.facts()) {
      held.push_back(HeldFact(property.name(), fact));
    }
  }
  return held;
}

std::vector<Held> HeldBy(const std::optional<v1::Relationship>& relationship) {
  std::vector<Held> held;
  if (!relationship) return held;
  for (const v1::FactView& fact : relationship->facts()) held.push_back(HeldFact("", fact));
  return held;
}

v1::EntitySummary SummaryOf(const v1::Entity& entity) {
  v1::EntitySummary summary;
  summary.set_id(entity.id());
  summary.set_key(entity.key());
  *summary.mutable_labels() = entity.labels();
  summary.set_display_name(entity.display_name());
  return summary;
}

v1::RelationshipSummary SummaryOf(const v1::Relationship& relationship) {
  v1::RelationshipSummary summary;
  summary.set_id(relationship.id());
  summary.set_key(relationship.key());
  summary.set_type(relationship.type());
  *summary.mutable_from() = relationship.from();
  *summary.mutable_to() = relationship.to();
  return summary;
}

std::string KeyOf(const v1::EntitySummary& entity) { return EntityReference(entity); }
std::string KeyOf(const v1::RelationshipSummary& relationship) {
  return RelationshipReference(relationship);
}
std::string TextOf(const v1::EntitySummary& entity) { return entity.display_name(); }
std::string TextOf(const v1::RelationshipSummary& relationship) {
  return RelationshipText(relationship);
}

template <typename Thing>
v1::Change::Kind KindOf(const NetDifference::Pair<Thing>& pair) {
  if (!pair.before) return v1::Change::CREATED;
  return pair.after ? v1::Change::UPDATED : v1::Change::DELETED;
}

// What only the one or the other holds; of those with equal content and heading as many are left as
// the one has more than the other.
struct Sides {
  std::vector<Held> gone;
  std::vector<Held> come;
};

template <typename Thing>
Sides Compare(const NetDifference::Pair<Thing>& pair) {
  Sides sides;
  std::map<std::pair<std::string, std::string>, int> before;
  for (const Held& held : HeldBy(pair.before)) ++before[{held.heading, held.content}];
  for (Held& held : HeldBy(pair.after)) {
    int& left = before[{held.heading, held.content}];
    if (left-- <= 0) sides.come.push_back(std::move(held));
  }
  for (Held& held : HeldBy(pair.before)) {
    int& left = before[{held.heading, held.content}];
    if (left-- > 0) sides.gone.push_back(std::move(held));
  }
  return sides;
}

template <typename Thing>
void AddPair(const NetDifference::Pair<Thing>& pair, Table* table) {
  const Sides sides = Compare(pair);
  if (pair.before && pair.after && sides.gone.empty() && sides.come.empty()) return;
  const auto summary = SummaryOf(pair.after ? *pair.after : *pair.before);
  const auto add_text = [&](const std::string& change, const std::string& heading,
                            const std::string& text) {
    std::vector<Cell> row = {change, KeyOf(summary), heading, text};
    row.resize(DifferenceHeadings().size(), Cell(""));
    table->AddRow(std::move(row));
  };
  add_text(absl::AsciiStrToLower(v1::Change::Kind_Name(KindOf(pair))), "", TextOf(summary));
  const auto add = [&](const std::string& change, const Held& held) {
    if (held.fact) {
      AddFactRows({change, KeyOf(summary), held.heading}, *held.fact, FactDetail(), table);
    } else {
      add_text(change, held.heading, held.text);
    }
  };
  for (const Held& held : sides.gone) add("-", held);
  for (const Held& held : sides.come) add("+", held);
}

template <typename Thing>
bool Differs(const NetDifference::Pair<Thing>& pair) {
  if (!pair.before || !pair.after) return true;
  const Sides sides = Compare(pair);
  return !sides.gone.empty() || !sides.come.empty();
}

}  // namespace

std::vector<std::string> DifferenceHeadings() {
  return FactHeadings({"change", "key", "property"}, FactDetail());
}

void AddDifference(const NetDifference& difference, Table* table) {
  if (difference.schema_changed) {
    std::vector<Cell> row = {"schema", "", "", "names or declarations changed"};
    row.resize(DifferenceHeadings().size(), Cell(""));
    table->AddRow(std::move(row));
  }
  for (const auto& pair : difference.entities) AddPair(pair, table);
  for (const auto& pair : difference.relationships) AddPair(pair, table);
}

v1::Change DifferenceAsChange(const NetDifference& difference) {
  v1::Change change;
  change.set_version(difference.to_version);
  change.set_schema_changed(difference.schema_changed);
  for (const auto& pair : difference.entities) {
    if (!Differs(pair)) continue;
    v1::Change::EntityChange* const entity = change.add_entities();
    entity->set_kind(KindOf(pair));
    *entity->mutable_entity() = SummaryOf(pair.after ? *pair.after : *pair.before);
    if (pair.after) *entity->mutable_after() = *pair.after;
  }
  for (const auto& pair : difference.relationships) {
    if (!Differs(pair)) continue;
    v1::Change::RelationshipChange* const relationship = change.add_relationships();
    relationship->set_kind(KindOf(pair));
    *relationship->mutable_relationship() = SummaryOf(pair.after ? *pair.after : *pair.before);
    if (pair.after) *relationship->mutable_after() = *pair.after;
  }
  return change;
}

}  // namespace relata
