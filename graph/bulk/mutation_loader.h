#ifndef RELATA_GRAPH_BULK_MUTATION_LOADER_H_
#define RELATA_GRAPH_BULK_MUTATION_LOADER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/bulk/bulk_load.h"
#include "graph/bulk/key_table.h"
#include "graph/mutation/mutation.h"

namespace relata {

// Adds mutations of new entities and relationships to a bulk load, by the rules of S4 that
// graph/mutation/ carries out. Handles of entities hold over the whole load. Borrows the load. Not
// thread-safe.
class MutationLoader {
 public:
  explicit MutationLoader(BulkLoad* load) : load_(*load) {}

  // Creates and puts of what does not exist; INVALID_ARGUMENT for any other mutation, else as
  // BulkLoad and, about references, as MutationRunner.
  absl::Status Add(const Mutation& mutation);
  absl::Status AddOne(const EntityWrite& m);
  absl::Status AddOne(const RelationshipWrite& m);

 private:
  absl::StatusOr<EntityId> Resolve(const EntityRef& ref);
  absl::StatusOr<Citation> MakeCitation(const CitationWrite& write);
  absl::StatusOr<Fact> MakeFact(const Interval& valid, const std::vector<CitationWrite>& citations,
                                const std::optional<Bound>& rank_from);
  absl::StatusOr<Fact> MakeRelationshipFact(const FactWrite& write);
  absl::Status AddProperty(const std::string& property, const FactWrite& write,
                           EntityState& entity);
  absl::Status AddNames(const std::vector<NameWrite>& names, EntityState& entity);

  BulkLoad& load_;
  KeyTable handles_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_MUTATION_LOADER_H_
