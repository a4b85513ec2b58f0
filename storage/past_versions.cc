#include "storage/past_versions.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/commit_log.h"

namespace relata {

absl::Status PastVersions::CheckReadable(CommitVersion version, const StoreSnapshot& head) const {
  if (version > head.version()) {
    return absl::OutOfRangeError(absl::StrCat(
        "version ", version.value(), " is beyond the newest one, ", head.version().value()));
  }
  if (version < earliest_) {
    return absl::OutOfRangeError(absl::StrCat("version ", version.value(),
                                              " is no longer kept; the earliest readable one is ",
                                              earliest_.value()));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> PastVersions::TimeOf(CommitVersion version,
                                             const StoreSnapshot& head) const {
  if (version == head.version()) return head.commit_time_us();
  if (!version.valid()) return INT64_MIN;
  RELATA_ASSIGN_OR_RETURN(const std::optional<int64_t> time_us,
                          ReadCommitTime(kv_, head.engine(), version));
  if (!time_us.has_value()) {
    return absl::DataLossError(absl::StrCat("the commit log lacks version ", version.value(),
                                            " though the newest one is ", head.version().value(),
                                            "; restore the database from a checkpoint"));
  }
  return *time_us;
}

absl::StatusOr<std::shared_ptr<const StoreSnapshot>> PastVersions::Open(
    CommitVersion version, const std::shared_ptr<const StoreSnapshot>& head) const {
  if (version == head->version()) return head;
  RELATA_ASSIGN_OR_RETURN(const int64_t time_us, TimeOf(version, *head));
  return std::make_shared<const StoreSnapshot>(&kv_, head->shared_engine(), version, time_us,
                                               false);
}

absl::StatusOr<std::shared_ptr<const StoreSnapshot>> PastVersions::At(
    CommitVersion version, const std::shared_ptr<const StoreSnapshot>& head) const {
  RELATA_RETURN_IF_ERROR(CheckReadable(version, *head));
  return Open(version, head);
}

absl::StatusOr<std::shared_ptr<const StoreSnapshot>> PastVersions::AtTime(
    int64_t time_us, const std::shared_ptr<const StoreSnapshot>& head) const {
  RELATA_ASSIGN_OR_RETURN(const CommitVersion version, LastVersionAt(time_us, *head));
  return Open(version, head);
}

absl::StatusOr<int64_t> PastVersions::CommitTime(CommitVersion version,
                                                 const StoreSnapshot& head) const {
  RELATA_RETURN_IF_ERROR(CheckReadable(version, head));
  return TimeOf(version, head);
}

// The last version committed at or before the time, among the readable ones.
absl::StatusOr<CommitVersion> PastVersions::LastVersionAt(int64_t time_us,
                                                          const StoreSnapshot& head) const {
  if (head.commit_time_us() <= time_us) return head.version();
  RELATA_ASSIGN_OR_RETURN(const int64_t earliest_time_us, TimeOf(earliest_, head));
  if (time_us < earliest_time_us) {
    return absl::OutOfRangeError(
        absl::StrCat("the system time asked for is before what is kept; the earliest readable ",
                     "version is ", earliest_.value()));
  }
  uint64_t low = earliest_.value();        // committed by then
  uint64_t high = head.version().value();  // not yet
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    RELATA_ASSIGN_OR_RETURN(const int64_t middle_time_us, TimeOf(CommitVersion(middle), head));
    (middle_time_us <= time_us ? low : high) = middle;
  }
  return CommitVersion(low);
}

}  // namespace relata
