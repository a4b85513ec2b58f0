#ifndef RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_WRITER_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_WRITER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/catalog/schema_rule.h"
#include "graph/mutation/mutation.h"
#include "graph/mutation/mutation_runner.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/runtime/datum.h"
#include "graph/transaction/transaction.h"

namespace relata::query {

struct SideEffects;

// Names what a transaction holds where that passes a statement's memory.
inline constexpr MemoryHolder kHeldByTransaction = {
    "the transaction",
    "it holds all that it changes until it commits: write in parts, by CALL { … } IN TRANSACTIONS"};

// When a write is true, and who says so (S4.2, S11.3; CITING): evaluated for one row.
struct WriteFrame {
  std::optional<Interval> portion;  // of facts to add; of SET and DELETE the part that they act on
  std::vector<CitationWrite> citations;
};

// All that a statement writes: turns what a clause says into mutations (graph/mutation), which
// carry out S4, and counts net effects. What the transaction holds (Transaction::held_bytes), of
// earlier statements too, counts against the statement's memory: every call that writes may end
// with RESOURCE_EXHAUSTED, and Delete also as QueryBudget::Spend. Used by one thread.
class GraphWriter {
 public:
  // All outlive it.
  GraphWriter(Transaction* transaction, GraphReader* reader, QueryBudget* budget);

  // Properties: an absent (null) value is not stored. `_key` in the map gives the key, `_names` is
  // refused.
  absl::StatusOr<NodeRef> CreateNode(const std::vector<std::string>& labels,
                                     const Datum::Map& properties, const WriteFrame& frame);
  // On a one_per_pair type, or with the `_key` of one that exists, a fact is added instead (S4.3).
  absl::StatusOr<RelationshipRef> CreateRelationship(NodeRef from, NodeRef to,
                                                     const std::string& type,
                                                     const Datum::Map& properties,
                                                     const WriteFrame& frame);
  // A null entity: nothing. A null value removes. TypeError InvalidPropertyType for what cannot be
  // stored.
  absl::Status SetProperty(const Datum& entity, const std::string& property, const Datum& value,
                           const WriteFrame& frame);
  // `map`: a map, node or relationship. `replace`: e = map, else e += map.
  absl::Status SetProperties(const Datum& entity, const Datum& map, bool replace,
                             const WriteFrame& frame);
  absl::Status ChangeLabels(const Datum& entity, const std::vector<std::string>& add,
                            const std::vector<std::string>& remove);
  // Nodes, relationships, paths and nulls of one clause, whole rows at once: relationships first,
  // then nodes; what is already deleted is no error. A node that has relationships left is deleted
  // without `detach` too, but Finish refuses it if they are still there: a later clause may delete
  // them.
  absl::Status Delete(absl::Span<const Datum> entities, bool detach, const WriteFrame& frame);
  // A mutation as it is: schema changes, procedures that write.
  absl::StatusOr<BatchResult::Item> Run(const Mutation& mutation);

  // Call when the statement has run to its end (and before each commit of a part of it).
  // ConstraintVerificationFailed (DeleteConnectedNode) where relationships of deleted nodes are
  // left.
  absl::Status Finish();

  // Call before the commit of what was written: what it holds meanwhile counts against the
  // statement's memory too, and beyond that it ends with RESOURCE_EXHAUSTED. This must outlive it.
  void WatchCommit();

  // Net effects so far.
  SideEffects Effects() const;

 private:
  // What was there when the statement began; null: what was there when the transaction began.
  template <typename State>
  using Baseline = std::unique_ptr<std::optional<State>>;

  // What the schema said when the statement began.
  struct SchemaBefore {
    size_t indexes = 0;
    std::vector<SchemaRule> constraints;  // sorted
  };

  void Touch(EntityId id);
  void Touch(RelationshipId id);
  // After a write: what is held now.
  absl::Status Account();
  absl::Status Account(size_t transaction_bytes);
  // Of an entity to write to. DeletedEntityAccess, TypeError.
  absl::Status CheckWritable(const Datum& entity) const;
  absl::Status CheckEnd(const NodeRef& node) const;
  absl::Status SetOne(const PropertyTarget& target, const std::string& property, const Value& value,
                      const Portion& portion, const WriteFrame& frame);
  // Whatever the valid time, without citations.
  absl::Status SetPlainly(const Datum& entity, const Datum::Map& given, bool replace);
  absl::Status CiteFacts(RelationshipId id, const Portion& portion,
                         const std::vector<CitationWrite>& citations);
  absl::Status DeleteRelationshipIn(const RelationshipRef& relationship, const Portion& portion);
  absl::Status DeleteNode(EntityId id, bool detach);
  // Deletes the node and its relationships.
  absl::Status RemoveNode(EntityId id);

  Transaction* const transaction_;
  GraphReader* const reader_;
  QueryBudget* const budget_;
  MutationRunner runner_;
  MemoryHold memory_;
  absl::flat_hash_map<EntityId, Baseline<EntityState>> touched_entities_;
  absl::flat_hash_map<RelationshipId, Baseline<RelationshipState>> touched_relationships_;
  size_t baseline_bytes_ = 0;  // of states in the two
  // Deleted, but with relationships that still have to go.
  std::vector<EntityId> connected_;
  std::optional<SchemaBefore> schema_before_;  // set by the first Run
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_GRAPH_WRITER_H_
