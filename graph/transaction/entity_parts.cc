#include "graph/transaction/entity_parts.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "graph/store/records.h"

namespace relata {
namespace {

bool SameStoredFact(const Fact& a, const Fact& b) {
  return a.id == b.id && a.recorded == b.recorded && a.valid == b.valid &&
         a.citations == b.citations && a.cut_from == b.cut_from &&
         a.value.type() == b.value.type() && SameStatement(a.value, b.value);
}

void SetFacts(EntityState& state, PropertyId property, const std::vector<Fact>* facts) {
  if (facts == nullptr) {
    state.properties.erase(property);
  } else {
    state.properties[property] = *facts;
  }
}

std::vector<LabelId> Union(const std::vector<LabelId>& a, const std::vector<LabelId>& b) {
  std::vector<LabelId> both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

std::vector<LabelId> Difference(const std::vector<LabelId>& a, const std::vector<LabelId>& b) {
  std::vector<LabelId> left;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(left));
  return left;
}

}  // namespace

bool SameFacts(const std::vector<Fact>* a, const std::vector<Fact>* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return std::equal(a->begin(), a->end(), b->begin(), b->end(), SameStoredFact);
}

bool LabelDiffers(const EntityState& before, const EntityState& after, LabelId label) {
  return before.HasLabel(label) != after.HasLabel(label);
}

bool PropertyDiffers(const EntityState& before, const EntityState& after, PropertyId property) {
  return !SameFacts(before.FindProperty(property), after.FindProperty(property));
}

std::vector<LabelId> DifferingLabels(const EntityState& before, const EntityState& after) {
  std::vector<LabelId> differing;
  std::set_symmetric_difference(before.labels.begin(), before.labels.end(), after.labels.begin(),
                                after.labels.end(), std::back_inserter(differing));
  return differing;
}

std::vector<PropertyId> DifferingProperties(const EntityState& before, const EntityState& after) {
  std::set<PropertyId> differing;
  for (const EntityState* state : {&before, &after}) {
    for (const auto& [property, facts] : state->properties) {
      if (PropertyDiffers(before, after, property)) differing.insert(property);
    }
  }
  return std::vector<PropertyId>(differing.begin(), differing.end());
}

void Rebase(const EntityState& newest, EntityState& before, EntityState& after) {
  const std::vector<LabelId> added = Difference(after.labels, before.labels);
  const std::vector<LabelId> removed = Difference(before.labels, after.labels);
  before.labels = newest.labels;
  after.labels = Difference(Union(newest.labels, added), removed);

  if (before.source_retracted == after.source_retracted) {
    before.source_retracted = after.source_retracted = newest.source_retracted;
  }

  std::set<PropertyId> in_record;
  for (const auto& [property, facts] : newest.properties) in_record.insert(property);
  for (const auto& [property, facts] : before.properties) {
    if (StoredInline(facts)) in_record.insert(property);
  }
  for (const PropertyId property : in_record) {
    if (PropertyDiffers(before, after, property)) continue;
    const std::vector<Fact>* facts = newest.FindProperty(property);
    SetFacts(before, property, facts);
    SetFacts(after, property, facts);
  }
}

}  // namespace relata
