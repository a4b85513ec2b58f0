#ifndef RELATA_GRAPH_MUTATION_REQUEST_LOG_H_
#define RELATA_GRAPH_MUTATION_REQUEST_LOG_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/mutation/mutation.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Answers to write calls with a request id, kept for 24 hours (S4.6), in the unversioned space.
// Failures are not kept.

// The first answer to the request id as `at` has it, nullopt where none is kept at `now`.
// INVALID_ARGUMENT where the body was another. A published snapshot shows answers of published
// commits alone: the version in them can be read.
absl::StatusOr<std::optional<BatchResult>> FindRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                       const RequestId& request, Instant now);
// Stages the answer, and removes a few that are older than 24 hours (committer's thread).
void StageRequest(const OrderedKv& kv, const RequestId& request, const BatchResult& result,
                  VersionedBatch& out);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_REQUEST_LOG_H_
