#ifndef RELATA_TESTS_STORAGE_COUNTING_KV_H_
#define RELATA_TESTS_STORAGE_COUNTING_KV_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/ordered_kv.h"

namespace relata {

// An engine in front of another one (borrowed) that counts how often cursors are moved, and can
// make them fail. Used by one thread.
class CountingKv final : public OrderedKv {
 public:
  explicit CountingKv(OrderedKv* kv) : kv_(kv) {}

  // Steps and seeks of all cursors.
  int moves() const { return moves_; }
  void ResetMoves() { moves_ = 0; }
  // The moves after the next `count` ones end their cursors with UNAVAILABLE.
  void FailMovesAfter(int count) { moves_left_ = count; }

  absl::StatusOr<std::optional<std::string>> Get(KeySpace space, absl::string_view key,
                                                 const KvSnapshot* snapshot) const override {
    return kv_->Get(space, key, snapshot);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      KeySpace space, const std::vector<std::string>& keys,
      const KvSnapshot* snapshot) const override {
    return kv_->MultiGet(space, keys, snapshot);
  }
  std::unique_ptr<KvIterator> NewIterator(KeySpace space, const KvSnapshot* snapshot,
                                          std::string lower, std::string upper) const override {
    return std::make_unique<Cursor>(
        this, kv_->NewIterator(space, snapshot, std::move(lower), std::move(upper)));
  }
  std::shared_ptr<const KvSnapshot> NewSnapshot() const override { return kv_->NewSnapshot(); }
  absl::Status Write(const KvBatch& batch, const std::vector<KvGuard>& guards, bool sync) override {
    return kv_->Write(batch, guards, sync);
  }
  absl::StatusOr<std::unique_ptr<KvRunWriter>> NewRun(KeySpace space) override {
    return kv_->NewRun(space);
  }
  absl::Status Ingest(const std::vector<StagedRun>& runs) override { return kv_->Ingest(runs); }
  absl::Status Drop(const std::vector<StagedRun>& runs) override { return kv_->Drop(runs); }
  absl::Status DropStaged() override { return kv_->DropStaged(); }
  std::string ScratchFolder() const override { return kv_->ScratchFolder(); }
  absl::Status Checkpoint(const std::string& directory, const KvBatch& amendment) override {
    return kv_->Checkpoint(directory, amendment);
  }
  absl::StatusOr<uint64_t> ApproximateBytes(KeySpace space) const override {
    return kv_->ApproximateBytes(space);
  }

 private:
  class Cursor final : public KvIterator {
   public:
    Cursor(const CountingKv* owner, std::unique_ptr<KvIterator> cursor)
        : owner_(owner), cursor_(std::move(cursor)) {}
    void Seek(absl::string_view target) override {
      Count();
      cursor_->Seek(target);
    }
    void SeekBefore(absl::string_view target) override {
      Count();
      cursor_->SeekBefore(target);
    }
    void SeekToFirst() override {
      Count();
      cursor_->SeekToFirst();
    }
    void SeekToLast() override {
      Count();
      cursor_->SeekToLast();
    }
    void Next() override {
      Count();
      cursor_->Next();
    }
    void Prev() override {
      Count();
      cursor_->Prev();
    }
    absl::string_view key() const override { return cursor_->key(); }
    absl::string_view value() const override { return cursor_->value(); }
    bool Valid() const override { return !failed_ && cursor_->Valid(); }
    absl::Status status() const override {
      return failed_ ? absl::UnavailableError("the cursor was told to fail") : cursor_->status();
    }

   private:
    void Count() {
      ++owner_->moves_;
      if (--owner_->moves_left_ < 0) failed_ = true;
    }

    const CountingKv* const owner_;
    const std::unique_ptr<KvIterator> cursor_;
    bool failed_ = false;
  };

  OrderedKv* const kv_;
  mutable int moves_ = 0;
  mutable int moves_left_ = 1 << 30;
};

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_COUNTING_KV_H_
