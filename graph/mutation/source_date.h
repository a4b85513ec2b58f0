#ifndef RELATA_GRAPH_MUTATION_SOURCE_DATE_H_
#define RELATA_GRAPH_MUTATION_SOURCE_DATE_H_

#include <optional>

#include "graph/store/states.h"
#include "graph/values/bound.h"

namespace relata {

// The default report date of citations of a source: its `published` (S5.1). nullopt where that is
// absent or no date.
std::optional<Bound> PublishedDate(const EntityState& source);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_SOURCE_DATE_H_
