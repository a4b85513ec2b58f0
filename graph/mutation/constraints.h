#ifndef RELATA_GRAPH_MUTATION_CONSTRAINTS_H_
#define RELATA_GRAPH_MUTATION_CONSTRAINTS_H_

#include <vector>

#include "absl/status/status.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"
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
// No two of the entities hold equal values (S7) of the property at any valid time.
absl::Status CheckAllUnique(Transaction& tx, const IndexDefinition& constraint,
                            const std::vector<EntityId>& entities);
// Everything that a transaction changed, once all its mutations have run.
absl::Status CheckChanges(Transaction& tx);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_CONSTRAINTS_H_
