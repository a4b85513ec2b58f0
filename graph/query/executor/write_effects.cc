// What a statement has changed, all in all.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/status_macros.h"
#include "graph/catalog/schema_rule.h"
#include "graph/query/engine.h"
#include "graph/query/executor/graph_writer.h"

namespace relata::query {
namespace {

bool SameValues(const std::vector<Fact>& a, const std::vector<Fact>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Fact& x, const Fact& y) {
    return x.id == y.id && SameStatement(x.value, y.value) && SameInterval(x.valid, y.valid);
  });
}

// Properties whose facts differ, removed ones too; null: no entity.
uint64_t ChangedProperties(const EntityState* before, const EntityState& after) {
  uint64_t changed = 0;
  for (const auto& [id, facts] : after.properties) {
    const std::vector<Fact>* old = before == nullptr ? nullptr : before->FindProperty(id);
    changed += old == nullptr || !SameValues(*old, facts);
  }
  if (before == nullptr) return changed;
  for (const auto& [id, facts] : before->properties) changed += after.FindProperty(id) == nullptr;
  return changed;
}

// Of relationships: those whose value differs in some fact.
uint64_t ChangedProperties(const RelationshipState* before, const RelationshipState& after) {
  std::set<PropertyId> changed;
  const auto fact_of = [](const RelationshipState* state, FactId id) -> const Fact* {
    if (state == nullptr) return nullptr;
    const auto it = std::find_if(state->facts.begin(), state->facts.end(),
                                 [&](const Fact& f) { return f.id == id; });
    return it == state->facts.end() ? nullptr : &*it;
  };
  const auto compare = [&](const RelationshipState& one, const RelationshipState* other) {
    for (const Fact& fact : one.facts) {
      const Fact* twin = fact_of(other, fact.id);
      for (const auto& [id, value] : fact.properties) {
        const Value* old = twin == nullptr ? nullptr : twin->FindProperty(id);
        if (old == nullptr || !SameStatement(*old, value)) changed.insert(id);
      }
    }
  };
  compare(after, before);
  if (before != nullptr) compare(*before, &after);
  return changed.size();
}

uint64_t Missing(const EntityState& from, const EntityState* in) {
  return static_cast<uint64_t>(
      std::count_if(from.labels.begin(), from.labels.end(),
                    [&](LabelId label) { return in == nullptr || !in->HasLabel(label); }));
}

std::vector<SchemaRule> ConstraintsOf(const Schema& schema) {
  std::vector<SchemaRule> rules = RulesOf(schema);
  std::erase_if(rules, [](const SchemaRule& rule) { return !rule.constraint(); });
  std::sort(rules.begin(), rules.end());
  return rules;
}

// How many of the first list are not in the second; both sorted.
uint64_t NotIn(const std::vector<SchemaRule>& of, const std::vector<SchemaRule>& in) {
  std::vector<SchemaRule> missing;
  std::set_difference(of.begin(), of.end(), in.begin(), in.end(), std::back_inserter(missing));
  return missing.size();
}

}  // namespace

bool SideEffects::any() const {
  return nodes_created + nodes_deleted + relationships_created + relationships_deleted +
             properties_set + labels_added + labels_removed + indexes_added + indexes_removed +
             constraints_added + constraints_removed >
         0;
}

absl::StatusOr<BatchResult::Item> GraphWriter::Run(const Mutation& mutation) {
  if (!schema_before_) {
    const Schema& schema = transaction_->schema();
    schema_before_ = SchemaBefore{schema.indexes().size(), ConstraintsOf(schema)};
  }
  BatchResult::Item item;
  RELATA_RETURN_IF_ERROR(runner_.Run(mutation, item));
  if (item.entity) {
    touched_entities_.try_emplace(*item.entity);
    reader_->NoteChanged(*item.entity);
    transaction_->Measure(*item.entity);
  }
  if (item.relationship) {
    touched_relationships_.try_emplace(*item.relationship);
    reader_->NoteChanged(*item.relationship);
    transaction_->Measure(*item.relationship);
  }
  RELATA_RETURN_IF_ERROR(Account());
  return item;
}

SideEffects GraphWriter::Effects() const {
  SideEffects effects;
  for (const auto& [id, baseline] : touched_entities_) {
    const auto changed = transaction_->FindChanged(id);
    const EntityState* before = changed.before;
    if (baseline != nullptr) before = *baseline ? &**baseline : nullptr;
    const EntityState* after = changed.state;
    effects.nodes_created += before == nullptr && after != nullptr;
    effects.nodes_deleted += before != nullptr && after == nullptr;
    if (after == nullptr) continue;
    effects.labels_added += Missing(*after, before);
    if (before != nullptr) effects.labels_removed += Missing(*before, after);
    effects.properties_set += ChangedProperties(before, *after);
  }
  for (const auto& [id, baseline] : touched_relationships_) {
    const auto changed = transaction_->FindChanged(id);
    const RelationshipState* before = changed.before;
    if (baseline != nullptr) before = *baseline ? &**baseline : nullptr;
    const RelationshipState* after = changed.state;
    effects.relationships_created += before == nullptr && after != nullptr;
    effects.relationships_deleted += before != nullptr && after == nullptr;
    if (after != nullptr) effects.properties_set += ChangedProperties(before, *after);
  }
  if (!schema_before_) return effects;
  const size_t indexes = transaction_->schema().indexes().size();
  effects.indexes_added = indexes - std::min(indexes, schema_before_->indexes);
  effects.indexes_removed = schema_before_->indexes - std::min(indexes, schema_before_->indexes);
  const std::vector<SchemaRule> constraints = ConstraintsOf(transaction_->schema());
  effects.constraints_added = NotIn(constraints, schema_before_->constraints);
  effects.constraints_removed = NotIn(schema_before_->constraints, constraints);
  return effects;
}

}  // namespace relata::query
