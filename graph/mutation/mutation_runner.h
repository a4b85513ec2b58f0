#ifndef RELATA_GRAPH_MUTATION_MUTATION_RUNNER_H_
#define RELATA_GRAPH_MUTATION_MUTATION_RUNNER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/mutation/mutation.h"
#include "graph/transaction/transaction.h"

namespace relata {

// Carries out the mutations of a batch on a transaction, in order, by the rules of S4 and S5. Knows
// references and handles; keeps nothing once the batch is done. Used by one thread. Implemented by
// subject: mutation_runner.cc (dispatch, references, citations), entity_mutations.cc,
// relationship_mutations.cc, schema_mutations.cc.
class MutationRunner {
 public:
  explicit MutationRunner(Transaction* transaction) : tx_(*transaction) {}

  // NOT_FOUND, ALREADY_EXISTS or ABORTED as S4.6 says; the message names the precondition.
  absl::Status Check(const Precondition& precondition);
  // Errors leave the transaction unusable: the whole batch is refused. `item` gets what the
  // mutation made or touched.
  absl::Status Run(const Mutation& mutation, BatchResult::Item& item);

 private:
  // mutation_runner.cc
  absl::StatusOr<EntityId> Resolve(const EntityRef& ref);
  absl::StatusOr<RelationshipId> Resolve(const RelationshipRef& ref);
  absl::StatusOr<FactOwner> Resolve(const FactRef& ref);
  // To be changed; the caller notes the parts that it reads (Transaction::OpenEntity).
  absl::StatusOr<EntityState*> Entity(const EntityRef& ref);
  absl::StatusOr<RelationshipState*> Relationship(const RelationshipRef& ref);
  absl::StatusOr<Citation> MakeCitation(const CitationWrite& write);
  absl::StatusOr<std::vector<Citation>> MakeCitations(const std::vector<CitationWrite>& writes);
  // The fact, without value or properties.
  absl::StatusOr<Fact> MakeFact(const Interval& valid, const std::vector<CitationWrite>& citations,
                                const std::optional<Bound>& rank_from);
  // Adds it (S4.3) and keeps its handle.
  void Add(Fact fact, const std::string& handle, FactOwner owner, std::vector<Fact>& facts,
           BatchResult::Item& item);
  absl::Status AddHandle(const std::string& handle, const std::string& kind);
  absl::StatusOr<std::vector<Fact>*> FactsOf(const FactOwner& owner);

  // entity_mutations.cc
  absl::Status RunOne(const EntityWrite& m, BatchResult::Item& item);
  absl::Status RunOne(const AddFacts& m, BatchResult::Item& item);
  absl::Status RunOne(const AddNames& m, BatchResult::Item& item);
  absl::Status RunOne(const RemoveNames& m, BatchResult::Item& item);
  absl::Status RunOne(const ChangeLabels& m, BatchResult::Item& item);
  absl::Status RunOne(const DeleteEntity& m, BatchResult::Item& item);
  absl::Status RunOne(const Cite& m, BatchResult::Item& item);
  absl::Status RunOne(const RetractSource& m, BatchResult::Item& item);
  absl::Status RunOne(const SetProperty& m, BatchResult::Item& item);
  absl::Status RunOne(const SetProperties& m, BatchResult::Item& item);
  absl::Status AddPropertyFact(EntityState& entity, const std::string& property,
                               const FactWrite& write, BatchResult::Item& item);
  absl::Status AddNamesTo(EntityState& entity, const std::vector<NameWrite>& names,
                          BatchResult::Item& item);
  absl::Status AddLabels(EntityState& entity, const std::vector<std::string>& labels);
  absl::Status SetEntityProperty(EntityState& entity, const std::string& property,
                                 const Value& value, const Portion& portion);

  // relationship_mutations.cc
  absl::Status RunOne(const RelationshipWrite& m, BatchResult::Item& item);
  absl::Status RunOne(const DeleteRelationship& m, BatchResult::Item& item);
  absl::StatusOr<RelationshipState*> FindOrCreate(const RelationshipWrite& m, bool* created);
  absl::StatusOr<RelationshipState*> FindWritten(const RelationshipWrite& m);
  absl::Status CheckEnds(TypeId type, EntityId from, EntityId to);
  absl::Status AddRelationshipFact(RelationshipState& state, const FactWrite& write,
                                   BatchResult::Item& item);
  absl::Status SetRelationshipProperty(RelationshipState& state, const std::string& property,
                                       const Value& value, const Portion& portion);

  // schema_mutations.cc
  absl::Status RunOne(const DeclareRelationshipType& m, BatchResult::Item& item);
  absl::Status RunOne(const DeclareProperty& m, BatchResult::Item& item);
  absl::Status RunOne(const ChangeIndex& m, BatchResult::Item& item);
  absl::Status RunOne(const NameSchemaRule& m, BatchResult::Item& item);
  absl::Status CheckDeclaredType(const RelationshipTypeDeclaration& d);

  Transaction& tx_;
  std::map<std::string, EntityId> entity_handles_;
  std::map<std::string, RelationshipId> relationship_handles_;
  std::map<std::string, FactOwner> fact_handles_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_MUTATION_RUNNER_H_
