#ifndef RELATA_GRAPH_STORE_INDEX_ENTRIES_H_
#define RELATA_GRAPH_STORE_INDEX_ENTRIES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "graph/catalog/schema.h"
#include "graph/store/states.h"
#include "graph/values/value.h"
#include "storage/versioned_store.h"

namespace relata {

// The entries of secondary indexes (table kIndex of key_layout.h): which keys follow from a state,
// and where those lie that are looked for. Lives on disk:
//
//   key  = 0x40, u32 index, what is indexed, u64 id of the entity or the relationship
//   what is indexed, of one property of entities = value key (graph/values/value_codec.h)
//   of several properties, or of relationships = one part for each property, in the index's order
//   part = collation of the value (ValueKeyPrefix) | 0x01 no value | 0xff one of many values
//
// A state without a value of the first property has no entry. The facts of an entity's properties
// hold apart from each other, so that each combination of their values has an entry; where there
// would be more than kMostCombinations, the property that would make them so many and those behind
// it are 0xff. The facts of a relationship have an entry each.

// Of one entity in one index.
inline constexpr size_t kMostCombinations = 64;
// Of one index.
inline constexpr size_t kMostIndexedProperties = 16;

// Keys, ascending, each once. None where the state is not of the index's label or type.
std::vector<std::string> IndexEntries(const IndexDefinition& index, const EntityState& state);
std::vector<std::string> IndexEntries(const IndexDefinition& index, const RelationshipState& state);

// What is looked for: Equivalent values of the first properties of an index, and perhaps values
// between two others, or texts that start with one, of the next. At least one of all these.
struct IndexLookup {
  std::vector<Value> equal;
  std::optional<Value> at_least;
  std::optional<Value> at_most;
  std::optional<std::string> starts_with;
};
// Where all entries lie of states that may have what is looked for (and others: what is found is
// to be compared again). Empty: there can be none. Precondition: it asks for no more properties
// than the index has.
std::vector<KeyRange> IndexRanges(const IndexDefinition& index, const IndexLookup& lookup);

// Values for the properties of an index, one for each, that an entity holds at whatever time.
using IndexedValues = std::vector<Value>;
// All combinations, those with Equivalent values once; none where a property has no value or the
// label is another. nullopt: of several properties, and more than kMostCombinations.
std::optional<std::vector<IndexedValues>> CombinationsOf(const IndexDefinition& index,
                                                         const EntityState& state);
// Equal for Equivalent values (and for long ones whose hashes are equal), else different.
std::string BytesOf(const IndexedValues& values);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_INDEX_ENTRIES_H_
