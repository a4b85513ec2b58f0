#ifndef RELATA_STORAGE_CONFLICT_WINDOW_H_
#define RELATA_STORAGE_CONFLICT_WINDOW_H_

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "storage/versioned_store.h"

namespace relata {

// The logical keys that recent commits wrote, for validating optimistic transactions (backward
// validation after Kung and Robinson, "On Optimistic Methods for Concurrency Control", 1981,
// extended to key ranges). Not thread-safe: the committer's leader owns it.
class ConflictWindow {
 public:
  // `limit_bytes`: of keys kept; the oldest commits are forgotten beyond it.
  explicit ConflictWindow(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // Transactions that read before this version can no longer be validated.
  CommitVersion floor() const { return floor_; }
  // Sets the floor when a database is opened at `head`.
  void Reset(CommitVersion head);
  // Versions ascend from call to call. May raise the floor, up to `version` itself.
  void Add(CommitVersion version, const std::vector<std::string>& write_keys);
  // Whether a commit after `read_version` wrote one of the keys or into one of the ranges. Also
  // true where read_version < floor(). Cost of a range: the number of kept keys in it, or of keys
  // written since `read_version`, whichever is less.
  bool Conflicts(CommitVersion read_version, const std::vector<std::string>& read_keys,
                 const std::vector<KeyRange>& read_ranges) const;

 private:
  void ForgetOldest();
  bool WroteInto(const KeyRange& range, CommitVersion read_version, size_t recent_keys) const;

  size_t limit_bytes_;
  size_t bytes_ = 0;
  CommitVersion floor_;
  // The last commit in the window that wrote a key.
  absl::btree_map<std::string, CommitVersion> last_write_;
  // The commits of the window that wrote anything, the oldest first, with their keys.
  std::deque<std::pair<CommitVersion, std::vector<std::string>>> order_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_CONFLICT_WINDOW_H_
