#ifndef RELATA_STORAGE_SPACE_CURSORS_H_
#define RELATA_STORAGE_SPACE_CURSORS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Cursors over the records of one space whose (logical) keys lie in a range, forward or backward:
// what the readers of versioned_store.h are made of. They decode and check each record, and know
// nothing of which version is asked for. Not thread-safe. The snapshot must outlive them. Valid()
// is false at the end and on error; status() tells which: DATA_LOSS where a record is damaged, else
// the engine's error. A new cursor stands nowhere until it is sought.

// The records of the live space.
class LiveCursor {
 public:
  LiveCursor(const StoreSnapshot& snapshot, const KeyRange& range,
             VersionedScan::Direction direction);

  // Forward: to the first key >= `target`. Backward: to the last key < `target`; empty: to the last
  // of the range.
  void Seek(absl::string_view target);
  // Precondition of these: Valid(). The views hold until the cursor moves.
  void Step();
  absl::string_view key() const { return cursor_->key(); }
  CommitVersion written() const { return written_; }
  absl::string_view record() const { return record_; }

  bool Valid() const { return valid_; }
  const absl::Status& status() const { return status_; }

 private:
  void Load();

  const bool backward_;
  const LoadVersions& loads_;
  const std::unique_ptr<KvIterator> cursor_;
  bool valid_ = false;
  CommitVersion written_;
  absl::string_view record_;
  absl::Status status_;
};

// The ended states in the history space: by key, and within a key from the newest to the oldest
// (backward: the other way round).
class HistoryCursor {
 public:
  HistoryCursor(const StoreSnapshot& snapshot, KeyRange range, VersionedScan::Direction direction);

  // As LiveCursor::Seek, to the first state in direction of that key.
  void Seek(absl::string_view target);
  // Precondition of these: Valid(). The views hold until the cursor moves.
  // One state on; returns whether that is another state of the same key.
  bool Step();
  // Past all states of the current key, however many there are.
  void LeaveKey();
  // To the newest state of the current key that was written at `version` or before, in either
  // direction. False where there is none; the cursor then stands where LeaveKey() would have put
  // it.
  bool SeekVersion(CommitVersion version);
  absl::string_view key() const { return key_; }
  CommitVersion written() const { return written_; }
  CommitVersion ended() const { return ended_; }
  absl::string_view record() const { return record_; }
  // Whether the state held at `version`.
  bool Covers(CommitVersion version) const { return written_ <= version && version < ended_; }

  bool Valid() const { return valid_; }
  const absl::Status& status() const { return status_; }

 private:
  // Takes over what the engine's cursor stands on; returns whether the key is the same as before.
  bool Load();
  void SeekBackward(absl::string_view limit);

  const KeyRange range_;
  const bool backward_;
  const std::unique_ptr<KvIterator> cursor_;
  bool valid_ = false;
  std::string
      key_;  // a copy, so that it can be compared and sought after the engine's cursor moved
  CommitVersion written_;
  CommitVersion ended_;
  absl::string_view record_;
  absl::Status status_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_SPACE_CURSORS_H_
