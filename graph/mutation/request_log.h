#ifndef RELATA_GRAPH_MUTATION_REQUEST_LOG_H_
#define RELATA_GRAPH_MUTATION_REQUEST_LOG_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/mutation/mutation.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Answers to write calls with a request id, kept for 24 hours (S4.6), in the unversioned space.
// Failures are not kept. Batches and bulk loads share the ids. `at` is a published snapshot, so
// that the version in an answer can be read; `now` says which answers are still kept.

// What a bulk load was answered.
struct LoadAnswer {
  CommitVersion version;
  Instant commit_time = 0;
  uint64_t entities = 0;
  uint64_t relationships = 0;
  uint64_t facts = 0;
  uint64_t citations = 0;
  uint64_t bad_items = 0;
};

// The first answer to the request id, nullopt where none is kept. INVALID_ARGUMENT where the body
// was another.
absl::StatusOr<std::optional<BatchResult>> FindRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                       const RequestId& request, Instant now);
// Likewise of a bulk load.
absl::StatusOr<std::optional<LoadAnswer>> FindLoadRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                          const RequestId& request, Instant now);
// The version of the answer to `request_id`, of whatever body; nullopt where none is kept.
absl::StatusOr<std::optional<CommitVersion>> FindRequestVersion(const OrderedKv& kv,
                                                                const KvSnapshot* at,
                                                                absl::string_view request_id,
                                                                Instant now);

// Stages the answer (committer's thread).
void StageRequest(const RequestId& request, const BatchResult& result, VersionedBatch& out);
void StageLoadRequest(const RequestId& request, const LoadAnswer& answer, VersionedBatch& out);

// Removes answers that are older than 24 hours, a few with each commit, and knows until when there
// is none, so that commits seldom look. Used on the committer's thread alone.
class ExpiredAnswers {
 public:
  // To be called before the answer of the commit at `now` is staged, so that an answer to an id
  // used again stays. Where the commit is refused in the end, what it would have removed goes with
  // a later one.
  void StageRemoval(const OrderedKv& kv, Instant now, VersionedBatch& out);

 private:
  Instant none_until_ = INT64_MIN;
};

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_REQUEST_LOG_H_
