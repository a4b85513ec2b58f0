#ifndef RELATA_GRAPH_TRANSACTION_INDEX_BUILDER_H_
#define RELATA_GRAPH_TRANSACTION_INDEX_BUILDER_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/catalog/schema.h"
#include "graph/store/snapshot.h"
#include "storage/committer.h"

namespace relata {

// Builds secondary indexes while writes go on, on a thread of its own: writers keep the entries of
// what they change from the commit that declares the index; the builder adds those of the entities
// or relationships that were there, some hundred at a time between commits, and then stores the
// version from which the index is usable. What it had not finished it begins again when the
// database is opened. Thread-safe.
class IndexBuilder {
 public:
  // `snapshot_of` makes a Snapshot of a head. All outlive this.
  using SnapshotOf = std::function<Snapshot(std::shared_ptr<const StoreSnapshot>)>;
  // Reads which indexes are done. DATA_LOSS where that is damaged.
  static absl::StatusOr<std::unique_ptr<IndexBuilder>> Start(Committer* committer,
                                                             SnapshotOf snapshot_of);
  ~IndexBuilder();

  // The schema may have changed.
  void Notify();
  // An index whose entries were written with the commit `version`, which stored it as usable.
  void MarkUsable(IndexId index, CommitVersion version);
  std::optional<CommitVersion> UsableFrom(IndexId index) const;
  // How many indexes have become usable; dropped ones count on.
  size_t UsableCount() const;
  // Whether a look-up in this snapshot may use it.
  bool Usable(IndexId index, const StoreSnapshot& snapshot) const;
  // Blocks until there is nothing to build, or building failed (the status says why).
  absl::Status Wait() const;

  // The stored form of "usable from".
  static std::string EncodeState(CommitVersion usable_from);

 private:
  struct State {
    CommitVersion usable_from;
    // The engine snapshot of the head that first had all entries: an older one of the same version
    // has not.
    const KvSnapshot* first_engine = nullptr;
  };
  IndexBuilder(Committer* committer, SnapshotOf snapshot_of);
  void Run();
  absl::StatusOr<std::optional<IndexDefinition>> NextToBuild() const;
  absl::Status Build(const IndexDefinition& index);
  enum class Progress { kMore, kDone, kDropped };
  // `after`: the id of the last entity or relationship that was looked at.
  absl::StatusOr<Progress> AddChunk(const IndexDefinition& index, uint64_t* after,
                                    VersionedBatch& batch);

  Committer* const committer_;
  const SnapshotOf snapshot_of_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::map<IndexId, State> states_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  bool look_again_ ABSL_GUARDED_BY(mutex_) = true;
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_INDEX_BUILDER_H_
