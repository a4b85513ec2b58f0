#include "storage/space_cursors.h"

#include <optional>
#include <utility>

#include "storage/versioned_record.h"

namespace relata {
namespace {

// A bound above the history keys of every key in the range. A history key is longer than its key,
// so where a key of the range is a proper prefix of the limit (as in [k, k + "\0")), its states may
// lie at or above the limit's bytes.
std::string HistoryUpperBound(const KeyRange& range) {
  const absl::string_view limit = range.limit;
  for (size_t size = 0; size < limit.size(); ++size) {
    const absl::string_view prefix = limit.substr(0, size);
    if (prefix < range.start) continue;
    // Longer prefixes of the limit lie below this too: it has more 0xff than they have bytes and
    // version together.
    return HistoryKeysEnd(prefix) + std::string(limit.size() - size, '\xff');
  }
  return range.limit;
}

}  // namespace

LiveCursor::LiveCursor(const StoreSnapshot& snapshot, const KeyRange& range,
                       VersionedScan::Direction direction)
    : backward_(direction == VersionedScan::Direction::kBackward),
      loads_(snapshot.kv()->load_versions()),
      cursor_(snapshot.kv()->NewIterator(KeySpace::kLive, snapshot.engine(), range.start,
                                         range.limit)) {}

void LiveCursor::Seek(absl::string_view target) {
  if (!backward_) {
    cursor_->Seek(target);
  } else if (target.empty()) {
    cursor_->SeekToLast();
  } else {
    cursor_->SeekBefore(target);
  }
  Load();
}

void LiveCursor::Step() {
  if (backward_) {
    cursor_->Prev();
  } else {
    cursor_->Next();
  }
  Load();
}

void LiveCursor::Load() {
  valid_ = false;
  if (!cursor_->Valid()) {
    status_ = cursor_->status();
    return;
  }
  const std::optional<VersionedValueView> value = DecodeLiveValue(cursor_->value(), loads_);
  if (!value.has_value()) {
    status_ = DamagedRecord(KeySpace::kLive, "does not start with the version that wrote it");
    return;
  }
  written_ = value->version;
  record_ = value->record;
  valid_ = true;
}

HistoryCursor::HistoryCursor(const StoreSnapshot& snapshot, KeyRange range,
                             VersionedScan::Direction direction)
    : range_(std::move(range)),
      backward_(direction == VersionedScan::Direction::kBackward),
      cursor_(snapshot.kv()->NewIterator(KeySpace::kHistory, snapshot.engine(), range_.start,
                                         HistoryUpperBound(range_))) {}

void HistoryCursor::Seek(absl::string_view target) {
  if (backward_) {
    SeekBackward(target);
    return;
  }
  cursor_->Seek(target);
  Load();
  // States of a key that is a proper prefix of the target may lie above the target's bytes.
  while (valid_ && absl::string_view(key_) < target) LeaveKey();
}

void HistoryCursor::SeekBackward(absl::string_view limit) {
  if (limit.empty()) {
    cursor_->SeekToLast();
    Load();
    return;
  }
  std::string bound(limit);
  cursor_->Seek(limit);
  if (cursor_->Valid()) {
    const std::optional<HistoryKeyView> above = SplitHistoryKey(cursor_->key());
    // The key below the limit whose states straddle the limit's bytes, if there is one.
    if (above.has_value() && above->key < limit) bound = HistoryKeysEnd(above->key);
  } else if (!cursor_->status().ok()) {
    Load();
    return;
  }
  cursor_->SeekBefore(bound);
  Load();
}

bool HistoryCursor::Step() {
  if (backward_) {
    cursor_->Prev();
  } else {
    cursor_->Next();
  }
  return Load();
}

void HistoryCursor::LeaveKey() {
  if (backward_) {
    // The states of a key start with the key itself, so all of them lie at or above it.
    cursor_->SeekBefore(key_);
  } else {
    cursor_->Seek(HistoryKeysEnd(key_));
  }
  Load();
}

bool HistoryCursor::SeekVersion(CommitVersion version) {
  const std::string wanted = key_;
  cursor_->Seek(HistoryKey(wanted, version));
  Load();
  if (valid_ && key_ == wanted) return true;
  if (backward_ && status_.ok()) {
    cursor_->SeekBefore(wanted);
    Load();
  }
  return false;
}

bool HistoryCursor::Load() {
  valid_ = false;
  if (!cursor_->Valid()) {
    status_ = cursor_->status();
    return false;
  }
  const std::optional<HistoryKeyView> split = SplitHistoryKey(cursor_->key());
  const std::optional<VersionedValueView> value = DecodeVersionedValue(cursor_->value());
  if (!split.has_value() || !value.has_value() || value->version <= split->written) {
    status_ = DamagedRecord(KeySpace::kHistory, "does not say from which to which version it held");
    return false;
  }
  if (backward_ ? split->key < absl::string_view(range_.start)
                : !range_.limit.empty() && split->key >= absl::string_view(range_.limit)) {
    return false;
  }
  const bool same_key = split->key == absl::string_view(key_);
  if (!same_key) key_ = std::string(split->key);
  written_ = split->written;
  ended_ = value->version;
  record_ = value->record;
  valid_ = true;
  return same_key;
}

}  // namespace relata
