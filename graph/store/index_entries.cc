#include "graph/store/index_entries.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "graph/store/key_layout.h"
#include "graph/values/value_codec.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/ordered_kv.h"

namespace relata {
namespace {

// Parts of a key that are no value; on disk.
constexpr char kNoValue = '\x01';
constexpr char kOneOfMany = '\xff';

// Whether keys hold the type of a number behind its collation, as the first indexes did.
bool HasValueKeys(const IndexDefinition& index) {
  return !index.of_relationships() && index.properties.size() == 1;
}

std::vector<std::string> SortedOnce(std::vector<std::string> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::string PartOf(const Value* value) {
  return value == nullptr ? std::string(1, kNoValue) : ValueKeyPrefix(*value);
}

// The values of a property, one of those that are Equivalent, by their parts.
std::map<std::string, const Value*> PartsOf(const EntityState& state, PropertyId property) {
  std::map<std::string, const Value*> parts;
  const std::vector<Fact>* const facts = state.FindProperty(property);
  if (facts == nullptr) return parts;
  for (const Fact& fact : *facts) parts.try_emplace(ValueKeyPrefix(fact.value), &fact.value);
  return parts;
}

// Each of `starts` with each of `parts` behind it.
std::vector<std::string> Product(const std::vector<std::string>& starts,
                                 const std::vector<std::string>& parts) {
  std::vector<std::string> product;
  product.reserve(starts.size() * parts.size());
  for (const std::string& start : starts) {
    for (const std::string& part : parts) product.push_back(start + part);
  }
  return product;
}

std::vector<std::string> PartsAt(const EntityState& state, const IndexDefinition& index, size_t i) {
  std::vector<std::string> parts;
  for (auto& [part, value] : PartsOf(state, index.properties[i])) parts.push_back(part);
  if (parts.empty() && i > 0) parts.emplace_back(1, kNoValue);
  return parts;
}

}  // namespace

std::vector<std::string> IndexEntries(const IndexDefinition& index, const EntityState& state) {
  std::vector<std::string> keys;
  if (index.of_relationships() || !state.HasLabel(index.label)) return keys;
  if (HasValueKeys(index)) {
    const std::vector<Fact>* const facts = state.FindProperty(index.properties[0]);
    if (facts == nullptr) return keys;
    for (const Fact& fact : *facts) keys.push_back(IndexKey(index.id, fact.value, state.id));
    return SortedOnce(std::move(keys));
  }
  keys.push_back(IndexPrefix(index.id));
  bool many = false;
  for (size_t i = 0; i < index.properties.size(); ++i) {
    std::vector<std::string> parts = PartsAt(state, index, i);
    many = many || (i > 0 && keys.size() * parts.size() > kMostCombinations);
    if (many) parts.assign(1, std::string(1, kOneOfMany));
    keys = Product(keys, parts);
  }
  for (std::string& key : keys) AppendUint64(&key, state.id.value());
  return SortedOnce(std::move(keys));
}

std::vector<std::string> IndexEntries(const IndexDefinition& index,
                                      const RelationshipState& state) {
  std::vector<std::string> keys;
  if (!index.of_relationships() || state.ends.type != index.type) return keys;
  for (const Fact& fact : state.facts) {
    if (fact.FindProperty(index.properties[0]) == nullptr) continue;
    std::string key = IndexPrefix(index.id);
    for (const PropertyId property : index.properties) key += PartOf(fact.FindProperty(property));
    AppendUint64(&key, state.ends.id.value());
    keys.push_back(std::move(key));
  }
  return SortedOnce(std::move(keys));
}

std::vector<KeyRange> IndexRanges(const IndexDefinition& index, const IndexLookup& lookup) {
  std::vector<KeyRange> ranges;
  std::string prefix = IndexPrefix(index.id);
  // Those of which a part that is asked for is one of many values.
  const auto add_one_of_many = [&] {
    if (!index.of_relationships()) ranges.push_back(KeyRange::Prefix(prefix + kOneOfMany));
  };
  for (size_t i = 0; i < lookup.equal.size(); ++i) {
    if (i > 0) add_one_of_many();
    prefix += ValueKeyPrefix(lookup.equal[i]);
  }
  const bool bounded = lookup.at_least || lookup.at_most;
  if (!bounded && !lookup.starts_with) {
    ranges.push_back(KeyRange::Prefix(prefix));
    return ranges;
  }
  if (!lookup.equal.empty()) add_one_of_many();
  const std::optional<ValueKeyRange> values =
      bounded ? ValuesBetween(lookup.at_least ? &*lookup.at_least : nullptr,
                              lookup.at_most ? &*lookup.at_most : nullptr)
              : StringsStartingWith(*lookup.starts_with);
  if (!values) return {};
  if (values->start < values->limit) {
    ranges.push_back({prefix + values->start, prefix + values->limit});
  }
  return ranges;
}

std::optional<std::vector<IndexedValues>> CombinationsOf(const IndexDefinition& index,
                                                         const EntityState& state) {
  std::vector<IndexedValues> combinations;
  if (index.of_relationships() || !state.HasLabel(index.label)) return combinations;
  combinations.emplace_back();
  for (size_t i = 0; i < index.properties.size(); ++i) {
    const auto parts = PartsOf(state, index.properties[i]);
    if (i > 0 && combinations.size() * parts.size() > kMostCombinations) return std::nullopt;
    std::vector<IndexedValues> longer;
    for (const IndexedValues& start : combinations) {
      for (const auto& [part, value] : parts) {
        longer.push_back(start);
        longer.back().push_back(*value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

std::string BytesOf(const IndexedValues& values) {
  std::string bytes;
  for (const Value& value : values) bytes += ValueKeyPrefix(value);
  return bytes;
}

}  // namespace relata
