#ifndef RELATA_GRAPH_MUTATION_CONSTRAINTS_H_
#define RELATA_GRAPH_MUTATION_CONSTRAINTS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"
#include "graph/store/index_entries.h"
#include "graph/store/states.h"
#include "graph/transaction/transaction.h"

namespace relata {

// What the schema asks of data. Each gives FAILED_PRECONDITION and names what breaks which
// declaration.

// Types of all facts of the property, and that it is there where it is required.
absl::Status CheckProperty(const NameTable& names, const PropertyDeclaration& declaration,
                           const EntityState& entity);
absl::Status CheckProperty(const NameTable& names, const PropertyDeclaration& declaration,
                           const RelationshipState& relationship);
// No two of the entities hold equal values (S7) of the properties, at whatever valid times.
absl::Status CheckAllUnique(Transaction& tx, const IndexDefinition& constraint,
                            const std::vector<EntityId>& entities);
// What breaks a unique constraint: two that are named as given hold the values; one holds more
// combinations of them than are compared (CombinationsOf).
absl::Status NotUnique(const NameTable& names, const IndexDefinition& constraint,
                       const IndexedValues& values, absl::string_view one, absl::string_view other);
absl::Status TooManyToCompare(const NameTable& names, const IndexDefinition& constraint,
                              const EntityState& entity);
// Everything that a transaction changed, once all its mutations have run.
absl::Status CheckChanges(Transaction& tx);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_CONSTRAINTS_H_
