#ifndef RELATA_TESTS_GRAPH_QUERY_RUNTIME_RANDOM_DATA_H_
#define RELATA_TESTS_GRAPH_QUERY_RUNTIME_RANDOM_DATA_H_

#include <cstdint>

#include "graph/query/runtime/datum.h"
#include "tests/graph/values/random_values.h"

namespace relata::query {

// Seeded data of all kinds, from small pools, so that two draws are often equal or nearly so.
class RandomData {
 public:
  explicit RandomData(uint64_t seed) : values_(seed) {}

  // Lists and maps are nested up to `depth` deep.
  Datum Any(int depth = 2);
  uint64_t Below(uint64_t limit) { return values_.Below(limit); }

 private:
  NodeRef Node();
  RelationshipRef Relationship();

  RandomValues values_;
};

}  // namespace relata::query

#endif  // RELATA_TESTS_GRAPH_QUERY_RUNTIME_RANDOM_DATA_H_
