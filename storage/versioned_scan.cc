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
// cursor, at version 0 none at all. Neither cursor runs ahead of the other over what the version
// does not see, so a scan that stops early costs no more than the keys up to there.
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
    } else {
      PassKey();
    }
    Settle();
  }

  bool Valid() const { return valid_; }
  absl::string_view key() const { return from_live_ ? live_->key() : history_->key(); }
  absl::string_view record() const { return from_live_ ? live_->record() : history_->record(); }
  CommitVersion written() const { return from_live_ ? live_->written() : history_->written(); }
  const absl::Status& status() const { return status_; }

 private:
  void Seek(absl::string_view target) {
    live_->Seek(target);
    if (history_.has_value()) history_->Seek(target);
    Settle();
  }

  // Moves the nearer cursor on until it stands on what the version sees: a live record written by
  // it, or an ended state that held at it. The history cursor stands on the first state in
  // direction of a key, or at the end.
  void Settle() {
    valid_ = false;
    if (at_head_) {
      SettleAtHead();
      return;
    }
    while (NoteErrors() && (live_->Valid() || HistoryValid())) {
      const int order = OrderOfCursors();
      if (order <= 0 && live_->Valid()) {
        if (SettleOnLive(order == 0)) return;
      } else if (FindInKey()) {
        from_live_ = false;
        valid_ = NoteErrors();
        return;
      }
    }
  }

  // The present: every live record counts, and nothing else is looked at.
  void SettleAtHead() {
    if (!status_.ok()) return;
    if (!live_->Valid()) {
      status_ = live_->status();
    } else if (live_->written() > version_) {
      status_ = DamagedRecord(KeySpace::kLive, "names a version beyond the head as its writer");
    } else {
      valid_ = true;
    }
  }

  // Whether the scan stands on the live record; else the live cursor has passed it.
  // `also_ended`: the history cursor stands on the same key.
  bool SettleOnLive(bool also_ended) {
    if (live_->written() > version_) {
      live_->Step();
      return false;
    }
    if (also_ended && FindInKey()) {
      status_ = DamagedRecord(KeySpace::kHistory, "overlaps the live record of its key");
      return true;
    }
    from_live_ = true;
    valid_ = NoteErrors();
    return true;
  }

  bool HistoryValid() const { return history_.has_value() && history_->Valid(); }

  // Negative: the live cursor is the nearer one in direction; 0: both stand on one key.
  int OrderOfCursors() const {
    if (!live_->Valid()) return 1;
    if (!HistoryValid()) return -1;
    const int order = live_->key().compare(history_->key());
    return backward_ ? -order : order;
  }

  // Takes errors over from the cursors; whether there are none.
  bool NoteErrors() {
    if (status_.ok()) status_ = live_->status();
    if (status_.ok() && history_.has_value()) status_ = history_->status();
    return status_.ok();
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
