#include "storage/versioned_store.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "storage/space_cursors.h"
#include "storage/versioned_record.h"

namespace relata {
namespace {

// What a reader at the head must not find.
absl::Status WrittenAfterHead() {
  return DamagedRecord(KeySpace::kLive, "names a version beyond the head as its writer");
}

// The state of `key` at the snapshot's version among those that ended. `cursor` is one over the
// whole history space.
absl::StatusOr<std::optional<VersionedRecord>> LookUpEnded(KvIterator& cursor,
                                                           absl::string_view key,
                                                           CommitVersion version) {
  cursor.Seek(HistoryKey(key, version));
  if (!cursor.Valid()) {
    RELATA_RETURN_IF_ERROR(cursor.status());
    return std::nullopt;
  }
  const std::optional<HistoryKeyView> split = SplitHistoryKey(cursor.key());
  if (!split.has_value()) {
    return DamagedRecord(KeySpace::kHistory, "has a key without a version");
  }
  if (split->key != key) return std::nullopt;
  const std::optional<VersionedValueView> value = DecodeVersionedValue(cursor.value());
  if (!value.has_value() || value->version <= split->written) {
    return DamagedRecord(KeySpace::kHistory, "does not say at which version it ended");
  }
  // States of a key do not overlap: this is the newest one written by then, so no older one can
  // hold at `version`.
  if (value->version <= version) return std::nullopt;
  return VersionedRecord{split->written, std::string(value->record)};
}

// What the live space says of a key.
struct LiveAnswer {
  std::optional<VersionedRecord> record;
  bool ask_history = false;  // the key may have been there at the version all the same
};

absl::StatusOr<LiveAnswer> AnswerFromLive(const StoreSnapshot& snapshot,
                                          const std::optional<std::string>& bytes) {
  LiveAnswer answer;
  if (!bytes.has_value()) {
    answer.ask_history = !snapshot.at_head();
    return answer;
  }
  const std::optional<VersionedValueView> value =
      DecodeLiveValue(*bytes, snapshot.kv()->load_versions());
  if (!value.has_value()) {
    return DamagedRecord(KeySpace::kLive, "does not start with the version that wrote it");
  }
  if (value->version <= snapshot.version()) {
    answer.record.emplace(VersionedRecord{value->version, std::string(value->record)});
  } else if (snapshot.at_head()) {
    return WrittenAfterHead();
  } else {
    answer.ask_history = true;
  }
  return answer;
}

}  // namespace

KeyRange KeyRange::Prefix(absl::string_view prefix) {
  return KeyRange{std::string(prefix), PrefixEnd(prefix)};
}

StoreSnapshot::StoreSnapshot(const OrderedKv* kv, std::shared_ptr<const KvSnapshot> engine,
                             CommitVersion version, int64_t commit_time_us, bool at_head)
    : kv_(kv),
      engine_(std::move(engine)),
      version_(version),
      commit_time_us_(commit_time_us),
      at_head_(at_head) {}

absl::StatusOr<std::optional<VersionedRecord>> StoreSnapshot::Get(absl::string_view key) const {
  if (!version_.valid()) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                          kv_->Get(KeySpace::kLive, key, engine()));
  RELATA_ASSIGN_OR_RETURN(LiveAnswer answer, AnswerFromLive(*this, bytes));
  if (!answer.ask_history) return std::move(answer.record);
  const std::unique_ptr<KvIterator> history =
      kv_->NewIterator(KeySpace::kHistory, engine(), std::string(key), HistoryKeysEnd(key));
  return LookUpEnded(*history, key, version_);
}

absl::StatusOr<std::vector<std::optional<VersionedRecord>>> StoreSnapshot::MultiGet(
    const std::vector<std::string>& keys) const {
  std::vector<std::optional<VersionedRecord>> result(keys.size());
  if (!version_.valid() || keys.empty()) return result;
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::optional<std::string>> live,
                          kv_->MultiGet(KeySpace::kLive, keys, engine()));
  std::unique_ptr<KvIterator> history;
  for (size_t i = 0; i < keys.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(LiveAnswer answer, AnswerFromLive(*this, live[i]));
    if (!answer.ask_history) {
      result[i] = std::move(answer.record);
      continue;
    }
    if (history == nullptr) {
      history = kv_->NewIterator(KeySpace::kHistory, engine(), std::string(), std::string());
    }
    RELATA_ASSIGN_OR_RETURN(result[i], LookUpEnded(*history, keys[i], version_));
  }
  return result;
}

absl::StatusOr<CommitVersion> StoreSnapshot::NewestChange(const KeyRange& range) const {
  CommitVersion newest;
  if (!version_.valid()) return newest;
  LiveCursor live(*this, range, VersionedScan::Direction::kForward);
  for (live.Seek(range.start); live.Valid(); live.Step()) {
    if (live.written() <= version_) {
      newest = std::max(newest, live.written());
    } else if (at_head_) {
      return WrittenAfterHead();
    }
  }
  RELATA_RETURN_IF_ERROR(live.status());
  HistoryCursor history(*this, range, VersionedScan::Direction::kForward);
  history.Seek(range.start);
  while (history.Valid()) {
    // The newest state written by then tells all of its key: older ones ended before it was
    // written.
    if (history.written() > version_ && !history.SeekVersion(version_)) continue;
    newest = std::max(newest, history.ended() <= version_ ? history.ended() : history.written());
    history.LeaveKey();
  }
  RELATA_RETURN_IF_ERROR(history.status());
  return newest;
}

namespace {

// The ended states of ReadHistory.
absl::StatusOr<std::vector<KeyHistory>> ReadEndedStates(const StoreSnapshot& snapshot,
                                                        const KeyRange& range) {
  std::vector<KeyHistory> result;
  HistoryCursor cursor(snapshot, range, VersionedScan::Direction::kForward);
  for (cursor.Seek(range.start); cursor.Valid(); cursor.Step()) {
    if (cursor.written() > snapshot.version()) continue;
    if (result.empty() || absl::string_view(result.back().key) != cursor.key()) {
      result.push_back({std::string(cursor.key()), {}});
    }
    const bool still_held = cursor.ended() > snapshot.version();
    result.back().versions.push_back({cursor.written(),
                                      still_held ? CommitVersion() : cursor.ended(),
                                      std::string(cursor.record())});
  }
  RELATA_RETURN_IF_ERROR(cursor.status());
  for (KeyHistory& history : result) {
    std::reverse(history.versions.begin(), history.versions.end());
  }
  return result;
}

}  // namespace

absl::StatusOr<std::vector<KeyHistory>> ReadHistory(const StoreSnapshot& snapshot,
                                                    const KeyRange& range) {
  std::vector<KeyHistory> result;
  if (!snapshot.version().valid()) return result;
  RELATA_ASSIGN_OR_RETURN(std::vector<KeyHistory> ended, ReadEndedStates(snapshot, range));
  auto next_ended = ended.begin();
  LiveCursor live(snapshot, range, VersionedScan::Direction::kForward);
  for (live.Seek(range.start); live.Valid(); live.Step()) {
    if (live.written() > snapshot.version()) {
      if (snapshot.at_head()) return WrittenAfterHead();
      continue;
    }
    while (next_ended != ended.end() && absl::string_view(next_ended->key) < live.key()) {
      result.push_back(std::move(*next_ended++));
    }
    if (next_ended != ended.end() && absl::string_view(next_ended->key) == live.key()) {
      result.push_back(std::move(*next_ended++));
    } else {
      result.push_back({std::string(live.key()), {}});
    }
    result.back().versions.push_back({live.written(), CommitVersion(), std::string(live.record())});
  }
  RELATA_RETURN_IF_ERROR(live.status());
  std::move(next_ended, ended.end(), std::back_inserter(result));
  return result;
}

}  // namespace relata
