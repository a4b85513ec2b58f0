#include "graph/facts/fact.h"

#include <algorithm>

namespace relata {

const Value* Fact::FindProperty(PropertyId property) const {
  const auto at = std::lower_bound(properties.begin(), properties.end(), property,
                                   [](const std::pair<PropertyId, Value>& entry,
                                      PropertyId wanted) { return entry.first < wanted; });
  return at != properties.end() && at->first == property ? &at->second : nullptr;
}

bool SameFact(const Fact& a, const Fact& b) {
  return SameInterval(a.valid, b.valid) && SameStatement(a.value, b.value) &&
         std::equal(a.properties.begin(), a.properties.end(), b.properties.begin(),
                    b.properties.end(), [](const auto& left, const auto& right) {
                      return left.first == right.first && SameStatement(left.second, right.second);
                    });
}

bool SameCitation(const Citation& a, const Citation& b) {
  if (a.reported.has_value() != b.reported.has_value()) return false;
  if (a.reported && !SameBound(*a.reported, *b.reported)) return false;
  return a.source == b.source && a.stance == b.stance && a.confidence == b.confidence &&
         a.locator == b.locator;
}

namespace {

// Adds each citation that `into` does not have yet. Returns whether there was one.
bool AddCitations(std::vector<Citation> citations, std::vector<Citation>& into) {
  bool added = false;
  for (Citation& citation : citations) {
    const bool known = std::any_of(into.begin(), into.end(), [&](const Citation& there) {
      return SameCitation(there, citation);
    });
    if (known) continue;
    into.push_back(std::move(citation));
    added = true;
  }
  return added;
}

}  // namespace

AddedFact AddFact(Fact fact, std::vector<Fact>& facts) {
  std::vector<Citation> citations = std::exchange(fact.citations, {});
  AddedFact added;
  const auto there = std::find_if(facts.begin(), facts.end(),
                                  [&](const Fact& known) { return SameFact(known, fact); });
  added.index = static_cast<size_t>(there - facts.begin());
  added.is_new = there == facts.end();
  if (added.is_new) facts.push_back(std::move(fact));
  const bool cited = AddCitations(std::move(citations), facts[added.index].citations);
  added.changed = added.is_new || cited;
  return added;
}

}  // namespace relata
