#ifndef RELATA_STORAGE_PAST_VERSIONS_H_
#define RELATA_STORAGE_PAST_VERSIONS_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Finds versions before a head, and when they were committed, in the commit log. Every call is
// given the head to look from. Borrows the engine. Immutable; thread-safe.
class PastVersions {
 public:
  // `earliest`: the oldest version that can be read; 0: the empty database before the first commit.
  PastVersions(const OrderedKv* kv, CommitVersion earliest) : kv_(*kv), earliest_(earliest) {}

  CommitVersion earliest() const { return earliest_; }

  // The store at exactly `version`. OUT_OF_RANGE beyond the head or before the earliest (the
  // message names it), DATA_LOSS where the log lacks a version that it must have.
  absl::StatusOr<std::shared_ptr<const StoreSnapshot>> At(
      CommitVersion version, const std::shared_ptr<const StoreSnapshot>& head) const;
  // The store at the last commit at or before `time_us`. OUT_OF_RANGE before the earliest,
  // DATA_LOSS as At. Cost: a point read for each halving of the log.
  absl::StatusOr<std::shared_ptr<const StoreSnapshot>> AtTime(
      int64_t time_us, const std::shared_ptr<const StoreSnapshot>& head) const;
  // When the version was committed, in microseconds since 1970; INT64_MIN of version 0. Errors as
  // At.
  absl::StatusOr<int64_t> CommitTime(CommitVersion version, const StoreSnapshot& head) const;

 private:
  absl::Status CheckReadable(CommitVersion version, const StoreSnapshot& head) const;
  absl::StatusOr<int64_t> TimeOf(CommitVersion version, const StoreSnapshot& head) const;
  absl::StatusOr<std::shared_ptr<const StoreSnapshot>> Open(
      CommitVersion version, const std::shared_ptr<const StoreSnapshot>& head) const;
  absl::StatusOr<CommitVersion> LastVersionAt(int64_t time_us, const StoreSnapshot& head) const;

  const OrderedKv& kv_;
  const CommitVersion earliest_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_PAST_VERSIONS_H_
