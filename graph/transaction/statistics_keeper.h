#ifndef RELATA_GRAPH_TRANSACTION_STATISTICS_KEEPER_H_
#define RELATA_GRAPH_TRANSACTION_STATISTICS_KEEPER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "storage/commit_log.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// What is counted; the numbers live on disk (CommitEntry::Counter::kind).
enum class CounterKind : uint8_t {
  kEntities = 1,
  kRelationships = 2,
  kFacts = 3,
  kCitations = 4,
  kEntitiesByLabel = 5,      // id: label
  kRelationshipsByType = 6,  // id: type
};

// Sums of all counters at the head: each commit logs its deltas, and every few hundred commits the
// sums are stored, so that opening adds up little. Counters are in no transaction's read set.
// Thread-safe, but for what the committer's thread alone calls.
class StatisticsKeeper {
 public:
  using Sums = std::map<std::pair<CounterKind, uint64_t>, int64_t>;

  // DATA_LOSS where sums or log are damaged.
  static absl::StatusOr<std::unique_ptr<StatisticsKeeper>> Load(const OrderedKv& kv,
                                                                CommitVersion head);
  Sums Get() const;
  // One sum, without a copy of all; `id` as of its kind, 0 where the kind has one counter.
  int64_t Get(CounterKind kind, uint64_t id) const;

  // Committer's thread: notes the deltas of a version (again, where it was refused before), and
  // stages sums where they are due.
  void Stage(CommitVersion version, const std::vector<CommitEntry::Counter>& deltas,
             VersionedBatch& batch);
  // Committer's thread: what was staged up to `version` is visible now.
  void Publish(CommitVersion version);

 private:
  static constexpr uint64_t kStoreEvery = 256;
  static void Add(const std::vector<CommitEntry::Counter>& deltas, Sums& sums);

  // Committer's thread alone. A group that is refused after staging gives its versions back.
  std::vector<std::pair<CommitVersion, std::vector<CommitEntry::Counter>>> unpublished_;

  mutable Mutex mutex_;
  Sums published_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_STATISTICS_KEEPER_H_
