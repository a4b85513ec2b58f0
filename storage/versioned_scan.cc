#include <optional>
#include <string>
#include <utility>

#include "storage/space_cursors.h"
#include "storage/versioned_record.h"
#include "storage/versioned_store.h"

namespace relata {
namespace {

// States of one key that are passed one by one before the scan seeks past the rest of them.
constexpr int kStepsBeforeSeek = 4;

}  // namespace

// Merges the live records written by the snapshot's version with the ended states that held at it.
// A key is in one of the two at most, as its states do not overlap. At the head there is no history
// cursor, at version 0 none at all.
class VersionedScan::Merge {
 public:
  Merge(const StoreSnapshot& snapshot, KeyRange range, Direction direction)
      : range_(std::move(range)),
        version_(snapshot.version()),
        at_head_(snapshot.at_head()),
        backward_(direction == Direction::kBackward) {
    if (!version_.valid()) return;
    live_.emplace(snapshot, range_, direction);
    if (!at_head_) history_.emplace(snapshot, range_, direction);
    Seek(backward_ ? range_.limit : range_.start);
  }

  void SkipTo(absl::string_view key) {
    if (!live_.has_value()) return;
    if (!backward_) {
      Seek(key < absl::string_view(range_.start) ? range_.start : std::string(key));
      return;
    }
    // The first string after `key`: the last key below it is the last one <= `key`.
    std::string limit(key);
    limit.push_back('\0');
    Seek(!range_.limit.empty() && range_.limit < limit ? range_.limit : limit);
  }

  void Next() {
    if (from_live_) {
      live_->Step();
      SettleLive();
    } else {
      PassKey();
      SettleHistory();
    }
    Choose();
  }

  bool Valid() const { return valid_; }
  absl::string_view key() const { return from_live_ ? live_->key() : history_->key(); }
  absl::string_view record() const { return from_live_ ? live_->record() : history_->record(); }
  CommitVersion written() const { return from_live_ ? live_->written() : history_->written(); }
  const absl::Status& status() const { return status_; }

 private:
  void Seek(absl::string_view target) {
    live_->Seek(target);
    SettleLive();
    if (history_.has_value()) {
      history_->Seek(target);
      SettleHistory();
    }
    Choose();
  }

  // Moves the live cursor on to a record written by the version.
  void SettleLive() {
    while (live_->Valid() && live_->written() > version_) {
      if (at_head_) {
        status_ = DamagedRecord(KeySpace::kLive, "names a version beyond the head as its writer");
        return;
      }
      live_->Step();
    }
  }

  // Moves the history cursor, which stands on the first state in direction of a key or at the end,
  // on to a state that held at the version.
  void SettleHistory() {
    while (history_->Valid() && !FindInKey()) {
    }
  }

  // Looks among the states of the current key for the one that held: by steps, then by one seek.
  // Where there is none, leaves the key. Never moves against the direction, so it ends whatever the
  // bytes are.
  bool FindInKey() {
    for (int step = 0; !history_->Covers(version_); ++step) {
      const bool passed = history_->written() > version_ ? backward_ : !backward_;
      if (passed || step > kStepsBeforeSeek) {
        PassKey();
        return false;
      }
      const bool same_key =
          step < kStepsBeforeSeek ? history_->Step() : history_->SeekVersion(version_);
      if (!same_key) return false;
    }
    return true;
  }

  // Leaves the key.
  void PassKey() {
    for (int step = 0; step < kStepsBeforeSeek; ++step) {
      if (!history_->Step()) return;
    }
    history_->LeaveKey();
  }

  // Takes the nearer of the two records.
  void Choose() {
    valid_ = false;
    if (status_.ok()) status_ = live_->status();
    if (status_.ok() && history_.has_value()) status_ = history_->status();
    if (!status_.ok()) return;
    const bool ended = history_.has_value() && history_->Valid();
    if (!live_->Valid() && !ended) return;
    if (live_->Valid() && ended) {
      const int order = live_->key().compare(history_->key());
      if (order == 0) {
        status_ = DamagedRecord(KeySpace::kHistory, "overlaps the live record of its key");
        return;
      }
      from_live_ = (order < 0) != backward_;
    } else {
      from_live_ = live_->Valid();
    }
    valid_ = true;
  }

  const KeyRange range_;
  const CommitVersion version_;
  const bool at_head_;
  const bool backward_;
  std::optional<LiveCursor> live_;
  std::optional<HistoryCursor> history_;
  bool from_live_ = true;
  bool valid_ = false;
  absl::Status status_;
};

VersionedScan::VersionedScan(const StoreSnapshot& snapshot, KeyRange range, Direction direction)
    : merge_(std::make_unique<Merge>(snapshot, std::move(range), direction)) {}

VersionedScan::~VersionedScan() = default;

bool VersionedScan::Valid() const { return merge_->Valid(); }
void VersionedScan::Next() { merge_->Next(); }
void VersionedScan::SkipTo(absl::string_view key) { merge_->SkipTo(key); }
absl::string_view VersionedScan::key() const { return merge_->key(); }
absl::string_view VersionedScan::record() const { return merge_->record(); }
CommitVersion VersionedScan::written() const { return merge_->written(); }
absl::Status VersionedScan::status() const { return merge_->status(); }

}  // namespace relata
