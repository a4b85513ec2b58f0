#ifndef RELATA_GRAPH_TRANSACTION_STATE_WRITER_H_
#define RELATA_GRAPH_TRANSACTION_STATE_WRITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "graph/catalog/schema.h"
#include "graph/store/states.h"
#include "graph/transaction/statistics_keeper.h"
#include "storage/commit_log.h"
#include "storage/versioned_store.h"

namespace relata {

// Turns the difference between two states of an entity or a relationship into writes of the
// versioned store: its records and every index entry that follows from them. The one place that
// knows which tables hold what, for commits, index builds and replay alike. Works out all writes
// first and puts them last. Not thread-safe.
class StateWriter {
 public:
  // `before`, `after`: the schemas of the states before and after the commit (they differ where it
  // changes the schema).
  StateWriter(const Schema& before, const Schema& after, CommitVersion version)
      : schema_before_(before), schema_after_(after), version_(version) {}

  // nullopt: not there before, not there after. `after` is final: no version or time in it is left
  // open. Returns whether anything differs. INVALID_ARGUMENT where a name cannot be folded.
  absl::StatusOr<bool> WriteEntity(const std::optional<EntityState>& before,
                                   const std::optional<EntityState>& after);
  bool WriteRelationship(const std::optional<RelationshipState>& before,
                         const std::optional<RelationshipState>& after);
  void WriteSchema();
  // The entries of one index for an entity that is there already.
  void WriteIndexEntries(const IndexDefinition& index, const EntityState& entity);

  // About how many bytes the writes so far hold at a time until they are on disk: here, as
  // operations of the batch with the keys that it knows, and as the engine's copy of them.
  size_t staging_bytes() const { return staging_bytes_; }

  // Puts everything. An error of the engine may leave a part of the writes in the batch.
  absl::Status Flush(VersionedBatch& batch);
  // Counters that moved, those that did not left out.
  std::vector<CommitEntry::Counter> Counters() const;

 private:
  struct Write {
    std::optional<std::string> record;  // nullopt: delete
    bool known_new = false;
  };
  void Put(std::string key, std::string record, bool known_new = false);
  void Delete(std::string key);
  // Puts the keys of `after` that are not in `before`, deletes those of `before` that are not in
  // `after`.
  void WriteEntries(const std::set<std::string>& before, const std::set<std::string>& after,
                    bool known_new);
  void WriteEntityFacts(const EntityState* before, const EntityState* after);
  void Count(CounterKind kind, uint64_t id, int64_t delta) { counters_[{kind, id}] += delta; }
  void CountFacts(const std::vector<Fact>& facts, int64_t sign);

  const Schema& schema_before_;
  const Schema& schema_after_;
  const CommitVersion version_;
  std::map<std::string, Write> writes_;
  size_t staging_bytes_ = 0;  // overwritten ones count again
  size_t staged_writes_ = 0;  // overwritten ones count again
  StatisticsKeeper::Sums counters_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_STATE_WRITER_H_
