#ifndef RELATA_GRAPH_REPLAY_H_
#define RELATA_GRAPH_REPLAY_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "graph/catalog/schema.h"
#include "graph/store/snapshot.h"
#include "graph/transaction/transaction.h"
#include "storage/commit_log.h"
#include "storage/committer.h"

namespace relata {

// One commit of another database, to be committed here with the same states: the log names what
// changed, the states are read from the other database at that version. Used by one thread.
class ReplayedCommit : public PendingCommit {
 public:
  // `source`: at the commit's version; `target`: the head here. Both outlive it.
  static absl::StatusOr<std::unique_ptr<ReplayedCommit>> Load(const CommitEntry& entry,
                                                              const Snapshot& source,
                                                              const Snapshot& target,
                                                              TransactionParts parts);

  CommitVersion read_version() const override { return read_version_; }
  const std::vector<std::string>& read_keys() const override { return none_; }
  const std::vector<KeyRange>& read_ranges() const override { return no_ranges_; }
  const std::vector<std::string>& write_keys() const override { return none_; }
  absl::Status Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                     CommitEntry& entry) override;
  void BeforePublish(CommitVersion version) override;

 private:
  template <typename State>
  using Change = std::pair<std::optional<State>, std::optional<State>>;
  ReplayedCommit(CommitEntry entry, TransactionParts parts)
      : entry_(std::move(entry)), parts_(parts) {}

  const CommitEntry entry_;
  const TransactionParts parts_;
  CommitVersion read_version_;
  std::shared_ptr<const Schema> schema_before_;
  std::shared_ptr<const Schema> schema_after_;
  std::vector<Change<EntityState>> entities_;
  std::vector<Change<RelationshipState>> relationships_;
  const std::vector<std::string> none_;
  const std::vector<KeyRange> no_ranges_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_REPLAY_H_
