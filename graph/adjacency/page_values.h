#ifndef RELATA_GRAPH_ADJACENCY_PAGE_VALUES_H_
#define RELATA_GRAPH_ADJACENCY_PAGE_VALUES_H_

#include <cstddef>
#include <memory>

#include "base/ids.h"
#include "graph/adjacency/property_columns.h"

namespace relata {

// The values of one property of all relationships of 64 consecutive entities in one type and
// direction, in the order of their arrays: beside PageCounts, which say how many each entity has,
// and only where those hold. Immutable. An aggregation over a whole type reads these one after the
// other, while the pages of a column are as far apart as the ids of the relationships.
struct PageValues {
  // The values that `of` knows. It lives as long as the cache (it is of the present), and so do its
  // shapes and texts.
  const PropertyColumns::Column* of = nullptr;
  PropertyColumns::Column::Codes codes;
  // Exact for readers from this version on.
  CommitVersion since;
  // Those of another property.
  std::unique_ptr<const PageValues> next;

  // What it takes, without those that follow.
  size_t bytes() const {
    return sizeof(*this) + codes.shapes.capacity() + codes.bits.capacity() * sizeof(codes.bits[0]);
  }
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PAGE_VALUES_H_
